/* SPDX-License-Identifier: MIT */
/* The relay: bytes between this process's 0, 1, 2 and a session, in one poll loop with bounded
 * memory: it asks to read only while it has room, and to write only while it has bytes.
 *
 * With a terminal: 0 was put into raw mode by the caller, output goes to 1. Without: stdin is
 * forwarded until its end and the session then told; frames come apart to 1 and 2. The session's
 * stream is always read to its end.
 *
 * Signals (from `sig`): WINCH -> resize; INT TERM HUP QUIT USR1 USR2 -> the command; TSTP -> the
 * command is stopped, the terminal restored, this process stopped; on CONT everything comes back and
 * the size is sent again. Two INTs or TERMs RELAY_GRACE_MS apart, or three at once, without a sign of
 * life between them end the relay with ERR_CANCELED: that is how a user leaves an engine that hangs.
 * A terminal that hangs up counts as HUP. A reader of stdout that went away: the command gets PIPE and
 * HUP, as in a pipeline. After HUP or PIPE the command has RELAY_GRACE_MS to end. */
#ifndef TTY_RELAY_H
#define TTY_RELAY_H

#include "base/err.h"
#include "base/sig.h"
#include "tty/session.h"

enum { RELAY_GRACE_MS = 2000, RELAY_STATUS_MS = 10000 };

struct relay {
    struct session *session;
    struct sig *sig;
    int in, out, err; /* usually 0, 1, 2 */
    bool forward_input;
};

/* Runs until the stream and the command have both ended (session->status then is valid), 0; or until
 * the session is lost or canceled, -1: ERR_EOF where the engine went away with the stream,
 * ERR_TIMEOUT where the stream ended but no status came within RELAY_STATUS_MS, ERR_SYS where output
 * could not be written for another reason than a closed pipe. The terminal's mode
 * is the caller's to restore. */
int relay_run(struct relay *r, struct err *e);

#endif
