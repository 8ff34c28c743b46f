/* SPDX-License-Identifier: MIT */
/* The image of a session. */
#ifndef SESSION_SESSION_IMAGE_H
#define SESSION_SESSION_IMAGE_H

#include "session/session_context.h"

/* Pulls the image `ref` with the login that `docker login` left, and shows the progress. Returns 0 on success and -1 on
 * error; the error has a hint for what engines and registries commonly say. Blocks until the engine has the image. */
int session_image_pull(struct session_context *ctx, const char *ref, struct err *e);

#endif
