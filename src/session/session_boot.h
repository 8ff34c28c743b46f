/* SPDX-License-Identifier: MIT */
/* Makes init's boot file (wire/boot.h) from the plan. This is the only place where the plan's
 * references to variables become values, so the bytes of the file are secret. It also contains
 * the two secrets by which init and cco recognize each other (wire/frame.h). */
#ifndef SESSION_SESSION_BOOT_H
#define SESSION_SESSION_BOOT_H

#include "base/buf.h"
#include "base/err.h"
#include "plan/plan.h"
#include "session/session_context.h"
#include "wire/frame.h"

struct session_boot {
    /* Hex digits. Init sends this secret with its first call, to prove that it is this
     * session's init. It is used once. */
    char once[FRAME_SECRET + 1];
    /* Hex digits. A later cco that adopts the session sends this secret to init. */
    char key[FRAME_SECRET + 1];
    struct buf bytes; /* the encoded boot file */
};

/* Sets the initial state: empty. */
void session_boot_init(struct session_boot *b);

/* Makes the two secrets and encodes the boot file of the plan `p`. Wipes what b contained
 * before. Reads the project's .env again for its values; a variable that has disappeared since
 * it was probed is left out. For a remote container, the boot file also contains the files that
 * init needs. Returns 0 on success and -1 on error; b may then contain a part. The caller calls
 * session_boot_release() in both cases. Only reads files, does not wait for anything else. */
int session_boot_make(struct session_boot *b, const struct session_context *ctx,
                      const struct plan *p, struct err *e);

/* Wipes the file and the secrets. A second call does nothing. */
void session_boot_release(struct session_boot *b);

#endif
