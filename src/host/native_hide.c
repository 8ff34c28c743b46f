/* SPDX-License-Identifier: MIT */
/* Finds what a sandbox from this machine's own files must not show, although its user could
 * read it. */
#include "host/probe.h"

#include "base/dir_names.h"
#include "base/fd.h"
#include "base/list.h"
#include "base/path.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MODE_READ = 4,         /* permission bits that let everybody read a file */
    MODE_ENTER = 5,        /* permission bits that let everybody list and enter a directory */
    FILES_OF_DIR_MAX = 64, /* if more files of a directory must be hidden, all of it is */
    EVERYTHING = 1 << 20   /* more entries than /etc has */
};

/* A walk through directory trees that collects what not everybody may read. The directories
 * that are still to be read are a queue, so that upper directories come first. */
struct scan {
    struct arena *a;
    const struct facts *f;
    struct strv queue;
    char *chunk; /* for struct dir_names */
    size_t left; /* entries that may still be examined */
    struct fact_hidden *found;
    size_t count, cap;
};

static bool holds(const char *dir, const char *path)
{
    return path != NULL && path_is_inside(path, dir);
}

/* Returns true if the sandbox needs the path, or something in it. */
static bool is_needed(const struct scan *s, const char *path)
{
    const struct facts *f = s->f;
    bool needed = holds(path, f->project) || holds(path, f->git_common_dir);

    for (size_t i = 0; i < f->native.needed.count; i++) {
        needed = needed || holds(path, f->native.needed.v[i]);
    }
    for (size_t i = 0; i < f->option_path_count; i++) {
        needed = needed || holds(path, f->option_paths[i].physical);
    }
    return needed;
}

/* Returns true if the sandbox gets this very path, with everything in it. */
static bool is_given(const struct scan *s, const char *path)
{
    const struct facts *f = s->f;
    bool given = f->project != NULL && strcmp(path, f->project) == 0;

    for (size_t i = 0; i < f->option_path_count; i++) {
        const char *physical = f->option_paths[i].physical;

        given = given || (physical != NULL && strcmp(path, physical) == 0);
    }
    return given;
}

static void hide(struct scan *s, const char *path, bool is_dir)
{
    s->found = list_grow(s->a, s->found, s->count, &s->cap, sizeof(s->found[0]));
    s->found[s->count++] = (struct fact_hidden){path, is_dir};
}

/* Examines one entry of the directory `dir`: hides it, or adds it to the queue. */
static void examine(struct scan *s, int dir, const char *parent, const char *name)
{
    struct stat st;
    const char *path;
    mode_t wanted;
    bool is_dir;

    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
        !(S_ISDIR(st.st_mode) || S_ISREG(st.st_mode))) {
        return;
    }
    is_dir = S_ISDIR(st.st_mode);
    wanted = is_dir ? MODE_ENTER : MODE_READ;
    if ((st.st_mode & wanted) == wanted) {
        path = is_dir ? path_join(s->a, parent, name) : NULL;
        if (path != NULL && !is_given(s, path)) {
            strv_add(&s->queue, s->a, path);
        }
        return;
    }
    /* A directory that every user may enter, but that this user cannot list, shows this user
     * nothing more. */
    if (faccessat(dir, name, R_OK, 0) < 0 &&
        (!is_dir || (st.st_mode & S_IXOTH) != 0 || faccessat(dir, name, X_OK, 0) < 0)) {
        return;
    }
    path = path_join(s->a, parent, name);
    if (!is_needed(s, path)) {
        hide(s, path, is_dir);
    } else if (is_dir && !is_given(s, path)) {
        strv_add(&s->queue, s->a, path);
    }
}

/* Reads a directory. `is_root` says that it is one in which a walk begins, which is never
 * hidden as a whole. */
static void read_dir(struct scan *s, const char *path, bool is_root)
{
    const size_t queued = s->queue.count;
    const size_t found = s->count;
    int fd = openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct dir_names names = {.fd = fd, .chunk = s->chunk};
    const struct dirent *entry;

    while (fd >= 0 && s->left > 0 && (entry = dir_names_next(&names)) != NULL) {
        if (entry->d_type != DT_LNK) {
            s->left--;
            examine(s, fd, path, entry->d_name);
        }
    }
    fd_close(&fd);
    if (s->count - found > FILES_OF_DIR_MAX && !is_root && !is_needed(s, path)) {
        s->count = found;
        s->queue.count = queued;
        hide(s, path, true);
    }
}

static void scan(struct scan *s, const char *const *roots, size_t count, size_t max)
{
    s->queue = (struct strv){0};
    s->left = max;
    for (size_t i = 0; i < count; i++) {
        strv_add(&s->queue, s->a, roots[i]);
    }
    for (size_t i = 0; i < s->queue.count; i++) {
        read_dir(s, s->queue.v[i], i < count);
    }
}

void host_native_hide(struct arena *a, struct facts *f)
{
    static const char *const etc[] = {"/etc"};
    static const char *const others[] = {"/opt", "/usr/local"};
    struct scan s = {.a = a, .f = f, .chunk = arena_alloc(a, DIR_NAMES_CHUNK)};

    scan(&s, etc, 1, EVERYTHING);
    scan(&s, others, 2, NATIVE_HIDE_MAX);
    f->native.hidden = s.found;
    f->native.hidden_count = s.count;
}
