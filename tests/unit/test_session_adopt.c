/* SPDX-License-Identifier: MIT */
/* Sessions that cannot be adopted. The end-to-end tests adopt sessions. */
#include "session/session_attach.h"

#include "base/fd.h"
#include "base/file_lock.h"
#include "context.h"
#include "tap.h"
#include "tmpdir.h"

static struct context c;

int main(void)
{
    struct err e = {0};
    struct session_found f = {.name = "cco-x-1", .project = "/p", .runtime_dir = tmpdir};
    bool taken = true;
    int lock;

    tmpdir_make();
    context_init(&c, (char *const[]){NULL});
    c.facts.runtime_dir = tmpdir;
    (void)mkdir(in_tmp("cco-x-1"), 0700);
    put_file(in_tmp("cco-x-1.lock"), "/p");
    ok(session_adopt(&c.ctx, &f, &taken, &e) < 0 && !taken && e.kind == ERR_NOT_FOUND,
       "a session without a key cannot be adopted: %s", e.text);
    ok(file_exists(in_tmp("cco-x-1")) && file_exists(in_tmp("cco-x-1.lock")),
       "the files of that session stay");
    err_reset(&e);
    put_file(in_tmp("cco-x-1.key"), "k");
    f.adopt_sock = in_tmp("cco-x-1.adopt");
    ok(session_adopt(&c.ctx, &f, &taken, &e) < 0 && !taken,
       "a session whose init has ended cannot be adopted: %s", e.text);
    ok(file_exists(in_tmp("cco-x-1.key")), "the key of that session stays");
    err_reset(&e);
    lock = file_lock(in_tmp("cco-x-1.lock"), FILE_LOCK_NOW, &e);
    ok(lock >= 0 && session_adopt(&c.ctx, &f, &taken, &e) < 0 && taken,
       "a session that another process has just adopted is reported as taken");
    fd_close(&lock);
    context_release(&c);
    tmpdir_remove();
    return done_testing();
}
