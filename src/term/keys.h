/* SPDX-License-Identifier: MIT */
/* Finds the detach sequence in what a user types. The first keys of the sequence are held until
 * the next key comes, or for KEYS_HOLD_MS. Everything else passes through at once and
 * unchanged. The keys are also recognized in the forms that a terminal sends if a program asked
 * for them: CSI u (kitty's protocol) and modifyOtherKeys (xterm). Pure: the caller passes the
 * time. */
#ifndef TERM_KEYS_H
#define TERM_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* The longest sequence in keys; how long a part of it is held; the longest held part in
 * bytes. */
enum { KEYS_MAX = 4, KEYS_HOLD_MS = 300, KEYS_HELD_MAX = 64 };
#define KEYS_DEFAULT "ctrl-\\,d"

/* keys_parse() initializes it. It holds no resource, so nothing needs to be released. */
struct keys {
    unsigned char seq[KEYS_MAX]; /* the sequence, each key as the byte that it types */
    size_t len;                  /* keys in seq; 0: no sequence, and keys are never held */
    size_t matched;              /* keys of seq that were typed up to now */
    char held[KEYS_HELD_MAX];    /* the bytes of the keys that matched */
    size_t held_len;
    int64_t deadline_ms; /* when the held bytes are passed on; -1: no bytes are held */
};

/* Parses a sequence in Docker's form: 1 to KEYS_MAX keys separated by commas. Each key is one
 * printable ASCII character except space and comma, or "ctrl-" and one of a-z @ [ \ ] ^ _;
 * upper and lower case mean the same after "ctrl-". "none" means no sequence. Returns 0 on
 * success and -1 with ERR_USAGE on error; *k must not be used then. */
int keys_parse(struct keys *k, const char *spec, struct err *e);

/* Adds to `out` the bytes that are for the program: those of `in` that do not belong to the
 * sequence, behind held bytes that turned out not to begin it or whose deadline has passed.
 * `out` must have room for in.len + KEYS_HELD_MAX bytes. `now_ms` is clock_ms(). Returns true
 * when the sequence is complete; the sequence, and the bytes of `in` behind it, are dropped
 * then. Otherwise returns false. */
bool keys_in(struct keys *k, struct str in, int64_t now_ms, struct buf *out);

/* Adds the held bytes to `out` if their deadline has passed. `out` must have room for
 * KEYS_HELD_MAX bytes. */
void keys_expire(struct keys *k, int64_t now_ms, struct buf *out);

/* Returns true if `in` consists only of complete answers that terminals send by themselves, and
 * that the user therefore did not type: device attributes, cursor position, modes, colours. */
bool keys_is_report(struct str in);

#endif
