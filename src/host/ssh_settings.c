/* SPDX-License-Identifier: MIT */
#include "host/ssh_settings.h"

#include "base/buf.h"
#include "base/list.h"
#include "base/path.h"
#include "base/str.h"
#include "host/look.h"
#include "host/ssh_public.h"
#include "plan/untrusted.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { WORDS_MAX = 32 };

/* A file of settings that is still to be read. */
struct source {
    struct fact_path file;
    int depth;
};

struct reader {
    struct arena *a;
    struct facts *f;
    const char *dir; /* ~/.ssh */
    struct source *queue;
    size_t count, cap;
    size_t files; /* how many files were added to f->brought */
};

static bool has_private_key(const struct buf *text)
{
    static const char key[] = "PRIVATE KEY-----";

    return memmem(buf_data(text), text->len, key, sizeof(key) - 1) != NULL;
}

static bool is_brought(const struct facts *f, const char *target)
{
    for (size_t i = 0; i < f->brought_count; i++) {
        if (strcmp(f->brought[i].target, target) == 0) {
            return true;
        }
    }
    return false;
}

/* Adds a file to f->brought. `is_key`: only if it contains nothing but public keys. Returns
 * true if it was added now. */
static bool bring(struct reader *r, const char *path, bool is_key, const char *why,
                  struct fact_path *file)
{
    struct buf text;
    bool good;

    if (r->files == SSH_SETTINGS_FILES || access(path, R_OK) < 0 || is_brought(r->f, path) ||
        path_is_inside(path, r->f->project) || strcmp(path, r->f->ssh_config.path) == 0) {
        return false;
    }
    *file = look_obeyed(r->a, r->f, path);
    buf_init(&text, SSH_SETTINGS_MAX);
    good = look_read(r->f, file, &text) && !has_private_key(&text) &&
           (!is_key || ssh_public_is_key(file->physical));
    buf_wipe(&text);
    /* A file that must not be used is named to the user by the plan. */
    if (!good && (file->type != FACT_FILE || untrusted_why(r->f, path) == NULL)) {
        return false;
    }
    r->files++;
    (void)look_bring(r->a, r->f, &(struct fact_brought){*file, path, why});
    return good;
}

/* Does what path_named() does. A value with variables names no path. */
static const char *path_of(const struct reader *r, struct str value, const char *dir)
{
    const char *text = arena_str(r->a, value);

    return strpbrk(text, "%$") != NULL ? NULL : path_named(r->a, r->f->home, dir, text);
}

static void include_file(struct reader *r, const char *path, int depth)
{
    struct source s = {.depth = depth + 1};

    if (depth < SSH_SETTINGS_DEPTH &&
        bring(r, path, false, "ssh's settings, which ~/.ssh/config includes", &s.file)) {
        r->queue = list_grow(r->a, r->queue, r->count, &r->cap, sizeof(s));
        r->queue[r->count++] = s;
    }
}

/* Includes the files of a directory whose names match. ssh reads them in the order of their
 * names. */
static void include_matching(struct reader *r, const char *dir, const char *pattern, int depth)
{
    const struct fact_path where = look_obeyed(r->a, r->f, dir);
    struct strv names = {0};
    const struct dirent *entry;
    DIR *d = where.type == FACT_DIR && untrusted_why(r->f, dir) == NULL
                 ? opendir(where.physical)
                 : NULL;

    while (d != NULL && names.count < SSH_SETTINGS_FILES && (entry = readdir(d)) != NULL) {
        if (fnmatch(pattern, entry->d_name, FNM_PERIOD) == 0) {
            strv_add(&names, r->a, arena_strdup(r->a, entry->d_name));
        }
    }
    if (d != NULL) {
        (void)closedir(d);
    }
    strv_sort(&names);
    for (size_t i = 0; i < names.count; i++) {
        include_file(r, path_join(r->a, dir, names.v[i]), depth);
    }
}

static void include(struct reader *r, struct str value, int depth)
{
    const char *path = path_of(r, value, r->dir);
    const char *dir;

    if (path == NULL) {
        return;
    }
    dir = path_dir(r->a, path);
    if (strpbrk(dir, "*?[") != NULL) {
        return; /* patterns of directories are not followed */
    }
    if (strpbrk(path, "*?[") != NULL) {
        include_matching(r, dir, path_base(path), depth);
    } else {
        include_file(r, path, depth);
    }
}

static void name_keys(struct reader *r, struct str value)
{
    static const char *const endings[] = {"", ".pub", "-cert.pub"};
    const char *path = path_of(r, value, NULL);
    struct fact_path ignored = {0};

    for (size_t i = 0; path != NULL && i < sizeof(endings) / sizeof(endings[0]); i++) {
        (void)bring(r, arena_printf(r->a, "%s%s", path, endings[i]), true,
                    "a public key that ~/.ssh/config names", &ignored);
    }
}

static void name_hosts(struct reader *r, struct str value)
{
    const char *path = path_of(r, value, NULL);
    struct fact_path ignored = {0};

    if (path != NULL) {
        (void)bring(r, path, false, "host keys that ~/.ssh/config names", &ignored);
    }
}

/* Takes the next argument from the front of *line: words are separated by blanks, and may be in
 * double quotes. */
static bool next_word(struct str *line, struct str *word)
{
    struct str rest = str_trim(*line);

    if (rest.len == 0 || rest.p[0] == '#') {
        return false;
    }
    if (rest.p[0] == '"') {
        rest = str_drop(rest, 1);
        (void)str_cut(&rest, '"', word);
    } else {
        size_t len = 0;

        while (len < rest.len && !str_is_blank(rest.p[len])) {
            len++;
        }
        *word = str_n(rest.p, len);
        rest = str_drop(rest, len);
    }
    *line = rest;
    return true;
}

/* Takes the keyword from the front of the line; "=" may follow it. */
static struct str keyword_of(struct str *line)
{
    struct str all = str_trim(*line);
    size_t len = 0;

    while (len < all.len && all.p[len] != '=' && !str_is_blank(all.p[len])) {
        len++;
    }
    *line = str_trim(str_drop(all, len));
    if (line->len > 0 && line->p[0] == '=') {
        *line = str_drop(*line, 1);
    }
    return str_n(all.p, len);
}

static void take_line(struct reader *r, struct str line, int depth)
{
    const struct str keyword = keyword_of(&line);
    const bool includes = str_eq_nocase(keyword, "include");
    const bool hosts = str_eq_nocase(keyword, "userknownhostsfile");
    const bool keys =
        str_eq_nocase(keyword, "identityfile") || str_eq_nocase(keyword, "certificatefile");
    struct str word = {0};

    if (!includes && !hosts && !keys) {
        return;
    }
    for (int n = 0; n < WORDS_MAX && next_word(&line, &word); n++) {
        if (includes) {
            include(r, word, depth);
        } else if (hosts) {
            name_hosts(r, word);
        } else {
            name_keys(r, word);
        }
    }
}

static void read_source(struct reader *r, const struct source *s)
{
    struct buf text;
    struct str rest;

    buf_init(&text, SSH_SETTINGS_MAX);
    if (look_read(r->f, &s->file, &text)) {
        rest = buf_str(&text);
        while (rest.len > 0) {
            struct str line = {0};

            (void)str_cut(&rest, '\n', &line);
            take_line(r, line, s->depth);
        }
    }
    buf_wipe(&text);
}

void ssh_settings_probe(struct arena *a, struct facts *f)
{
    struct reader r = {.a = a, .f = f, .dir = path_join(a, f->home, ".ssh")};

    r.queue = list_grow(a, r.queue, r.count, &r.cap, sizeof(r.queue[0]));
    r.queue[r.count++] = (struct source){.file = f->ssh_config};
    for (size_t i = 0; i < r.count; i++) {
        const struct source s = r.queue[i]; /* reading it can move the queue */

        read_source(&r, &s);
    }
}
