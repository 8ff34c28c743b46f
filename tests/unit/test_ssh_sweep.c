/* SPDX-License-Identifier: MIT */
#include "engine/ssh_sweep.h"

#include "base/fd.h"
#include "base/file_lock.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>

int main(void)
{
    const struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    struct err e = {0};
    int held;
    int early;

    tmpdir_make();
    for (size_t i = 0; i < 7; i++) {
        static const char *const dirs[] = {"ssh-held", "ssh-dead", ".ssh-new", ".ssh-odd",
                                           "other",    "ssh-odd",  ".ssh-held"};

        (void)mkdir(in_tmp(dirs[i]), 0700);
    }
    held = file_lock(in_tmp("ssh-held/lock"), FILE_LOCK_NOW, &e);
    put_file(in_tmp("ssh-dead/lock"), "");
    put_file(in_tmp("ssh-dead/s"), "");
    put_file(in_tmp("other/lock"), "");
    put_file(in_tmp(".ssh-new/lock"), "");
    early = file_lock(in_tmp(".ssh-held/lock"), FILE_LOCK_NOW, &e);
    (void)utimensat(AT_FDCWD, in_tmp(".ssh-odd"), old, 0);
    (void)utimensat(AT_FDCWD, in_tmp(".ssh-held"), old, 0);
    tunnel_sweep(tmpdir);
    ok(file_exists(in_tmp("ssh-held/lock")), "a locked directory stays");
    ok(!file_exists(in_tmp("ssh-dead")), "a directory that is not locked is removed");
    ok(file_exists(in_tmp(".ssh-new")), "a new directory that is not locked yet stays");
    ok(file_exists(in_tmp(".ssh-held")), "an old directory that is locked stays");
    ok(!file_exists(in_tmp(".ssh-odd")) && !file_exists(in_tmp("ssh-odd")),
       "an old directory without a lock is removed");
    ok(file_exists(in_tmp("other/lock")), "other directories are left alone");
    tunnel_sweep("/nonexistent");
    fd_close(&held);
    fd_close(&early);
    tunnel_sweep(tmpdir);
    ok(!file_exists(in_tmp("ssh-held")), "a directory is removed after its lock was released");
    tmpdir_remove();
    return done_testing();
}
