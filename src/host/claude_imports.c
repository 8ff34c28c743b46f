/* SPDX-License-Identifier: MIT */
#include "host/claude_imports.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/path.h"
#include "host/claude_rules.h"
#include "host/look.h"
#include "plan/untrusted.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORDS = 512 };

/* A file whose imports are looked for. */
struct source {
    struct fact_path file;
    const char *at; /* the path of a sandbox */
    unsigned depth;
};

struct reader {
    struct arena *a;
    struct facts *f;
    struct source *sources;
    size_t count, cap;
    size_t import_cap;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Returns how many times the text begins with c. */
static size_t run_of(struct str s, char c)
{
    size_t n = 0;

    while (n < s.len && s.p[n] == c) {
        n++;
    }
    return n;
}

/* Takes the path behind an "@" from the text and adds it. */
static struct str take_path(struct str rest, struct arena *a, struct strv *out)
{
    char path[LIMIT_PATH];
    size_t len = 0;
    bool cut = false;

    while (rest.len > 0 && !is_blank(rest.p[0])) {
        if (rest.p[0] == '\\' && rest.len > 1 && rest.p[1] == ' ') {
            rest = str_drop(rest, 1);
        }
        cut = cut || rest.p[0] == '#' || rest.p[0] == '\0';
        if (!cut && len + 1 < sizeof(path)) {
            path[len++] = rest.p[0];
        }
        rest = str_drop(rest, 1);
    }
    if (len > 0 && out->count < WORDS) {
        strv_add(out, a, arena_str(a, str_n(path, len)));
    }
    return rest;
}

/* Adds the imports of a line that is not in a block of code. */
static void take_line(struct str line, struct arena *a, struct strv *out)
{
    bool at_start = true; /* a word can begin here */

    while (line.len > 0) {
        const char c = line.p[0];

        if (c == '`') {
            const size_t ticks = run_of(line, '`');
            struct str end = str_drop(line, ticks);

            while (end.len > 0 && run_of(end, '`') != ticks) {
                const size_t other = run_of(end, '`');

                end = str_drop(end, other > 0 ? other : 1);
            }
            /* Ticks without an end are ordinary characters. */
            line = str_drop(end.len > 0 ? end : line, ticks);
            at_start = false;
        } else if (c == '@' && at_start) {
            line = take_path(str_drop(line, 1), a, out);
        } else {
            at_start = is_blank(c);
            line = str_drop(line, 1);
        }
    }
}

void claude_imports_in(struct str text, struct arena *a, struct strv *out)
{
    struct str line = {0};
    size_t fence = 0; /* the length of the line that began a block of code; 0: not in one */
    char mark = '\0';

    while (text.len > 0) {
        struct str rest;
        size_t len;

        (void)str_cut(&text, '\n', &line);
        rest = str_trim(line);
        len = rest.len > 0 && (rest.p[0] == '`' || rest.p[0] == '~') ? run_of(rest, rest.p[0])
                                                                     : 0;
        if (fence > 0) {
            if (len >= fence && rest.p[0] == mark && len == rest.len) {
                fence = 0;
            }
        } else if (len >= 3 && str_index(str_drop(rest, len), '`') == rest.len - len) {
            fence = len;
            mark = rest.p[0];
        } else {
            take_line(line, a, out);
        }
    }
}

static void add_source(struct reader *r, struct source s)
{
    r->sources = list_grow(r->a, r->sources, r->count, &r->cap, sizeof(r->sources[0]));
    r->sources[r->count++] = s;
}

static bool is_known(const struct reader *r, const char *at)
{
    for (size_t i = 0; i < r->count; i++) {
        if (strcmp(r->sources[i].at, at) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < r->f->claude_import_count; i++) {
        if (strcmp(r->f->claude_imports[i].at, at) == 0) {
            return true;
        }
    }
    return false;
}

/* Looks up a file that can be imported. Returns false if there is none. */
static bool look(struct reader *r, const char *path, struct fact_path *out)
{
    struct stat st;

    if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > LIMIT_FILE_SMALL ||
        access(path, R_OK) < 0) {
        return false;
    }
    *out = look_obeyed(r->a, r->f, path);
    return out->type == FACT_FILE;
}

/* Adds the file that `word` names in the file *s. */
static void take_import(struct reader *r, const struct source *s, const char *word)
{
    struct facts *f = r->f;
    const char *claude = path_join(r->a, f->home, ".claude");
    const char *at = path_named(r->a, f->home, path_dir(r->a, s->at), word);
    const char *own = at;
    struct fact_path found;

    if (at == NULL || is_known(r, at) || f->claude_import_count == CLAUDE_IMPORTS_MAX) {
        return;
    }
    if (path_is_inside(at, claude) && at[strlen(claude)] == '/') {
        own = path_join(r->a, f->claude_dir, at + strlen(claude) + 1);
    }
    /* A file to which a link leads imports files that are beside the link, or beside itself. */
    if (!look(r, own, &found) &&
        !look(r, path_named(r->a, f->home, path_dir(r->a, s->file.physical), word), &found)) {
        return;
    }
    f->claude_imports = list_grow(r->a, f->claude_imports, f->claude_import_count,
                                  &r->import_cap, sizeof(f->claude_imports[0]));
    f->claude_imports[f->claude_import_count++] =
        (struct fact_claude_link){.found = found, .at = at};
    if (s->depth + 1 < CLAUDE_IMPORTS_DEPTH && untrusted_why(f, found.path) == NULL) {
        add_source(r, (struct source){found, at, s->depth + 1});
    }
}

static void read_source(struct reader *r, struct source s)
{
    struct strv words = {0};
    struct buf text;

    buf_init(&text, LIMIT_FILE_SMALL);
    if (look_read(r->f, &s.file, &text)) {
        claude_imports_in(buf_str(&text), r->a, &words);
    }
    buf_release(&text);
    for (size_t i = 0; i < words.count; i++) {
        take_import(r, &s, words.v[i]);
    }
}

void claude_imports_probe(struct arena *a, struct facts *f)
{
    struct reader r = {.a = a, .f = f};
    const struct fact_path rules = look_claude(a, f, "rules");
    struct strv files = {0};

    add_source(&r, (struct source){look_claude(a, f, "CLAUDE.md"),
                                   path_join(a, f->home, ".claude/CLAUDE.md"), 0});
    if (rules.type == FACT_DIR) {
        claude_rules_find(a, rules.physical, &files);
    }
    for (size_t i = 0; i < files.count; i++) {
        const char *path = files.v[i];

        add_source(&r, (struct source){{path, path, FACT_FILE},
                                       arena_printf(a, "%s/.claude/rules%s", f->home,
                                                    path + strlen(rules.physical)),
                                       0});
    }
    for (size_t i = 0; i < r.count; i++) {
        read_source(&r, r.sources[i]);
    }
}
