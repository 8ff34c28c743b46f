/* SPDX-License-Identifier: MIT */
/* Sessions whose process does not answer. test_native_sessions.c and the end-to-end tests stop
 * others. */
#include "session/session_stop.h"

#include "context.h"
#include "tap.h"
#include "tmpdir.h"

static struct context c;

int main(void)
{
    struct err e = {0};
    struct session_found f = {.name = "cco-x-1", .project = "/p", .state = SESSION_BUSY};

    tmpdir_make();
    context_init(&c, (char *const[]){(char[]){"DOCKER_HOST=unix:///nowhere"}, NULL});
    c.facts.runtime_dir = tmpdir;
    c.facts.cwd_physical = "/";
    (void)mkdir(in_tmp("cco-x-1"), 0700);
    put_file(in_tmp("cco-x-1/engine"), "native");
    put_file(in_tmp("cco-x-1.lock"), "/p");
    f.sock = in_tmp("cco-x-1.sock");
    f.adopt_sock = in_tmp("cco-x-1.adopt");
    ok(session_stop(&c.ctx, &f, &e) == 0, "a session whose init has ended is stopped %s",
       e.text);
    ok(!file_exists(in_tmp("cco-x-1")), "its files are removed");
    f.adopt_sock = NULL;
    c.opts.engine = ENGINE_DOCKER;
    c.opts.image = "none of cco's";
    ok(session_stop(&c.ctx, &f, &e) < 0 && strstr(e.text, "stop cco-x-1") != NULL,
       "a session of an engine that does not answer cannot be stopped: %s", e.text);
    context_release(&c);
    tmpdir_remove();
    return done_testing();
}
