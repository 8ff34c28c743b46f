/* SPDX-License-Identifier: MIT */
#include "sync/ignore.h"

#include "base/limits.h"
#include "sync/ignore_glob.h"

#include <string.h>

enum { IGNORE_ANY = 256, ROWS = IGNORE_ANY + 1 };

struct ignore_rule {
    struct ignore_glob glob;
    /* For a pattern "*SUFFIX", which is the most common pattern with a star: `glob` is not used
     * then. Otherwise p is NULL. */
    struct str suffix;
    bool negative; /* "!pattern" */
    bool dir_only; /* "pattern/" */
    bool by_name;  /* without a slash: matches the name of a path in any directory */
};

/* Removes the blanks at the end, except a blank after a backslash. Tabs are not removed. */
static struct str without_blanks(struct str s)
{
    size_t end = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] == '\\') {
            i++;
            end = i < s.len ? i + 1 : s.len;
        } else if (s.p[i] != ' ') {
            end = i + 1;
        }
    }
    return str_n(s.p, end);
}

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (strchr("*?[\\", s.p[i]) != NULL) { /* parse_line() has cut s at a NUL */
            return false;
        }
    }
    return true;
}

static struct str fold(struct str s, bool nocase, struct arena *a)
{
    char *copy = arena_str(a, s);

    for (size_t i = 0; nocase && i < s.len; i++) {
        copy[i] = (char)ignore_glob_fold((unsigned char)copy[i]);
    }
    return str_n(copy, s.len);
}

/* Parses a line, without its newline. Returns false if it contains no valid pattern. */
static bool parse_line(struct ignore_rule *r, struct str line, bool nocase, struct arena *a)
{
    unsigned flags = nocase ? IGNORE_GLOB_NOCASE : 0;

    if (line.len == 0 || line.p[0] == '#') {
        return false;
    }
    line.len = str_index(line, '\0');
    line = without_blanks(line);
    *r = (struct ignore_rule){.negative = str_starts(line, "!")};
    line = str_drop(line, r->negative ? 1 : 0);
    r->dir_only = str_ends(line, "/");
    line.len -= r->dir_only ? 1 : 0;
    r->by_name = str_index(line, '/') == line.len;
    if (str_starts(line, "/")) {
        line = str_drop(line, 1);
    }
    if (line.len == 0) {
        return false;
    }
    if (r->by_name && line.p[0] == '*' && is_plain(str_drop(line, 1))) {
        r->suffix = fold(str_drop(line, 1), nocase, a);
        return true;
    }
    r->glob = ignore_glob_compile(line, flags | (r->by_name ? 0 : IGNORE_GLOB_PATH), a);
    return !r->glob.never;
}

/* Returns the row of the index for a rule; see struct ignore. */
static size_t row_of(const struct ignore_rule *r)
{
    int last;

    if (r->suffix.p != NULL) {
        last = r->suffix.len > 0 ? (unsigned char)r->suffix.p[r->suffix.len - 1] : -1;
    } else {
        last = ignore_glob_last(&r->glob);
    }
    return last >= 0 ? (size_t)last : IGNORE_ANY;
}

/* Makes the index of the rules by a counting sort. In each row, later rules come first. */
static void sort_rows(struct ignore *ig, struct arena *a)
{
    ig->starts = arena_array(a, ROWS + 1, sizeof(ig->starts[0]));
    ig->order = arena_array(a, ig->count, sizeof(ig->order[0]));
    for (size_t i = 0; i < ig->count; i++) {
        ig->starts[row_of(&ig->rules[i])]++;
    }
    for (size_t row = 1; row <= ROWS; row++) {
        ig->starts[row] += ig->starts[row - 1];
    }
    /* starts[row] is the end of the row here. Each rule moves it down by one. */
    for (uint32_t i = 0; i < ig->count; i++) {
        ig->order[--ig->starts[row_of(&ig->rules[i])]] = i;
    }
}

void ignore_parse(struct ignore *ig, struct str text, bool nocase, struct arena *a)
{
    size_t lines = 1;

    *ig = (struct ignore){.nocase = nocase};
    if (str_starts(text, "\xef\xbb\xbf")) {
        text = str_drop(text, 3);
    }
    for (size_t i = 0; i < text.len; i++) {
        lines += text.p[i] == '\n' ? 1 : 0;
    }
    lines = lines < LIMIT_IGNORE_RULES ? lines : LIMIT_IGNORE_RULES;
    ig->rules = arena_array(a, lines, sizeof(ig->rules[0]));
    while (text.len > 0 && ig->count < lines) {
        struct str line = {0};

        (void)str_cut(&text, '\n', &line);
        line.len -= str_ends(line, "\r") ? 1 : 0;
        ig->count += parse_line(&ig->rules[ig->count], line, nocase, a) ? 1 : 0;
    }
    if (ig->count > 0) {
        sort_rows(ig, a);
    }
}

static bool ends_with(struct str name, struct str suffix, bool nocase)
{
    size_t skip;

    if (name.len < suffix.len) {
        return false;
    }
    skip = name.len - suffix.len;
    for (size_t i = 0; i < suffix.len; i++) {
        unsigned char c = (unsigned char)name.p[skip + i];

        if ((nocase ? ignore_glob_fold(c) : c) != (unsigned char)suffix.p[i]) {
            return false;
        }
    }
    return true;
}

static bool applies(const struct ignore *ig, const struct ignore_rule *r, struct str path,
                    struct str name, bool is_dir)
{
    if (r->dir_only && !is_dir) {
        return false;
    }
    if (r->suffix.p != NULL) {
        return ends_with(name, r->suffix, ig->nocase);
    }
    return ignore_glob_match(&r->glob, r->by_name ? name : path, ig->nocase);
}

enum ignore_verdict ignore_ask(const struct ignore *ig, struct str path, bool is_dir)
{
    struct str name = path;
    unsigned char last;
    uint32_t i, i_end, k, k_end;

    if (ig->count == 0 || path.len == 0) {
        return IGNORE_SILENT;
    }
    while (name.len > 0 && name.p[name.len - 1] != '/') {
        name.len--;
    }
    name = str_drop(path, name.len);
    last = (unsigned char)path.p[path.len - 1];
    last = ig->nocase ? ignore_glob_fold(last) : last;
    i = ig->starts[last];
    i_end = ig->starts[last + 1];
    k = ig->starts[IGNORE_ANY];
    k_end = ig->starts[IGNORE_ANY + 1];
    while (i < i_end || k < k_end) {
        bool first = k == k_end || (i < i_end && ig->order[i] > ig->order[k]);
        const struct ignore_rule *r = &ig->rules[ig->order[first ? i++ : k++]];

        if (applies(ig, r, path, name, is_dir)) {
            return r->negative ? IGNORE_NO : IGNORE_YES;
        }
    }
    return IGNORE_SILENT;
}
