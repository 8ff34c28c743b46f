/* SPDX-License-Identifier: MIT */
#include "host/audit_match.h"

#include "tap.h"

static struct arena arena;
static struct audit_index *index_all;

static const char *pattern_of(const struct audit_match *m)
{
    return audit_rule(m->rule)->pattern;
}

static void names_are_matched(void)
{
    struct audit_items none = {0};
    struct audit_match m;

    ok(!audit_match(index_all, &none, "main.c", &arena, &m), "an ordinary name does not match");
    ok(audit_match(index_all, &none, ".envrc", &arena, &m) && m.is_file && m.by_name,
       "an exact name matches");
    ok(audit_match(index_all, &none, ".eslintrc.js", &arena, &m) && m.is_file && !m.by_name,
       "a pattern matches");
    is_str(pattern_of(&m), ".eslintrc*", "and is the rule of the match");
    ok(audit_match(index_all, &none, "x.pth", &arena, &m) && m.is_file,
       "a pattern that begins with a star matches");
    ok(audit_match(index_all, &none, "node_modules", &arena, &m) && m.bulk,
       "a large directory is known");
    ok(!audit_match(NULL, &none, ".envrc", &arena, &m), "without the index, only items match");
    ok(!audit_match(index_all, &none, ".bashrc", &arena, &m),
       "rules for the home do not apply in a tree");
}

static void patterns_go_on_below(void)
{
    struct audit_items none = {0};
    struct audit_match git;
    struct audit_match hooks;
    struct audit_match m;

    ok(audit_match(index_all, &none, ".git", &arena, &git) && git.is_file &&
           git.below_by_name && git.below.count > 5,
       "rules go on below .git");
    ok(audit_match(NULL, &git.below, "hooks", &arena, &hooks) && !hooks.is_file,
       "the next component matches");
    ok(audit_match(NULL, &hooks.below, "pre-commit", &arena, &m) && m.is_file && !m.by_name,
       "so does the last one");
    ok(!audit_match(NULL, &hooks.below, "pre-commit.sample", &arena, &m) || !m.is_file,
       "a sample of a hook is data");
    ok(audit_match(NULL, &hooks.below, "pre-commit.d", &arena, &m) && m.below.count > 0,
       "any number of directories is between");
    ok(audit_match(NULL, &git.below, "modules", &arena, &m) &&
           audit_match(NULL, &m.below, "config", &arena, &hooks) && hooks.is_file,
       "also none");
    ok(!audit_match(NULL, &git.below, "objects", &arena, &m), "git's objects do not match");
}

static void rules_about_git_apply_in_a_bare_repository(void)
{
    struct audit_items git = audit_index_git(index_all);
    struct audit_match m;

    ok(audit_match(NULL, &git, "config", &arena, &m) && m.is_file, "config matches");
    is_str(pattern_of(&m), ".git/config", "by the rule about .git");
    ok(!audit_match(NULL, &git, "HEAD", &arena, &m), "HEAD is data");
}

int main(void)
{
    index_all = audit_index_new(&arena);
    names_are_matched();
    patterns_go_on_below();
    rules_about_git_apply_in_a_bare_repository();
    arena_release(&arena);
    return done_testing();
}
