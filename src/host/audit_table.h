/* SPDX-License-Identifier: MIT */
/* Inside of the audit: the table of the files in a project that programs of the host execute
 * without being asked. Pure. */
#ifndef HOST_AUDIT_TABLE_H
#define HOST_AUDIT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/str.h"

/* One row.
 *
 * `pattern` is a path relative to the project. Its components are names, in which the first '*'
 * stands for any bytes (further ones are literal), or "**". In the middle of a pattern "**"
 * stands for any number of directories, also none; at the end it stands for every file below. A
 * pattern without '*' names exactly one file. A pattern that begins with ".git/" applies to the
 * common directory of a worktree as well, without this beginning. The empty pattern stands for
 * the files in the directory that core.hooksPath names; the audit fills it in. */
struct audit_rule {
    const char *pattern;
    const char *program; /* the program that would run or obey the file */
    const char *why;     /* what it does with the file; follows `program` in a sentence */
};

/* The table, the most important files first: findings are reported in this order. */
extern const struct audit_rule audit_rules[];
extern const size_t audit_rule_count;

/* Returns the index of the last rule, whose pattern is empty: files in the directory that
 * core.hooksPath names. */
size_t audit_hooks_rule(void);

/* Returns true if `name` matches one component of a pattern other than "**". The component is
 * the first `len` bytes at `component`. */
bool audit_glob(const char *component, size_t len, const char *name);

/* Returns true if `name`, which matches a component of the rule's pattern, is known to contain
 * only data, so that it need not be examined. Only rules about .git and the rule of
 * core.hooksPath have such names. If `is_file`, `name` matches the last component: samples of
 * hooks are data. Otherwise `name` is a directory that "**" would go through: git's object
 * store, its refs, its logs and LFS are data. */
bool audit_is_data(const struct audit_rule *rule, const char *name, bool is_file);

/* Writes the SHA-256, in hex, of all patterns in their order: two tables with the same digest
 * number their rules equally. */
void audit_table_digest(char out[SHA256_HEX]);

/* Returns the value of the last core.hooksPath in `config`, the text of a git configuration
 * file, unquoted and in the arena; NULL if none exists or if it is empty. Lines, sections,
 * quotes, escapes and comments are those of git-config(1). Includes and continued lines are
 * ignored. */
const char *audit_hooks_path(struct str config, struct arena *a);

#endif
