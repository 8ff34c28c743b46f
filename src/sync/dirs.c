/* SPDX-License-Identifier: MIT */
#include "sync/dirs.h"

#include "base/fd.h"
#include "base/limits.h"
#include "wire/synclist.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

void dirs_init(struct dirs *d, int root)
{
    *d = (struct dirs){.root = root, .deep = -1};
    buf_init(&d->path, LIMIT_SYNC_PATH);
}

/* Goes up to `depth`, whose directory is still open: at most DIRS_KEPT. */
static void up_to(struct dirs *d, size_t depth)
{
    struct str path = buf_str(&d->path);

    while (d->depth > depth) {
        if (d->depth <= DIRS_KEPT) {
            fd_close(&d->kept[d->depth - 1]);
        } else {
            fd_close(&d->deep);
        }
        while (path.len > 0 && path.p[path.len - 1] != '/') {
            path.len--;
        }
        path.len -= path.len > 0 ? 1 : 0;
        d->depth--;
    }
    d->path.len = path.len;
}

void dirs_release(struct dirs *d)
{
    up_to(d, 0);
    buf_release(&d->path);
}

/* Returns the descriptor of the directory d->path. */
static int current(const struct dirs *d)
{
    if (d->depth == 0) {
        return d->root;
    }
    return d->depth > DIRS_KEPT ? d->deep : d->kept[d->depth - 1];
}

/* Goes down to the directory `name` in the current one. */
static int down(struct dirs *d, struct str name, struct err *e)
{
    char text[DIRS_NAME];
    int fd;

    if (name.len >= sizeof(text)) {
        return err_set(e, ERR_LIMIT, "a name of %zu bytes is too long", name.len);
    }
    memcpy(text, name.p, name.len);
    text[name.len] = '\0';
    fd = openat(current(d), text, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return err_sys(e, "%s", text);
    }
    if ((d->depth > 0 && buf_add_byte(&d->path, '/') < 0) || buf_add_str(&d->path, name) < 0) {
        fd_close(&fd);
        return err_set(e, ERR_LIMIT, "the path is too long");
    }
    if (d->depth >= DIRS_KEPT) {
        fd_close(&d->deep);
        d->deep = fd;
    } else {
        d->kept[d->depth] = fd;
    }
    d->depth++;
    return 0;
}

/* Returns the number of leading components that both paths have in common. */
static size_t shared_depth(struct str a, struct str b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    size_t depth = 0;
    size_t i = 0;

    while (i < len && a.p[i] == b.p[i]) {
        depth += a.p[i] == '/' ? 1 : 0;
        i++;
    }
    if (i > 0 && (i == a.len || a.p[i] == '/') && (i == b.len || b.p[i] == '/')) {
        depth++;
    }
    return depth;
}

int dirs_at(struct dirs *d, struct str path, struct err *e)
{
    struct str old = buf_str(&d->path);
    struct str name;
    size_t shared;

    if (str_eq(path, old)) {
        return current(d);
    }
    shared = shared_depth(old, path);
    if (shared < d->depth) {
        up_to(d, shared < DIRS_KEPT ? shared : DIRS_KEPT);
    }
    path = str_drop(path, d->path.len > 0 ? d->path.len + 1 : 0);
    while (path.len > 0) {
        (void)str_cut(&path, '/', &name);
        if (down(d, name, e) < 0) {
            return -1;
        }
    }
    return current(d);
}

int dirs_parent(struct dirs *d, struct str path, char name[DIRS_NAME], struct err *e)
{
    size_t len = path.len;

    while (len > 0 && path.p[len - 1] != '/') {
        len--;
    }
    if (path.len - len >= DIRS_NAME) {
        return err_set(e, ERR_LIMIT, "a name of %zu bytes is too long", path.len - len);
    }
    memcpy(name, path.p + len, path.len - len);
    name[path.len - len] = '\0';
    return dirs_at(d, str_n(path.p, len > 0 ? len - 1 : 0), e);
}

void dirs_forget(struct dirs *d, struct str path)
{
    struct str at = buf_str(&d->path);

    if (str_eq(at, path) || sync_is_below(at, path)) {
        size_t depth = 0;

        for (size_t i = 0; i < path.len; i++) {
            depth += path.p[i] == '/' ? 1 : 0;
        }
        up_to(d, depth < DIRS_KEPT ? depth : DIRS_KEPT);
    }
}
