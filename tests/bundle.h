/* SPDX-License-Identifier: MIT */
/* Helpers for tests of bundles: sums of their parts, and checking a bundle with cco's code. */
#ifndef TESTS_BUNDLE_H
#define TESTS_BUNDLE_H

#include "engine/image_bundle.h"
#include "fake_engine.h"
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

/* A scripted engine, and a record of the progress. */
struct bundle_engine {
    struct engine en;
    struct fake f;
    struct noted noted;
};

__attribute__((unused)) static void bundle_engine_open(struct bundle_engine *b,
                                                       const struct fake_rule *rules)
{
    noted_init(&b->noted);
    fake_engine(&b->en, &b->f, rules);
}

__attribute__((unused)) static void bundle_engine_close(struct bundle_engine *b)
{
    engine_close(&b->en);
    fake_stop(&b->f);
    buf_release(&b->noted.text);
}

/* Checks the bundle in `fd` for an engine with the architecture amd64. `sig` may be NULL.
 * Returns the result of bundle_check(). */
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
