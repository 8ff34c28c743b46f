/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: writes the build context of cco's own image, as a tar archive that
 * is made while it is sent. It contains the files of image/ (engine/image_files.h), CA
 * certificates as ca/N.crt, and cco's own binary as "cco". */
#ifndef ENGINE_IMAGE_CONTEXT_H
#define ENGINE_IMAGE_CONTEXT_H

#include "base/buf.h"
#include "base/err.h"
#include "engine/images.h"

/* The receiver of a stream of bytes. Its owner embeds it as the first member of a struct. */
struct context_sink {
    /* Takes all of `bytes`. Returns 0 on success, and -1 on error, at which the writer
     * stops. */
    int (*put)(struct context_sink *s, struct str bytes, struct err *e);
};

/* Writes the whole archive to `sink`. Reads the certificates and in->exe. Returns 0 on success
 * and -1 on error: that of `sink`, or of a file that cannot be read. */
int context_send(const struct image_input *in, struct context_sink *sink, struct err *e);

/* Returns the text of the Dockerfile: in->dockerfile, or the one of image/ if that is not set.
 * The result is borrowed from `in`, or constant. */
struct str context_dockerfile(const struct image_input *in);

/* Replaces the content of `out` by the content of the certificate file in->ca_files[at]. `out`
 * becomes empty if ca_files says that the file is missing, or if it is the same file as an
 * earlier one. A file that has disappeared since is an error. Returns 0 on success and -1 on
 * error. */
int context_read_ca(const struct image_input *in, size_t at, struct buf *out, struct err *e);

#endif
