/* SPDX-License-Identifier: MIT */
/* What the remote side cannot take, and what cannot be sent: it is told, and tried again. As an
 * ordinary user. */
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
        return 1; /* what root may do shows nothing */
    }
    sync_start();
    dir_at("local");
    dir_at("local/shut");
    dir_at("local/d");
    write_at("local/shut/f", "f", 1);
    write_at("local/a", "a", 1);
    write_at("local/d/x", "x", 1);
    (void)chmod(in_tmp("local/shut"), 0555);
    ok(sync_both() && trees_alike(false), "a directory for reading only, with a file");
    is_int(mode_of(in_tmp("remote/shut")), 0555, "is one there");

    (void)chmod(in_tmp("remote/shut"), 0755);
    (void)unlink(in_tmp("remote/shut/f"));
    write_at("remote/shut/g", "g", 2);
    (void)chmod(in_tmp("remote/shut"), 0555);
    ok(sync_both() && trees_alike(false), "what changes in it comes back");
    is_int(mode_of(in_tmp("local/shut")), 0555, "and it is as it was");
    (void)chmod(in_tmp("local/shut"), 0755);
    write_at("local/shut/h", "h", 3);
    (void)chmod(in_tmp("local/shut"), 0555);
    ok(sync_both() && trees_alike(false), "and goes there");

    write_at("local/unreadable", "u", 1);
    (void)chmod(in_tmp("local/unreadable"), 0);
    ok(sync_both(), "a file that cannot be read");
    ok(!file_exists(in_tmp("remote/unreadable")) && names("local/unreadable: "), "is named");
    (void)chmod(in_tmp("local/unreadable"), 0600);
    ok(sync_both() && trees_alike(false) && sync_last.report.failed == 0,
       "and goes once it can be");

    (void)mkfifo(in_tmp("remote/d/pipe"), 0600);
    remove_at("local/d");
    ok(sync_both(), "a directory is removed that holds a fifo there");
    ok(!file_exists(in_tmp("remote/d/x")) && file_exists(in_tmp("remote/d/pipe")),
       "what is known goes, what is not stays");
    ok(sync_last.report.failed == 0 && sync_last.report.skipped == 1, "without a word");
    ok(sync_both() && !file_exists(in_tmp("local/d")), "and the directory does not come back");

    (void)mkfifo(in_tmp("remote/new"), 0600);
    write_at("local/new", "n", 1);
    ok(sync_both() && stat(in_tmp("remote/new"), &st) == 0 && S_ISFIFO(st.st_mode),
       "a fifo is never replaced");
    (void)mkdir(in_tmp("local/closed"), 0);
    ok(sync_both() && names("local/closed: "), "a directory that cannot be read is named");
    (void)chmod(in_tmp("local/closed"), 0755);
    (void)chmod(in_tmp("local/shut"), 0755);
    (void)chmod(in_tmp("remote/shut"), 0755);
    sync_end();
    return done_testing();
}
