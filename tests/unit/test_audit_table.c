/* SPDX-License-Identifier: MIT */
#include "host/audit_table.h"

#include "tap.h"

static struct arena arena;

static void components_match_names(void)
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
           "the pattern '%s' %s the name of case %zu", cases[i].pattern,
           cases[i].yes ? "matches" : "does not match", i);
    }
    ok(audit_glob("ab/c", 2, "ab") && !audit_glob("ab/c", 2, "ab/c"),
       "only the first `len` bytes of the component count");
}

/* Returns the first rule with this pattern, and NULL if there is none. */
static const struct audit_rule *rule_of(const char *pattern)
{
    for (size_t i = 0; i < audit_rule_count; i++) {
        if (strcmp(audit_rules[i].pattern, pattern) == 0) {
            return &audit_rules[i];
        }
    }
    return NULL;
}

/* Returns true if no component is empty or ".", and if a component other than "**" has at most
 * one '*'. */
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

static void table_is_well_formed(void)
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
            ok(false, "rule %zu (%s) is well-formed, unique, and has a program and a reason", i,
               r->pattern);
        }
    }
    ok(audit_hooks_rule() == audit_rule_count - 1 &&
           audit_rules[audit_hooks_rule()].pattern[0] == '\0',
       "the rule of core.hooksPath comes last and has an empty pattern");
    audit_table_digest(digest);
    is_int((long long)strlen(digest), 64, "the digest of the table has 64 digits");
}

static void data_is_known(void)
{
    const struct audit_rule *hooks = rule_of(".git/hooks/*");
    const struct audit_rule *modules = rule_of(".git/modules/**/config");
    const struct audit_rule *skills = rule_of(".claude/skills/**");

    ok(audit_is_data(hooks, "pre-commit.sample", true), "a sample of a hook is data");
    ok(!audit_is_data(hooks, "pre-commit", true), "a hook is not data");
    ok(audit_is_data(&audit_rules[audit_hooks_rule()], "x.sample", true),
       "a sample in the directory of core.hooksPath is data");
    ok(!audit_is_data(skills, "x.sample", true), "a sample in another directory is not data");
    ok(audit_is_data(modules, "objects", false), "the object store of a submodule is data");
    ok(!audit_is_data(modules, "object", false),
       "another directory of a submodule is not data");
    ok(!audit_is_data(skills, "objects", false),
       "a directory named like a store elsewhere is not data");
}

static void core_hooks_path_is_parsed(void)
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
           "a NUL byte ends a value");
}

int main(void)
{
    components_match_names();
    table_is_well_formed();
    data_is_known();
    core_hooks_path_is_parsed();
    arena_release(&arena);
    return done_testing();
}
