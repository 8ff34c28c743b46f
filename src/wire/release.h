/* SPDX-License-Identifier: MIT */
/* Reads the release manifest, the file manifest.json of a release directory:
 *
 *   {"format":1,"version":"0.2.0","files":[
 *     {"name":"cco-0.2.0-linux-x86_64","arch":"x86_64","os":"linux","size":620000,"sha256":"..."}]}
 *
 * Unknown members are ignored; a manifest of another format is refused. Beside it is
 * manifest.json.sig, the ECDSA signature of its exact bytes (base/ecdsa.h). The caller must
 * have verified the signature before it uses any value of the manifest. Pure. */
#ifndef WIRE_RELEASE_H
#define WIRE_RELEASE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

enum {
    RELEASE_MANIFEST_MAX = 64 << 10, /* bytes of a manifest */
    RELEASE_FILES_MAX = 64,          /* files in a manifest */
    RELEASE_SIZE_MAX = 64 << 20,     /* bytes of a file */
    RELEASE_NAME_MAX = 128           /* bytes of a name */
};

/* The texts have 1 to RELEASE_NAME_MAX letters, digits and ". _ + -", and begin with neither
 * '.' nor '-', so that `name` is a plain file name. */
struct release_file {
    const char *name;
    const char *os, *arch;   /* "linux", "x86_64" */
    uint64_t size;           /* bytes, at least 1 */
    char sha256[SHA256_HEX]; /* of the content, in lower case */
};

struct release {
    const char *version;        /* a text that version_parse() accepts */
    struct release_file *files; /* in the order of the manifest */
    size_t count;
};

/* Parses the manifest `text` into *out; everything is copied into the arena. Returns 0 on
 * success, and -1, with *out unchanged, on error. ERR_FORMAT says which value is wrong, also if
 * the format is another one; ERR_LIMIT means that the text is too large or too deeply
 * nested. */
int release_parse(struct str text, struct arena *a, struct release *out, struct err *e);

/* Returns the first file for a machine with this system and architecture. Returns NULL if there
 * is none. */
const struct release_file *release_find(const struct release *r, const char *os,
                                        const char *arch);

#endif
