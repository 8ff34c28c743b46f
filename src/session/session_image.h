/* SPDX-License-Identifier: MIT */
/* The image of a session. */
#ifndef SESSION_SESSION_IMAGE_H
#define SESSION_SESSION_IMAGE_H

#include "plan/plan.h"
#include "session/session_context.h"

/* Makes sure that the engine has the image of the draft *p: builds cco's own, or pulls another
 * one, if it is missing or --rebuild is set. *p is then built again, because the image was
 * looked up. Returns 0 on success and -1 on error. Blocks for as long as that takes. */
int session_image_prepare(struct session_context *ctx, struct plan *p, struct err *e);

/* Pulls the image `ref` with the login that `docker login` left, and shows the progress.
 * Returns 0 on success and -1 on error; the error has a hint for what engines and registries
 * commonly say. Blocks until the engine has the image. */
int session_image_pull(struct session_context *ctx, const char *ref, struct err *e);

#endif
