/* SPDX-License-Identifier: MIT */
/* Fetches Claude Code before a native session, if this machine has none. */
#ifndef CLI_FETCH_CLAUDE_H
#define CLI_FETCH_CLAUDE_H

#include "base/err.h"

struct app;
struct plan;

enum fetch_claude_result {
    FETCH_CLAUDE_UNNEEDED, /* the plan does not run claude natively, or has one */
    FETCH_CLAUDE_DONE,     /* the facts have changed: the plan must be made again */
    FETCH_CLAUDE_FAILED    /* there is none: the error was printed */
};

/* Fetches claude (session/claude_fetch.h) if the plan needs it and this machine has none, or if
 * --rebuild wants a newer one than cco has fetched before. If the user has a claude of his own,
 * --rebuild only prints how to update it. If the newest cannot be fetched, but an older one is
 * there, prints a warning and uses that. Sets *out. Returns 0 on success, and -1 if a signal
 * ended the work (ERR_CANCELED). */
int fetch_claude(struct app *app, const struct plan *p, enum fetch_claude_result *out,
                 struct err *e);

#endif
