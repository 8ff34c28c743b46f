/* SPDX-License-Identifier: MIT */
/* Paths that cannot be sent or written are reported, and tried again in the next run. Runs as
 * an ordinary user. */
#include "sync/lead.h"

#include "sync.h"
#include "tap.h"

static bool names(const char *text)
{
    for (size_t i = 0; i < sync_last.report.failed_names.count; i++) {
        if (strstr(sync_last.report.failed_names.v[i], text) != NULL) {
            return true;
        }
    }
    return false;
}

int main(void)
{
    struct stat st;

    if (geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0)) {
        return 1; /* root would not be refused anything */
    }
    sync_start();
    dir_at("local");
    dir_at("local/shut");
    dir_at("local/d");
    write_at("local/shut/f", "f", 1);
    write_at("local/a", "a", 1);
    write_at("local/d/x", "x", 1);
    (void)chmod(in_tmp("local/shut"), 0555);
    ok(sync_both() && trees_alike(false),
       "a directory without write permission is pushed with a file in it");
    is_int(mode_of(in_tmp("remote/shut")), 0555, "it has its mode on the remote side");

    (void)chmod(in_tmp("remote/shut"), 0755);
    (void)unlink(in_tmp("remote/shut/f"));
    write_at("remote/shut/g", "g", 2);
    (void)chmod(in_tmp("remote/shut"), 0555);
    ok(sync_both() && trees_alike(false), "remote changes in such a directory are fetched");
    is_int(mode_of(in_tmp("local/shut")), 0555, "its local mode is unchanged");
    (void)chmod(in_tmp("local/shut"), 0755);
    write_at("local/shut/h", "h", 3);
    (void)chmod(in_tmp("local/shut"), 0555);
    ok(sync_both() && trees_alike(false), "local changes in it are pushed");

    write_at("local/unreadable", "u", 1);
    (void)chmod(in_tmp("local/unreadable"), 0);
    ok(sync_both(), "a run with an unreadable file succeeds");
    ok(!file_exists(in_tmp("remote/unreadable")) && names("local/unreadable: "),
       "the file is not pushed, and the report names it");
    (void)chmod(in_tmp("local/unreadable"), 0600);
    ok(sync_both() && trees_alike(false) && sync_last.report.failed == 0,
       "it is pushed after it becomes readable");

    (void)mkfifo(in_tmp("remote/d/pipe"), 0600);
    remove_at("local/d");
    ok(sync_both(), "a run after the removal of a directory with a remote fifo succeeds");
    ok(!file_exists(in_tmp("remote/d/x")) && file_exists(in_tmp("remote/d/pipe")),
       "the known file is removed, and the fifo stays");
    ok(sync_last.report.failed == 0 && sync_last.report.skipped == 1,
       "the directory that stays is not reported");
    ok(sync_both() && !file_exists(in_tmp("local/d")),
       "the directory is not created again locally");

    (void)mkfifo(in_tmp("remote/new"), 0600);
    write_at("local/new", "n", 1);
    ok(sync_both() && stat(in_tmp("remote/new"), &st) == 0 && S_ISFIFO(st.st_mode),
       "a remote fifo is not replaced");
    (void)mkdir(in_tmp("local/closed"), 0);
    ok(sync_both() && names("local/closed: "), "an unreadable directory is reported");
    (void)chmod(in_tmp("local/closed"), 0755);
    (void)chmod(in_tmp("local/shut"), 0755);
    (void)chmod(in_tmp("remote/shut"), 0755);
    sync_end();
    return done_testing();
}
