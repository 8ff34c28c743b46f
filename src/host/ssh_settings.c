/* SPDX-License-Identifier: MIT */
#include "host/ssh_settings.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "host/look.h"
#include "host/named_files.h"
#include "plan/untrusted.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <string.h>

enum { WORDS_MAX = 32 };

/* Does what path_named() does. A value with variables names no path. */
static const char *path_of(const struct named_files *r, struct str value, const char *dir)
{
    const char *text = arena_str(r->a, value);

    return strpbrk(text, "%$") != NULL ? NULL : path_named(r->a, r->f->home, dir, text);
}

static void include_file(struct named_files *r, const struct named_source *s, const char *path)
{
    named_files_include(r, s, path, path, "ssh's settings, which ~/.ssh/config includes");
}

/* Includes the files of a directory whose names match. ssh reads them in the order of their
 * names. */
static void include_matching(struct named_files *r, const struct named_source *s,
                             const char *dir, const char *pattern)
{
    const struct fact_path where = look_obeyed(r->a, r->f, dir);
    struct strv names = {0};
    const struct dirent *entry;
    DIR *d = where.type == FACT_DIR && untrusted_why(r->f, dir) == NULL
                 ? opendir(where.physical)
                 : NULL;

    while (d != NULL && names.count < NAMED_FILES_MAX && (entry = readdir(d)) != NULL) {
        if (fnmatch(pattern, entry->d_name, FNM_PERIOD) == 0) {
            strv_add(&names, r->a, arena_strdup(r->a, entry->d_name));
        }
    }
    if (d != NULL) {
        (void)closedir(d);
    }
    strv_sort(&names);
    for (size_t i = 0; i < names.count; i++) {
        include_file(r, s, path_join(r->a, dir, names.v[i]));
    }
}

static void include(struct named_files *r, const struct named_source *s, struct str value)
{
    const char *path = path_of(r, value, path_join(r->a, r->f->home, ".ssh"));
    const char *dir;

    if (path == NULL) {
        return;
    }
    dir = path_dir(r->a, path);
    if (strpbrk(dir, "*?[") != NULL) {
        return; /* patterns of directories are not followed */
    }
    if (strpbrk(path, "*?[") != NULL) {
        include_matching(r, s, dir, path_base(path));
    } else {
        include_file(r, s, path);
    }
}

static void name_keys(struct named_files *r, struct str value)
{
    static const char *const endings[] = {"", ".pub", "-cert.pub"};
    const char *path = path_of(r, value, NULL);

    for (size_t i = 0; path != NULL && i < sizeof(endings) / sizeof(endings[0]); i++) {
        const char *key = arena_printf(r->a, "%s%s", path, endings[i]);

        (void)named_files_bring(r, key, key, NAMED_KEY,
                                "a public key that ~/.ssh/config names");
    }
}

static void name_hosts(struct named_files *r, struct str value)
{
    const char *path = path_of(r, value, NULL);

    if (path != NULL) {
        (void)named_files_bring(r, path, path, NAMED_FILE,
                                "host keys that ~/.ssh/config names");
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

static void take_line(struct named_files *r, const struct named_source *s, struct str line)
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
            include(r, s, word);
        } else if (hosts) {
            name_hosts(r, word);
        } else {
            name_keys(r, word);
        }
    }
}

void ssh_settings_probe(struct arena *a, struct facts *f)
{
    struct named_files r = {.a = a, .f = f, .max_depth = SSH_SETTINGS_DEPTH};
    struct named_source s;
    struct buf text;

    named_files_start(&r, &f->ssh_config, path_join(a, f->home, ".ssh/config"));
    buf_init(&text, LIMIT_FILE_SMALL);
    while (named_files_next(&r, &s, &text)) {
        struct str rest = buf_str(&text);
        struct str line = {0};

        while (rest.len > 0) {
            (void)str_cut(&rest, '\n', &line);
            take_line(&r, &s, line);
        }
    }
    buf_wipe(&text);
}
