/* SPDX-License-Identifier: MIT */
#include "host/claude_links.h"

#include "base/dir_names.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/path.h"
#include "host/look.h"
#include "plan/claude_state.h"
#include "plan/untrusted.h"
#include "trust/lookup.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH = 3 };

/* A directory that is to be examined. */
struct dir {
    const char *physical; /* on the host */
    const char *inside;   /* the path of the sandbox at which it is shown */
    const char *root;     /* the path of the sandbox at which its whole tree is shown */
    unsigned depth;       /* below the root */
    bool is_foreign;      /* somebody else than the user can have made the links in it */
};

struct scan {
    struct arena *a;
    struct facts *f;
    struct dir *dirs; /* in the order in which they are examined */
    size_t count, cap;
    size_t names; /* that were seen */
    size_t link_cap;
    char *chunk; /* for dir_names_next() */
};

static void add_dir(struct scan *s, struct dir dir)
{
    if (s->count < CLAUDE_LINKS_DIRS && dir.depth < DEPTH) {
        s->dirs = list_grow(s->a, s->dirs, s->count, &s->cap, sizeof(s->dirs[0]));
        s->dirs[s->count++] = dir;
    }
}

static bool is_known(const struct facts *f, const char *at)
{
    for (size_t i = 0; i < f->claude_link_count; i++) {
        if (strcmp(f->claude_links[i].at, at) == 0) {
            return true;
        }
    }
    return false;
}

/* Looks up a link that is only named. */
static struct fact_path look_foreign(struct arena *a, const char *path)
{
    const char *physical = lookup_physical(a, path);

    return (struct fact_path){path, physical, physical != NULL ? FACT_FILE : FACT_MISSING};
}

static void take_link(struct scan *s, const struct dir *dir, int fd, const char *name)
{
    char *text = arena_alloc(s->a, LIMIT_PATH);
    const ssize_t len = readlinkat(fd, name, text, LIMIT_PATH - 1);
    struct facts *f = s->f;
    struct fact_path found;
    const char *path = path_join(s->a, dir->physical, name);
    const char *at;

    if (len <= 0 || len == LIMIT_PATH - 1 || f->claude_link_count == CLAUDE_LINKS_MAX) {
        return;
    }
    text[len] = '\0';
    at = path_clean(s->a, path_join(s->a, dir->inside, text));
    if (path_is_inside(at, dir->root) || is_known(f, at)) {
        return;
    }
    found = dir->is_foreign ? look_foreign(s->a, path) : look_obeyed(s->a, f, path);
    if (found.type != FACT_FILE && found.type != FACT_DIR) {
        return;
    }
    f->claude_links = list_grow(s->a, f->claude_links, f->claude_link_count, &s->link_cap,
                                sizeof(f->claude_links[0]));
    f->claude_links[f->claude_link_count++] =
        (struct fact_claude_link){found, at, dir->is_foreign};
    if (!dir->is_foreign && found.type == FACT_DIR && untrusted_why(f, found.path) == NULL) {
        add_dir(s, (struct dir){found.physical, at, at, 0, true});
    }
}

static enum fact_type type_of(int fd, const struct dirent *entry)
{
    struct stat st;

    if (entry->d_type != DT_UNKNOWN) {
        return entry->d_type == DT_DIR   ? FACT_DIR
               : entry->d_type == DT_LNK ? FACT_OTHER
                                         : FACT_FILE;
    }
    if (fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
        return FACT_MISSING;
    }
    return S_ISDIR(st.st_mode) ? FACT_DIR : S_ISLNK(st.st_mode) ? FACT_OTHER : FACT_FILE;
}

static void examine(struct scan *s, struct dir dir)
{
    struct err ignored = {0}; /* a directory that cannot be read has no links for us */
    struct dir_names names = {.fd = lookup_open(dir.physical, O_RDONLY | O_DIRECTORY, &ignored),
                              .chunk = s->chunk};
    const struct dirent *entry;
    struct stat st;

    dir.is_foreign = dir.is_foreign || fstatat(names.fd, ".git", &st, AT_SYMLINK_NOFOLLOW) == 0;
    while (names.fd >= 0 && s->names < CLAUDE_LINKS_NAMES &&
           (entry = dir_names_next(&names)) != NULL) {
        const enum fact_type type = type_of(names.fd, entry);

        s->names++;
        if (type == FACT_OTHER) {
            take_link(s, &dir, names.fd, arena_strdup(s->a, entry->d_name));
        } else if (type == FACT_DIR && strcmp(entry->d_name, ".git") != 0 &&
                   strcmp(entry->d_name, "node_modules") != 0) {
            add_dir(s, (struct dir){path_join(s->a, dir.physical, entry->d_name),
                                    path_join(s->a, dir.inside, entry->d_name), dir.root,
                                    dir.depth + 1, true});
        }
    }
    fd_close(&names.fd);
}

void claude_links_probe(struct arena *a, struct facts *f)
{
    struct scan s = {.a = a, .f = f, .chunk = arena_alloc(a, DIR_NAMES_CHUNK)};
    const char *inside = path_join(a, f->home, ".claude");

    for (size_t i = 0; i < claude_state_count; i++) {
        const struct fact_state *state = &f->claude_state[i];
        const char *name = claude_state[i].name;
        const char *at = path_join(a, inside, name);

        const char *path = path_join(a, f->claude_dir, name);

        if (claude_state[i].share == STATE_LOCKED && state->type == FACT_DIR &&
            strcmp(name, "plugins") != 0 && untrusted_why(f, path) == NULL) {
            add_dir(&s, (struct dir){state->physical, at, at, 0,
                                     strcmp(state->physical, path) != 0});
        }
    }
    for (size_t i = 0; i < s.count; i++) {
        examine(&s, s.dirs[i]);
    }
}
