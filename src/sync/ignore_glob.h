/* SPDX-License-Identifier: MIT */
/* One pattern of gitignore(5), compiled: literal bytes, '?', '*', "**" and bracket expressions.
 * What a pattern means where the manual is silent is what git 2.39 does, and
 * tests/e2e/test_ignore.py asks it. Matching takes time in proportion to pattern times text,
 * whatever they say. Pure. */
#ifndef SYNC_IGNORE_GLOB_H
#define SYNC_IGNORE_GLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct ignore_glob_op;

struct ignore_glob {
    const unsigned char
        *head; /* what the text begins with: the pattern up to its first special byte */
    uint32_t head_len;
    uint32_t op_count; /* 0: the head is all there is. One more, the end, is behind the last */
    const struct ignore_glob_op *ops;
    const uint8_t (*sets)[32]; /* the bracket expressions: a bit for each byte */
    bool never;                /* not well-formed: matches nothing */
};

enum { IGNORE_GLOB_PATH = 1, IGNORE_GLOB_NOCASE = 2 };

/* The meaning of a pattern. IGNORE_GLOB_PATH: of a path, in which "**" spans directories and
 * nothing else takes a '/'; without it the texts are names that have none. IGNORE_GLOB_NOCASE:
 * ASCII letters are equal in either case; match with it too. Lives in the arena. */
struct ignore_glob ignore_glob_compile(struct str pattern, unsigned flags, struct arena *a);

bool ignore_glob_match(const struct ignore_glob *g, struct str text, bool nocase);

/* The byte (in lower case with nocase) that every text ends with that matches, or -1 where that
 * is not told. */
int ignore_glob_last(const struct ignore_glob *g);

/* The byte as IGNORE_GLOB_NOCASE compares it. */
unsigned char ignore_glob_fold(unsigned char c);

#endif
