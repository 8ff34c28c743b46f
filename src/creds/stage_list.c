/* SPDX-License-Identifier: MIT */
/* The sessions that are there, and what dead ones left. */
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "creds/settle.h"
#include "creds/stage.h"
#include "creds/stage_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Removes one dead session's files; a lock that is held means it lives. */
static int sweep_one(const struct sweep *s, const char *name, bool *removed, struct err *e)
{
    struct arena *a = s->a;
    const char *runtime_dir = s->runtime_dir;
    const char *dir = path_join(a, runtime_dir, name);
    const char *lock = arena_printf(a, "%s%s", dir, STAGE_LOCK);
    struct err held = {0};
    int fd = file_lock(lock, false, &held);

    *removed = false;
    if (fd < 0) {
        if (held.kind == ERR_TIMEOUT) {
            return 0;
        }
        *e = held;
        return -1;
    }
    if (settle(dir, s->env, a, s->notes, &held) < 0) {
        strv_add(s->notes, a,
                 arena_printf(a, "%s: the login it renewed is still to be brought back: %s",
                              name, held.text));
        fd_close(&fd);
        return 0;
    }
    stage_remove_files(dir, arena_printf(a, "%s%s", dir, STAGE_SOCK),
                       arena_printf(a, "%s%s", dir, STAGE_KEY), e);
    if (e->kind == ERR_NONE) {
        (void)unlink(lock);
        *removed = true;
    }
    fd_close(&fd);
    return *removed ? 0 : -1;
}

static void list_dir(DIR *d, struct arena *a, struct strv *names)
{
    const struct dirent *entry;

    while ((entry = readdir(d)) != NULL) {
        struct str name = str_c(entry->d_name);

        /* The lock is made first and removed last: what has none was not made by cco. */
        if (str_starts(name, "cco-") && str_ends(name, STAGE_LOCK)) {
            name.len -= sizeof(STAGE_LOCK) - 1;
            strv_add(names, a, arena_str(a, name));
        }
    }
}

/* The runtime directory may lie in /tmp, where anybody can put something under its name first: a link to
 * a directory of ours, say, in which we would then remove things. */
static int open_own_dir(const char *path, struct err *e)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0) {
        return err_sys(e, "%s", path);
    }
    if (fstat(fd, &st) < 0 || st.st_uid != geteuid() ||
        (st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        fd_close(&fd);
        return err_set(e, ERR_REFUSED, "%s: not a private directory of yours", path);
    }
    return fd;
}

/* The names of all sessions, sorted; none where there is no runtime directory. */
static int list_names(const char *runtime_dir, struct arena *a, struct strv *names,
                      struct err *e)
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
    list_dir(d, a, names);
    (void)closedir(d);
    strv_sort(names);
    return 0;
}

static const char *read_project(const char *lock, struct arena *a)
{
    struct err ignored = {0};
    struct buf text;
    const char *project = "";

    buf_init(&text, LIMIT_PATH);
    if (file_read(lock, &text, &ignored) == 0) {
        project = arena_str(a, buf_str(&text));
    }
    buf_release(&text);
    return project;
}

int stage_list(const char *runtime_dir, struct arena *a, struct stage_found **out,
               size_t *count, struct err *e)
{
    struct strv names = {0};
    size_t cap = 0;

    *out = NULL;
    *count = 0;
    if (list_names(runtime_dir, a, &names, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < names.count; i++) {
        const char *dir = path_join(a, runtime_dir, names.v[i]);
        struct stage_found one = {
            .name = names.v[i],
            .sock = arena_printf(a, "%s%s", dir, STAGE_SOCK),
            .alive = file_is_locked(arena_printf(a, "%s%s", dir, STAGE_LOCK)),
        };

        one.has_sock = file_exists(one.sock);
        one.project = read_project(arena_printf(a, "%s%s", dir, STAGE_LOCK), a);
        *out = list_grow(a, *out, *count, &cap, sizeof(**out));
        (*out)[(*count)++] = one;
    }
    return 0;
}

int stage_sweep(const struct sweep *s, const struct strv *dead, struct err *e)
{
    struct arena *a = s->a;
    struct strv names = {0};

    if (list_names(s->runtime_dir, a, &names, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < names.count; i++) {
        bool gone = false;

        const char *key = arena_printf(a, "%s/%s%s", s->runtime_dir, names.v[i], STAGE_KEY);

        if (dead != NULL ? !strv_has(dead, names.v[i]) : file_exists(key)) {
            continue;
        }
        if (sweep_one(s, names.v[i], &gone, e) < 0) {
            return -1;
        }
        if (gone && s->removed != NULL) {
            strv_add(s->removed, a, names.v[i]);
        }
    }
    return 0;
}
