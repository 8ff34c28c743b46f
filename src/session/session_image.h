/* SPDX-License-Identifier: MIT */
/* Provides the image of a session. */
#ifndef SESSION_SESSION_IMAGE_H
#define SESSION_SESSION_IMAGE_H

#include "plan/plan.h"
#include "session/session_context.h"

/* Makes sure that the engine has the image of the draft *p. If the image is missing or
 * --rebuild is set, the function builds cco's own image or pulls another one, and then builds
 * *p again, because the plan depends on the image. Returns 0 on success and -1 on error; *p may
 * then be incomplete and must not be used. Blocks until the image is built or pulled. */
int session_image_prepare(struct session_context *ctx, struct plan *p, struct err *e);

/* Pulls the image `ref` with the login that `docker login` stored, and shows the progress.
 * Returns 0 on success and -1 on error; if the engine refused, the error has a hint that names
 * the next step. Blocks until the engine has the image. */
int session_image_pull(struct session_context *ctx, const char *ref, struct err *e);

#endif
