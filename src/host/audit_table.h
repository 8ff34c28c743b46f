/* SPDX-License-Identifier: MIT */
/* Inside of the audit: the table of the files that programs of the host execute without being
 * asked. A file is in it if a program of the host reads it without being asked, or as a part of
 * something that the user does anyway (git status, git push, opening the directory in an
 * editor, changing into it), and may then execute what the file says. Files that only have an
 * effect if the user asks for it (make, npm run, tests) are not in it. Pure. */
#ifndef HOST_AUDIT_TABLE_H
#define HOST_AUDIT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/hash.h"

/* The part of a file's content that matters. */
enum audit_content {
    AUDIT_WHOLE,      /* every byte */
    AUDIT_GIT_CONFIG, /* variables that are not harmless (host/audit_git.h) */
    AUDIT_GIT_FILE,   /* a `.git` file: the path that it names, if the audit does not look there
                       */
    AUDIT_GIT_REBASE, /* lines that execute a command */
    AUDIT_GIT_COMMONDIR /* harmless if it is what git writes for a worktree */
};

/* One row.
 *
 * `pattern` is a path relative to any directory of a tree, or to the home. Its components are
 * names, in which the first '*' stands for any bytes (further ones are literal), or "**". In
 * the middle of a pattern "**" stands for any number of directories, also none; at the end it
 * stands for every file below. A pattern that begins with ".git/" applies to bare repositories
 * and to the common directory of a worktree as well, without this beginning. The pattern is
 * empty for what other rules, or the files themselves, name. */
struct audit_rule {
    const char *pattern;
    const char *program; /* the program that would run or obey the file */
    const char *why;     /* what it does with the file; follows `program` in a sentence */
    const char *source;  /* where that is documented: a manual page or an address */
    enum audit_content content;
};

/* The rules with an empty pattern. They have the lowest numbers. */
enum audit_special {
    AUDIT_RULE_UNREADABLE, /* what the audit cannot examine */
    AUDIT_RULE_ROOT,       /* a tree itself */
    AUDIT_RULE_HOOKS,      /* files in the directory that core.hooksPath names */
    AUDIT_RULE_INCLUDED,   /* a configuration that git's configuration includes */
    AUDIT_RULE_NAMED,      /* another file that git's configuration names */
    AUDIT_RULE_PATH,       /* files in a directory of $PATH */
    AUDIT_RULE_SETID,      /* setuid and setgid files */
    AUDIT_RULE_LINKED,     /* changed files that have hard links outside of the trees */
    AUDIT_SPECIALS
};

/* The kinds of rules, in the order of their numbers: the most important ones first, because
 * findings are reported in this order. */
enum audit_section {
    AUDIT_SECTION_SPECIAL,
    AUDIT_SECTION_HOME, /* patterns are relative to the home */
    AUDIT_SECTION_TREE, /* patterns are relative to any directory of a tree */
    AUDIT_SECTION_BULK  /* names of large directories, which are compared as a whole */
};

/* The parts of the table. */
extern const struct audit_rule audit_rules_home[], audit_rules_git[], audit_rules_agents[],
    audit_rules_editors[], audit_rules_build[];
extern const size_t audit_rules_home_count, audit_rules_git_count, audit_rules_agents_count,
    audit_rules_editors_count, audit_rules_build_count;

/* Returns the number of all rules. */
size_t audit_rule_count(void);

/* Returns the rule of this number, which must be less than audit_rule_count(). */
const struct audit_rule *audit_rule(unsigned number);

/* Returns the section of this rule. */
enum audit_section audit_rule_section(unsigned number);

/* Returns true if `name` matches one component of a pattern other than "**". The component is
 * the first `len` bytes at `component`. */
bool audit_glob(const char *component, size_t len, const char *name);

/* Writes the SHA-256, in hex, of all patterns in their order: two tables with the same digest
 * number their rules equally. */
void audit_table_digest(char out[SHA256_HEX]);

#endif
