/* SPDX-License-Identifier: MIT */
#include "session/session_keep.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "creds/journal.h"
#include "session/runtime_dirs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    KEPT_MAX = 64 << 20, /* the largest size of a file, in bytes */
    EVENTS_SIZE = 4096
};

static void stop_watching(struct session_keep *k)
{
    if (k->fd > 0) {
        (void)close(k->fd);
    }
    k->fd = 0;
}

/* Watches the runtime directory, and the directory that contains it. Of the latter only its own
 * removal is of interest: it can be /tmp, in which many files are removed. Without inotify, or
 * without one of the directories, k->fd is 0 then. */
static void watch(struct session_keep *k, const struct session_dir *s)
{
    struct arena a = {0};
    const char *dir = path_dir(&a, s->dir);

    if (k->fd <= 0) {
        k->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    }
    if (k->fd <= 0 ||
        inotify_add_watch(
            k->fd, dir, IN_DELETE | IN_MOVE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR) < 0 ||
        inotify_add_watch(k->fd, path_dir(&a, dir),
                          IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR) < 0) {
        stop_watching(k);
    }
    arena_release(&a);
}

/* Opens a regular file of the session. */
static void take(struct session_keep *k, const char *path, const char *name)
{
    struct stat st;
    int fd = k->count == SESSION_KEEP_FILES
                 ? -1
                 : openat(AT_FDCWD, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
        fd_close(&fd);
    }
    if (fd >= 0) {
        k->files[k->count++] =
            (struct session_kept){name != NULL ? arena_strdup(&k->arena, name) : NULL, fd};
    }
}

static void take_all(struct session_keep *k, const struct session_dir *s)
{
    static const char *const below[] = {JOURNAL_BASE, JOURNAL_LOGIN};
    DIR *d = opendir(s->dir);
    const struct dirent *entry;
    struct arena a = {0};

    k->taken = true;
    take(k, s->key, NULL);
    for (size_t i = 0; i < sizeof(below) / sizeof(below[0]); i++) {
        take(k, path_join(&a, s->dir, below[i]), below[i]);
    }
    while (d != NULL && (entry = readdir(d)) != NULL) {
        if (entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN) {
            take(k, path_join(&a, s->dir, entry->d_name), entry->d_name);
        }
    }
    if (d != NULL) {
        (void)closedir(d);
    }
    arena_release(&a);
}

/* Writes the content of a file that is held open to `path`. */
static void put(const struct session_kept *file, const char *path)
{
    struct err ignored = {0}; /* what is missing at the end is reported there */
    struct buf text;

    buf_init(&text, KEPT_MAX);
    if (lseek(file->fd, 0, SEEK_SET) == 0 &&
        file_read_fd(file->fd, path, 0, &text, &ignored) == 0) {
        (void)unlink(path);
        (void)file_write_new(path, buf_str(&text), 0600, &ignored);
    }
    buf_wipe(&text);
}

static bool restore(struct session_keep *k, struct session_dir *s, const struct facts *f)
{
    struct arena a = {0};
    struct err ignored = {0}; /* the next call tries again */
    const char *before = path_dir(&a, s->dir);
    const char *dir = file_is_dir(path_dir(&a, before))
                          ? before
                          : arena_printf(&a, "/tmp/cco-%llu", (unsigned long long)f->uid);
    bool done = session_dir_restore(s, dir, &ignored) == 0;

    for (size_t i = 0; done && i < k->count; i++) {
        const char *name = k->files[i].name;
        const char *path = name == NULL ? s->key : path_join(&a, s->dir, name);

        if (!file_exists(path)) {
            put(&k->files[i], path);
        }
    }
    if (done) {
        runtime_dirs_note(f, dir);
        k->restored = true;
    }
    arena_release(&a);
    return done;
}

bool session_keep_is_due(struct session_keep *k)
{
    _Alignas(struct inotify_event) char events[EVENTS_SIZE];

    while (k->fd > 0 && fd_read(k->fd, events, sizeof(events)) > 0) {
        k->due_ms = k->due_ms > 0 ? k->due_ms : clock_ms() + SESSION_KEEP_MS;
    }
    return k->due_ms > 0 && clock_ms() >= k->due_ms;
}

bool session_keep_check(struct session_keep *k, struct session_dir *s, const struct facts *f)
{
    bool whole;

    watch(k, s); /* before the check, so that no change is missed */
    whole = session_dir_is_whole(s);
    if (whole && !k->taken) {
        take_all(k, s);
    }
    if (!whole) {
        stop_watching(k); /* the next check watches the directory that exists then */
    }
    k->due_ms = k->fd > 0 ? 0 : clock_ms() + SESSION_KEEP_MS;
    return !whole && restore(k, s, f);
}

void session_keep_release(struct session_keep *k, const struct session_dir *s)
{
    struct arena a = {0};

    for (size_t i = 0; i < k->count; i++) {
        if (k->restored && s->dir != NULL && k->files[i].name != NULL &&
            strcmp(k->files[i].name, JOURNAL_LOGIN) == 0) {
            put(&k->files[i], path_join(&a, s->dir, JOURNAL_LOGIN));
        }
        fd_close(&k->files[i].fd);
    }
    stop_watching(k);
    arena_release(&a);
    arena_release(&k->arena);
    *k = (struct session_keep){0};
}
