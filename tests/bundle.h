/* SPDX-License-Identifier: MIT */
/* Bundles of tests: the sums of their parts, and how the product reads them. */
#ifndef TESTS_BUNDLE_H
#define TESTS_BUNDLE_H

#include "engine/engine.h"
#include "engine/image_bundle.h"
#include "image_tar.h"
#include "progress.h"

/* Sets the size and the digest of a part that contains `s`. */
__attribute__((unused)) static void sum_of(struct str s, struct bundle_file *f)
{
    struct sha256 h;

    sha256_init(&h);
    sha256_add(&h, s.p, s.len);
    sha256_hex(&h, f->sha256);
    f->size = s.len;
}

/* Lets an engine for amd64 check the bundle in `fd`; `sig` may be NULL. The result is that of bundle_check(). */
__attribute__((unused)) static int check_bundle(int fd, struct sig *sig,
                                                struct bundle_file_found *found,
                                                struct arena *a, struct err *e)
{
    const struct bundle_input in = {.fd = fd, .name = "b.tar", .arch = "amd64"};
    struct engine en = {.ops = &docker_engine, .address = "x", .sig = sig};
    struct noted noted;
    int rc;

    *e = (struct err){0};
    noted_init(&noted);
    rc = bundle_check(&en, &in, &noted.progress, a, found, e);
    buf_release(&noted.text);
    return rc;
}

#endif
