/* SPDX-License-Identifier: MIT */
#include "host/audit_dirs.h"

#include "base/list.h"

#include <stdlib.h>
#include <string.h>

void audit_note_dir(struct audit_walk *w, const char *name)
{
    struct audit *out = w->out;
    const size_t before = w->shown.len;

    if (out->dir_count == AUDIT_DIRS_MAX || !audit_path_push(&w->shown, name)) {
        out->dirs_cut = true;
        return;
    }
    out->dirs = list_grow(w->a, out->dirs, out->dir_count, &w->dir_cap, sizeof(out->dirs[0]));
    out->dirs[out->dir_count++] = hash_fnv1a(str_n(w->shown.text, w->shown.len));
    audit_path_pop(&w->shown, before);
}

static int by_hash(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;

    return (*x > *y) - (*x < *y);
}

void audit_finish_dirs(struct audit_walk *w)
{
    if (w->out->dir_count > 0) {
        qsort(w->out->dirs, w->out->dir_count, sizeof(w->out->dirs[0]), by_hash);
    }
}

bool audit_dir_is_new(const struct audit *before, const char *path)
{
    const char *slash = strrchr(path, '/');
    uint64_t hash;

    if (slash == NULL || before->dirs_cut || before->overflow != NULL) {
        return false;
    }
    hash =
        hash_fnv1a(str_n(path, (size_t)(slash - path) + 1)); /* paths of a walk end with '/' */
    return before->dir_count == 0 || bsearch(&hash, before->dirs, before->dir_count,
                                             sizeof(before->dirs[0]), by_hash) == NULL;
}
