/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: checks an image that an engine saved as a tar (the old form of
 * docker save, and that of OCI with manifest.json) before another engine gets it. An engine
 * trusts such a file: which tags it sets, and which image gets them. Therefore only what
 * engines write is accepted: regular files and directories with clean names, each once, and the
 * links that stand for equal layers. Accepts any split of its input. */
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
    uint64_t at; /* bytes so far */
    struct arena arena;
    struct image_tar_entry *entries;
    size_t count, cap;
};

/* The image that the archive has to contain. */
struct image_want {
    const char *tag;    /* "cco:0123456789ab", its only name */
    const char *digest; /* its label cco.digest */
    const char *inputs; /* its label cco.inputs */
    const char *arch;
};

void image_tar_init(struct image_tar *t);
void image_tar_release(struct image_tar *t);

/* Takes bytes of the archive. Returns 0 on success and -1 on error: ERR_FORMAT, ERR_REFUSED or
 * ERR_LIMIT for what no engine writes. */
int image_tar_in(struct image_tar *t, struct str bytes, struct err *e);

/* Ends the archive: checks that it is complete and contains the image `want` and no other.
 * Reads the image's description from `fd`, in which the archive begins at `base`. Returns 0 on
 * success and -1 on error. */
int image_tar_end(struct image_tar *t, int fd, uint64_t base, const struct image_want *want,
                  struct err *e);

#endif
