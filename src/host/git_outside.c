/* SPDX-License-Identifier: MIT */
#include "host/git_outside.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/list.h"
#include "base/path.h"
#include "host/git_top.h"
#include "plan/plan.h"
#include "trust/lookup.h"
#include "trust/obeyed.h"

#include <string.h>
#include <sys/stat.h>

enum {
    ALTERNATES_MAX = 64 << 10, /* bytes of a file */
    LINES_OF_FILE = 64,        /* count of the lines of a file that are looked up */
    LINES_MAX = 256,           /* of those of all files together */
    REFUSALS_MAX = 4           /* count of the lines about what the sandbox does not get */
};

struct finder {
    const struct facts *f;
    const char *dir;
    const char *common;
    struct arena *a;
    struct git_outside *out;
    struct trust_items *t;
    struct missing *missing;
    size_t lines, refusals; /* how many there were */
};

/* Returns true if the session gets the path without being asked. */
static bool is_there(const struct finder *w, const char *path)
{
    return path_is_inside(path, w->dir) ||
           (w->common != NULL && path_is_inside(path, w->common));
}

static bool is_found(const struct finder *w, const char *path)
{
    for (size_t i = 0; i < w->out->count; i++) {
        if (path_is_inside(path, w->out->v[i].path)) {
            return true;
        }
    }
    return false;
}

/* Returns true if the directory has the entries by which it is a git directory, or one of
 * objects: an agent, which cannot make them outside of its project, can name no other. */
static bool is_of_git(const struct finder *w, const char *dir, bool git_dir)
{
    return git_dir ? file_exists(path_join(w->a, dir, "HEAD")) &&
                         file_is_dir(path_join(w->a, dir, "objects")) &&
                         file_is_dir(path_join(w->a, dir, "refs"))
                   : file_is_dir(path_join(w->a, dir, "info")) &&
                         file_is_dir(path_join(w->a, dir, "pack"));
}

static void refuse(struct finder *w, const char *path, const char *why)
{
    if (w->missing != NULL && w->refusals++ < REFUSALS_MAX) {
        missing_add(w->missing, w->a, arena_printf(w->a, "git-outside %s", path),
                    arena_printf(w->a, "git needs %s, which is missing inside: %s", path, why));
    }
}

/* Adds the directory that the file `named_by` of the project names. Returns its physical path,
 * or NULL if the session cannot get it. */
static const char *add(struct finder *w, const char *path, const char *named_by, bool writable)
{
    const struct lookup l = lookup_path(w->a, NULL, path, LOOKUP_NAMED);
    const char *why;

    if (l.physical == NULL || !S_ISDIR(l.id.mode)) {
        return NULL; /* git fails outside as well */
    }
    if (is_there(w, l.physical) || is_found(w, l.physical)) {
        return l.physical;
    }
    if (w->out->count == GIT_OUTSIDE_MAX) {
        why = "there are too many";
    } else if (!is_of_git(w, l.physical, writable)) {
        why = writable ? "it is not a git directory" : "it is not a directory of git objects";
    } else {
        why = project_refusal(w->f, l.physical, w->a);
    }
    if (why != NULL) {
        refuse(w, l.physical, why);
        return NULL;
    }
    trust_items_add(w->t,
                    &(struct trust_found){.file = named_by,
                                          .part = TRUST_GIT,
                                          .name = str_c(writable ? "git directory" : "objects"),
                                          .content = str_c(l.physical)},
                    writable ? "git works in the separate git directory %s, which the sandbox "
                               "can then change"
                             : "git reads the objects of another repository: %s",
                    l.physical);
    w->out->v = list_grow(w->a, w->out->v, w->out->count, &w->out->cap, sizeof(w->out->v[0]));
    w->out->v[w->out->count++] = (struct git_outside_dir){
        .path = l.physical,
        .id = arena_printf(w->a, "%llu:%llu", (unsigned long long)l.id.device,
                           (unsigned long long)l.id.inode),
        .writable = writable,
    };
    return l.physical;
}

/* Adds the alternates of one directory of objects, and appends those that the session gets to
 * `next`. */
static void add_alternates(struct finder *w, const char *objects, struct strv *next)
{
    const char *file = path_join(w->a, objects, "info/alternates");
    const char *shown = path_is_inside(file, w->dir) ? file + strlen(w->dir) + 1 : file;
    struct err ignored = {0};
    struct str rest;
    struct str line = {0};
    struct buf text;

    buf_init(&text, ALTERNATES_MAX);
    if (obeyed_read(file, NULL, &text, &ignored) == 0) {
        rest = buf_str(&text);
        for (size_t i = 0; rest.len > 0 && i < LINES_OF_FILE && w->lines < LINES_MAX; i++) {
            const char *path;

            (void)str_cut(&rest, '\n', &line);
            if (line.len == 0 || line.p[0] == '#' || line.p[0] == '"' ||
                memchr(line.p, '\0', line.len) != NULL) {
                continue;
            }
            w->lines++;
            path = add(w, path_join(w->a, objects, arena_str(w->a, line)), shown, false);
            if (path != NULL) {
                strv_add(next, w->a, path);
            }
        }
    }
    buf_release(&text);
}

void git_outside_find(const struct facts *f, const char *dir, const char *common,
                      struct git_outside *out, struct trust_items *t, struct missing *missing)
{
    struct arena *a = t->a;
    struct finder w = {f, dir, common, a, out, t, missing, 0, 0};
    const char *git = common != NULL ? common : git_top_dir(a, dir);
    struct strv level = {0};

    if (git == NULL || !file_is_dir(path_join(a, git, "objects"))) {
        return;
    }
    if (add(&w, git, ".git", true) == NULL) {
        return;
    }
    strv_add(&level, a, path_join(a, git, "objects"));
    for (int depth = 0; depth < GIT_OUTSIDE_DEPTH && level.count <= GIT_OUTSIDE_MAX; depth++) {
        struct strv next = {0};

        for (size_t i = 0; i < level.count; i++) {
            add_alternates(&w, level.v[i], &next);
        }
        level = next;
    }
}
