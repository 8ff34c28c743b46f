/* SPDX-License-Identifier: MIT */
#include "session/session_dir.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/limits.h"
#include "base/path.h"
#include "session/runtime_dirs.h"
#include "session/session_dir_files.h"
#include "session/session_dir_fill.h"
#include "session/session_finish.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void session_dir_init(struct session_dir *s)
{
    *s = (struct session_dir){.lock_fd = -1};
}

/* Returns whether the path is a directory, or a regular file without another name, and not a
 * link to one. */
static bool is_placeholder(const char *path, bool is_dir)
{
    struct stat st;

    return lstat(path, &st) == 0 &&
           (is_dir ? S_ISDIR(st.st_mode) : S_ISREG(st.st_mode) && st.st_nlink == 1);
}

/* Makes an empty file or directory. If another session or the host's claude makes it at the
 * same moment, that is a success. */
static int make_empty(const char *path, bool is_dir, struct err *e)
{
    struct err own = {0};

    if (is_dir ? mkdir(path, 0700) < 0 && err_sys(&own, "%s", path) < 0
               : file_write_new(path, str_n(NULL, 0), 0600, &own) < 0) {
        if (own.errnum != EEXIST || !is_placeholder(path, is_dir)) {
            *e = own;
            return -1;
        }
    }
    return 0;
}

/* Makes an empty file or directory unless it exists, and removes anything else that has its
 * name. It never follows a link, because earlier sandboxes could write to cco's data
 * directory. */
static int make_placeholder(const char *path, bool is_dir, struct err *e)
{
    if (is_placeholder(path, is_dir)) {
        return 0;
    }
    if (file_exists(path) && !is_placeholder(path, is_dir) && file_remove_tree(path, e) < 0) {
        return -1;
    }
    return make_empty(path, is_dir, e);
}

static int make_source(const struct plan_mount *m, struct arena *a, struct err *e)
{
    if (m->is_dir) {
        return file_mkdirs(m->source, 0700, e);
    }
    if (file_mkdirs(path_dir(a, m->source), 0700, e) < 0) {
        return -1;
    }
    return file_exists(m->source) ? 0 : make_empty(m->source, false, e);
}

static int make_mounts(const struct plan *p, struct err *e)
{
    struct arena a = {0};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < p->files.mount_count; i++) {
        const struct plan_mount *m = &p->files.mounts[i];

        if (m->placeholder != NULL) {
            rc = file_mkdirs(path_dir(&a, m->placeholder), 0700, e);
            rc = rc < 0 ? -1 : make_placeholder(m->placeholder, m->is_dir, e);
        } else if (m->make_source) {
            rc = make_source(m, &a, e);
        }
    }
    for (size_t i = 0; rc == 0 && i < p->remote.tree_count; i++) {
        if (p->remote.trees[i].make_local) {
            rc = file_mkdirs(p->remote.trees[i].local_path, 0700, e);
        }
    }
    arena_release(&a);
    if (rc < 0 && e->kind == ERR_SYS) {
        (void)err_hint(e,
                       "Make it a place in which you can write, or set HOME to a directory of "
                       "your own.");
    }
    return rc;
}

/* Takes the lock, and sets the paths of everything that belongs to the session. */
static int take_lock(struct session_dir *s, const char *dir, struct err *e)
{
    const char *lock = arena_printf(&s->arena, "%s%s", dir, SESSION_DIR_LOCK);

    s->lock_fd = file_lock(lock, FILE_LOCK_NOW, e);
    if (s->lock_fd < 0) {
        return -1;
    }
    s->lock = lock;
    s->sock = arena_printf(&s->arena, "%s%s", dir, SESSION_DIR_SOCK);
    s->key = arena_printf(&s->arena, "%s%s", dir, SESSION_DIR_KEY);
    s->adopt_sock = arena_printf(&s->arena, "%s%s", dir, SESSION_DIR_ADOPT);
    s->line = path_join(&s->arena, dir, "line");
    s->init = path_join(&s->arena, dir, SESSION_DIR_INIT);
    return 0;
}

static int name_taken(const struct plan *p, struct err *e)
{
    (void)err_set(e, ERR_ENGINE, "session %s is running", p->name);
    e->code = 409; /* the engine's status if the name of a container is taken */
    return err_hint(e, "To attach to it: cco attach %s", p->name);
}

/* Takes the lock and makes the empty session directory. The lock must be taken first, because
 * any cco may remove a directory whose lock is free. */
static int make_dir(struct session_dir *s, const struct plan *p, const struct facts *f,
                    char *const *env, struct err *e)
{
    /* The notes of a killed session of this name. The sweep has printed them already. */
    struct strv notes = {0};
    struct err failed = {0};
    const char *dir = path_join(&s->arena, f->runtime_dir, p->name);

    if (file_private_dir(f->runtime_dir, e) < 0) {
        return -1;
    }
    runtime_dirs_note(f, f->runtime_dir);
    if (take_lock(s, dir, e) < 0) {
        return e->kind == ERR_TIMEOUT ? name_taken(p, e) : -1;
    }
    if (file_exists(s->key)) {
        session_dir_forget(s); /* keeps the files, which are needed to adopt that session */
        return name_taken(p, e);
    }
    if (file_exists(dir) && session_finish(dir, env, &s->arena, &notes, &failed) < 0) {
        (void)err_set(
            e, ERR_REFUSED,
            "session %s renewed the login, and it could not be brought to this machine: %s",
            p->name, failed.text);
        session_dir_forget(s);
        return -1;
    }
    if (file_remove_tree(dir, e) < 0) {
        session_dir_forget(s); /* keeps the lock file, by which a sweep finds the directory */
        return -1;
    }
    if (ftruncate(s->lock_fd, 0) < 0) {
        return err_sys(e, "%s", s->lock);
    }
    if (fd_write_all(s->lock_fd, f->project, strlen(f->project), e) < 0) {
        return -1;
    }
    s->dir = dir;
    if (mkdir(dir, 0700) < 0 || mkdir(path_join(&s->arena, dir, "files"), 0700) < 0 ||
        mkdir(path_join(&s->arena, dir, PLAN_EMPTY), 0500) < 0) {
        return err_sys(e, "%s", dir);
    }
    return 0;
}

/* Writes the address of the engine, which a later cco asks about the container if this process
 * is killed. */
static int note_engine(struct session_dir *s, const struct facts *f, struct err *e)
{
    const char *path = path_join(&s->arena, s->dir, SESSION_DIR_ENGINE);

    return f->engine.address == NULL ? 0
                                     : file_write_new(path, str_c(f->engine.address), 0600, e);
}

#define TERMINAL_SAFE "terminal-safe"

/* Notes --terminal safe for a cco that adopts the session. */
static int note_terminal(struct session_dir *s, const struct plan *p, struct err *e)
{
    return p->command.safe_terminal
               ? file_write_new(path_join(&s->arena, s->dir, TERMINAL_SAFE), str_n(NULL, 0),
                                0600, e)
               : 0;
}

int64_t session_dir_started(const struct session_dir *s)
{
    struct stat st;

    return fstat(s->lock_fd, &st) == 0 ? (int64_t)st.st_mtime : clock_wall();
}

bool session_dir_safe_terminal(const char *dir)
{
    struct arena a = {0};
    const bool safe = file_exists(path_join(&a, dir, TERMINAL_SAFE));

    arena_release(&a);
    return safe;
}

int session_dir_open(struct session_dir *s, const struct plan *p, const struct facts *f,
                     char *const *env, struct err *e)
{
    int rc = make_dir(s, p, f, env, e);

    if (rc == 0) {
        rc = note_engine(s, f, e);
    }
    if (rc == 0) {
        rc = note_terminal(s, p, e);
    }
    if (rc == 0) {
        rc = make_mounts(p, e);
    }
    if (rc == 0) {
        rc = session_dir_fill(s->dir, p, f, env, e);
    }
    if (rc < 0) {
        session_dir_release(s);
        return err_wrap(e, "session directory");
    }
    return 0;
}

int session_dir_boot(struct session_dir *s, struct str boot, const char *key, struct err *e)
{
    if (key != NULL && file_write_new(s->key, str_c(key), 0600, e) < 0) {
        return -1;
    }
    return boot.p == NULL ? 0
                          : file_write_new(path_join(&s->arena, s->dir, "boot"), boot, 0600, e);
}

void session_dir_boot_done(struct session_dir *s)
{
    /* After an error, the file is removed with the session. */
    (void)unlink(path_join(&s->arena, s->dir, "boot"));
}

int session_dir_take(struct session_dir *s, const char *runtime_dir, const char *name,
                     struct err *e)
{
    const char *dir = path_join(&s->arena, runtime_dir, name);

    if (take_lock(s, dir, e) < 0) {
        return err_wrap(e, "session %s", name);
    }
    s->dir = dir;
    return 0;
}

int session_dir_adopt(struct session_dir *s, const char *runtime_dir, const char *name,
                      struct buf *key, struct err *e)
{
    if (session_dir_take(s, runtime_dir, name, e) < 0) {
        return -1;
    }
    if (file_read(s->key, key, e) < 0) {
        return err_wrap(e, "session %s cannot be adopted", name);
    }
    return 0;
}

/* Returns true if the file `path` is the lock that s holds. */
static bool is_own_lock(const struct session_dir *s, const char *path)
{
    struct stat mine;
    struct stat named;

    return fstat(s->lock_fd, &mine) == 0 && lstat(path, &named) == 0 &&
           mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
}

bool session_dir_is_whole(const struct session_dir *s)
{
    return is_own_lock(s, s->lock) && file_exists(s->sock) && file_exists(s->dir);
}

/* Copies the project's path and the time of the start to the new lock. */
static int copy_lock(const struct session_dir *s, int from, struct err *e)
{
    char project[LIMIT_PATH];
    ssize_t len = pread(from, project, sizeof(project), 0);
    struct stat st;

    if (len < 0 || fstat(from, &st) < 0 || ftruncate(s->lock_fd, 0) < 0) {
        return err_sys(e, "%s", s->lock);
    }
    if (fd_write_all(s->lock_fd, project, (size_t)len, e) < 0) {
        return -1;
    }
    (void)futimens(s->lock_fd, (const struct timespec[]){st.st_atim, st.st_mtim});
    return 0;
}

int session_dir_restore(struct session_dir *s, const char *runtime_dir, struct err *e)
{
    const char *dir = path_join(&s->arena, runtime_dir, path_base(s->dir));
    const char *lock = arena_printf(&s->arena, "%s%s", dir, SESSION_DIR_LOCK);
    struct session_dir was = *s;
    bool done = file_private_dir(runtime_dir, e) == 0;

    if (done && !is_own_lock(s, lock)) {
        s->lock_fd = -1;
        done = take_lock(s, dir, e) == 0 && copy_lock(s, was.lock_fd, e) == 0;
    }
    if (done && (make_empty(dir, true, e) < 0 ||
                 make_empty(path_join(&s->arena, dir, "files"), true, e) < 0)) {
        done = false;
    }
    if (!done) {
        if (s->lock_fd != was.lock_fd) {
            fd_close(&s->lock_fd);
        }
        was.arena = s->arena;
        *s = was;
        return err_wrap(e, "make the session's directory again");
    }
    s->dir = dir;
    if (s->lock_fd != was.lock_fd) {
        fd_close(&was.lock_fd);
    }
    return 0;
}

void session_dir_mark_unmade(struct session_dir *s)
{
    char last = 'x';
    off_t end = lseek(s->lock_fd, 0, SEEK_END);

    s->marks = true;
    if (end == 0 || (pread(s->lock_fd, &last, 1, end - 1) == 1 && last != '\0')) {
        (void)fd_write(s->lock_fd, "", 1); /* the project's path is the text before the NUL */
    }
}

/* Removes everything except the lock. Sets *e if the directory could not be removed. */
static void remove_files(const char *dir, const char *sock, const char *key, struct err *e)
{
    struct arena a = {0};
    const char *take = arena_printf(&a, "%s%s", dir, SESSION_DIR_ADOPT);

    (void)file_remove_tree(dir, e); /* the caller examines e */
    (void)unlink(sock);
    (void)unlink(key);
    (void)unlink(take);
    arena_release(&a);
}

int session_dir_remove(struct session_dir *s, struct err *e)
{
    struct err own = {0};

    if (s->dir != NULL) {
        remove_files(s->dir, s->sock, s->key, &own);
    }
    if (s->lock != NULL && !s->marks && own.kind == ERR_NONE) {
        (void)unlink(s->lock);
    }
    session_dir_forget(s);
    if (own.kind != ERR_NONE) {
        *e = own;
        return -1;
    }
    return 0;
}

void session_dir_release(struct session_dir *s)
{
    struct err ignored = {0};

    (void)session_dir_remove(s, &ignored); /* the next cco sweeps what is left */
}

void session_dir_forget(struct session_dir *s)
{
    fd_close(&s->lock_fd);
    arena_release(&s->arena);
    session_dir_init(s);
}
