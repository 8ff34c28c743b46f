/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: writes a checked image (engine/image_tar.h) as a new tar archive,
 * while it is sent. The new archive contains nothing of the old one but what cco has checked,
 * so that it does not matter how another program would read the old one. It has the form of
 * docker save without the parts that engines ignore: the configuration as "<digest>.json", each
 * layer as
 * "<digest>.tar", and at the end manifest.json with exactly one name. All engines load this
 * form. */
#ifndef ENGINE_IMAGE_TAR_WRITE_H
#define ENGINE_IMAGE_TAR_WRITE_H

#include "engine/image_context.h"
#include "engine/image_tar.h"
#include "engine/progress.h"

/* Sends the archive of `image`, whose layers are in `in`, to `sink`, and reports its progress.
 * Compares the content of each layer with its digest before it sends the end of the layer. An
 * engine that does not receive the end of the archive loads nothing. Returns 0 on success and
 * -1 on error: ERR_REFUSED for a layer with other content, also if the file has changed since
 * the check; ERR_SYS; ERR_LIMIT; or the error of `sink`. Blocks while it reads and sends. */
int image_tar_send(const struct image_content *image, const struct image_file_at *in,
                   struct context_sink *sink, struct progress *progress, struct err *e);

#endif
