/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: what an engine saved as a tar (docker save's old form, and OCI's with manifest.json), looked
 * through before another engine gets it. An engine unpacks such a file and believes what is in it: which names it takes, which
 * image gets them. So only what engines write is let through: plain files and directories with clean names, each
 * once, and the links that stand for equal layers. Bytes come in any split. */
#ifndef ENGINE_IMAGE_TAR_H
#define ENGINE_IMAGE_TAR_H

#include "base/arena.h"
#include "base/err.h"
#include "wire/tar.h"

struct image_tar_entry {
    const char *name;
    uint64_t at, size; /* of its data, from the archive's first byte */
    enum tar_type type;
};

struct image_tar {
    struct tar_r tar;
    uint64_t at; /* bytes that came */
    struct arena arena;
    struct image_tar_entry *entries;
    size_t count, cap;
};

/* Which image it has to be. */
struct image_want {
    const char *tag;    /* "cco:0123456789ab", its only name */
    const char *digest; /* its label cco.digest */
    const char *inputs; /* its label cco.inputs */
    const char *arch;
};

void image_tar_init(struct image_tar *t);
void image_tar_release(struct image_tar *t);

/* ERR_FORMAT, ERR_REFUSED or ERR_LIMIT for what no engine writes. */
int image_tar_in(struct image_tar *t, struct str bytes, struct err *e);

/* After the last byte: it is whole, and holds this image and no other. What it says about itself is read from `fd`, where its
 * first byte is at `base`. */
int image_tar_end(struct image_tar *t, int fd, uint64_t base, const struct image_want *want,
                  struct err *e);

#endif
