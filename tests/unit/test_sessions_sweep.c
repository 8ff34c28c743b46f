/* SPDX-License-Identifier: MIT */
/* Sweeps killed sessions without an engine. tests/e2e/test_session.py has an engine. */
#include "session/sessions.h"

#include "context.h"
#include "fake_engine.h"
#include "tap.h"
#include "tmpdir.h"

#include "base/file.h"

#include <fcntl.h>
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

/* cco was killed between its request for a container and the answer. */
static void container_that_appears_later_is_removed(void)
{
    static char reply[64];
    static const struct fake_rule rules[] = {
        {"GET /v1.41/containers/json", reply, false},
        {"DELETE /v1.41/containers/c1?force=1&v=1",
         "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", false},
        FAKE_END};
    const struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    struct err e = {0};
    struct fake f;

    (void)snprintf(reply, sizeof(reply), "@%s", in_tmp("list"));
    put_file(in_tmp("list"), FAKE_JSON("200 OK", "[]"));
    fake_engine(&c.engine, &f, rules);
    c.engine.probed = true;
    leave("cco-u-1", "unix:///x");
    put_file(in_tmp("cco-u-1/boot"), "secret");
    ok(sessions_sweep(&c.ctx, &e) == 0 && !file_exists(in_tmp("cco-u-1")) &&
           !file_exists(in_tmp("cco-u-1.key")) && file_exists(in_tmp("cco-u-1.lock")),
       "the lock of a session that was about to start stays %s", e.text);
    put_file(in_tmp("list"), FAKE_JSON("200 OK", "[{\"Id\":\"c1\",\"Names\":[\"/cco-u-1\"],"
                                                 "\"State\":\"created\",\"Labels\":{}}]"));
    ok(sessions_sweep(&c.ctx, &e) == 0 && fake_saw(&f, "DELETE /v1.41/containers/c1"),
       "a container that appears later is removed %s", e.text);
    put_file(in_tmp("list"), FAKE_JSON("200 OK", "[]"));
    ok(utimensat(AT_FDCWD, in_tmp("cco-u-1.lock"), old, 0) == 0 &&
           sessions_sweep(&c.ctx, &e) == 0 && !file_exists(in_tmp("cco-u-1.lock")),
       "the lock is removed when no container can appear any more %s", e.text);
    fake_stop(&f);
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
    container_that_appears_later_is_removed();
    engine_close(&c.engine);
    c.engine = (struct engine){0};
    conn_init(&c.engine.conn);
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
