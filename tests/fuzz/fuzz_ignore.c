/* SPDX-License-Identifier: MIT */
/* The input is patterns, a NUL, and paths separated by NULs. The result for a path must be that
 * of the last pattern that matches it, if each pattern is parsed on its own. */
#include "fuzz.h"

#include "sync/ignore.h"

#include <stdlib.h>

enum { LINES_MAX = 64, PATHS_MAX = 16 };

struct lines {
    struct ignore v[LINES_MAX];
    size_t count;
};

static void parse_each(struct str text, bool nocase, struct lines *l, struct arena *a)
{
    if (str_starts(text, "\xef\xbb\xbf")) {
        text = str_drop(text, 3);
    }
    while (text.len > 0 && l->count < LINES_MAX) {
        struct str line = {0};

        (void)str_cut(&text, '\n', &line);
        ignore_parse(&l->v[l->count], line, nocase, a);
        if (l->v[l->count].count > 1) {
            abort();
        }
        l->count++;
    }
}

static enum ignore_verdict ask_each(const struct lines *l, struct str path, bool is_dir)
{
    for (size_t i = l->count; i-- > 0;) {
        enum ignore_verdict v = ignore_ask(&l->v[i], path, is_dir);

        if (v != IGNORE_SILENT) {
            return v;
        }
    }
    return IGNORE_SILENT;
}

static void ask_all(struct str text, struct str paths, bool nocase, struct buf *out)
{
    static struct lines lines;
    struct arena a = {0};
    struct ignore ig;

    lines = (struct lines){0};
    parse_each(text, nocase, &lines, &a);
    ignore_parse(&ig, text, nocase, &a);
    for (size_t i = 0; i < PATHS_MAX && paths.len > 0; i++) {
        struct str path = {0};

        (void)str_cut(&paths, '\0', &path);
        for (int is_dir = 0; is_dir < 2; is_dir++) {
            enum ignore_verdict v = ignore_ask(&ig, path, is_dir != 0);

            if (v != ask_each(&lines, path, is_dir != 0)) {
                abort();
            }
            (void)buf_addf(out, "%d", (int)v);
        }
    }
    arena_release(&a);
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct str paths = in;
    struct str text = {0};
    size_t lines = 0;

    (void)step;
    (void)str_cut(&paths, '\0', &text);
    for (size_t i = 0; i < text.len; i++) {
        lines += text.p[i] == '\n' ? 1 : 0;
    }
    /* A byte order mark is skipped only at the beginning of a file. Each line is a file here,
     * so inputs with a mark in other places are not used. */
    if (lines + 1 < LINES_MAX && !str_contains(text, "\n\xef\xbb\xbf") &&
        !str_starts(text, "\xef\xbb\xbf\xef\xbb\xbf")) {
        ask_all(text, paths, false, out);
        ask_all(text, paths, true, out);
    }
}
