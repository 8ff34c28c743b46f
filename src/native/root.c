/* SPDX-License-Identifier: MIT */
#include "native/root.h"

#include "base/fd.h"
#include "base/file.h"
#include "native/mountpoint.h"
#include "native/tree.h"
#include "native/userns_error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { OPTIONS_SIZE = 64, TEXT_SIZE = 4096, FILE_MODE = 0644, COPY_SIZE = 2048 };

#define NOTHING "/dev/null"

struct root {
    const struct layout *l;
    const char *base;         /* the directory over which the new root is mounted */
    const struct tree *ready; /* of root_open_idmapped() */
    struct tree *trees;       /* one for each step; closed if the step has none */
    bool by_name;
    int fd; /* O_PATH, of the new root */
};

/* Takes the tree of a step that was opened before the namespaces were made, and duplicates its
 * descriptor, because tree_put() closes it. */
static int take_ready(struct root *r, size_t i, struct err *e)
{
    const struct step *s = &r->l->steps[i];

    if (r->ready == NULL || r->ready[i].fd < 0) {
        return err_set(e, ERR_SYS, "%s: no id-mapped mount was opened for it", s->path);
    }
    r->trees[i] = r->ready[i];
    r->trees[i].fd = fcntl(r->ready[i].fd, F_DUPFD_CLOEXEC, 3);
    return r->trees[i].fd < 0 ? err_sys(e, "%s", s->path) : 0;
}

/* Opens everything of the host before anything is mounted over it. */
static int open_sources(struct root *r, struct err *e)
{
    for (size_t i = 0; i < r->l->count; i++) {
        const struct step *s = &r->l->steps[i];
        struct err own = {0};
        const char *source = s->source;

        r->trees[i] = (struct tree){.fd = -1};
        if (s->kind == STEP_HIDE && !s->is_dir) {
            source = NOTHING; /* without TREE_DEVICES, /dev/null cannot be opened there */
        } else if ((s->flags & TREE_IDMAPPED) != 0) {
            if (take_ready(r, i, e) < 0) {
                return -1;
            }
            continue;
        } else if (s->kind == STEP_COPY) {
            r->trees[i].fd = file_open(source, O_RDONLY, 0, e);
            if (r->trees[i].fd < 0) {
                return -1;
            }
            continue;
        } else if (s->kind != STEP_TREE) {
            continue;
        }
        if (tree_open(&r->trees[i], source, s->flags, r->by_name, &own) < 0 &&
            !(s->optional && own.kind == ERR_NOT_FOUND)) {
            *e = own;
            return -1;
        }
    }
    return 0;
}

/* Mounts a new file system at the path of a step. */
static int new_file_system(struct root *r, const struct step *s, struct err *e)
{
    char options[OPTIONS_SIZE] = "";
    char path[TEXT_SIZE];
    const char *type = "tmpfs";
    int place = mountpoint_open(r->fd, s->path, true, e);
    int rc;

    if (place < 0) {
        return -1;
    }
    if (s->kind == STEP_PROC) {
        type = "proc";
    } else if (s->kind == STEP_PTS) {
        type = "devpts";
        (void)snprintf(options, sizeof(options), "newinstance,ptmxmode=0666,mode=620");
    } else {
        int len = snprintf(options, sizeof(options), "mode=%04o", s->mode);

        if (s->size > 0) {
            (void)snprintf(options + len, sizeof(options) - (size_t)len, ",size=%llu",
                           (unsigned long long)s->size);
        }
    }
    (void)snprintf(path, sizeof(path), "%s%s", r->base, s->path);
    rc = tree_new(type, options, s->flags, place, path, e);
    fd_close(&place);
    if (rc < 0 && s->kind == STEP_PROC) {
        (void)userns_error_mark(e, USERNS_ERROR_PROC);
    }
    return rc;
}

/* Mounts the tree of the step `i` at its path. */
static int put_tree(struct root *r, size_t i, struct err *e)
{
    const struct step *s = &r->l->steps[i];
    char path[TEXT_SIZE];
    int place;
    int rc;

    if (r->trees[i].fd < 0) {
        return 0; /* the source is missing, and the step is optional */
    }
    place = mountpoint_open(r->fd, s->path, s->is_dir, e);
    if (place < 0) {
        return -1;
    }
    (void)snprintf(path, sizeof(path), "%s%s", r->base, s->path);
    rc = tree_put(&r->trees[i], place, path, e);
    fd_close(&place);
    return rc;
}

static int copy_text(int from, int to, struct err *e)
{
    char bytes[COPY_SIZE];
    ssize_t got;

    while ((got = fd_read(from, bytes, sizeof(bytes))) > 0) {
        if (fd_write_all(to, bytes, (size_t)got, e) < 0) {
            return -1;
        }
    }
    return got < 0 ? err_sys(e, "read the file to copy") : 0;
}

/* Writes the copy as a file of the new root's own file system, mounts this file over the host's
 * file, and removes its first name. */
static int put_copy(struct root *r, size_t i, struct err *e)
{
    const struct step *s = &r->l->steps[i];
    struct tree text = r->trees[i];
    char name[TEXT_SIZE];
    int fd;
    int rc = -1;

    (void)snprintf(name, sizeof(name), "%s/.copy-%zu", r->base, i);
    r->trees[i].fd = -1;
    fd =
        openat(AT_FDCWD, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
    if (fd < 0 || fchmod(fd, FILE_MODE) < 0) {
        (void)err_sys(e, "%s", s->path);
    } else if (copy_text(text.fd, fd, e) == 0 &&
               tree_open(&r->trees[i], name, s->flags, r->by_name, e) == 0 &&
               put_tree(r, i, e) == 0) {
        rc = unlink(name) < 0 ? err_sys(e, "%s", s->path) : 0;
    }
    fd_close(&fd);
    fd_close(&text.fd);
    return rc;
}

static int make_link(struct root *r, const struct step *s, struct err *e)
{
    const char *name = strrchr(s->path, '/') + 1;
    char dir[TEXT_SIZE];
    int fd;
    int rc = 0;

    (void)snprintf(dir, sizeof(dir), "%.*s", (int)(name - s->path), s->path);
    fd = mountpoint_open(r->fd, dir, true, e);
    if (fd < 0) {
        return -1;
    }
    if (symlinkat(s->source, fd, name) < 0 && errno != EEXIST) {
        rc = err_sys(e, "%s", s->path);
    }
    fd_close(&fd);
    return rc;
}

static int make_dir(struct root *r, const struct step *s, struct err *e)
{
    char proc[OPTIONS_SIZE];
    int fd = mountpoint_open(r->fd, s->path, true, e);
    int rc = 0;

    if (fd < 0) {
        return -1;
    }
    (void)snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
    if (s->mode != 0 && chmod(proc, s->mode) < 0) {
        rc = err_sys(e, "%s", s->path);
    }
    fd_close(&fd);
    return rc;
}

/* Covers the path of the step `i` with something that cannot be read. */
static int hide(struct root *r, size_t i, struct err *e)
{
    const struct step *s = &r->l->steps[i];
    struct step nothing = *s;
    struct err missing = {0};
    int place = mountpoint_find(r->fd, s->path, s->is_dir, &missing);

    if (place < 0) {
        tree_close(&r->trees[i]);
        if (missing.kind == ERR_NOT_FOUND) {
            return 0; /* nothing to hide */
        }
        *e = missing;
        return -1;
    }
    fd_close(&place);
    if (!s->is_dir) {
        return put_tree(r, i, e);
    }
    nothing.kind = STEP_MEMORY;
    nothing.mode = 0;
    nothing.flags |= TREE_READ_ONLY;
    return new_file_system(r, &nothing, e);
}

static int lock(struct root *r, const struct step *s, struct err *e)
{
    struct err missing = {0};
    char path[TEXT_SIZE];
    int place = mountpoint_find(r->fd, s->path, s->is_dir, &missing);
    int rc;

    if (place < 0) {
        if (s->optional && missing.kind == ERR_NOT_FOUND) {
            return 0;
        }
        *e = missing;
        return -1;
    }
    (void)snprintf(path, sizeof(path), "%s%s", r->base, s->path);
    rc = tree_lock(place, path, s->flags, r->by_name, e);
    fd_close(&place);
    return rc;
}

static int do_step(struct root *r, size_t i, struct err *e)
{
    const struct step *s = &r->l->steps[i];

    switch (s->kind) {
    case STEP_DIR:
        return make_dir(r, s, e);
    case STEP_LINK:
        return make_link(r, s, e);
    case STEP_TREE:
        return put_tree(r, i, e);
    case STEP_COPY:
        return put_copy(r, i, e);
    case STEP_HIDE:
        return hide(r, i, e);
    case STEP_LOCK:
        return lock(r, s, e);
    case STEP_MEMORY:
    case STEP_PROC:
    case STEP_PTS:
        break;
    }
    return new_file_system(r, s, e);
}

/* Mounts the tmpfs of the new root over a directory of the host, in this mount namespace only.
 * The sources in that directory are open already. */
static int cover(struct root *r, struct err *e)
{
    static const char *const places[] = {"/tmp", "/run", "/mnt", "/var", "/usr"};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (mount("cco", places[i], "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") == 0) {
            r->base = places[i];
            r->fd = openat(AT_FDCWD, places[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
            return r->fd < 0 ? err_sys(e, "%s", places[i]) : 0;
        }
        if (errno != ENOENT && errno != ENOTDIR) {
            break;
        }
    }
    (void)err_sys(e, "mount a tmpfs");
    return userns_error_mark(e, USERNS_ERROR_MOUNT);
}

/* Makes the new root the root of this process and unmounts the old one. pivot_root(".", ".")
 * mounts the old root on top of the new one, so it needs no directory in the new root.
 * pivot_root(2). */
static int pivot(const struct root *r, struct err *e)
{
    if (fchdir(r->fd) < 0 || syscall(SYS_pivot_root, ".", ".") < 0) {
        return err_sys(e, "change the root");
    }
    if (umount2(".", MNT_DETACH) < 0 || chdir("/") < 0) {
        return err_sys(e, "leave the old root");
    }
    if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL) <
        0) {
        return err_sys(e, "make the root read-only");
    }
    return 0;
}

int root_open_idmapped(const struct layout *l, int idmap, struct tree *ready, struct err *e)
{
    for (size_t i = 0; i < l->count; i++) {
        ready[i].fd = -1;
    }
    for (size_t i = 0; i < l->count; i++) {
        const struct step *s = &l->steps[i];

        if ((s->flags & TREE_IDMAPPED) != 0 &&
            tree_open_idmapped(&ready[i], s->source, s->flags, idmap, e) < 0) {
            root_close(l, ready);
            return -1;
        }
    }
    return 0;
}

void root_close(const struct layout *l, struct tree *ready)
{
    for (size_t i = 0; i < l->count; i++) {
        tree_close(&ready[i]);
    }
}

int root_build(const struct layout *l, const struct tree *ready, bool by_name, struct err *e)
{
    struct root r = {.l = l, .ready = ready, .by_name = by_name, .fd = -1};
    int rc = -1;

    r.trees = calloc(l->count + 1, sizeof(r.trees[0]));
    if (r.trees == NULL) {
        abort();
    }
    /* Stop the propagation of mounts between the host and this namespace. */
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) {
        (void)err_sys(e, "make mounts private");
        (void)userns_error_mark(e, USERNS_ERROR_MOUNT);
        goto out;
    }
    if (open_sources(&r, e) < 0 || cover(&r, e) < 0) {
        goto out;
    }
    for (size_t i = 0; i < l->count; i++) {
        if (do_step(&r, i, e) < 0) {
            goto out;
        }
    }
    rc = pivot(&r, e);
out:
    fd_close(&r.fd);
    free(r.trees);
    return rc < 0 ? err_wrap(e, "root") : 0;
}
