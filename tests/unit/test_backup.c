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

static void writing(void)
{
    struct err e;
    mode_t before = umask(0);
    const char *path = write_one(BACKUP_PLAIN, TIME_MS, LOGIN, &e);

    (void)umask(0277);
    is_str(path, in_tmp("data/cco/backups/claude-credentials.20260102T030305Z.json"),
           "its name");
    is_str(get_file(path), LOGIN, "its text");
    ok(mode_of(path) == 0600 && mode_of(in_tmp("data/cco/backups")) == 0700, "private");
    is_str(write_one(BACKUP_PLAIN, TIME_MS, "two", &e),
           in_tmp("data/cco/backups/claude-credentials.20260102T030305Z-2.json"),
           "never overwritten");
    is_str(write_one(BACKUP_PLAIN, TIME_MS, "three", &e),
           in_tmp("data/cco/backups/claude-credentials.20260102T030305Z-3.json"),
           "however often");
    (void)umask(before);
    is_int(mode_of(in_tmp("data/cco/backups/claude-credentials.20260102T030305Z-3.json")), 0600,
           "whatever the umask");
    is_str(get_file(path), LOGIN, "the first one is as it was");
    ok(symlink(in_tmp("victim"),
               in_tmp("data/cco/backups/claude-credentials.20260102T030306Z.json")) == 0,
       "a link in the way");
    is_str(write_one(BACKUP_PLAIN, TIME_MS + 1000, "four", &e),
           in_tmp("data/cco/backups/claude-credentials.20260102T030306Z-2.json"),
           "is stepped aside of");
    ok(!file_exists(in_tmp("victim")), "not followed");
    is_str(write_one(BACKUP_CONFLICT, TIME_MS, "x", &e),
           in_tmp("data/cco/backups/claude-credentials.20260102T030305Z.conflict.json"),
           "another kind");
    (void)chmod(in_tmp("data/cco/backups"), 0755);
    (void)write_one(BACKUP_BEFORE_RESTORE, TIME_MS, "x", &e);
    is_int(mode_of(in_tmp("data/cco/backups")), 0700, "an open directory is closed");
}

/* What was begun and never named is no backup, and in nobody's way. */
static void killed(void)
{
    struct err e;

    put_file(in_tmp("data/cco/backups/.cco-tmp"), "ha");
    is_str(get_file(write_one(BACKUP_BEFORE_RESTORE, TIME_MS + 2000, LOGIN, &e)), LOGIN,
           "after one that was killed");
    ok(!file_exists(in_tmp("data/cco/backups/.cco-tmp")), "nothing of it is left");
    ok(unlink(in_tmp(
           "data/cco/backups/claude-credentials.20260102T030307Z.before-restore.json")) == 0,
       "%s", e.text);
}

static size_t kind_count(const struct backup *all, size_t count, enum backup_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        n += all[i].kind == kind ? 1U : 0U;
    }
    return n;
}

static void listing(void)
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
    is_int(backup_list(data_dir(), &arena, &all, &count, &e), 0, "the list");
    is_int((long long)count, 7, "of what is a backup");
    if (count != 7) {
        return;
    }
    ok(strstr(all[0].path, "030306Z-2") != NULL && strstr(all[1].path, "030305Z-3") != NULL &&
           strstr(all[6].path, "20000229") != NULL,
       "the newest first");
    ok(all[6].time_s == 951782400 && all[0].time_s == TIME_MS / 1000 + 1, "with the time");
    ok(!all[0].valid && all[0].size == 4 && all[6].valid &&
           all[6].expires_at_ms == 1700000000000,
       "and what it holds");
    is_str(backup_kind_name(all[3].kind), "before-restore", "and the kind");
    is_str(backup_time(951782400, true, &arena), "2000-02-29 00:00:00 UTC", "for people");
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
    is_int(backup_list(in_tmp("other"), &arena, &all, &count, &e), 0, "many days");
    for (size_t i = 0; i < count; i++) {
        if (all[i].time_s != (int64_t)(count - 1 - i) * 331 * 86400) {
            ok(false, "%s is %lld", all[i].path, (long long)all[i].time_s);
        }
    }
    is_int((long long)count, 182, "all of them read back");
    ok(backup_list(in_tmp("nowhere"), &arena, &all, &count, &e) == 0 && count == 0,
       "no directory, no backups");
}

static void pruning(void)
{
    struct backup *all = NULL;
    struct err e = {0};
    size_t count = 0;

    for (int i = 0; i < 8; i++) {
        (void)write_one(BACKUP_BEFORE_SYNC, TIME_MS + i * 1000, "x", &e);
        (void)write_one(BACKUP_PLAIN, TIME_MS + i * 1000, "x", &e);
    }
    is_int(backup_list(data_dir(), &arena, &all, &count, &e), 0, "the list");
    is_int((long long)kind_count(all, count, BACKUP_BEFORE_SYNC), BACKUP_KEPT,
           "an automatic kind has few");
    ok(!file_exists(
           in_tmp("data/cco/backups/claude-credentials.20260102T030307Z.before-sync.json")) &&
           file_exists(
               in_tmp("data/cco/backups/claude-credentials.20260102T030312Z.before-sync.json")),
       "the newest");
    ok(kind_count(all, count, BACKUP_PLAIN) == 13 &&
           kind_count(all, count, BACKUP_CONFLICT) == 1,
       "the others are left alone");
}

/* However many a second has, and whatever the clock says: what was just written is the last to
 * go. */
static void pruning_spares_the_newest(void)
{
    struct err e;
    const char *path = "";
    int there = 0;

    for (int i = 0; i < 3 * BACKUP_KEPT; i++) {
        path = write_one(BACKUP_CONFLICT, TIME_MS + 9000, arena_printf(&arena, "%d", i), &e);
        there += strcmp(get_file(path), arena_printf(&arena, "%d", i)) == 0;
    }
    is_int(there, 3 * BACKUP_KEPT, "each is there after it was written");
    is_str(path,
           in_tmp("data/cco/backups/claude-credentials.20260102T030314Z-15.conflict.json"),
           "no number is used again");
    path = write_one(BACKUP_CONFLICT, TIME_MS - 9000, LOGIN, &e);
    is_str(get_file(path), LOGIN, "also by a clock that was set back");
}

static void refused(void)
{
    struct err e;

    (void)mkdir(in_tmp("trap"), 0700);
    (void)rename(in_tmp("data/cco/backups"), in_tmp("moved"));
    ok(symlink(in_tmp("trap"), in_tmp("data/cco/backups")) == 0,
       "a link instead of the directory");
    is_str(write_one(BACKUP_PLAIN, TIME_MS, "x", &e), "(none)", "is refused");
    ok(e.kind == ERR_REFUSED && strstr(e.hint, "XDG") == NULL, "and told: %s. %s", e.text,
       e.hint);
    ok(rmdir(in_tmp("trap")) == 0, "nothing was written there");
}

int main(void)
{
    tmpdir_make();
    writing();
    killed();
    listing();
    pruning();
    pruning_spares_the_newest();
    refused();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
