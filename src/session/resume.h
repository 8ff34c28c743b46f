/* SPDX-License-Identifier: MIT */
/* The conversation with which a session has ended. claude prints a command that resumes it
 * without a sandbox, so cco prints a command that resumes it in a sandbox. */
#ifndef SESSION_RESUME_H
#define SESSION_RESUME_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

enum { RESUME_ID_LEN = 36 };

/* Returns whether `id` has the form of the id of a conversation, a UUID in lower-case hex
 * digits. Every id in a text that an agent can write must be checked. */
bool resume_is_id(struct str id);

/* Returns the id of the conversation that the session, whose directory is `dir`, has written
 * last, in the arena. It is the name of the newest file of its project's conversations, if that
 * is not older than the session. The text of the terminal is not used, because the agent can
 * write anything there. Returns NULL if the session does not show claude's screen, or has
 * written no conversation. The agent can choose the id among those of the project, so cco only
 * prints it. Blocks only as the file system does. */
const char *resume_find(const char *dir, struct arena *a);

/* Prints how to go on with the conversation `id` in a sandbox, unless it is NULL or standard
 * error is not a terminal. */
void resume_tell(const char *id);

#endif
