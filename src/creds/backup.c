/* SPDX-License-Identifier: MIT */
#include "creds/backup.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/num.h"
#include "base/path.h"
#include "creds/login.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PREFIX "claude-credentials."
#define SUFFIX ".json"
#define TEMP_NAME ".cco-tmp" /* only the process that holds the directory's lock uses it */

enum {
    TIME_LEN = sizeof("YYYYMMDDTHHMMSSZ") - 1,
    TRIES_MAX = 1000,
    DAY_S = 24 * 60 * 60,
    LOCK_MS = 10000
};

static const char *const kind_names[] = {
    [BACKUP_PLAIN] = "",
    [BACKUP_BEFORE_SYNC] = "before-sync",
    [BACKUP_BEFORE_RESTORE] = "before-restore",
    [BACKUP_CONFLICT] = "conflict",
};
enum { KINDS = sizeof(kind_names) / sizeof(kind_names[0]) };

const char *backup_kind_name(enum backup_kind kind)
{
    return kind_names[kind];
}

const char *backup_time(int64_t time_s, bool readable, struct arena *a)
{
    const time_t t = (time_t)time_s;
    struct tm tm = {0};

    if (gmtime_r(&t, &tm) == NULL) {
        tm = (struct tm){.tm_mday = 1, .tm_year = 70};
    }
    return arena_printf(
        a, readable ? "%04d-%02d-%02d %02d:%02d:%02d UTC" : "%04d%02d%02dT%02d%02d%02dZ",
        tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* Returns the number of days from 1970-01-01 to a date of the proleptic Gregorian calendar. It
 * counts years that start in March, so that the leap day is the last day of a year. */
static int64_t days(uint64_t year, uint64_t month, uint64_t day)
{
    uint64_t y = month <= 2 ? year - 1 : year;
    uint64_t m = month <= 2 ? month + 9 : month - 3;

    return (int64_t)(365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day) - 719469;
}

static bool parse_time(struct str s, int64_t *out)
{
    static const struct {
        size_t at, len;
        uint64_t min, max;
    } fields[] = {{0, 4, 1970, 9999}, {4, 2, 1, 12},  {6, 2, 1, 31},
                  {9, 2, 0, 23},      {11, 2, 0, 59}, {13, 2, 0, 60}};
    uint64_t v[6] = {0};

    if (s.len != TIME_LEN || s.p[8] != 'T' || s.p[15] != 'Z') {
        return false;
    }
    for (size_t i = 0; i < 6; i++) {
        if (!str_u64(str_n(s.p + fields[i].at, fields[i].len), 10, fields[i].max, &v[i]) ||
            v[i] < fields[i].min) {
            return false;
        }
    }
    *out = days(v[0], v[1], v[2]) * DAY_S + (int64_t)(v[3] * 3600 + v[4] * 60 + v[5]);
    return true;
}

/* Parses a file's name, PREFIX TIME[-N][.KIND] SUFFIX, into *b. Returns whether it is one. */
static bool parse_name(const char *file, struct backup *b)
{
    struct str rest = str_c(file);
    struct str stem = {0};
    struct str time = {0};
    uint64_t number = 1;

    if (!str_starts(rest, PREFIX) || !str_ends(rest, SUFFIX) ||
        rest.len < sizeof(PREFIX) - 1 + TIME_LEN + sizeof(SUFFIX) - 1) {
        return false;
    }
    rest = str_drop(rest, sizeof(PREFIX) - 1);
    rest.len -= sizeof(SUFFIX) - 1;
    (void)str_cut(&rest, '.', &stem);
    if (str_cut(&stem, '-', &time) && (!str_u64(stem, 10, UINT_MAX, &number) || number < 2)) {
        return false;
    }
    b->number = (unsigned)number;
    for (size_t i = 0; i < KINDS; i++) {
        if (str_eq_c(rest, kind_names[i])) {
            b->kind = (enum backup_kind)i;
            return parse_time(time, &b->time_s);
        }
    }
    return false;
}

static const char *dir_of(const char *data_dir, struct arena *a)
{
    return path_join(a, data_dir, "backups");
}

static int make_dir(const char *data_dir, const char *dir, struct err *e)
{
    if (file_mkdirs(data_dir, 0700, e) < 0) {
        return -1;
    }
    if (file_private_dir(dir, e) < 0) {
        if (e->kind == ERR_REFUSED) {
            (void)err_hint(e, "Move it away: cco makes a new one.");
        }
        return -1;
    }
    return 0;
}

static int sync_file(const char *path, struct err *e)
{
    int fd = file_open(path, O_RDONLY | O_NOFOLLOW, 0, e);
    int rc = fd < 0 ? -1 : fsync(fd) < 0 ? err_sys(e, "%s", path) : 0;

    fd_close(&fd);
    return rc;
}

/* Gives the file `temp` the name `path`. Returns 1 on success, 0 if a file of this name exists,
 * and -1 on error. */
static int name_it(const char *temp, const char *path, struct err *e)
{
    if (link(temp, path) == 0) {
        (void)unlink(temp); /* if it stays, the next backup removes it */
        return 1;
    }
    if (errno == EEXIST || file_exists(path)) {
        return 0;
    }
    /* Some file systems have no hard links. No other cco can make `path` now: the directory is
     * locked. */
    return rename(temp, path) == 0 ? 1 : err_sys(e, "%s", path);
}

/* Removes the oldest backups of an automatic kind. It never removes `keep`, which was just
 * written, which looks old if the clock was set back. */
static void prune(const char *data_dir, enum backup_kind kind, const char *keep)
{
    struct arena a = {0};
    struct backup *all = NULL;
    struct err ignored = {0}; /* the next backup tries again */
    size_t count = 0;
    size_t seen = 0;

    if (kind != BACKUP_PLAIN && backup_list(data_dir, &a, &all, &count, &ignored) == 0) {
        for (size_t i = 0; i < count; i++) {
            seen += all[i].kind == kind ? 1U : 0U;
            if (all[i].kind == kind && seen > BACKUP_KEPT && strcmp(all[i].path, keep) != 0) {
                (void)unlink(all[i].path);
            }
        }
    }
    arena_release(&a);
}

/* Returns the number after those of all backups of this kind and second. If it used the number
 * of a removed backup again, the newest backup would look like the oldest. */
static unsigned next_number(const char *data_dir, enum backup_kind kind, int64_t time_s)
{
    struct arena a = {0};
    struct backup *all = NULL;
    struct err ignored = {0}; /* name_it() finds the first free name then */
    size_t count = 0;
    unsigned next = 1;

    if (backup_list(data_dir, &a, &all, &count, &ignored) == 0) {
        for (size_t i = 0; i < count; i++) {
            if (all[i].kind == kind && all[i].time_s == time_s && all[i].number >= next &&
                all[i].number <= TRIES_MAX) {
                next = all[i].number + 1;
            }
        }
    }
    arena_release(&a);
    return next;
}

/* Writes the backup under a temporary name, and gives it its own name when it is complete.
 * Returns its path, and NULL on error. */
static const char *write_in(const char *data_dir, enum backup_kind kind, int64_t time_s,
                            struct str text, struct arena *a, struct err *e)
{
    const char *dir = dir_of(data_dir, a);
    const char *time = backup_time(time_s, false, a);
    const char *temp = path_join(a, dir, TEMP_NAME);
    const char *path = NULL;
    unsigned first = next_number(data_dir, kind, time_s);
    int rc = 0;

    if (unlink(temp) < 0 && errno != ENOENT) { /* left by a killed cco */
        (void)err_sys(e, "%s", temp);
        return NULL;
    }
    if (file_write_new(temp, text, 0600, e) < 0) {
        return NULL;
    }
    if (sync_file(temp, e) < 0) {
        rc = -1;
    }
    for (unsigned n = first; rc == 0 && n <= TRIES_MAX; n++) {
        const char *number = n == 1 ? "" : arena_printf(a, "-%u", n);

        path = arena_printf(a, "%s/" PREFIX "%s%s%s%s" SUFFIX, dir, time, number,
                            kind == BACKUP_PLAIN ? "" : ".", kind_names[kind]);
        rc = name_it(temp, path, e);
    }
    if (rc == 0) {
        (void)err_set(e, ERR_LIMIT, "%s: there are already %d backups of this second", dir,
                      (int)TRIES_MAX);
    }
    if (rc <= 0) {
        (void)unlink(temp);
        return NULL;
    }
    return path;
}

const char *backup_write(const char *data_dir, enum backup_kind kind, int64_t now_ms,
                         struct str text, struct arena *a, struct err *e)
{
    const char *dir = dir_of(data_dir, a);
    const char *path = NULL;
    struct err ignored = {0};
    struct err no_lock = {0};
    int lock = -1;

    if (make_dir(data_dir, dir, e) == 0) {
        lock = file_lock_dir(dir, clock_ms() + LOCK_MS, &no_lock);
        if (lock < 0 && no_lock.kind == ERR_TIMEOUT) {
            *e = no_lock;
        } else {
            /* This goes on without a lock if the file system has none (NFS). If two processes
             * do that at the same time, both may fail. */
            path = write_in(data_dir, kind, now_ms / 1000, text, a, e);
        }
    }
    if (path != NULL) {
        /* Some file systems cannot sync a directory; the file itself is synced. */
        (void)sync_file(dir, &ignored);
        prune(data_dir, kind, path);
    } else {
        (void)err_wrap(e, "backup");
    }
    fd_close(&lock);
    return path;
}

/* Fills in the members of *b that depend on the file itself. Returns false if it is not a
 * regular file. */
static bool look(struct backup *b, struct arena *a)
{
    struct login_shape shape = {0};
    struct err ignored = {0};
    struct stat st;
    struct buf text;

    if (lstat(b->path, &st) < 0 || !S_ISREG(st.st_mode)) {
        return false;
    }
    b->size = (uint64_t)st.st_size;
    buf_init(&text, LIMIT_CREDENTIALS);
    b->valid = file_read(b->path, &text, &ignored) == 0 &&
               login_check(buf_str(&text), &ignored) == 0 &&
               login_look(buf_str(&text), a, &shape, &ignored) == 0;
    b->expires_at_ms = shape.expires_at_ms;
    buf_wipe(&text);
    return true;
}

static int newer_first(const void *left, const void *right)
{
    const struct backup *l = left;
    const struct backup *r = right;

    if (l->time_s != r->time_s) {
        return l->time_s > r->time_s ? -1 : 1;
    }
    if (l->number != r->number) {
        return l->number > r->number ? -1 : 1;
    }
    return strcmp(l->path, r->path);
}

int backup_list(const char *data_dir, struct arena *a, struct backup **out, size_t *count,
                struct err *e)
{
    const char *dir = dir_of(data_dir, a);
    const struct dirent *entry;
    size_t cap = 0;
    DIR *d = opendir(dir);

    *out = NULL;
    *count = 0;
    if (d == NULL) {
        return errno == ENOENT ? 0 : err_sys(e, "%s", dir);
    }
    while ((entry = readdir(d)) != NULL) {
        struct backup b = {0};

        if (!parse_name(entry->d_name, &b)) {
            continue;
        }
        b.path = path_join(a, dir, entry->d_name);
        if (look(&b, a)) {
            *out = list_grow(a, *out, *count, &cap, sizeof(**out));
            (*out)[(*count)++] = b;
        }
    }
    (void)closedir(d);
    if (*count > 1) {
        qsort(*out, *count, sizeof(**out), newer_first);
    }
    return 0;
}
