/* SPDX-License-Identifier: MIT */
#include "trust/lookup.h"

#include "base/fd.h"
#include "base/path.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MAX = 40 }; /* as in the kernel: path_resolution(7) */

/* A tree that the way has entered. */
struct entered {
    const struct tree *tree; /* NULL: none */
    const char *root;        /* its physical path; the recorded path may be an older name */
};

/* A link that lies in a tree. */
struct passed {
    const char *link;
    struct entered in;
};

/* The way to a path. */
struct way {
    struct arena *a;
    const struct ledger *trees;
    const char *at;     /* physical */
    struct entered in;  /* the tree in which `at` lies */
    struct entered met; /* the first tree that the way has met */
    struct passed links[LINKS_MAX];
    size_t link_count; /* the links that lie in a tree */
    int followed;      /* all links */
};

/* Goes back to a directory that contains the present one, or to the root. */
static void go_back(struct way *w, const char *to)
{
    w->at = to;
    if (w->in.tree != NULL && strlen(to) < strlen(w->in.root)) {
        w->in = (struct entered){0};
    }
}

/* Goes to an object that is not a link. */
static void enter(struct way *w, const char *to, const struct tree_id *id)
{
    const struct tree *t = w->trees != NULL ? ledger_find(w->trees, to, id) : NULL;

    /* What lies below a tree's root, of which only the content counts, is in the tree. */
    if (w->in.tree != NULL && w->in.tree->below && w->met.tree == NULL) {
        w->met = w->in;
    }
    w->at = to;
    if (t == NULL || w->in.tree != NULL) {
        return;
    }
    w->in = (struct entered){t, to};
    if (!t->below && w->met.tree == NULL) {
        w->met = w->in;
    }
}

/* Reads the link `link`, and puts its target in front of the rest of the way. Returns 0 on
 * success and -1 with errno on error. */
static int follow(struct way *w, const char *link, struct str *rest)
{
    char target[PATH_MAX];
    ssize_t len = readlink(link, target, sizeof(target));

    if (len < 0) {
        return -1;
    }
    if ((size_t)len == sizeof(target) || w->followed == LINKS_MAX) {
        errno = ELOOP;
        return -1;
    }
    w->followed++;
    if (w->in.tree != NULL) {
        w->links[w->link_count++] = (struct passed){link, w->in};
        w->met = w->met.tree != NULL ? w->met : w->in;
    }
    *rest = str_c(arena_printf(w->a, "%.*s/%.*s", (int)len, target, (int)rest->len, rest->p));
    if (target[0] == '/') {
        go_back(w, "/");
    }
    return 0;
}

/* Follows the path. Returns 0 on success, with the identity of the object, and -1 with errno
 * on error. */
static int walk(struct way *w, const char *path, struct tree_id *id)
{
    struct str rest = str_c(path);
    struct str name = {0};
    bool is_link = false;

    if (tree_id_at(AT_FDCWD, "/", id) < 0) {
        return -1;
    }
    enter(w, "/", id);
    while (rest.len > 0) {
        const char *to;

        (void)str_cut(&rest, '/', &name);
        if (name.len == 0 || str_eq_c(name, ".")) {
            continue;
        }
        if (!is_link && !S_ISDIR(id->mode)) {
            errno = ENOTDIR;
            return -1;
        }
        if (str_eq_c(name, "..")) {
            go_back(w, path_dir(w->a, w->at));
            is_link = false;
            if (tree_id_at(AT_FDCWD, w->at, id) < 0) {
                return -1;
            }
            continue;
        }
        to = path_join(w->a, w->at, arena_str(w->a, name));
        if (tree_id_at(AT_FDCWD, to, id) < 0) {
            return -1;
        }
        is_link = S_ISLNK(id->mode);
        if (!is_link) {
            enter(w, to, id);
        } else if (follow(w, to, &rest) < 0) {
            return -1;
        }
    }
    return is_link ? tree_id_at(AT_FDCWD, w->at, id) : 0;
}

int lookup_open(const char *physical, int flags, struct err *e)
{
    struct arena a = {0};
    struct str rest = str_c(physical);
    struct str name = {0};
    int fd = openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);

    while (fd >= 0 && rest.len > 0) {
        bool more = str_cut(&rest, '/', &name) && rest.len > 0;
        int next;

        if (name.len == 0) {
            continue;
        }
        next = openat(fd, arena_str(&a, name),
                      (more ? O_PATH | O_DIRECTORY : flags) | O_NOFOLLOW | O_CLOEXEC);
        fd_close(&fd); /* keeps errno */
        fd = next;
    }
    if (fd < 0) {
        (void)(errno == ENOENT ? err_set(e, ERR_NOT_FOUND, "%s: does not exist", physical)
               : errno == ELOOP || errno == ENOTDIR
                   ? err_set(e, ERR_REFUSED, "%s has become a link", physical)
                   : err_sys(e, "%s", physical));
    }
    arena_release(&a);
    return fd;
}

/* Reads the identity of the object at a physical path without following any link. */
static int identify(const char *physical, struct tree_id *id)
{
    struct err ignored = {0};
    int fd = lookup_open(physical, O_PATH, &ignored);
    int rc = fd >= 0 ? tree_id_at(fd, "", id) : -1;

    fd_close(&fd);
    return rc == 0 && !S_ISLNK(id->mode) ? 0 : -1;
}

/* Finds the first link that leads out of the tree in which it lies. */
static void judge_links(const struct way *w, struct lookup *out)
{
    for (size_t i = 0; i < w->link_count; i++) {
        if (out->physical == NULL || w->links[i].in.tree != w->in.tree) {
            out->tree = w->links[i].in.root;
            out->link = w->links[i].link;
            return;
        }
    }
}

struct lookup lookup_path(struct arena *a, const struct ledger *trees, const char *path,
                          enum lookup_degree degree)
{
    struct way w = {.a = a, .trees = trees, .at = "/"};
    struct lookup out = {.path = path};

    if (walk(&w, path, &out.id) == 0) {
        out.physical = w.at;
    }
    if (degree == LOOKUP_NAMED) {
        if (out.physical != NULL && identify(out.physical, &out.id) < 0) {
            out.physical = NULL;
        }
        judge_links(&w, &out);
    } else if (w.met.tree != NULL) {
        out.tree = w.met.root;
        out.link =
            w.link_count > 0 && w.links[0].in.tree == w.met.tree ? w.links[0].link : NULL;
    }
    return out;
}

bool lookup_is_safe(struct arena *a, const struct ledger *trees, const char *path)
{
    return lookup_path(a, trees, path, LOOKUP_OBEYED).tree == NULL;
}

const char *lookup_physical(struct arena *a, const char *path)
{
    char resolved[PATH_MAX];

    return realpath(path, resolved) != NULL ? arena_strdup(a, resolved) : NULL;
}
