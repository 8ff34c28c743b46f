/* SPDX-License-Identifier: MIT */
/* For tests of the audit: a project in the temporary directory, snapshots of it, and the lines
 * of the findings. */
#ifndef TESTS_AUDIT_H
#define TESTS_AUDIT_H

#include "base/path.h"
#include "host/audit.h"
#include "host/audit_scope.h"
#include "host/audit_table.h"
#include "tmpdir.h"
#include "unit/tap.h"

#include <sys/stat.h>

static struct arena arena;
static struct audit before;
static struct audit after;
static struct audit_report report;

/* Writes a file below the temporary directory, and makes the directories above it. */
__attribute__((unused)) static void put(const char *name, const char *text)
{
    struct err e = {0};

    if (file_mkdirs(path_dir(&arena, in_tmp(name)), 0755, &e) < 0) {
        (void)printf("# %s\n", e.text);
        abort();
    }
    put_file(in_tmp(name), text);
}

/* Takes a snapshot of the project `p`. */
__attribute__((unused)) static void take(struct audit *s)
{
    struct audit_scope scope = {0};
    struct err e = {0};

    audit_scope_add_tree(&scope, &arena, arena_strdup(&arena, in_tmp("p")), false);
    scope.home = arena_strdup(&arena, in_tmp("home"));
    if (audit_take(&scope, &arena, s, &e) < 0) {
        ok(false, "audit: %s", e.text);
    }
}

/* Makes `p` an empty project, and `before` an empty snapshot. */
__attribute__((unused)) static void start(void)
{
    struct err e = {0};

    (void)file_remove_tree(in_tmp("p"), &e);
    (void)mkdir(in_tmp("p"), 0755);
    before = (struct audit){0};
}

/* Returns the lines of the findings without the reasons in parentheses, joined by "; ". */
__attribute__((unused)) static const char *lines(void)
{
    const char *all = "";

    for (size_t i = 0; i < report.count; i++) {
        struct audit_report single = {.findings = &report.findings[i], .count = 1};
        struct strv text = {0};
        const char *line;
        const char *end;
        int len;

        audit_lines(&single, 1, &arena, &text);
        line = text.v[0];
        end = strstr(line, " (");
        len = end != NULL ? (int)(end - line) : (int)strlen(line);

        all = arena_printf(&arena, "%s%s%.*s", all, i > 0 ? "; " : "", len, line);
    }
    return all;
}

/* Takes a snapshot, compares it with `before`, and checks that the lines of the findings are
 * `want`. The new snapshot becomes `before`. */
__attribute__((unused)) static void now(const char *want, const char *name)
{
    take(&after);
    audit_diff(&before, &after, &arena, &report);
    is_str(lines(), want, name);
    before = after;
}

#endif
