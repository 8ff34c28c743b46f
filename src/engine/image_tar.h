/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: checks an image that an engine saved as a tar archive, before
 * another engine gets it. The archive has the old form of docker save, or the form of OCI with
 * an additional manifest.json. An engine that loads such an archive trusts it: the archive
 * decides which tags are set, and which image gets them. Therefore this module accepts only
 * what engines write: regular files and directories with clean relative names, each name once,
 * and the symbolic links that stand for equal layers. Accepts any split of its input. */
#ifndef ENGINE_IMAGE_TAR_H
#define ENGINE_IMAGE_TAR_H

#include "base/arena.h"
#include "base/err.h"
#include "base/list.h"
#include "engine/image_manifest.h"
#include "wire/tar.h"

/* An entry of the archive. */
struct image_tar_entry {
    const char *name; /* in the arena of struct image_tar */
    const char *link; /* the name to which a symbolic link leads; NULL: not a link; as `name` */
    uint64_t at;      /* the offset of its data from the archive's first byte */
    uint64_t size;    /* of its data, in bytes */
    enum tar_type type;
};

/* A check in progress. Only engine/image_tar.c uses the members. */
struct image_tar {
    struct tar_r tar;
    uint64_t at;        /* bytes of the archive so far */
    struct arena arena; /* owned: the entries and their names */
    struct image_tar_entry *entries;
    size_t count, cap;
};

/* A part of a file, open for reading: the archive, whose first byte is at the offset `base`. */
struct image_file_at {
    int fd;
    uint64_t base;
};

/* A file of the image. */
struct image_blob {
    const char *digest; /* the SHA-256 that its content must have: 64 hex digits */
    uint64_t at;        /* the offset of its content from the archive's first byte */
    uint64_t size;      /* in bytes */
};

/* The content of a checked image. Texts are in the arena of image_tar_end(). */
struct image_content {
    const char *tag;           /* its name; borrowed from struct image_want */
    struct str config;         /* the configuration, a JSON text */
    const char *config_digest; /* its SHA-256: 64 hex digits */
    struct strv layers;        /* the digest of each layer, in their order; some may be equal */
    struct image_blob *blobs;  /* the layers, each digest once */
    size_t blob_count;
};

void image_tar_init(struct image_tar *t);

/* Frees the entries. A second call does nothing. */
void image_tar_release(struct image_tar *t);

/* Takes the next bytes of the archive. Returns 0 on success and -1 on error: ERR_FORMAT,
 * ERR_REFUSED or ERR_LIMIT for an archive that no engine writes. After an error, t must only be
 * released. Does no I/O. */
int image_tar_in(struct image_tar *t, struct str bytes, struct err *e);

/* Ends the archive: checks that it is complete, and that it contains the image `want` and no
 * other. Reads the image's manifest and configuration again from `in`, with pread(2). Sets *out
 * to the content of the image. The digests of the layers are not compared with their content;
 * image_tar_send() does that. Returns 0 on success and -1 on error: ERR_EOF if the archive is
 * not complete, ERR_REFUSED for another image, ERR_FORMAT, ERR_LIMIT, or ERR_SYS. After an
 * error, *out must not be used. */
int image_tar_end(struct image_tar *t, const struct image_file_at *in,
                  const struct image_want *want, struct arena *a, struct image_content *out,
                  struct err *e);

#endif
