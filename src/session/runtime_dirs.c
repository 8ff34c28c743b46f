/* SPDX-License-Identifier: MIT */
#include "session/runtime_dirs.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "plan/untrusted.h"
#include "trust/obeyed.h"

#include <string.h>

enum { TEXT_MAX = RUNTIME_DIRS_MAX * LIMIT_PATH };

static const char *path_of(const struct facts *f, struct arena *a)
{
    return path_join(a, f->state_dir, "runtime-dirs");
}

/* Returns true if cco may use the state directory. */
static bool has_state(const struct facts *f)
{
    return f->state_dir != NULL && untrusted_why(f, f->state_dir) == NULL;
}

/* Returns the recorded directories, the newest first. */
static struct strv recorded(const struct facts *f, struct arena *a)
{
    struct strv dirs = {0};
    struct str rest = {0};
    struct str line = {0};

    if (has_state(f)) {
        rest = file_text(path_of(f, a), TEXT_MAX, a);
    }
    while (rest.len > 0 && dirs.count < RUNTIME_DIRS_MAX) {
        (void)str_cut(&rest, '\n', &line);
        if (str_starts(line, "/") && memchr(line.p, '\0', line.len) == NULL) {
            strv_add(&dirs, a, arena_str(a, line));
        }
    }
    return dirs;
}

void runtime_dirs_note(const struct facts *f, const char *dir)
{
    struct arena a = {0};
    struct err ignored = {0}; /* the next session tries again */
    struct strv dirs = recorded(f, &a);
    struct buf text;
    size_t count = 1;

    buf_init(&text, TEXT_MAX);
    if (has_state(f) && !strv_has(&dirs, dir) && strchr(dir, '\n') == NULL) {
        (void)buf_addf(&text, "%s\n", dir);
        for (size_t i = 0; i < dirs.count && count < RUNTIME_DIRS_MAX; i++) {
            if (file_is_dir(dirs.v[i])) {
                (void)buf_addf(&text, "%s\n", dirs.v[i]); /* fits: it was read from there */
                count++;
            }
        }
        if (file_mkdirs(f->state_dir, 0700, &ignored) == 0) {
            (void)file_write_atomic(path_of(f, &a), buf_str(&text), 0600, &ignored);
        }
    }
    buf_release(&text);
    arena_release(&a);
}

struct strv runtime_dirs(const struct facts *f, struct arena *a)
{
    struct strv all = {0};
    struct strv others = recorded(f, a);

    strv_add(&all, a, f->runtime_dir);
    for (size_t i = 0; i < others.count; i++) {
        if (!strv_has(&all, others.v[i]) && file_is_dir(others.v[i]) &&
            obeyed_find_unpinned(a, f->trees, others.v[i]).why == NULL) {
            strv_add(&all, a, others.v[i]);
        }
    }
    return all;
}

int runtime_dirs_list(const struct facts *f, struct arena *a, struct session_dir_found **out,
                      size_t *count, struct err *e)
{
    const struct strv dirs = runtime_dirs(f, a);
    struct err ignored = {0};
    size_t cap = 0;

    *out = NULL;
    *count = 0;
    for (size_t i = 0; i < dirs.count; i++) {
        struct session_dir_found *some = NULL;
        size_t n = 0;

        if (session_dir_list(dirs.v[i], a, &some, &n, i == 0 ? e : &ignored) < 0 && i == 0) {
            return -1;
        }
        for (size_t k = 0; k < n; k++) {
            *out = list_grow(a, *out, *count, &cap, sizeof(**out));
            (*out)[(*count)++] = some[k];
        }
    }
    return 0;
}
