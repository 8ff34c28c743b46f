/* SPDX-License-Identifier: MIT */
/* One compiled pattern of gitignore(5): literal bytes, '?', '*', "**" and bracket expressions.
 * If the manual does not define the meaning of a pattern, it means what git 2.39 makes of it,
 * with which tests/e2e/test_ignore.py compares. Matching takes time proportional to pattern
 * times text, whatever they contain. Pure. */
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
        *head; /* the pattern up to its first special byte, with which a text must begin */
    uint32_t head_len;
    /* 0: there is only the head. One more operation, the end, follows the last one. */
    uint32_t op_count;
    const struct ignore_glob_op *ops;
    const uint8_t (*sets)[32]; /* the bracket expressions: a bit for each byte */
    bool never;                /* not well-formed: matches nothing */
};

enum { IGNORE_GLOB_PATH = 1, IGNORE_GLOB_NOCASE = 2 };

/* Compiles a pattern into the arena. With IGNORE_GLOB_PATH the texts are paths: "**" spans
 * directories and nothing else matches a '/'. Without it the texts are names without a '/'.
 * With IGNORE_GLOB_NOCASE ASCII letters are equal in either case; pass nocase to
 * ignore_glob_match() then. */
struct ignore_glob ignore_glob_compile(struct str pattern, unsigned flags, struct arena *a);

bool ignore_glob_match(const struct ignore_glob *g, struct str text, bool nocase);

/* Returns the byte (in lower case with nocase) with which every matching text ends, or -1 if
 * there is no such byte. */
int ignore_glob_last(const struct ignore_glob *g);

/* Returns the byte as IGNORE_GLOB_NOCASE compares it. */
unsigned char ignore_glob_fold(unsigned char c);

#endif
