/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: the build context of cco's own image, as a tar that is made while it is
 * sent: the files of image/, CA certificates as ca/N.crt, cco itself as "cco". */
#ifndef ENGINE_IMAGE_CONTEXT_H
#define ENGINE_IMAGE_CONTEXT_H

#include "base/buf.h"
#include "base/err.h"
#include "engine/images.h"

/* Where the archive's bytes go. -1 ends it. */
struct context_sink {
    int (*put)(struct context_sink *s, struct str bytes, struct err *e);
};

int context_send(const struct image_input *in, struct context_sink *sink, struct err *e);

/* The user's Dockerfile, or ours. */
struct str context_dockerfile(const struct image_input *in);

/* What `out` holds is replaced by the certificates of the `at`th file; by nothing where it is missing, or
 * the same as an earlier one. */
int context_read_ca(const struct image_input *in, size_t at, struct buf *out, struct err *e);

#endif
