/* SPDX-License-Identifier: MIT */
#include "host/audit_table.h"

#include "tap.h"

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
    for (unsigned i = 0; i < audit_rule_count(); i++) {
        if (audit_rule_section(i) != AUDIT_SECTION_HOME &&
            strcmp(audit_rule(i)->pattern, pattern) == 0) {
            return audit_rule(i);
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
                                       ".git/hooks/**",
                                       ".git/info/attributes",
                                       ".git/modules/**/hooks/**",
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
                                       ".tool-versions",
                                       "node_modules",
                                       ".venv",
                                       "*.pth",
                                       "sitecustomize.py",
                                       ".gitmodules",
                                       ".gitattributes",
                                       ".lfsconfig",
                                       ".github/workflows/**",
                                       ".gitlab-ci.yml",
                                       ".tmux.conf",
                                       ".ripgreprc",
                                       ".vs/**",
                                       ".amazonq/**",
                                       ".golangci.*",
                                       "CMakeLists.txt",
                                       "build.gradle*",
                                       "*.csproj"};
    char digest[SHA256_HEX];

    for (size_t i = 0; i < sizeof(must) / sizeof(must[0]); i++) {
        ok(rule_of(must[i]) != NULL, "the table has %s", must[i]);
    }
    for (unsigned i = 0; i < audit_rule_count(); i++) {
        const struct audit_rule *r = audit_rule(i);
        bool in_tree = audit_rule_section(i) == AUDIT_SECTION_TREE ||
                       audit_rule_section(i) == AUDIT_SECTION_BULK;

        if (!well_formed(r->pattern) || (in_tree && rule_of(r->pattern) != r) ||
            (r->pattern[0] == '\0') != (i < AUDIT_SPECIALS) || r->program[0] == '\0' ||
            r->why[0] == '\0') {
            ok(false, "rule %u (%s) is well-formed, unique, and has a program and a reason", i,
               r->pattern);
        }
        if (r->source == NULL || strlen(r->source) < 5 || strpbrk(r->source, ".(:") == NULL) {
            ok(false, "rule %u (%s) names where that is documented", i, r->pattern);
        }
    }
    ok(audit_rule_section(0) == AUDIT_SECTION_SPECIAL &&
           audit_rule_section((unsigned)audit_rule_count() - 1) == AUDIT_SECTION_BULK,
       "what is most dangerous comes first");
    audit_table_digest(digest);
    is_int((long long)strlen(digest), 64, "the digest of the table has 64 digits");
}

int main(void)
{
    components_match_names();
    table_is_well_formed();
    return done_testing();
}
