/* SPDX-License-Identifier: MIT */
/* Lines for the user about a session. If it has ended in the background, nobody reads them, so
 * they wait in ${XDG_STATE_HOME:-~/.local/state}/cco/reports for the next cco in that
 * project. */
#ifndef SESSION_REPORTS_H
#define SESSION_REPORTS_H

#include "base/list.h"
#include "session/session_context.h"

/* Prints the lines as warnings; with `background` it keeps them instead. `name` is the session,
 * `key` its project's (facts.project_key). Lines that cannot be kept are lost. */
void reports_add(struct session_context *ctx, const char *key, const char *name,
                 const struct strv *lines, bool background);

/* Prints `text` as a warning, unless it was the last text that this project got in this way. */
void reports_once(struct session_context *ctx, const char *text);

/* Prints what waits for this project, and removes it. */
void reports_tell(struct session_context *ctx);

#endif
