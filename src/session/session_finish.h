/* SPDX-License-Identifier: MIT */
/* What is left to do for a session that has ended, from its directory alone: by the process that ran it, or by
 * the next cco after a kill. Any step may be repeated. */
#ifndef SESSION_SESSION_FINISH_H
#define SESSION_SESSION_FINISH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/list.h"
#include "base/str.h"

/* Keeps what init returned (".claude.json" as the sandbox left it) until session_finish() has merged it; nothing is written
 * where the sandbox changed nothing. */
int session_keep_returned(const char *dir, struct str returned_file, struct err *e);

/* The login's last exchange, the merge of .claude.json, then the session's notes are added to `notes`. -1 only where
 * a login that the sandbox has renewed could not be brought to the host: then the directory must stay, and the next
 * cco tries again. What else goes wrong is a note. */
int session_finish(const char *dir, char *const *env, struct arena *a, struct strv *notes,
                   struct err *e);

#endif
