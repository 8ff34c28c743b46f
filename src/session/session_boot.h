/* SPDX-License-Identifier: MIT */
/* Init's argument file (wire/boot.h), made from the plan. This is the only place where the
 * plan's references to variables become values, so the bytes are secret, and so are the two
 * secrets by which init and cco know each other (wire/frame.h). */
#ifndef SESSION_SESSION_BOOT_H
#define SESSION_SESSION_BOOT_H

#include "base/buf.h"
#include "base/err.h"
#include "plan/plan.h"
#include "session/session_context.h"
#include "wire/frame.h"

struct session_boot {
    char once[FRAME_SECRET + 1]; /* hex digits: proves init's first call; used once */
    char key[FRAME_SECRET + 1];  /* hex digits: proves a later cco that adopts the session */
    struct buf bytes;            /* the encoded file */
};

void session_boot_init(struct session_boot *b);

/* Makes the secrets and encodes the file; what b held before is wiped. Reads the project's .env
 * again for its values; a variable that has gone since it was probed is left out. For a remote
 * container it also reads the files that init is sent. Returns 0 on success and -1 on error; b
 * may then hold a part, which session_boot_release() wipes. Waits for nothing but the disk. */
int session_boot_make(struct session_boot *b, const struct session_context *ctx,
                      const struct plan *p, struct err *e);

/* Wipes everything. A second call does nothing. */
void session_boot_release(struct session_boot *b);

#endif
