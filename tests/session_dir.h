/* SPDX-License-Identifier: MIT */
/* A runtime directory with sessions in it, for tests. */
#ifndef TESTS_SESSION_DIR_H
#define TESTS_SESSION_DIR_H

#include "context.h"
#include "session/sessions.h"
#include "tmpdir.h"

static struct arena arena;
static char *no_env[] = {NULL};

static const char *path(const char *name)
{
    return arena_printf(&arena, "%s/%s", tmpdir, name);
}

/* Sweeps the runtime directory of this name, and adds the names of the removed sessions. */
static int sweep(const char *name, struct strv *swept, struct err *e)
{
    struct context c;
    int rc;

    context_init(&c, no_env);
    c.ctx.arena = &arena; /* the names are used after it */
    c.facts.runtime_dir = path(name);
    c.facts.project = c.facts.cwd_physical = c.facts.claude_root = c.facts.dotenv_dir = "/";
    rc = sessions_sweep_dead(&c.ctx, NULL, swept, e);
    context_release(&c);
    return rc;
}

#endif
