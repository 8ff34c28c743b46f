/* SPDX-License-Identifier: MIT */
/* One run at a time over a tree. */
#include "sync/lock.h"

#include "base/clock.h"
#include "base/fd.h"
#include "tap.h"
#include "tmpdir.h"

int main(void)
{
    struct err e = {0};
    const char *path;
    int first;
    int second;

    tmpdir_make();
    path = in_tmp("tree.lock");
    first = lock_try(path, clock_ms() + 1000, &e);
    ok(first >= 0, "a lock that nobody has is taken");
    second = lock_try(path, clock_ms() + 60000, &e);
    ok(second < 0 && e.kind == ERR_NONE, "one that somebody has may be tried again");
    second = lock_try(path, clock_ms() - 1, &e);
    ok(second < 0 && e.kind == ERR_TIMEOUT, "until the deadline has passed: %s", e.text);
    fd_close(&first);
    err_reset(&e);
    second = lock_try(path, clock_ms() - 1, &e);
    ok(second >= 0, "it is free with its owner's end");
    fd_close(&second);
    second = lock_try(in_tmp("no/such/dir"), clock_ms() + 60000, &e);
    ok(second < 0 && e.kind != ERR_NONE && e.kind != ERR_TIMEOUT,
       "anything else is told at once: %s", e.text);
    (void)unlink(path);
    tmpdir_remove();
    return done_testing();
}
