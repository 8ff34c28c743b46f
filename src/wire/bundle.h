/* SPDX-License-Identifier: MIT */
/* What is written in a bundle: cco's image, and cco, in one tar that crosses an air gap. Its
 * entries, plain files and exactly these, in this order:
 *
 *   cco-bundle.json   what it is, below; blanks at its end
 *   SHA256SUMS        of the three others, as sha256sum -c reads it
 *   cco               the program
 *   image.tar         the image, as engines save and load it
 *
 * {"format":1, "cco":"0.1.0", "arch":"amd64",
 *  "image":{"tag":"cco:<12 digits>", "digest":"<64>", "inputs":"<64>", "id":"sha256:...",
 * "packages":"a b", "claude":"2.1.0" or null}, "files":[{"name":"cco","size":1,"sha256":"..."},
 * {"name":"image.tar", ...}]}
 *
 * Members that a reader does not know are passed over; what an old reader would get wrong needs
 * another format number. The sums guard against damage, not against whoever makes a bundle.
 * Pure. */
#ifndef WIRE_BUNDLE_H
#define WIRE_BUNDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

enum { BUNDLE_FORMAT = 1, BUNDLE_TAG_DIGITS = 12, BUNDLE_TEXT_MAX = 64 << 10 };

/* Its entries. */
enum bundle_part { BUNDLE_MANIFEST, BUNDLE_SUMS, BUNDLE_CCO, BUNDLE_IMAGE, BUNDLE_PARTS };
extern const char *const bundle_names[BUNDLE_PARTS];

struct bundle_file {
    uint64_t size;
    char sha256[SHA256_HEX];
};

struct bundle {
    const char *cco; /* version */
    const char *arch;
    const char *tag, *digest, *inputs, *id, *packages;
    const char *claude;                     /* NULL: not known */
    struct bundle_file files[BUNDLE_PARTS]; /* the manifest names BUNDLE_CCO and BUNDLE_IMAGE */
};

/* Adds the manifest, with `padding` more blanks than it needs. */
int bundle_write(const struct bundle *b, size_t padding, struct buf *out, struct err *e);

/* ERR_FORMAT for what is no such manifest; ERR_REFUSED for another format. Strings live in the
 * arena. */
int bundle_read(struct str text, struct arena *a, struct bundle *out, struct err *e);

/* SHA256SUMS of the files but of itself: adds it; and whether `text` is exactly that. */
int bundle_write_sums(const struct bundle *b, struct buf *out, struct err *e);
bool bundle_sums_match(const struct bundle *b, struct str text);

#endif
