/* SPDX-License-Identifier: MIT */
/* The patterns of one file of gitignore(5): .gitignore, info/exclude, or the file that
 * core.excludesFile names. The last matching pattern decides. The caller (sync/filter.h) knows
 * which files apply and whether a directory around the path is ignored. Pure. */
#ifndef SYNC_IGNORE_H
#define SYNC_IGNORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct ignore_rule;

struct ignore {
    struct ignore_rule *rules; /* in the file's order */
    size_t count;
    bool nocase;
    /* Which rules can match a path at all, found by its last byte: those of byte b are
     * order[starts[b]] up to starts[b + 1], later ones first. Rules that may end in any byte
     * are in row IGNORE_ANY. */
    uint32_t *starts;
    uint32_t *order;
};

/* Reads the text. Every text is well-formed: a line without a meaning matches nothing. Rules
 * past LIMIT_IGNORE_RULES are left out, so that less is ignored. The result lives in the arena;
 * the text is not kept. */
void ignore_parse(struct ignore *ig, struct str text, bool nocase, struct arena *a);

/* Returns what the file says about a path, which is relative to the directory of the file and
 * has no slash at either end. */
enum ignore_verdict { IGNORE_SILENT, IGNORE_YES, IGNORE_NO };
enum ignore_verdict ignore_ask(const struct ignore *ig, struct str path, bool is_dir);

#endif
