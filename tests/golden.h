/* SPDX-License-Identifier: MIT */
/* Golden files of plans below tests/plan. The plan of a base case is kept whole; each other
 * case keeps only the lines in which it differs from its base case, so that a new mount changes
 * a handful of files and not all of them. With CCO_UPDATE_GOLDEN set, the files are written
 * instead of compared. */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"

enum { GOLDEN_LINES_MAX = 800, GOLDEN_TEXT_MAX = 1 << 16 };

/* The lines of a text; more than GOLDEN_LINES_MAX end the test program. */
static size_t golden_lines(struct str text, struct str *out)
{
    size_t count = 0;

    while (text.len > 0) {
        if (count == GOLDEN_LINES_MAX) {
            abort();
        }
        (void)str_cut(&text, '\n', &out[count++]);
    }
    return count;
}

/* Adds to `out` what turns `base` into `got`, as lines "-REMOVED" and "+ADDED". A line "
 * COMMON" in front of each group shows its place. The edit is a shortest one (longest common
 * subsequence). */
__attribute__((unused)) static void golden_diff(struct str base, struct str got,
                                                struct buf *out)
{
    static uint16_t common[GOLDEN_LINES_MAX + 1][GOLDEN_LINES_MAX + 1];
    static struct str a[GOLDEN_LINES_MAX];
    static struct str b[GOLDEN_LINES_MAX];
    const struct str nothing = {.p = "", .len = 0};
    struct str last = nothing;
    size_t a_count = golden_lines(base, a);
    size_t b_count = golden_lines(got, b);
    size_t i = 0;
    size_t k = 0;
    bool in_group = false;

    for (i = 0; i <= a_count; i++) {
        common[i][b_count] = 0;
    }
    for (k = 0; k <= b_count; k++) {
        common[a_count][k] = 0;
    }
    for (i = a_count; i-- > 0;) {
        for (k = b_count; k-- > 0;) {
            uint16_t skip =
                common[i + 1][k] > common[i][k + 1] ? common[i + 1][k] : common[i][k + 1];

            common[i][k] = str_eq(a[i], b[k]) ? (uint16_t)(common[i + 1][k + 1] + 1) : skip;
        }
    }
    i = k = 0;
    while (i < a_count || k < b_count) {
        if (i < a_count && k < b_count && str_eq(a[i], b[k])) {
            last = a[i];
            in_group = false;
            i++;
            k++;
            continue;
        }
        if (!in_group) {
            (void)buf_addf(out, " %.*s\n", (int)last.len, last.p);
            in_group = true;
        }
        if (k == b_count || (i < a_count && common[i + 1][k] >= common[i][k + 1])) {
            (void)buf_addf(out, "-%.*s\n", (int)a[i].len, a[i].p);
            i++;
        } else {
            (void)buf_addf(out, "+%.*s\n", (int)b[k].len, b[k].p);
            k++;
        }
    }
}

/* Adds the JSON text of one line to `out` as many lines: one after each comma and each opening
 * bracket outside of strings. */
__attribute__((unused)) static void golden_split(struct str json, struct buf *out)
{
    bool quoted = false;

    for (size_t i = 0; i < json.len; i++) {
        char c = json.p[i];

        (void)buf_add_byte(out, (unsigned char)c);
        if (quoted && c == '\\' && i + 1 < json.len) {
            (void)buf_add_byte(out, (unsigned char)json.p[++i]);
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == ',' || c == '{' || c == '[')) {
            (void)buf_add_byte(out, '\n');
        }
    }
}

/* Compares `got` with the file, or writes the file. Prints both if they differ. */
static bool golden_file(const char *path, struct str got)
{
    static char want[GOLDEN_TEXT_MAX];
    bool update = getenv("CCO_UPDATE_GOLDEN") != NULL;
    FILE *f = fopen(path, update ? "wbe" : "rbe");
    size_t n;

    if (f == NULL) {
        return false;
    }
    if (update) {
        n = fwrite(got.p, 1, got.len, f);
        return fclose(f) == 0 && n == got.len;
    }
    n = fread(want, 1, sizeof(want), f);
    (void)fclose(f);
    if (n == got.len && memcmp(want, got.p, n) == 0) {
        return true;
    }
    (void)printf("# %s:\n%.*s\n# now:\n%.*s\n", path, (int)n, want, (int)got.len, got.p);
    return false;
}

/* Compares a case's text with tests/plan/CASE/FILE if the case is its own base, and otherwise
 * its difference from the text of the base case with tests/plan/CASE/FILE.diff. */
static bool golden_case(const char *name, const char *file, struct str base, struct str got)
{
    char path[256];
    struct buf diff;
    bool same;

    if (base.p == NULL) {
        (void)snprintf(path, sizeof(path), "tests/plan/%s/%s", name, file);
        return golden_file(path, got);
    }
    (void)snprintf(path, sizeof(path), "tests/plan/%s/%s.diff", name, file);
    buf_init(&diff, LIMIT_REQUEST);
    golden_diff(base, got, &diff);
    same = golden_file(path, buf_str(&diff));
    buf_release(&diff);
    return same;
}

#endif
