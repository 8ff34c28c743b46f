/* SPDX-License-Identifier: MIT */
/* Reports: lines for the user about a session, which are printed also with --quiet. If a
 * session ends in the background, no terminal shows them, so they are kept in
 * ${XDG_STATE_HOME:-~/.local/state}/cco/reports until the next session starts in the same
 * project. */
#ifndef SESSION_REPORTS_H
#define SESSION_REPORTS_H

#include "base/list.h"
#include "session/session_context.h"

/* Prints the lines, or keeps them if `background` is true. `name` is the name of
 * the session and `key` the key of its project (facts.project_key). Kept lines replace those
 * that an earlier session of this name has left. Lines that cannot be written are lost. */
void reports_add(struct session_context *ctx, const char *key, const char *name,
                 const struct strv *lines, bool background);

/* Prints `text` as a warning, unless the last call of this function for the current project had
 * the same text. The last text is kept in STATE_DIR/told/PROJECT_KEY. */
void reports_once(struct session_context *ctx, const char *text);

/* Prints the kept reports of the current project, and removes them. */
void reports_tell(struct session_context *ctx);

#endif
