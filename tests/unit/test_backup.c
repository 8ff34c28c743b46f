/* SPDX-License-Identifier: MIT */
#include "creds/backup.h"

#include "tap.h"
#include "tmpdir.h"

#include <dirent.h>

#define LOGIN "{\"claudeAiOauth\":{\"accessToken\":\"at\",\"expiresAt\":1700000000000}}"
#define TIME_MS 1767322985000 /* 2026-01-02 03:03:05 UTC */

static struct arena arena;

static const char *data_dir(void)
{
    return arena_strdup(&arena, in_tmp("data/cco"));
}

static const char *write_one(enum backup_kind kind, int64_t now_ms, const char *text,
                             struct err *e)
{
    const char *path;

    *e = (struct err){0};
    path = backup_write(data_dir(), kind, now_ms, str_c(text), &arena, e);
    return path == NULL ? "(none)" : path;
}

static void backups_are_private_and_never_overwritten(void)
{
    struct err e;
    mode_t before = umask(0);
    const char *path = write_one(BACKUP_PLAIN, TIME_MS, LOGIN, &e);

    (void)umask(0277);
    is_str(path, in_tmp("data/cco/backups/claude-credentials.20260102T030305Z.json"),
           "the name has the time in UTC");
    is_str(get_file(path), LOGIN, "the backup has the text");
    ok(mode_of(path) == 0600 && mode_of(in_tmp("data/cco/backups")) == 0700,
       "file and directory are private");
    is_str(write_one(BACKUP_PLAIN, TIME_MS, "two", &e),
           in_tmp("data/cco/backups/claude-credentials.20260102T030305Z-2.json"),
           "a second backup in the same second gets the number 2");
    is_str(write_one(BACKUP_PLAIN, TIME_MS, "three", &e),
           in_tmp("data/cco/backups/claude-credentials.20260102T030305Z-3.json"),
           "a third backup in the same second gets the number 3");
    (void)umask(before);
    is_int(mode_of(in_tmp("data/cco/backups/claude-credentials.20260102T030305Z-3.json")), 0600,
           "the mode does not depend on the umask");
    is_str(get_file(path), LOGIN, "the first backup is unchanged");
    ok(symlink(in_tmp("victim"),
               in_tmp("data/cco/backups/claude-credentials.20260102T030306Z.json")) == 0,
       "a link with the name of the next backup can be made");
    is_str(write_one(BACKUP_PLAIN, TIME_MS + 1000, "four", &e),
           in_tmp("data/cco/backups/claude-credentials.20260102T030306Z-2.json"),
           "the backup gets the next name");
    ok(!file_exists(in_tmp("victim")), "the link is not followed");
    is_str(write_one(BACKUP_CONFLICT, TIME_MS, "x", &e),
           in_tmp("data/cco/backups/claude-credentials.20260102T030305Z.conflict.json"),
           "the name of an automatic backup has its kind");
    (void)chmod(in_tmp("data/cco/backups"), 0755);
    (void)write_one(BACKUP_BEFORE_RESTORE, TIME_MS, "x", &e);
    is_int(mode_of(in_tmp("data/cco/backups")), 0700,
           "a directory that others could access becomes private");
}

/* A killed cco has left a file with the temporary name. */
static void temporary_file_of_a_killed_cco_is_removed(void)
{
    struct err e;

    put_file(in_tmp("data/cco/backups/.cco-tmp"), "ha");
    is_str(get_file(write_one(BACKUP_BEFORE_RESTORE, TIME_MS + 2000, LOGIN, &e)), LOGIN,
           "a backup can be made after a killed cco left its temporary file");
    ok(!file_exists(in_tmp("data/cco/backups/.cco-tmp")), "the temporary file is gone");
    ok(unlink(in_tmp(
           "data/cco/backups/claude-credentials.20260102T030307Z.before-restore.json")) == 0,
       "the backup has the next name: %s", e.text);
}

static size_t kind_count(const struct backup *all, size_t count, enum backup_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        n += all[i].kind == kind ? 1U : 0U;
    }
    return n;
}

static void backups_are_listed(void)
{
    struct backup *all = NULL;
    struct err e = {0};
    size_t count = 0;

    put_file(in_tmp("data/cco/backups/other"), "");
    put_file(in_tmp("data/cco/backups/claude-credentials.20260102T030305Z-1.json"), "");
    put_file(in_tmp("data/cco/backups/claude-credentials.20260102T030305Z.odd.json"), "");
    put_file(in_tmp("data/cco/backups/claude-credentials.20261302T030305Z.json"), "");
    put_file(in_tmp("data/cco/backups/claude-credentials.20000229T000000Z.json"), LOGIN);
    put_file(in_tmp("data/cco/backups/claude-credentials..json"), "");
    put_file(in_tmp("data/cco/backups/CLAUDE-credentials.20260102T030305Z.json"), "");
    put_file(in_tmp("data/cco/backups/claude-credentials.20260102T030305Z.JSON"), "");
    (void)mkfifo(in_tmp("data/cco/backups/claude-credentials.20270102T030305Z.json"), 0600);
    (void)mkdir(in_tmp("data/cco/backups/claude-credentials.20280102T030305Z.json"), 0700);
    is_int(backup_list(data_dir(), &arena, &all, &count, &e), 0, "backups can be listed");
    is_int((long long)count, 7, "only regular files with a valid name are listed");
    if (count != 7) {
        return;
    }
    ok(strstr(all[0].path, "030306Z-2") != NULL && strstr(all[1].path, "030305Z-3") != NULL &&
           strstr(all[6].path, "20000229") != NULL,
       "the newest backup comes first");
    ok(all[6].time_s == 951782400 && all[0].time_s == TIME_MS / 1000 + 1,
       "the time is read from the name");
    ok(!all[0].valid && all[0].size == 4 && all[6].valid &&
           all[6].expires_at_ms == 1700000000000,
       "size, validity and time of expiry are read from the file");
    is_str(backup_kind_name(all[3].kind), "before-restore", "the kind is read from the name");
    is_str(backup_time(951782400, true, &arena), "2000-02-29 00:00:00 UTC",
           "the readable form of a time");
    for (int64_t day = 0; day < 60000; day++) {
        char path[600];
        const char *text = backup_time(day * 86400, false, &arena);

        if (day % 331 == 0) {
            (void)snprintf(path, sizeof(path), "%s/claude-credentials.%s.json",
                           in_tmp("other/backups"), text);
            (void)mkdir(in_tmp("other"), 0700);
            (void)mkdir(in_tmp("other/backups"), 0700);
            put_file(path, "");
        }
    }
    is_int(backup_list(in_tmp("other"), &arena, &all, &count, &e), 0,
           "a directory with backups of many days can be listed");
    for (size_t i = 0; i < count; i++) {
        if (all[i].time_s != (int64_t)(count - 1 - i) * 331 * 86400) {
            ok(false, "the time of %s is read as %lld", all[i].path, (long long)all[i].time_s);
        }
    }
    is_int((long long)count, 182, "all backups are listed");
    ok(backup_list(in_tmp("nowhere"), &arena, &all, &count, &e) == 0 && count == 0,
       "without a directory the list is empty");
}

static void old_automatic_backups_are_removed(void)
{
    struct backup *all = NULL;
    struct err e = {0};
    size_t count = 0;

    for (int i = 0; i < 8; i++) {
        (void)write_one(BACKUP_BEFORE_SYNC, TIME_MS + i * 1000, "x", &e);
        (void)write_one(BACKUP_PLAIN, TIME_MS + i * 1000, "x", &e);
    }
    is_int(backup_list(data_dir(), &arena, &all, &count, &e), 0, "backups can be listed");
    is_int((long long)kind_count(all, count, BACKUP_BEFORE_SYNC), BACKUP_KEPT,
           "of an automatic kind only the newest are kept");
    ok(!file_exists(
           in_tmp("data/cco/backups/claude-credentials.20260102T030307Z.before-sync.json")) &&
           file_exists(
               in_tmp("data/cco/backups/claude-credentials.20260102T030312Z.before-sync.json")),
       "the oldest backups of the kind are removed");
    ok(kind_count(all, count, BACKUP_PLAIN) == 13 &&
           kind_count(all, count, BACKUP_CONFLICT) == 1,
       "backups of other kinds are not removed");
}

/* The backup that was just written is never removed, however many there are in one second and
 * even if the clock was set back. */
static void newest_backup_is_never_removed(void)
{
    struct err e;
    const char *path = "";
    int there = 0;

    for (int i = 0; i < 3 * BACKUP_KEPT; i++) {
        path = write_one(BACKUP_CONFLICT, TIME_MS + 9000, arena_printf(&arena, "%d", i), &e);
        there += strcmp(get_file(path), arena_printf(&arena, "%d", i)) == 0;
    }
    is_int(there, 3 * BACKUP_KEPT, "each backup exists after it was written");
    is_str(path,
           in_tmp("data/cco/backups/claude-credentials.20260102T030314Z-15.conflict.json"),
           "the number of a removed backup is not used again");
    path = write_one(BACKUP_CONFLICT, TIME_MS - 9000, LOGIN, &e);
    is_str(get_file(path), LOGIN, "a backup also stays if the clock was set back");
}

static void link_instead_of_the_directory_is_refused(void)
{
    struct err e;

    (void)mkdir(in_tmp("trap"), 0700);
    (void)rename(in_tmp("data/cco/backups"), in_tmp("moved"));
    ok(symlink(in_tmp("trap"), in_tmp("data/cco/backups")) == 0,
       "a link can be made instead of the directory");
    is_str(write_one(BACKUP_PLAIN, TIME_MS, "x", &e), "(none)",
           "a link instead of the directory is refused");
    ok(e.kind == ERR_REFUSED && strstr(e.hint, "XDG") == NULL,
       "the hint does not name another directory's variable: %s. %s", e.text, e.hint);
    ok(rmdir(in_tmp("trap")) == 0, "nothing is written to the target of the link");
}

int main(void)
{
    tmpdir_make();
    backups_are_private_and_never_overwritten();
    temporary_file_of_a_killed_cco_is_removed();
    backups_are_listed();
    old_automatic_backups_are_removed();
    newest_backup_is_never_removed();
    link_instead_of_the_directory_is_refused();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
