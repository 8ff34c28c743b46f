/* SPDX-License-Identifier: MIT */
/* Lines about a session that nobody was there to read: it ended in the background. They wait in
 * ${XDG_STATE_HOME:-~/.local/state}/cco/reports for the next cco in that project. */
#ifndef SESSION_REPORTS_H
#define SESSION_REPORTS_H

#include "base/list.h"
#include "session/session_context.h"

/* Tells them now, on stderr; or, in the background, keeps them. `name` is the session, `key` its project's
 * (facts.project_key). */
void reports_add(struct session_context *ctx, const char *key, const char *name,
                 const struct strv *lines, bool background);

/* Tells this as a warning, unless it was the last thing that this project was told in this way. */
void reports_once(struct session_context *ctx, const char *text);

/* Tells what waits for this project and forgets it. */
void reports_tell(struct session_context *ctx);

#endif
