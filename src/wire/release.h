/* SPDX-License-Identifier: MIT */
/* The release manifest, manifest.json of a release directory:
 *
 *   {"format":1,"version":"0.2.0","files":[
 *     {"name":"cco-0.2.0-linux-x86_64","arch":"x86_64","os":"linux","size":620000,"sha256":"..."}]}
 *
 * Members nobody knows are passed over; another format is refused. Beside it lies
 * manifest.json.sig, the ECDSA signature of its exact bytes (base/ecdsa.h); nothing in it may
 * be believed before that was checked. Pure. */
#ifndef WIRE_RELEASE_H
#define WIRE_RELEASE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

enum {
    RELEASE_MANIFEST_MAX = 64 << 10,
    RELEASE_FILES_MAX = 64,
    RELEASE_SIZE_MAX = 64 << 20, /* a file */
    RELEASE_NAME_MAX = 128
};

struct release_file {
    const char *name; /* a plain file name: letters, digits and . _ + - */
    const char *os, *arch;
    uint64_t size;
    char sha256[SHA256_HEX]; /* lower case */
};

struct release {
    const char *version; /* of wire/version.h */
    struct release_file *files;
    size_t count;
};

/* ERR_FORMAT or ERR_LIMIT says what is wrong with it. */
int release_parse(struct str text, struct arena *a, struct release *out, struct err *e);

/* The file for a machine; NULL where there is none. */
const struct release_file *release_find(const struct release *r, const char *os,
                                        const char *arch);

#endif
