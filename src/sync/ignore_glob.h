/* SPDX-License-Identifier: MIT */
/* One compiled pattern of gitignore(5): literal bytes, '?', '*', "**" and bracket expressions.
 * If the manual does not define the meaning of a pattern, it has the meaning that git 2.39
 * gives it; tests/e2e/test_ignore.py compares the two. Matching takes time proportional to the
 * length of the pattern times the length of the text, for any content. Pure. */
#ifndef SYNC_IGNORE_GLOB_H
#define SYNC_IGNORE_GLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct ignore_glob_op;

struct ignore_glob {
    /* The pattern up to its first special byte. A matching text begins with these bytes. */
    const unsigned char *head;
    uint32_t head_len;
    uint32_t op_count; /* operations behind the head, without OP_END; 0: ops is NULL */
    const struct ignore_glob_op *ops;
    const uint8_t (*sets)[32]; /* the bracket expressions, as sets with one bit per byte */
    bool never;                /* the pattern is invalid and matches nothing */
};

enum { IGNORE_GLOB_PATH = 1, IGNORE_GLOB_NOCASE = 2 };

/* Compiles a pattern. The result lives in the arena. With IGNORE_GLOB_PATH, the texts are
 * paths: "**" matches directories, and no other wildcard matches a '/'. Without it, the texts
 * are names without a '/'. With IGNORE_GLOB_NOCASE, ASCII letters match in either case;
 * ignore_glob_match() must then be called with `nocase` true. */
struct ignore_glob ignore_glob_compile(struct str pattern, unsigned flags, struct arena *a);

/* Returns true if the pattern matches the whole text. */
bool ignore_glob_match(const struct ignore_glob *g, struct str text, bool nocase);

/* Returns the byte with which every matching text ends (in lower case, with
 * IGNORE_GLOB_NOCASE), and -1 if texts with different last bytes can match. */
int ignore_glob_last(const struct ignore_glob *g);

/* Returns an upper-case ASCII letter in lower case, and every other byte unchanged. */
unsigned char ignore_glob_fold(unsigned char c);

#endif
