/* SPDX-License-Identifier: MIT */
/* Sessions that are found by their files. test_sessions.c has sessions that only an engine
 * knows. */
#include "session/sessions.h"

#include "context.h"
#include "tap.h"
#include "tmpdir.h"

#include "base/fd.h"
#include "base/file_lock.h"

static struct context c;

static void living_sessions_are_found(void)
{
    struct sessions all;
    struct err e = {0};
    bool without_engine = true;
    int lock;

    put_file(in_tmp("cco-p-1.lock"), "/p");
    lock = file_lock(in_tmp("cco-p-1.lock"), FILE_LOCK_NOW, &e);
    ok(sessions_find(&c.ctx, &all, &without_engine, &e) == 0 && all.count == 1 &&
           !without_engine,
       "a session that lives is found without an engine %s", e.text);
    ok(all.items[0].state == SESSION_BUSY && all.items[0].sock == NULL,
       "a session without a socket starts or ends");
    ok(all.items[0].started > 0, "its age is known");
    is_str(all.items[0].project, "/p", "its project is known");
    put_file(in_tmp("cco-p-1.sock"), "");
    ok(sessions_find(&c.ctx, &all, &without_engine, &e) == 0 && all.count == 1 &&
           all.items[0].state == SESSION_BUSY,
       "a session that does not answer is busy");
    is_str(session_state_name(all.items[0].state), "busy", "the state has a name");
    fd_close(&lock);
}

int main(void)
{
    tmpdir_make();
    context_init(&c, NULL);
    c.facts.runtime_dir = tmpdir;
    living_sessions_are_found();
    context_release(&c);
    tmpdir_remove();
    return done_testing();
}
