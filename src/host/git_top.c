/* SPDX-License-Identifier: MIT */
#include "host/git_top.h"

#include "base/file.h"
#include "base/path.h"
#include "host/places.h"
#include "trust/lookup.h"
#include "trust/tree_id.h"
#include "trust/trust_record.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define GITDIR "gitdir: "

/* Returns the directory to which the file `.git` of a work tree leads, physical and in the
 * arena, or NULL. */
static const char *led_to(struct arena *a, const char *dir, const char *dot_git)
{
    const char *line = file_is_regular(dot_git) ? file_first_line(a, dot_git) : NULL;

    return line == NULL || strncmp(line, GITDIR, sizeof(GITDIR) - 1) != 0
               ? NULL
               : lookup_physical(a, path_join(a, dir, line + sizeof(GITDIR) - 1));
}

/* Returns the git directory of the work tree at `dir`, or NULL if there is no repository. */
static const char *git_dir_of(struct arena *a, const char *dir)
{
    const char *dot_git = path_join(a, dir, ".git");
    struct stat st;

    if (stat(dot_git, &st) < 0) {
        return NULL;
    }
    if (S_ISREG(st.st_mode)) {
        const char *led = led_to(a, dir, dot_git);

        return led != NULL ? led : dot_git; /* git does not look further up if it is broken */
    }
    return S_ISDIR(st.st_mode) && file_exists(path_join(a, dot_git, "HEAD")) &&
                   file_is_dir(path_join(a, dot_git, "objects"))
               ? lookup_physical(a, dot_git)
               : NULL;
}

/* Returns true if the directory and its `.git` belong to the user. `first` is the owner of the
 * directory in which the search began. */
static bool is_of_user(struct arena *a, const char *dir, uint64_t uid, uint64_t first)
{
    struct stat own = {0};
    struct stat git = {0};

    if (lstat(dir, &own) < 0 || lstat(path_join(a, dir, ".git"), &git) < 0 ||
        host_is_for_all(dir, &own)) {
        return false;
    }
    return own.st_uid == git.st_uid && (own.st_uid == uid || (uid == 0 && own.st_uid == first));
}

const char *git_top_dir(struct arena *a, const char *dir)
{
    const char *git = git_dir_of(a, dir);

    return git != NULL && file_is_dir(git) ? git : NULL;
}

struct git_top git_top_find(struct arena *a, const char *dir, uint64_t uid)
{
    struct git_top found = {0};
    const char *sub = NULL; /* the git directory of the submodule that was found last */
    struct stat first = {0};
    struct stat st = {0};

    if (stat(dir, &first) < 0) {
        return found;
    }
    for (st = first; st.st_dev == first.st_dev;) {
        const char *git = git_dir_of(a, dir);

        if (git != NULL && !is_of_user(a, dir, uid, first.st_uid)) {
            return found;
        }
        if (git != NULL && (sub == NULL || path_is_inside(sub, path_join(a, git, "modules")))) {
            found.nearest = found.nearest != NULL ? found.nearest : dir;
            found.top = dir;
            sub = git;
            if (led_to(a, dir, path_join(a, dir, ".git")) == NULL) {
                return found; /* only the git directory of a submodule is in another one */
            }
        }
        if (strcmp(dir, "/") == 0) {
            return found;
        }
        dir = path_dir(a, dir);
        if (stat(dir, &st) < 0) {
            return found;
        }
    }
    return found;
}

static bool is_recorded(struct arena *a, const char *state_dir, const char *top)
{
    struct trust_record ignored = {0};

    return trust_record_read(state_dir, TRUST_REPOSITORIES, top, a, &ignored);
}

bool git_top_is_own(struct arena *a, const char *state_dir, const struct ledger *trees,
                    const char *top)
{
    return lookup_is_safe(a, trees, top) || is_recorded(a, state_dir, top);
}

int git_top_record(const char *state_dir, const char *top, struct err *e)
{
    struct arena a = {0};
    int rc = 0;

    if (!is_recorded(&a, state_dir, top)) {
        rc = trust_record_write(state_dir, TRUST_REPOSITORIES,
                                &(struct trust_record){.key = top}, e);
    }
    arena_release(&a);
    return rc;
}

/* Returns what distinguishes the directory from another one of the same path, in the arena. */
static const char *id_text(struct arena *a, const struct tree_id *id)
{
    return arena_printf(a, "%llu %llu", (unsigned long long)id->inode,
                        (unsigned long long)id->born_ns);
}

static bool is_part(struct arena *a, const char *state_dir, const char *dir,
                    const struct tree_id *id, const char *top)
{
    struct trust_record r = {0};
    const char *of;
    const char *known;

    if (!trust_record_read(state_dir, TRUST_PARTS, dir, a, &r)) {
        return false;
    }
    of = trust_record_get(&r, "of");
    known = trust_record_get(&r, "id");
    return of != NULL && strcmp(of, top) == 0 && known != NULL &&
           strcmp(known, id_text(a, id)) == 0;
}

const char *git_top_limit(struct arena *a, const char *state_dir, const struct ledger *trees,
                          const char *dir, const char *top)
{
    for (; strcmp(dir, top) != 0 && path_is_inside(dir, top); dir = path_dir(a, dir)) {
        struct tree_id id = {0};

        if (tree_id_at(AT_FDCWD, dir, &id) < 0) {
            return dir;
        }
        if ((ledger_find(trees, dir, &id) != NULL || is_recorded(a, state_dir, dir)) &&
            !is_part(a, state_dir, dir, &id, top)) {
            return dir;
        }
    }
    return NULL;
}

void git_top_parts(struct arena *a, const char *state_dir, const struct ledger *trees,
                   uint64_t uid, const char *top, struct strv *parts)
{
    size_t count = 0;
    const struct trust_record *all =
        trust_record_list(state_dir, TRUST_REPOSITORIES, a, &count);

    for (size_t i = 0; i < trees->count + count; i++) {
        const char *dir = i < trees->count ? trees->trees[i].path : all[i - trees->count].key;
        const char *limit;
        const char *own;

        if (!path_is_inside(dir, top) || strv_has(parts, dir)) {
            continue;
        }
        limit = git_top_limit(a, state_dir, trees, dir, top);
        own = limit != NULL && strcmp(limit, dir) == 0 ? git_top_find(a, dir, uid).top : NULL;
        if (own != NULL && strcmp(own, top) == 0) { /* not one with a repository of its own */
            strv_add(parts, a, dir);
        }
    }
}

int git_top_accept(const char *state_dir, const struct strv *parts, const char *top,
                   struct err *e)
{
    struct arena a = {0};
    int rc = git_top_record(state_dir, top, e);

    for (size_t i = 0; rc == 0 && i < parts->count; i++) {
        struct tree_id id = {0};

        if (tree_id_at(AT_FDCWD, parts->v[i], &id) < 0) {
            rc = err_sys(e, "%s", parts->v[i]);
            break;
        }
        rc = trust_record_write(
            state_dir, TRUST_PARTS,
            &(struct trust_record){
                .key = parts->v[i],
                .fields = (const struct trust_field[]){{"of", top}, {"id", id_text(&a, &id)}},
                .count = 2},
            e);
    }
    arena_release(&a);
    return rc;
}

int git_top_forget_parts(const char *state_dir, const char *top, struct err *e)
{
    struct arena a = {0};
    size_t count = 0;
    const struct trust_record *all = trust_record_list(state_dir, TRUST_PARTS, &a, &count);
    int forgotten = 0;

    for (size_t i = 0; i < count && forgotten >= 0; i++) {
        const char *of = trust_record_get(&all[i], "of");

        if (of != NULL && strcmp(of, top) == 0) {
            forgotten = trust_record_remove(state_dir, TRUST_PARTS, all[i].key, e) < 0
                            ? -1
                            : forgotten + 1;
        }
    }
    arena_release(&a);
    return forgotten;
}

int git_top_record_own(const char *state_dir, uint64_t uid, const struct strv *dirs,
                       struct err *e)
{
    struct arena a = {0};
    struct ledger trees = {0};
    int rc = ledger_read(state_dir, &a, &trees, e);

    for (size_t i = 0; rc == 0 && i < dirs->count; i++) {
        const char *top = git_top_find(&a, dirs->v[i], uid).nearest;

        if (top != NULL && strcmp(top, dirs->v[i]) == 0 && lookup_is_safe(&a, &trees, top)) {
            rc = git_top_record(state_dir, top, e);
        }
    }
    arena_release(&a);
    return rc;
}
