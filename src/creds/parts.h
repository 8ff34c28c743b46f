/* SPDX-License-Identifier: MIT */
/* Exchanges the parts of claude's state that belong to one project's conversations between the
 * host's ~/.claude and cco's own directory for the project, whose subdirectories the project's
 * sandboxes can write:
 *
 *   tasks/ID/, file-history/ID/   directories of a conversation; ID is its id
 *   todos/ID-*.json               files of a conversation
 *   plans/NAME.md                 a plan whose name is at the end of a transcript
 *   history.jsonl                 prompts (creds/prompt_history.h)
 *
 * The ids are the names of the transcripts in the project's directory of conversations. A file
 * goes to the other side if it is missing there or older there. To the host go only files that
 * have changed since the last exchange, so that files that claude has deleted on the host do
 * not return. Only regular files with plain names are copied, and no link is followed on either
 * side, because everything in cco's directory may have been made by an agent. */
#ifndef CREDS_PARTS_H
#define CREDS_PARTS_H

#include "base/err.h"

/* The paths are absolute and borrowed. */
struct parts {
    const char *project;     /* the project's directory, as claude writes it into the history */
    const char *transcripts; /* the host's directory of the project's conversations */
    const char *claude_dir;  /* the host's ~/.claude */
    const char *own;         /* cco's own directory for the project */
};

/* Exchanges the parts in both directions. Can be repeated at any time: an exchange that was
 * interrupted is continued by the next one, and a second one changes nothing. Sessions of the
 * same project may run meanwhile. Returns 0 on success, also if there is nothing to exchange or
 * if `own` does not exist. Returns -1 if something could not be copied; *e describes the first
 * problem, and the rest was exchanged. Blocks while another process exchanges (for some seconds
 * at most) and while files are copied. */
int parts_exchange(const struct parts *p, struct err *e);

#endif
