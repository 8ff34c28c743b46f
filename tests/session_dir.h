/* SPDX-License-Identifier: MIT */
/* A runtime directory with sessions in it, for tests. */
#ifndef TESTS_SESSION_DIR_H
#define TESTS_SESSION_DIR_H

#include "session/session_dir.h"
#include "tmpdir.h"

static struct arena arena;
static struct strv notes;
static char *no_env[] = {NULL};

static const char *path(const char *name)
{
    return arena_printf(&arena, "%s/%s", tmpdir, name);
}

static int sweep(const char *name, struct strv *swept, struct err *e)
{
    const struct sweep s = {.runtime_dir = path(name),
                            .env = no_env,
                            .a = &arena,
                            .removed = swept,
                            .notes = &notes};

    return session_dir_sweep(&s, NULL, e);
}

#endif
