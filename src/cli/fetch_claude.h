/* SPDX-License-Identifier: MIT */
/* Fetches Claude Code before a native session, if this machine has none. */
#ifndef CLI_FETCH_CLAUDE_H
#define CLI_FETCH_CLAUDE_H

#include "base/err.h"

struct app;
struct plan;

enum fetch_claude_result {
    FETCH_CLAUDE_UNNEEDED, /* the plan is not native, or nothing had to be fetched */
    FETCH_CLAUDE_DONE,     /* the facts have changed: the plan must be made again */
    FETCH_CLAUDE_FAILED    /* no claude could be fetched; the error was printed */
};

/* Fetches claude (session/claude_fetch.h) for a native plan if it runs claude and this machine
 * has none. With --rebuild, fetches the newest one for every native plan, unless claude is
 * installed on this machine: then it prints that nothing was rebuilt, and how to update that
 * claude. If the newest version cannot be fetched, but an older version was fetched before,
 * prints a warning and sets *out to FETCH_CLAUDE_UNNEEDED. Returns 0 and sets *out; with
 * FETCH_CLAUDE_FAILED, the error has been printed. Returns -1 with ERR_CANCELED if a signal
 * ended the work. Blocks as claude_fetch() does. */
int fetch_claude(struct app *app, const struct plan *p, enum fetch_claude_result *out,
                 struct err *e);

#endif
