/* SPDX-License-Identifier: MIT */
/* The patterns of one file in the format of gitignore(5): .gitignore, info/exclude, or the file
 * that core.excludesFile names. The last matching pattern decides. The caller (sync/filter.h)
 * decides which files apply and whether a directory around the path is ignored. Pure. */
#ifndef SYNC_IGNORE_H
#define SYNC_IGNORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct ignore_rule;

struct ignore {
    struct ignore_rule *rules; /* in the order of the file */
    size_t count;
    bool nocase; /* letters match in either case */
    /* An index of the rules by the last byte of the paths that they can match. The rules for
     * byte b are order[starts[b]] up to, but not including, order[starts[b + 1]], the last rule
     * of the file first. The row with b = 256 has the rules that do not determine the last
     * byte. Both are NULL if there are no rules. */
    uint32_t *starts;
    uint32_t *order; /* indexes of `rules` */
};

/* Parses the text of a file. Every text is accepted: a line that is not a valid pattern matches
 * nothing. Rules beyond LIMIT_IGNORE_RULES are not used, so that fewer paths are ignored. The
 * result lives in the arena; it does not refer to `text`. */
void ignore_parse(struct ignore *ig, struct str text, bool nocase, struct arena *a);

/* Returns whether the last matching rule ignores the path (IGNORE_YES) or is negated
 * (IGNORE_NO), and IGNORE_SILENT if no rule matches. The path is relative to the directory to
 * which the file applies and has no slash at either end. */
enum ignore_verdict { IGNORE_SILENT, IGNORE_YES, IGNORE_NO };
enum ignore_verdict ignore_ask(const struct ignore *ig, struct str path, bool is_dir);

#endif
