/* SPDX-License-Identifier: MIT */
/* Inside of the audit: which files of a project a host executes without being asked, and by
 * whom. Pure. */
#ifndef HOST_AUDIT_TABLE_H
#define HOST_AUDIT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/str.h"

/* pattern: names between slashes, relative to the project. '*' in a name stands for any bytes
 * of it, "**" alone for any number of directories, at the end for every file below. Without a
 * '*' it names one file. A pattern that begins with ".git/" counts in a worktree's common
 * directory too. An empty one is filled in by the audit (core.hooksPath). */
struct audit_rule {
    const char *pattern;
    const char *program; /* what would run or obey it */
    const char *why;     /* follows the program in a sentence */
};

/* The most telling first: findings are told in this order. */
extern const struct audit_rule audit_rules[];
extern const size_t audit_rule_count;

/* The last rule: files in the directory that core.hooksPath names. */
size_t audit_hooks_rule(void);

/* True where `name` is what a pattern's one component (its first len bytes) stands for. */
bool audit_glob(const char *component, size_t len, const char *name);

/* True where `name`, found by this rule, is known to be data: samples of hooks, git's object
 * stores. `is_file`: the name is the pattern's last; else a directory that "**" would go into.
 */
bool audit_is_data(const struct audit_rule *rule, const char *name, bool is_file);

/* Tells tables apart: SHA-256 of all patterns, in order. */
void audit_table_digest(char out[SHA256_HEX]);

/* The last core.hooksPath of a git configuration, unquoted, in the arena; NULL for none or an
 * empty one. Lines, sections, quotes, escapes and comments as git-config(1) has them; without
 * includes and continued lines. */
const char *audit_hooks_path(struct str config, struct arena *a);

#endif
