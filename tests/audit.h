/* SPDX-License-Identifier: MIT */
/* A project, snapshots of it, and what the findings say. */
#ifndef TESTS_AUDIT_H
#define TESTS_AUDIT_H

#include "base/path.h"
#include "host/audit.h"
#include "tmpdir.h"
#include "unit/tap.h"

#include <sys/stat.h>

static struct arena arena;
static struct audit before;
static struct audit after;
static struct audit_report report;

/* A file below the temporary directory, with the directories above it. */
__attribute__((unused)) static void put(const char *name, const char *text)
{
    struct err e = {0};

    if (file_mkdirs(path_dir(&arena, in_tmp(name)), 0755, &e) < 0) {
        (void)printf("# %s\n", e.text);
        abort();
    }
    put_file(in_tmp(name), text);
}

/* An empty project `p`; looks at it. */
__attribute__((unused)) static void take(struct audit *s)
{
    struct err e = {0};

    if (audit_take(in_tmp("p"), NULL, &arena, s, &e) < 0) {
        ok(false, "audit: %s", e.text);
    }
}

__attribute__((unused)) static void start(void)
{
    struct err e = {0};

    (void)file_remove_tree(in_tmp("p"), &e);
    (void)mkdir(in_tmp("p"), 0755);
    before = (struct audit){0};
}

/* The lines of the findings, without what stands in parentheses, joined by "; ". */
__attribute__((unused)) static const char *lines(void)
{
    const char *all = "";

    for (size_t i = 0; i < report.count; i++) {
        const char *line = audit_line(&report.findings[i], &arena);
        const char *end = strstr(line, " (");
        int len = end != NULL ? (int)(end - line) : (int)strlen(line);

        all = arena_printf(&arena, "%s%s%.*s", all, i > 0 ? "; " : "", len, line);
    }
    return all;
}

/* Looks again and compares: the lines are `want`. What was found becomes the state before. */
__attribute__((unused)) static void now(const char *want, const char *name)
{
    take(&after);
    audit_diff(&before, &after, &arena, &report);
    is_str(lines(), want, name);
    before = after;
}

#endif
