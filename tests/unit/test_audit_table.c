/* SPDX-License-Identifier: MIT */
#include "host/audit_table.h"

#include "tap.h"

static struct arena arena;

static void globs(void)
{
    static const struct {
        const char *pattern, *name;
        bool yes;
    } cases[] = {
        {"a", "a", true},         {"a", "b", false},
        {"a", "ab", false},       {"ab", "a", false},
        {"*", "a", true},         {"*", "\n\xff", true},
        {"a*", "a", true},        {"a*", "abc", true},
        {"a*", "ba", false},      {"*.c", ".c", true},
        {"*.c", "x.c", true},     {"*.c", "x.cc", false},
        {"ab*ba", "aba", false},  {"ab*ba", "abba", true},
        {"ab*ba", "ab-ba", true}, {"lefthook.*", "lefthook", false},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ok(audit_glob(cases[i].pattern, strlen(cases[i].pattern), cases[i].name) ==
               cases[i].yes,
           "'%s' stands for '%zu bytes': %s", cases[i].pattern, strlen(cases[i].name),
           cases[i].yes ? "yes" : "no");
    }
    ok(audit_glob("ab/c", 2, "ab") && !audit_glob("ab/c", 2, "ab/c"),
       "only the first name of a pattern counts");
}

/* True where the table has the pattern. */
static const struct audit_rule *rule_of(const char *pattern)
{
    for (size_t i = 0; i < audit_rule_count; i++) {
        if (strcmp(audit_rules[i].pattern, pattern) == 0) {
            return &audit_rules[i];
        }
    }
    return NULL;
}

/* Names are not empty, at most one star in each, "**" alone or behind a directory. */
static bool well_formed(const char *pattern)
{
    while (*pattern != '\0') {
        size_t len = strcspn(pattern, "/");
        const char *star = memchr(pattern, '*', len);
        bool any_depth = len == 2 && memcmp(pattern, "**", 2) == 0;

        if (len == 0 || (len == 1 && pattern[0] == '.') ||
            (star != NULL && !any_depth &&
             memchr(star + 1, '*', len - (size_t)(star + 1 - pattern)) != NULL)) {
            return false;
        }
        pattern += len;
        if (*pattern == '/' && *++pattern == '\0') {
            return false;
        }
    }
    return true;
}

static void table(void)
{
    static const char *const must[] = {".git",
                                       ".git/config",
                                       ".git/config.worktree",
                                       ".git/hooks/*",
                                       ".git/info/attributes",
                                       ".git/modules/**/hooks/*",
                                       ".git/modules/**/config",
                                       ".envrc",
                                       ".claude/settings.json",
                                       ".claude/settings.local.json",
                                       ".claude/hooks/**",
                                       ".claude/commands/**",
                                       ".claude/agents/**",
                                       ".claude/skills/**",
                                       ".mcp.json",
                                       ".vscode/tasks.json",
                                       ".vscode/settings.json",
                                       ".husky/**",
                                       ".githooks/**",
                                       ".pre-commit-config.yaml",
                                       ".devcontainer/**",
                                       ".devcontainer.json",
                                       ".yarnrc.yml",
                                       ".npmrc",
                                       ".cargo/config.toml",
                                       ".bazelrc",
                                       ".hg/hgrc",
                                       ".gdbinit",
                                       ".exrc",
                                       ".dir-locals.el",
                                       ".tool-versions"};
    char digest[SHA256_HEX];

    for (size_t i = 0; i < sizeof(must) / sizeof(must[0]); i++) {
        ok(rule_of(must[i]) != NULL, "the table has %s", must[i]);
    }
    for (size_t i = 0; i < audit_rule_count; i++) {
        const struct audit_rule *r = &audit_rules[i];

        if (!well_formed(r->pattern) || rule_of(r->pattern) != r || r->program[0] == '\0' ||
            r->why[0] == '\0') {
            ok(false, "rule %zu (%s): well-formed, once, with its reason", i, r->pattern);
        }
    }
    ok(audit_hooks_rule() == audit_rule_count - 1 &&
           audit_rules[audit_hooks_rule()].pattern[0] == '\0',
       "the rule of core.hooksPath comes last, without a pattern of its own");
    audit_table_digest(digest);
    is_int((long long)strlen(digest), 64, "a digest of the table");
}

static void data(void)
{
    const struct audit_rule *hooks = rule_of(".git/hooks/*");
    const struct audit_rule *modules = rule_of(".git/modules/**/config");
    const struct audit_rule *skills = rule_of(".claude/skills/**");

    ok(audit_is_data(hooks, "pre-commit.sample", true), "git runs no samples");
    ok(!audit_is_data(hooks, "pre-commit", true), "but hooks");
    ok(audit_is_data(&audit_rules[audit_hooks_rule()], "x.sample", true),
       "also where core.hooksPath leads");
    ok(!audit_is_data(skills, "x.sample", true), "a sample is special to git only");
    ok(audit_is_data(modules, "objects", false), "a store of a submodule is not gone through");
    ok(!audit_is_data(modules, "object", false), "other directories are");
    ok(!audit_is_data(skills, "objects", false), "and those of others");
}

static void hooks_paths(void)
{
    static const struct {
        const char *config, *path;
    } cases[] = {
        {"", NULL},
        {"[core]\n", NULL},
        {"[core]\n\thooksPath = tools/hooks\n", "tools/hooks"},
        {"[CORE]\nHOOKSPATH=h", "h"},
        {"[core] hooksPath = h\n", "h"},
        {"[ core ]\n hooksPath = h\r\n", "h"},
        {"[core]\nhooksPath = a b  # why\n", "a b"},
        {"[core]\nhooksPath = \"a#b \" ; why\n", "a#b "},
        {"[core]\nhooksPath = a\\\"b\\\\c\n", "a\"b\\c"},
        {"[core]\nhooksPath = a\\tb\n", "a\tb"},
        {"[core]\nhooksPath = a\n[core]\nhooksPath = b\n", "b"},
        {"[core]\nhooksPath = a\n[core]\nhooksPath =\n", NULL},
        {"[core \"x\"]\nhooksPath = a\n", NULL},
        {"[other]\nhooksPath = a\n", NULL},
        {"hooksPath = a\n", NULL},
        {"[core]\n# hooksPath = a\n", NULL},
        {"[core]\nhooksPath\n", NULL},
        {"[core\nhooksPath = a\n", "a"},
        {"[core]\nhooksPath = a\\", "a\\"},
        {"[core]\nhooksPath = \"a", "a"},
        {"[core]\nhooksPath = \xff\xfe\n", "\xff\xfe"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char name[64];

        (void)snprintf(name, sizeof(name), "core.hooksPath of configuration %zu", i);
        is_str(audit_hooks_path(str_c(cases[i].config), &arena), cases[i].path, name);
    }
    is_str(audit_hooks_path(str_n("[core]\nhooksPath = a\0b", 22), &arena), "a",
           "a NUL ends a value");
}

int main(void)
{
    globs();
    table();
    data();
    hooks_paths();
    arena_release(&arena);
    return done_testing();
}
