/* SPDX-License-Identifier: MIT */
/* The patterns of one file of gitignore(5): .gitignore, info/exclude, or what core.excludesFile
 * names. The last pattern that matches decides. Whether a directory around is ignored already,
 * and which other files have a say, is the caller's business (sync/filter.h). Pure. */
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
    /* Which rules can match a path at all, told by its last byte: those of byte b are
     * order[starts[b]] up to starts[b + 1], later ones first; those that may end in any byte
     * are in row IGNORE_ANY. */
    uint32_t *starts;
    uint32_t *order;
};

/* Reads the text. Every text is well-formed: lines that mean nothing match nothing. What does
 * not fit (LIMIT_IGNORE_RULES) is left out, so that less is ignored. Lives in the arena; the
 * text is not kept. */
void ignore_parse(struct ignore *ig, struct str text, bool nocase, struct arena *a);

/* What the file says about a path, relative to the directory it speaks of, without a slash at
 * either end. */
enum ignore_verdict { IGNORE_SILENT, IGNORE_YES, IGNORE_NO };
enum ignore_verdict ignore_ask(const struct ignore *ig, struct str path, bool is_dir);

#endif
