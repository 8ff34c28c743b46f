/* SPDX-License-Identifier: MIT */
/* Sweeps killed sessions without an engine. tests/e2e/test_session.py has an engine. */
#include "session/sessions.h"

#include "context.h"
#include "tap.h"
#include "tmpdir.h"

#include "base/file.h"

#include <sys/stat.h>

static struct context c;

static void leave(const char *name, const char *engine)
{
    const char *dir = arena_printf(&c.arena, "%s/%s", tmpdir, name);

    (void)mkdir(dir, 0700);
    put_file(arena_printf(&c.arena, "%s/engine", dir), engine);
    put_file(arena_printf(&c.arena, "%s.key", dir), "k");
    put_file(arena_printf(&c.arena, "%s.lock", dir), "");
}

int main(void)
{
    struct err e = {0};

    tmpdir_make();
    context_init(&c, (char *const[]){NULL});
    c.facts.runtime_dir = tmpdir;
    c.facts.project = c.facts.cwd_physical = c.facts.claude_root = c.facts.dotenv_dir = "/";
    ok(sessions_sweep(&c.ctx, &e) == 0, "a sweep without sessions succeeds %s", e.text);
    leave("cco-n-1", "native");
    ok(sessions_sweep(&c.ctx, &e) == 0 && !file_exists(in_tmp("cco-n-1")) &&
           !file_exists(in_tmp("cco-n-1.key")) && !file_exists(in_tmp("cco-n-1.lock")),
       "a native session whose init has ended is removed without an engine %s", e.text);
    leave("cco-d-1", "unix:///nowhere");
    leave("cco-n-2", "native");
    c.opts.engine = ENGINE_DOCKER;
    c.opts.image = "none of cco's";
    c.ctx.env = (char *const[]){(char[]){"DOCKER_HOST=unix:///nowhere"}, NULL};
    ok(sessions_sweep(&c.ctx, &e) < 0 && file_exists(in_tmp("cco-d-1.key")),
       "a session of an engine that does not answer stays: %s", e.text);
    ok(!file_exists(in_tmp("cco-n-2.key")),
       "native sessions are removed although the engine does not answer");
    context_release(&c);
    tmpdir_remove();
    return done_testing();
}
