/* SPDX-License-Identifier: MIT */
/* Finds sessions by their files in the runtime directory. */
#include "base/fd.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/path.h"
#include "session/session_dir.h"
#include "session/session_dir_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Adds the names of the sessions that have a file with this ending. */
static void list_dir(DIR *d, const char *ending, struct arena *a, struct strv *names)
{
    const struct dirent *entry;

    while ((entry = readdir(d)) != NULL) {
        struct str name = str_c(entry->d_name);

        if (str_starts(name, "cco-") && str_ends(name, ending)) {
            name.len -= strlen(ending);
            strv_add(names, a, arena_str(a, name));
        }
    }
}

/* Opens the runtime directory, if it is a private directory of this user. It may be in /tmp,
 * where another user may have made a link of its name first, for example to another directory
 * of this user, whose files must not be removed. */
static int open_own_dir(const char *path, struct err *e)
{
    struct stat st;
    int fd = openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0) {
        return err_sys(e, "%s", path);
    }
    if (fstat(fd, &st) < 0 || st.st_uid != geteuid() ||
        (st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        fd_close(&fd);
        return err_set(e, ERR_REFUSED, "%s: not a private directory of this user", path);
    }
    return fd;
}

/* Lists the names of the sessions that have a file with this ending, sorted. Without a runtime
 * directory, the list is empty. */
static int list_names(const char *runtime_dir, const char *ending, struct arena *a,
                      struct strv *names, struct err *e)
{
    struct err own = {0};
    int fd = open_own_dir(runtime_dir, &own);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);

    if (d == NULL) {
        if (fd < 0 && own.errnum == ENOENT) {
            return 0;
        }
        if (fd >= 0) {
            (void)err_sys(&own, "%s", runtime_dir);
            fd_close(&fd);
        }
        *e = own;
        return -1;
    }
    list_dir(d, ending, a, names);
    (void)closedir(d);
    strv_sort(names);
    return 0;
}

/* Returns the text of a small file, and "" if it cannot be read. */
static const char *read_text(const char *path, struct arena *a)
{
    struct str text = file_text(path, LIMIT_PATH, a);

    return text.p != NULL ? text.p : "";
}

/* Reads the file that identifies init: "PID STARTED". */
static void read_init(const char *path, struct arena *a, struct session_dir_found *out)
{
    struct str rest = str_c(read_text(path, a));
    struct str pid = {0};

    if (!out->native || !str_cut(&rest, ' ', &pid) ||
        !str_u64(pid, 10, INT32_MAX, &out->init_pid) ||
        !str_u64(str_trim(rest), 10, UINT64_MAX, &out->init_started)) {
        out->init_pid = out->init_started = 0;
    }
}

bool session_dir_is_lost(const struct session_dir_found *s)
{
    return !s->alive && !s->native;
}

bool session_dir_is_of_another(const struct session_dir_found *s, const char *engine)
{
    return session_dir_is_lost(s) && s->has_key && s->engine[0] != '\0' &&
           (engine == NULL || strcmp(s->engine, engine) != 0);
}

int session_dir_list(const char *runtime_dir, struct arena *a, struct session_dir_found **out,
                     size_t *count, struct err *e)
{
    struct strv names = {0};
    size_t cap = 0;

    *out = NULL;
    *count = 0;
    if (list_names(runtime_dir, SESSION_DIR_LOCK, a, &names, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < names.count; i++) {
        const char *dir = path_join(a, runtime_dir, names.v[i]);
        struct session_dir_found one = {
            .name = names.v[i],
            .runtime_dir = runtime_dir,
            .lock = arena_printf(a, "%s%s", dir, SESSION_DIR_LOCK),
            .sock = arena_printf(a, "%s%s", dir, SESSION_DIR_SOCK),
            .adopt_sock = arena_printf(a, "%s%s", dir, SESSION_DIR_ADOPT),
        };
        struct str lock;
        struct stat st;

        one.alive = file_is_locked(one.lock);
        one.started = lstat(one.lock, &st) == 0 ? (int64_t)st.st_mtime : 0;
        one.has_sock = file_exists(one.sock);
        one.has_key = file_exists(arena_printf(a, "%s%s", dir, SESSION_DIR_KEY));
        lock = file_text(one.lock, LIMIT_PATH, a);
        one.project = lock.p != NULL ? lock.p : "";
        one.engine = read_text(path_join(a, dir, SESSION_DIR_ENGINE), a);
        one.native = strcmp(one.engine, PLAN_NATIVE) == 0;
        one.unmade = strlen(one.project) < lock.len ||
                     (one.engine[0] != '\0' && file_exists(path_join(a, dir, "boot")));
        read_init(path_join(a, dir, SESSION_DIR_INIT), a, &one);
        *out = list_grow(a, *out, *count, &cap, sizeof(**out));
        (*out)[(*count)++] = one;
    }
    return 0;
}

bool session_dir_is_alive(const char *runtime_dir, const char *name)
{
    struct arena a = {0};
    bool alive =
        file_is_locked(arena_printf(&a, "%s/%s%s", runtime_dir, name, SESSION_DIR_LOCK));

    arena_release(&a);
    return alive;
}

/* Removes a stray file while it holds the lock of its session's name. If a session of this name
 * begins at the same moment, that session either has the lock already, so that nothing is
 * removed, or waits until this function has released it. */
static bool remove_stray(const char *path, const char *lock)
{
    struct err held = {0};
    int fd = file_lock(lock, FILE_LOCK_NOW, &held);
    bool gone;

    if (fd < 0) {
        return false;
    }
    gone = unlink(path) == 0;
    (void)unlink(lock);
    fd_close(&fd);
    return gone;
}

/* Returns whether the file is of this type and user, and whether its session has no lock. */
static bool is_stray(const char *path, const char *lock, mode_t type)
{
    struct stat st;

    return lstat(path, &st) == 0 && (st.st_mode & S_IFMT) == type && st.st_uid == geteuid() &&
           !file_exists(lock);
}

int session_dir_strays(const char *runtime_dir, bool remove, struct arena *a,
                       struct strv *paths, struct err *e)
{
    static const struct {
        const char *ending;
        mode_t type;
    } kinds[] = {{SESSION_DIR_SOCK, S_IFSOCK},
                 {SESSION_DIR_KEY, S_IFREG},
                 {SESSION_DIR_ADOPT, S_IFSOCK}};

    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        struct strv names = {0};

        if (list_names(runtime_dir, kinds[k].ending, a, &names, e) < 0) {
            return -1;
        }
        for (size_t i = 0; i < names.count; i++) {
            const char *base = path_join(a, runtime_dir, names.v[i]);
            const char *path = arena_printf(a, "%s%s", base, kinds[k].ending);
            const char *lock = arena_printf(a, "%s%s", base, SESSION_DIR_LOCK);

            if (is_stray(path, lock, kinds[k].type) && (!remove || remove_stray(path, lock))) {
                strv_add(paths, a, path);
            }
        }
    }
    return 0;
}
