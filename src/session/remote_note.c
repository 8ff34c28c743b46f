/* SPDX-License-Identifier: MIT */
/* Encodes and decodes the note of a session's trees. It is a sequence of strings, each followed
 * by a NUL: NOTE_MAGIC, then the members of struct remote_files, then the trees, then "end". A
 * tree is "tree", its id, its local path, its remote path, and four letters for its flags
 * ("pfgm" for push, pull (fetch), git, memory; "-" for a flag that is false). For each hidden
 * path, "hide" and the path follow. */
#include "session/remote_files.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/path.h"

#include <string.h>

#define NOTE_NAME "remote-note"
#define NOTE_MAGIC "ccoremote1"

static void put(struct buf *out, const char *s)
{
    (void)buf_add(out, s, strlen(s) + 1); /* the caller checks for overflow */
}

static void put_number(struct buf *out, uint64_t n)
{
    (void)buf_addf(out, "%llu", (unsigned long long)n);
    (void)buf_add_byte(out, '\0');
}

void remote_note_encode(const struct remote_files *t, struct buf *out)
{
    put(out, NOTE_MAGIC);
    put(out, t->project);
    put(out, t->volume);
    put(out, t->base_dir);
    put(out, t->home);
    put_number(out, t->uid);
    put_number(out, t->gid);
    for (size_t i = 0; i < t->count; i++) {
        const struct remote_tree *tree = &t->trees[i];
        const char letters[] = {tree->push ? 'p' : '-', tree->pull ? 'f' : '-',
                                tree->git ? 'g' : '-', tree->memory ? 'm' : '-', '\0'};

        put(out, "tree");
        put(out, tree->id);
        put(out, tree->local_path);
        put(out, tree->remote_path);
        put(out, letters);
        for (size_t k = 0; k < tree->hidden.count; k++) {
            put(out, "hide");
            put(out, tree->hidden.v[k]);
        }
    }
    put(out, "end");
}

/* Takes the next string; NULL if there is none. */
static const char *take(struct str *in, struct arena *a)
{
    size_t len = str_index(*in, '\0');
    const char *s;

    if (len == in->len) {
        return NULL;
    }
    s = arena_str(a, str_n(in->p, len));
    *in = str_drop(*in, len + 1);
    return s;
}

static bool take_number(struct str *in, struct arena *a, uint64_t *n)
{
    const char *s = take(in, a);

    return s != NULL && str_u64(str_c(s), 10, UINT32_MAX, n);
}

static bool take_tree(struct str *in, struct arena *a, struct remote_files *t)
{
    struct remote_tree tree = {.id = take(in, a)};
    const char *letters;

    tree.local_path = take(in, a);
    tree.remote_path = take(in, a);
    letters = take(in, a);
    if (letters == NULL || strlen(letters) != 4 || tree.local_path[0] != '/' ||
        tree.remote_path[0] != '/') {
        return false;
    }
    tree.push = letters[0] == 'p';
    tree.pull = letters[1] == 'f';
    tree.git = letters[2] == 'g';
    tree.memory = letters[3] == 'm';
    t->trees = list_grow(a, t->trees, t->count, &t->cap, sizeof(t->trees[0]));
    t->trees[t->count++] = tree;
    return true;
}

/* Returns whether the note is complete. */
static bool take_trees(struct str *in, struct arena *a, struct remote_files *t)
{
    const char *word;

    while ((word = take(in, a)) != NULL) {
        if (strcmp(word, "end") == 0) {
            return in->len == 0;
        }
        if (strcmp(word, "tree") == 0) {
            if (!take_tree(in, a, t)) {
                return false;
            }
            continue;
        }
        word = strcmp(word, "hide") == 0 && t->count > 0 ? take(in, a) : NULL;
        if (word == NULL) {
            return false;
        }
        strv_add(&t->trees[t->count - 1].hidden, a, word);
    }
    return false;
}

int remote_note_decode(struct str text, struct arena *a, struct remote_files *t, struct err *e)
{
    const char *magic = take(&text, a);

    *t = (struct remote_files){.project = take(&text, a)};
    t->volume = take(&text, a);
    t->base_dir = take(&text, a);
    t->home = take(&text, a);
    if (magic == NULL || strcmp(magic, NOTE_MAGIC) != 0 || t->home == NULL ||
        !take_number(&text, a, &t->uid) || !take_number(&text, a, &t->gid) ||
        !take_trees(&text, a, t)) {
        return err_set(e, ERR_FORMAT, "the note of the files to fetch is broken");
    }
    return 0;
}

int remote_note_write(const struct remote_files *t, const char *dir, struct err *e)
{
    struct arena a = {0};
    struct buf text;
    int rc;

    buf_init(&text, LIMIT_FILE_SMALL);
    remote_note_encode(t, &text);
    rc = text.overflowed
             ? err_set(e, ERR_LIMIT, "too many directories to send")
             : file_write_new(path_join(&a, dir, NOTE_NAME), buf_str(&text), 0600, e);
    buf_release(&text);
    arena_release(&a);
    return rc;
}

int remote_note_read(const char *dir, struct arena *a, struct remote_files *t, struct err *e)
{
    const char *path = path_join(a, dir, NOTE_NAME);
    struct buf text;
    int rc;

    if (!file_exists(path)) {
        return 0;
    }
    buf_init(&text, LIMIT_FILE_SMALL);
    rc = file_read(path, &text, e) < 0 || remote_note_decode(buf_str(&text), a, t, e) < 0 ? -1
                                                                                          : 1;
    buf_release(&text);
    return rc;
}
