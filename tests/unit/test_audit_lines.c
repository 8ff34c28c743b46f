/* SPDX-License-Identifier: MIT */
/* Tests what the user reads. */
#include "host/audit.h"

#include "base/path.h"
#include "host/audit_table.h"
#include "tap.h"

static struct arena arena;

static unsigned rule_of(const char *pattern)
{
    unsigned i = AUDIT_SPECIALS;

    while (audit_rule_section(i) == AUDIT_SECTION_HOME ||
           strcmp(audit_rule(i)->pattern, pattern) != 0) {
        i++;
    }
    return i;
}

/* Returns the lines, joined by newlines. */
static const char *lines_of(struct audit_finding *findings, size_t count, size_t max)
{
    struct audit_report report = {.findings = findings, .count = count};
    struct strv lines = {0};
    const char *all = "";

    audit_lines(&report, max, &arena, &lines);
    for (size_t i = 0; i < lines.count; i++) {
        all = arena_printf(&arena, "%s%s%s", all, i > 0 ? "\n" : "", lines.v[i]);
    }
    return all;
}

static void findings_are_grouped(void)
{
    unsigned hook = rule_of(".git/hooks/**");
    struct audit_finding f[] = {
        {.what = AUDIT_ADDED, .path = ".git/hooks/a", .rule = hook},
        {.what = AUDIT_CHANGED, .path = ".git/hooks/b", .rule = hook},
        {.what = AUDIT_ADDED, .path = "sub/.git/hooks/c", .rule = hook},
        {.what = AUDIT_ADDED, .path = ".envrc", .rule = rule_of(".envrc")},
    };
    struct audit_finding same[10];

    is_str(lines_of(f, 4, 20),
           "2 added (for each: git runs it): .git/hooks/a, sub/.git/hooks/c\n"
           ".git/hooks/b changed (git runs it)\n"
           ".envrc added (direnv sources it)",
           "findings with the same change and reason are one line");
    for (size_t i = 0; i < 10; i++) {
        same[i] = f[0];
        same[i].path = arena_printf(&arena, ".git/hooks/%zu", i);
    }
    is_str(lines_of(same, 10, 20),
           ".git/hooks: 10 added (for each: git runs it): 0, 1, 2, 3, 4, 5 and 4 more",
           "the directory that all have in common is named once");
    is_str(lines_of(f, 4, 2),
           "2 added (for each: git runs it): .git/hooks/a, sub/.git/hooks/c\n"
           ".git/hooks/b changed (git runs it)\n"
           "1 more changes",
           "the number of lines is limited");
    is_str(lines_of(f, 0, 20), "", "no finding gives no line");
}

static void every_kind_of_change_has_words(void)
{
    struct audit_finding f[] = {
        {.what = AUDIT_OVERFLOW, .path = "d", .kind = AUDIT_DIR},
        {.what = AUDIT_TYPE, .path = ".", .kind = AUDIT_DIR, .rule = AUDIT_RULE_ROOT},
        {.what = AUDIT_TYPE, .path = "u", .kind = AUDIT_UNREADABLE},
        {.what = AUDIT_RELINKED, .path = "n", .count = 3, .rule = AUDIT_RULE_LINKED},
        {.what = AUDIT_SETID, .path = "s", .mode = 04755, .rule = AUDIT_RULE_SETID},
        {.what = AUDIT_CHANGED,
         .path = "~/.bashrc",
         .kind = AUDIT_LINK,
         .target = "dot/bashrc",
         .rule = AUDIT_SPECIALS},
    };

    is_str(lines_of(f, 6, 20),
           "d contains more than the audit examines: check it yourself\n"
           ". was exchanged or removed (cco finds another directory at this path)\n"
           "u cannot be read (cco cannot examine it)\n"
           "n: 3 changed files have hard links outside of the project (other directories "
           "contain the same files)\n"
           "s is setuid now (programs get the rights of its owner or group when they start "
           "it)\n"
           "~/.bashrc changed: it leads to dot/bashrc (your shell runs it)",
           "each line says what changed and why that matters");
}

static void names_cannot_control_anything(void)
{
    char name[1000];
    struct audit_finding f = {
        .what = AUDIT_ADDED, .path = "\033[2J\n\xe2\x80\xae\xff", .rule = rule_of(".envrc")};

    is_str(lines_of(&f, 1, 20), "\\x1b[2J\\x0a\\xe2\\x80\\xae\\xff added (direnv sources it)",
           "everything that could control a terminal is escaped");
    memset(name, '\n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    f.path = name;
    ok(strlen(lines_of(&f, 1, 20)) < 1100, "a long name is cut");
}

static void a_new_environment_of_python_is_one_line(void)
{
    const unsigned python = rule_of("bin/python*");
    const unsigned activate = rule_of("bin/activate*");
    const unsigned cfg = rule_of("pyvenv.cfg");
    struct audit_finding f[] = {
        {.what = AUDIT_TYPE, .kind = AUDIT_LINK, .path = "env/bin/python", .rule = python},
        {.what = AUDIT_ADDED, .path = "env/bin/activate", .rule = activate},
        {.what = AUDIT_ADDED, .path = "tools/bin/activate", .rule = activate},
        {.what = AUDIT_ADDED, .path = "env/lib/x.pth", .rule = rule_of("*.pth")},
        {.what = AUDIT_ADDED, .path = "env/pyvenv.cfg", .rule = cfg, .in_new_dir = true},
        {.what = AUDIT_ADDED, .path = "env2/pyvenv.cfg", .rule = cfg, .in_new_dir = true},
        {.what = AUDIT_ADDED, .path = "env/.envrc", .rule = rule_of(".envrc")},
    };
    struct audit_finding top[] = {
        {.what = AUDIT_ADDED, .path = "bin/activate", .rule = activate},
        {.what = AUDIT_ADDED, .path = "pyvenv.cfg", .rule = cfg},
        {.what = AUDIT_CHANGED, .path = "old/pyvenv.cfg", .rule = cfg},
        {.what = AUDIT_CHANGED, .path = "old/bin/activate", .rule = activate},
        {.what = AUDIT_ADDED, .path = "lib/pyvenv.cfg", .rule = cfg},
        {.what = AUDIT_ADDED, .path = "lib/x.pth", .rule = rule_of("*.pth")},
    };

    is_str(lines_of(f, 7, 20),
           "env added: an environment of Python (Python and editors run code from it)\n"
           "tools/bin/activate added (editors source it in their terminals)\n"
           "env2 added: an environment of Python (Python and editors run code from it)\n"
           "env/.envrc added (direnv sources it)",
           "each new environment is one line, and what does not belong to one has its own");
    is_str(lines_of(f, 7, 1),
           "env added: an environment of Python (Python and editors run code from it)\n"
           "3 more changes",
           "the other changes are counted");
    ok(strstr(lines_of(top, 6, 20), "an environment") == NULL,
       "neither the project itself nor a directory that existed is a new environment");
}

int main(void)
{
    a_new_environment_of_python_is_one_line();
    findings_are_grouped();
    every_kind_of_change_has_words();
    names_cannot_control_anything();
    arena_release(&arena);
    return done_testing();
}
