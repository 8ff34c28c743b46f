/* SPDX-License-Identifier: MIT */
#include "host/audit_walk.h"

#include "base/buf.h"
#include "base/dir_names.h"
#include "base/fd.h"
#include "base/num.h"
#include "base/path.h"
#include "host/audit_dirs.h"
#include "host/audit_read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Bytes that the names of the directories below one directory may have. */
enum { SUBS_MAX = 64 << 20 };

/* A directory on the way from the root of the walk to the current directory. */
struct frame {
    int fd;
    struct audit_items items;
    enum audit_mode mode;
    unsigned rule;                  /* of AUDIT_IN_BULK */
    bool starts_bulk;               /* it is the root of an AUDIT_IN_BULK */
    bool failed;                    /* it is recorded as unreadable */
    const char *where;              /* for struct audit_inode */
    struct buf subs;                /* directories below it: struct sub and name, each */
    size_t shown_len, physical_len; /* of the paths of the directory above it */
};

/* A directory below a frame. Its name with a NUL follows in frame.subs. */
struct sub {
    struct audit_items items;
    enum audit_mode mode;
    unsigned rule;
    size_t len; /* of the name with its NUL */
};

/* The walk through one root. */
struct walk {
    struct audit_walk *w;
    struct frame *frames;
    size_t depth; /* number of frames */
    bool is_tree; /* it is the root of a tree, not a directory to which a link leads */
};

void audit_walk_init(struct audit_walk *w)
{
    w->names_left = AUDIT_NAMES_MAX;
    w->paths_left = AUDIT_PATHS_MAX;
    w->hash_left = AUDIT_HASH_TOTAL;
    w->index = audit_index_new(w->a);
    w->chunk = arena_alloc(w->a, DIR_NAMES_CHUNK);
}

static bool exists(int dir, const char *name)
{
    struct stat st;

    return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Records once that names of this directory cannot be examined. */
static void fail(struct audit_walk *w, struct frame *f)
{
    if (!f->failed) {
        f->failed = true;
        audit_unreadable(w, f->fd, NULL);
    }
}

static void add_sub(struct audit_walk *w, struct frame *f, const char *name,
                    const struct sub *sub)
{
    struct sub copy = *sub;

    if (sub->mode == AUDIT_IN_TREE) {
        audit_note_dir(w, name);
    }
    copy.len = strlen(name) + 1;
    if (buf_room(&f->subs) < sizeof(copy) + copy.len) {
        audit_overflow(w, NULL);
        return;
    }
    (void)buf_add(&f->subs, &copy, sizeof(copy));
    (void)buf_add(&f->subs, name, copy.len);
}

/* Adds the state of one file to the digest of its large directory. The sum does not depend on
 * the order in which the directory has the names. An agent can choose names and sizes, but not
 * inodes and ctimes, so it cannot choose the digests. */
static void add_to_bulk(struct audit_walk *w, const char *name, const struct stat *st)
{
    bool is_dir = S_ISDIR(st->st_mode);
    uint64_t state[] = {st->st_mode,
                        (uint64_t)st->st_ino,
                        is_dir ? 0 : (uint64_t)st->st_size,
                        is_dir ? 0 : (uint64_t)st->st_mtim.tv_sec,
                        is_dir ? 0 : (uint64_t)st->st_mtim.tv_nsec,
                        is_dir ? 0 : (uint64_t)st->st_ctim.tv_sec,
                        is_dir ? 0 : (uint64_t)st->st_ctim.tv_nsec};
    struct sha256 h;
    char hex[SHA256_HEX];

    sha256_init(&h);
    sha256_add(&h, state, sizeof(state));
    sha256_add(&h, w->physical.text, w->physical.len);
    sha256_add(&h, name, strlen(name));
    sha256_hex(&h, hex);
    for (size_t i = 0; i < 4; i++) {
        uint64_t lane = 0;

        (void)str_u64(str_n(hex + 16 * i, 16), 16, UINT64_MAX, &lane); /* these are digits */
        w->bulk[i] += lane;
    }
}

/* Notes hard links, and records set-id bits unless the file is recorded by another rule. */
static void note_file(struct walk *k, const struct frame *f, const char *name,
                      const struct stat *st, bool recorded)
{
    if (!k->is_tree || !S_ISREG(st->st_mode)) {
        return;
    }
    if (st->st_nlink > 1 && f->where != NULL) {
        audit_note_links(k->w, st, f->where);
    }
    if (!recorded && (st->st_mode & (S_ISUID | S_ISGID)) != 0) {
        audit_record(k->w, f->fd, name, AUDIT_RULE_SETID, st);
    }
}

static void look_in_bulk(struct walk *k, struct frame *f, const char *name)
{
    struct stat st;

    if (fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
        if (errno != ENOENT) {
            fail(k->w, f);
        }
        return;
    }
    add_to_bulk(k->w, name, &st);
    note_file(k, f, name, &st, false);
    if (S_ISDIR(st.st_mode)) {
        add_sub(k->w, f, name, &(struct sub){.mode = AUDIT_IN_BULK, .rule = f->rule});
    }
}

/* Returns true if the name is that of a store of a git directory: objects, refs, logs and LFS
 * are data. In .git/modules, a submodule can have such a name; it is then beside no HEAD. */
static bool is_git_store(const struct frame *f, const char *name)
{
    static const char *const stores[] = {"objects", "refs", "logs", "lfs"};

    for (size_t i = 0; i < sizeof(stores) / sizeof(stores[0]); i++) {
        if (strcmp(name, stores[i]) == 0) {
            return exists(f->fd, "HEAD") && exists(f->fd, "config") &&
                   exists(f->fd, "objects") && exists(f->fd, "refs");
        }
    }
    return false;
}

/* Examines a directory that a name of the current directory is. */
static void look_at_dir(struct walk *k, struct frame *f, const char *name,
                        const struct audit_match *m, const struct stat *st)
{
    struct sub sub = {.items = m->below, .mode = f->mode, .rule = m->rule};

    if (m->bulk) {
        sub.mode = AUDIT_IN_BULK;
        add_sub(k->w, f, name, &sub);
        return;
    }
    if (m->by_name && audit_rule(m->rule)->content != AUDIT_GIT_FILE) {
        audit_record(k->w, f->fd, name, m->rule, st);
    }
    if (strcmp(name, ".git") == 0) {
        sub.mode = AUDIT_IN_NAMED;
    } else if (f->mode == AUDIT_IN_NAMED && (m->below.count == 0 || is_git_store(f, name))) {
        return;
    }
    add_sub(k->w, f, name, &sub);
}

/* Notes a bare repository: git takes a directory with HEAD and refs for its own, so the rules
 * about .git apply there as well. gitrepository-layout(5). */
static void note_bare(struct audit_walk *w, const struct frame *f)
{
    const struct audit_extra x = {
        .path = arena_str(w->a, str_n(w->physical.text, w->physical.len - 1)),
        .shown =
            w->shown.len > 0 ? arena_str(w->a, str_n(w->shown.text, w->shown.len - 1)) : ".",
        .items = audit_index_git(w->index),
        .mode = AUDIT_IN_NAMED,
        .rule = AUDIT_RULE_HOOKS,
    };

    if (exists(f->fd, "refs") || exists(f->fd, "commondir")) {
        audit_add_extra(w, &x);
    }
}

/* Examines one name of the current directory. `type` is that of readdir(3). */
static void look_at(struct walk *k, struct frame *f, const char *name, int type)
{
    struct audit_walk *w = k->w;
    bool in_tree = f->mode == AUDIT_IN_TREE;
    struct audit_match m;
    struct stat st;
    bool matches = audit_match(in_tree ? w->index : NULL, &f->items, name, w->a, &m);

    if (in_tree && strcmp(name, "HEAD") == 0) {
        note_bare(w, f);
    }
    if (!matches && type != DT_UNKNOWN && (type != DT_REG || !in_tree)) {
        if (type == DT_DIR && in_tree) {
            add_sub(w, f, name, &(struct sub){.mode = AUDIT_IN_TREE});
        }
        return;
    }
    if (fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
        if (errno != ENOENT) {
            fail(w, f);
        }
        return;
    }
    if (S_ISDIR(st.st_mode)) {
        look_at_dir(k, f, name, &m, &st);
        return;
    }
    /* A link is recorded also in the place of a directory that a rule matches with a pattern,
     * because it would lead a program to other files. */
    if (m.is_file || m.below_by_name || (S_ISLNK(st.st_mode) && matches)) {
        audit_record(w, f->fd, name, m.rule, &st);
    }
    if (S_ISLNK(st.st_mode) && (m.bulk || m.below.count > 0)) {
        audit_follow(w, name, &m);
    }
    note_file(k, f, name, &st, m.is_file || m.below_by_name);
}

/* Examines all names of a directory. */
static void look_at_all(struct walk *k, struct frame *f)
{
    struct audit_walk *w = k->w;
    struct dir_names names = {.fd = f->fd, .chunk = w->chunk};
    const struct dirent *entry;

    while (w->fatal == 0 && (entry = dir_names_next(&names)) != NULL) {
        if (w->names_left == 0 || w->out->count == AUDIT_MAX) {
            audit_overflow(w, NULL);
            return;
        }
        w->names_left--;
        if (f->mode == AUDIT_IN_BULK) {
            look_in_bulk(k, f, entry->d_name);
        } else {
            look_at(k, f, entry->d_name, entry->d_type);
        }
    }
    if (names.error != 0) {
        fail(w, f);
    }
}

/* Begins with a directory, whose descriptor the function takes over. The paths of *w are
 * already those of this directory. */
static void enter(struct walk *k, int fd, struct frame frame)
{
    struct frame *f = &k->frames[k->depth++];

    *f = frame;
    f->fd = fd;
    buf_init(&f->subs, SUBS_MAX);
    if (f->starts_bulk) {
        memset(k->w->bulk, 0, sizeof(k->w->bulk));
    }
    look_at_all(k, f);
}

/* Ends with the innermost directory. */
static void leave(struct walk *k)
{
    struct frame *f = &k->frames[k->depth - 1];
    struct audit_walk *w = k->w;
    struct audit_entry *entry;
    struct sha256 h;

    if (f->starts_bulk) {
        entry = audit_add(w, NULL, f->rule);
        if (entry != NULL) {
            entry->kind = AUDIT_DIR;
            sha256_init(&h);
            sha256_add(&h, w->bulk, sizeof(w->bulk));
            sha256_hex(&h, entry->digest);
        }
    }
    buf_release(&f->subs);
    fd_close(&f->fd);
    audit_path_pop(&w->shown, f->shown_len);
    audit_path_pop(&w->physical, f->physical_len);
    k->depth--;
}

/* Enters the next directory below the innermost one. */
static void descend(struct walk *k)
{
    struct audit_walk *w = k->w;
    struct frame *f = &k->frames[k->depth - 1];
    struct frame below = {.shown_len = w->shown.len, .physical_len = w->physical.len};
    struct sub sub;
    char name[NAME_MAX + 1];
    int fd;

    memcpy(&sub, buf_data(&f->subs), sizeof(sub));
    memcpy(name, buf_data(&f->subs) + sizeof(sub),
           sub.len < sizeof(name) ? sub.len : sizeof(name));
    name[NAME_MAX] = '\0';
    buf_drop(&f->subs, sizeof(sub) + sub.len);
    if (k->depth == AUDIT_DEPTH_MAX) {
        audit_overflow(w, name);
        return;
    }
    fd = audit_open(w, f->fd, name, O_DIRECTORY);
    if (fd < 0) {
        if (errno != ENOENT && w->fatal == 0) {
            audit_unreadable(w, f->fd, name);
        }
        return;
    }
    if (!audit_path_push(&w->shown, name) || !audit_path_push(&w->physical, name)) {
        audit_path_pop(&w->shown, below.shown_len);
        audit_path_pop(&w->physical, below.physical_len);
        audit_overflow(w, NULL);
        fd_close(&fd);
        return;
    }
    below.items = sub.items;
    below.mode = sub.mode;
    below.rule = sub.rule;
    below.starts_bulk = sub.mode == AUDIT_IN_BULK && f->mode != AUDIT_IN_BULK;
    below.where = f->where;
    if (below.starts_bulk || k->depth == 1) {
        below.where = arena_str(w->a, str_n(w->shown.text, w->shown.len - 1));
    }
    enter(k, fd, below);
}

void audit_walk(struct audit_walk *w, const struct audit_extra *extra)
{
    const struct audit_tree *tree = audit_tree_of(w->scope, extra->path);
    struct walk k = {.w = w};
    struct frame root = {.items = extra->items, .mode = extra->mode, .rule = extra->rule};
    int fd;

    if (!audit_path_set(&w->shown, strcmp(extra->shown, ".") == 0 ? "" : extra->shown) ||
        !audit_path_set(&w->physical, extra->path)) {
        audit_overflow(w, NULL);
        return;
    }
    k.is_tree =
        tree != NULL && strcmp(tree->path, extra->path) == 0 && extra->rule == AUDIT_RULE_ROOT;
    fd = audit_open_physical(w, extra->path, O_DIRECTORY);
    if (fd < 0) {
        if (w->fatal == 0 && (k.is_tree || errno != ENOENT)) {
            audit_unreadable(w, AT_FDCWD, NULL);
        }
        return;
    }
    root.starts_bulk = root.mode == AUDIT_IN_BULK;
    root.where = extra->shown;
    k.frames = arena_array(w->a, AUDIT_DEPTH_MAX, sizeof(k.frames[0]));
    enter(&k, fd, root);
    while (k.depth > 0) {
        if (w->fatal == 0 && k.frames[k.depth - 1].subs.len > 0 && w->out->count < AUDIT_MAX &&
            w->names_left > 0) {
            descend(&k);
        } else {
            leave(&k);
        }
    }
}
