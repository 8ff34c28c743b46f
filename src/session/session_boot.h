/* SPDX-License-Identifier: MIT */
/* From the plan to init's argument file: the one place where references to variables become values.
 * What it writes holds secrets. */
#ifndef SESSION_SESSION_BOOT_H
#define SESSION_SESSION_BOOT_H

#include "base/buf.h"
#include "base/err.h"
#include "plan/plan.h"
#include "session/session_context.h"
#include "wire/frame.h"

/* What init and cco know each other by (wire/frame.h): FRAME_SECRET hex digits each. */
struct boot_secrets {
    char once[FRAME_SECRET + 1]; /* init's, for its call */
    char key[FRAME_SECRET + 1];  /* a later cco's, for adopting the session */
};

/* Adds the encoded file to out (which the caller wipes). The project's .env is read again for its values. */
int session_boot_write(const struct plan *p, const struct session_context *ctx,
                       const struct boot_secrets *secrets, struct buf *out, struct err *e);

#endif
