/* SPDX-License-Identifier: MIT */
/* Describes a bundle: one tar archive with cco's image and cco itself, for a machine without a
 * network. Its entries are exactly these regular files, in this order:
 *
 *   cco-bundle.json   the manifest, with blanks at its end
 *   SHA256SUMS        the sums of the other three, in the form that sha256sum -c reads
 *   cco               the program
 *   image.tar         the image, in the form that engines save and load
 *
 * The manifest is a JSON object:
 *
 *   {"format":1, "cco":"0.1.0", "arch":"amd64",
 *    "image":{"tag":"cco:<12 digits>", "digest":"<64 digits>", "inputs":"<64 digits>",
 *             "id":"sha256:...", "packages":"a b" or null,
 *             "claude":"2.1.0" or null},
 *    "files":[{"name":"cco","size":1,"sha256":"..."}, {"name":"image.tar", ...}]}
 *
 * A reader ignores members that it does not know; a change that an old reader would
 * misunderstand needs another format number. The sums protect against damage. They do not
 * protect against the person who made the bundle. Pure. */
#ifndef WIRE_BUNDLE_H
#define WIRE_BUNDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

enum {
    BUNDLE_FORMAT = 1,
    BUNDLE_TAG_DIGITS = 12,    /* digits of the image's tag: the first ones of its digest */
    BUNDLE_TEXT_MAX = 64 << 10 /* bytes of the manifest, and of SHA256SUMS */
};

/* The entries, in their order, and their names. */
enum bundle_part { BUNDLE_MANIFEST, BUNDLE_SUMS, BUNDLE_CCO, BUNDLE_IMAGE, BUNDLE_PARTS };
extern const char *const bundle_names[BUNDLE_PARTS];

struct bundle_file {
    uint64_t size;           /* bytes */
    char sha256[SHA256_HEX]; /* of the content, in lower case */
};

struct bundle {
    const char *cco;      /* the version of cco */
    const char *arch;     /* of cco and the image, as images name it: "amd64" */
    const char *tag;      /* of the image: "cco:" and BUNDLE_TAG_DIGITS digits */
    const char *digest;   /* hash of all inputs of the image, 64 hex digits */
    const char *inputs;   /* hash of the inputs without the machine's certificates, as long */
    const char *id;       /* the id that the engine gave to the image */
    const char *packages; /* in the image: names, separated by blanks; NULL: unknown */
    const char *claude;   /* the version of claude in the image; NULL: unknown */
    /* The manifest contains BUNDLE_CCO and BUNDLE_IMAGE; the caller sets BUNDLE_MANIFEST.
     * BUNDLE_SUMS is unused. */
    struct bundle_file files[BUNDLE_PARTS];
};

/* Adds the manifest of b to out, then `padding` blanks and a newline. Returns 0 on success.
 * Returns -1 and ERR_LIMIT if out's maximum is exceeded; out then holds a part. */
int bundle_write(const struct bundle *b, size_t padding, struct buf *out, struct err *e);

/* Reads the manifest `text` into *out; the strings are in the arena. Returns 0 on success and
 * -1 on error; *out then holds a part. ERR_FORMAT means that the text is not such a manifest,
 * ERR_REFUSED that it has another format number, and ERR_LIMIT that it is too large or too
 * deeply nested. */
int bundle_read(struct str text, struct arena *a, struct bundle *out, struct err *e);

/* Adds the content of SHA256SUMS to out: the sums of the other three entries in b->files.
 * Returns 0 on success. Returns -1 and ERR_LIMIT if out's maximum is exceeded; out then holds a
 * part. */
int bundle_write_sums(const struct bundle *b, struct buf *out, struct err *e);

/* Returns true if `text` is exactly what bundle_write_sums() adds. */
bool bundle_sums_match(const struct bundle *b, struct str text);

#endif
