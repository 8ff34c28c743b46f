/* SPDX-License-Identifier: MIT */
#include "host/named_files.h"

#include "base/limits.h"
#include "base/list.h"
#include "base/path.h"
#include "host/look.h"
#include "host/ssh_public.h"
#include "plan/untrusted.h"

#include <string.h>
#include <unistd.h>

/* Returns true if the file contains a private key or is one of those in which git and other
 * programs keep passwords. */
static bool is_secret(const char *path, struct str text)
{
    static const char *const names[] = {".git-credentials", "credentials", ".netrc", "_netrc"};
    static const char key[] = "PRIVATE KEY-----";

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(path_base(path), names[i]) == 0) {
            return true;
        }
    }
    return memmem(text.p, text.len, key, sizeof(key) - 1) != NULL;
}

/* Returns true if the content of the file allows that it is brought. */
static bool has_good_content(const struct named_files *n, const struct fact_path *file,
                             enum named_kind kind)
{
    struct buf text;
    bool good;

    buf_init(&text, LIMIT_FILE_SMALL);
    good = look_read(n->f, file, &text) && !is_secret(file->path, buf_str(&text)) &&
           (kind != NAMED_KEY || ssh_public_is_key(file->physical));
    buf_wipe(&text);
    return good;
}

static bool is_known(const struct named_files *n, const char *target)
{
    for (size_t i = 0; i < n->count; i++) {
        if (strcmp(n->sources[i].target, target) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < n->f->brought_count; i++) {
        if (strcmp(n->f->brought[i].target, target) == 0) {
            return true;
        }
    }
    return false;
}

static void add_source(struct named_files *n, const struct named_source *s)
{
    n->sources = list_grow(n->a, n->sources, n->count, &n->cap, sizeof(n->sources[0]));
    n->sources[n->count++] = *s;
}

void named_files_start(struct named_files *n, const struct fact_path *file, const char *target)
{
    if (file->type == FACT_FILE) {
        add_source(n, &(struct named_source){*file, target, 0});
    }
}

const struct fact_brought *named_files_bring(struct named_files *n, const char *path,
                                             const char *target, enum named_kind kind,
                                             const char *why)
{
    struct fact_path file;

    /* The sandbox sees the project itself. */
    if (n->brought == NAMED_FILES_MAX || is_known(n, target) ||
        path_is_inside(path, n->f->project) || access(path, R_OK) < 0) {
        return NULL;
    }
    file = look_obeyed(n->a, n->f, path);
    if (file.type != (kind == NAMED_DIR ? FACT_DIR : FACT_FILE) ||
        (kind != NAMED_DIR && untrusted_why(n->f, path) == NULL &&
         !has_good_content(n, &file, kind))) {
        return NULL;
    }
    n->brought++;
    return look_bring(n->a, n->f, &(struct fact_brought){file, target, why});
}

void named_files_include(struct named_files *n, const struct named_source *by, const char *path,
                         const char *target, const char *why)
{
    const struct fact_brought *b =
        by->depth < n->max_depth ? named_files_bring(n, path, target, NAMED_FILE, why) : NULL;

    if (b != NULL) {
        add_source(n, &(struct named_source){b->file, target, by->depth + 1});
    }
}

bool named_files_next(struct named_files *n, struct named_source *s, struct buf *text)
{
    while (n->next < n->count) {
        *s = n->sources[n->next++];
        buf_reset(text);
        if (look_read(n->f, &s->file, text)) {
            return true;
        }
    }
    return false;
}
