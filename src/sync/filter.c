/* SPDX-License-Identifier: MIT */
#include "sync/filter.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fd.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/path.h"
#include "sync/ignore.h"
#include "sync/ignore_repo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_SLOTS = 256 };

/* A directory about which the filter was asked, with the rules that apply in it. */
struct node {
    struct str path;          /* relative to the root; "" is the root */
    uint64_t hash;            /* hash_of(path) */
    struct ignore_repo *repo; /* the repository of its work tree; NULL: git ignores nothing */
    const struct ignore *own; /* its .gitignore; NULL: none */
    /* The nearest directory above it, in the same repository, that has a .gitignore. */
    const struct node *around;
    bool real;    /* it and all directories above it are real directories of the tree */
    bool skipped; /* it is skipped, with everything in it */
    bool ignored; /* everything in it that is not tracked is ignored */
    bool has_range;
    struct ignore_index_range range; /* the tracked paths in it; valid if has_range */
};

struct sync_filter {
    struct arena a;
    int root_fd;
    const char *root;
    struct ignore_place place; /* of the root's repository; has the budget for all indexes */
    struct ignore_repo *repos; /* a list */
    struct strv hidden;
    size_t text_left;    /* bytes of .gitignore files that may still be read */
    struct node *top;    /* the root */
    struct node *last;   /* the node of the last question */
    struct node **slots; /* all nodes, by hash; slot_count is a power of two */
    size_t slot_count, node_count;
};

/* If an attacker chooses names whose hashes collide, a search is as slow as in a list. */
static uint64_t hash_of(struct str s)
{
    uint64_t h = hash_fnv1a(s);

    return h ^ h >> 32;
}

/* Stores n in the next free slot. */
static void place_node(struct sync_filter *f, struct node *n)
{
    size_t i = (size_t)n->hash & (f->slot_count - 1);

    while (f->slots[i] != NULL) {
        i = (i + 1) & (f->slot_count - 1);
    }
    f->slots[i] = n;
}

/* Doubles the slots if half of them are in use. */
static void make_room(struct sync_filter *f)
{
    struct node **old = f->slots;
    size_t old_count = f->slot_count;

    if (f->node_count * 2 < f->slot_count) {
        return;
    }
    f->slot_count = old_count > 0 ? old_count * 2 : FIRST_SLOTS;
    f->slots = calloc(f->slot_count, sizeof(struct node *));
    if (f->slots == NULL) {
        abort();
    }
    for (size_t i = 0; i < old_count; i++) {
        if (old[i] != NULL) {
            place_node(f, old[i]);
        }
    }
    free(old);
}

static struct node *find_node(const struct sync_filter *f, struct str path)
{
    uint64_t hash = hash_of(path);

    for (size_t i = (size_t)hash & (f->slot_count - 1); f->slots[i] != NULL;
         i = (i + 1) & (f->slot_count - 1)) {
        struct node *n = f->slots[i];

        if (n->hash == hash && str_eq(n->path, path)) {
            return n;
        }
    }
    return NULL;
}

/* Returns the part of `path` that is relative to the directory `dir`. */
static struct str below(struct str dir, struct str path)
{
    return str_drop(path, dir.len > 0 ? dir.len + 1 : 0);
}

/* Returns true if git's rules ignore a path in the directory n. A pattern in a directory nearer
 * to the path overrides those further up. */
static bool is_ignored(const struct node *n, struct str path, bool is_dir)
{
    enum ignore_verdict v = IGNORE_SILENT;

    if (n->ignored) { /* git permits no exceptions in an ignored directory */
        return true;
    }
    for (const struct node *k = n->own != NULL ? n : n->around; k != NULL && v == IGNORE_SILENT;
         k = k->around) {
        v = ignore_ask(k->own, below(k->path, path), is_dir);
    }
    if (v == IGNORE_SILENT) {
        v = ignore_ask(&n->repo->exclude, str_drop(path, n->repo->base), is_dir);
    }
    if (v == IGNORE_SILENT) {
        v = ignore_ask(&n->repo->user, str_drop(path, n->repo->base), is_dir);
    }
    return v == IGNORE_YES;
}

static bool is_tracked(struct node *n, struct str path, bool is_dir)
{
    const struct ignore_repo *repo = n->repo;
    const struct ignore_index *ix = &repo->index;

    if (repo->all_tracked) {
        return true;
    }
    if (!n->has_range) {
        n->range = ignore_index_all(ix);
        if (n->path.len > repo->base) {
            n->range = ignore_index_below(ix, n->range, str_drop(n->path, repo->base));
        }
        n->has_range = true;
    }
    return ignore_index_has(ix, n->range, str_drop(path, repo->base), is_dir);
}

static bool is_hidden(const struct sync_filter *f, struct str path)
{
    for (size_t i = 0; i < f->hidden.count; i++) {
        struct str h = str_c(f->hidden.v[i]);

        if (path.len >= h.len && memcmp(path.p, h.p, h.len) == 0 &&
            (path.len == h.len || path.p[h.len] == '/')) {
            return true;
        }
    }
    return false;
}

/* Reads the .gitignore of an open directory. A .gitignore that is a link is not followed, as in
 * git. */
static const struct ignore *read_own(struct sync_filter *f, int dir, bool nocase)
{
    struct ignore *ig = NULL;
    struct buf text;
    struct stat st;
    int fd = openat(dir, ".gitignore", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    ssize_t got = 1;

    if (fd < 0) {
        return NULL;
    }
    buf_init(&text, LIMIT_FILE_SMALL);
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= LIMIT_FILE_SMALL &&
        (uint64_t)st.st_size <= f->text_left) {
        while (got > 0 && text.len < (size_t)st.st_size) {
            size_t want = (size_t)st.st_size - text.len;

            got = fd_read(fd, buf_reserve(&text, want), want);
            buf_commit(&text, got > 0 ? (size_t)got : 0);
        }
        f->text_left -= text.len;
        ig = arena_alloc(&f->a, sizeof(*ig));
        ignore_parse(ig, buf_str(&text), nocase, &f->a);
    }
    buf_release(&text);
    fd_close(&fd);
    return ig;
}

/* Reads the repository of a directory that contains .git. The rules of the repository around it
 * do not apply in it. If it cannot be read, the directory belongs to the repository around
 * it. */
static void enter_repo(struct sync_filter *f, struct node *n)
{
    struct ignore_place place = f->place;
    struct ignore_repo *repo;

    place.top = path_join(&f->a, f->root, arena_str(&f->a, n->path));
    place.within = f->root;
    place.or_within = f->top->repo->common;
    repo = ignore_repo_read(&place, &f->a);
    f->place.budget = place.budget;
    if (repo != NULL) {
        repo->next = f->repos;
        f->repos = repo;
        repo->base = n->path.len + 1;
        n->repo = repo;
        n->around = NULL;
        n->ignored = false;
    }
}

/* Reads the git files of the directory n. `dir` is the open directory, or -1. `has` is as in
 * sync_filter_enter(), or ~0 if the caller does not know which names the directory has. */
static void look_at(struct sync_filter *f, const struct node *parent, struct node *n, int dir,
                    unsigned has)
{
    int own = -1;
    struct stat st;

    if (has == 0) { /* the directory has no git files */
        n->real = parent->real;
        return;
    }
    if (dir < 0 && parent->real) {
        own = openat(f->root_fd, arena_str(&f->a, n->path),
                     O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        dir = own;
    }
    n->real = dir >= 0;
    if (n->real && (has & SYNC_HAS_GIT) != 0 &&
        fstatat(dir, ".git", &st, AT_SYMLINK_NOFOLLOW) == 0) {
        enter_repo(f, n);
    }
    if (n->real && (has & SYNC_HAS_IGNORE) != 0) {
        n->own = read_own(f, dir, n->repo->nocase);
    }
    fd_close(&own);
}

static struct node *add_node(struct sync_filter *f, struct node *parent, struct str path,
                             int dir, unsigned has)
{
    struct node *n = arena_alloc(&f->a, sizeof(*n));
    bool is_git = str_eq_c(below(parent->path, path), ".git");

    n->path = str_n(arena_str(&f->a, path), path.len);
    n->hash = hash_of(path);
    n->skipped = parent->skipped || is_hidden(f, path);
    n->repo = is_git ? NULL : parent->repo;
    if (n->repo != NULL && !n->skipped) {
        n->around = parent->own != NULL ? parent : parent->around;
        n->ignored = is_ignored(parent, path, true);
        n->skipped = n->ignored && !is_tracked(parent, path, true);
    }
    if (n->repo != NULL && !n->skipped) {
        look_at(f, parent, n, dir, has);
    }
    f->node_count++;
    make_room(f);
    place_node(f, n);
    return n;
}

/* Returns the node of a directory. Makes it, and the nodes of the directories above it, if they
 * do not exist yet. */
static struct node *node_of(struct sync_filter *f, struct str path, int dir, unsigned has)
{
    struct node *n = str_eq(f->last->path, path) ? f->last : find_node(f, path);

    if (n == NULL) {
        n = f->top;
        for (size_t i = 1; i <= path.len; i++) {
            struct str part = str_n(path.p, i);
            struct node *parent = n;

            if (i < path.len && path.p[i] != '/') {
                continue;
            }
            n = find_node(f, part);
            if (n == NULL) {
                n = add_node(f, parent, part, i == path.len ? dir : -1,
                             i == path.len ? has : ~0U);
            }
        }
    }
    f->last = n;
    return n;
}

static struct sync_filter *new_filter(int root_fd, const char *root)
{
    struct sync_filter *f = calloc(1, sizeof(*f));

    if (f == NULL) {
        abort();
    }
    f->root_fd = root_fd;
    f->root = path_clean(&f->a, root);
    f->text_left = LIMIT_IGNORE_TEXT;
    f->top = arena_alloc(&f->a, sizeof(*f->top));
    f->top->hash = hash_of(f->top->path);
    f->last = f->top;
    f->node_count = 1;
    make_room(f);
    place_node(f, f->top);
    return f;
}

struct sync_filter *sync_filter_open(int root_fd, const char *root, const char *home,
                                     const char *config_home, struct err *e)
{
    struct sync_filter *f;
    struct stat st;

    if (fstatat(root_fd, ".git", &st, AT_SYMLINK_NOFOLLOW) < 0) {
        if (errno != ENOENT) {
            (void)err_sys(e, "%s/.git", root);
        }
        return NULL;
    }
    f = new_filter(root_fd, root);
    f->place = (struct ignore_place){
        .top = f->root,
        .home = home != NULL ? arena_strdup(&f->a, home) : NULL,
        .config = config_home != NULL ? arena_strdup(&f->a, config_home) : NULL,
        .budget = LIMIT_GIT_INDEX};
    f->repos = ignore_repo_read(&f->place, &f->a);
    if (f->repos == NULL) {
        sync_filter_free(f);
        return NULL;
    }
    f->top->repo = f->repos;
    f->top->real = true;
    f->top->own = read_own(f, root_fd, f->repos->nocase);
    return f;
}

void sync_filter_hide(struct sync_filter **f, const char *path)
{
    if (*f == NULL) {
        *f = new_filter(-1, "/");
    }
    strv_add(&(*f)->hidden, &(*f)->a, arena_strdup(&(*f)->a, path));
}

void sync_filter_enter(struct sync_filter *f, const char *path, int fd, unsigned has)
{
    if (f != NULL) {
        (void)node_of(f, str_c(path), fd, has);
    }
}

bool sync_filter_skips(struct sync_filter *f, const char *path, bool is_dir)
{
    struct str p = str_c(path);
    struct str dir = p;
    struct node *n;

    if (f == NULL || is_hidden(f, p)) {
        return f != NULL;
    }
    if (f->top->repo == NULL) {
        return false;
    }
    while (dir.len > 0 && dir.p[dir.len - 1] != '/') {
        dir.len--;
    }
    dir.len -= dir.len > 0 ? 1 : 0;
    n = node_of(f, dir, -1, ~0U);
    if (n->skipped || n->repo == NULL || str_eq_c(below(dir, p), ".git")) {
        return n->skipped;
    }
    return is_ignored(n, p, is_dir) && !is_tracked(n, p, is_dir);
}

void sync_filter_free(struct sync_filter *f)
{
    if (f == NULL) {
        return;
    }
    for (struct ignore_repo *r = f->repos; r != NULL; r = r->next) {
        ignore_repo_release(r);
    }
    free(f->slots);
    arena_release(&f->a);
    free(f);
}
