/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: the build context of cco's own image, as a tar that is made while
 * it is sent. It contains the files of image/, CA certificates as ca/N.crt, and cco itself as
 * "cco". */
#ifndef ENGINE_IMAGE_CONTEXT_H
#define ENGINE_IMAGE_CONTEXT_H

#include "base/buf.h"
#include "base/err.h"
#include "engine/images.h"

/* Takes bytes. If `put` returns -1, the writer stops with its error. */
struct context_sink {
    int (*put)(struct context_sink *s, struct str bytes, struct err *e);
};

/* Writes the archive to `sink`. Returns 0 on success and -1 on error. */
int context_send(const struct image_input *in, struct context_sink *sink, struct err *e);

/* Returns the user's Dockerfile, or that of image/. */
struct str context_dockerfile(const struct image_input *in);

/* Replaces the content of `out` by the certificates of the file in->ca_files[at]. `out` is
 * empty if the file is missing or is the same as an earlier one. Returns 0 on success and -1 on
 * error. */
int context_read_ca(const struct image_input *in, size_t at, struct buf *out, struct err *e);

#endif
