/* SPDX-License-Identifier: MIT */
/* Finds the detach sequence in what a user types. The first keys of the sequence are held until
 * the next key comes, or for KEYS_HOLD_MS; everything else passes through at once and
 * unchanged. The keys are also recognized in the forms that a terminal uses if a program asked
 * for them: CSI u (kitty's protocol) and modifyOtherKeys (xterm). Pure: the caller passes the
 * time. */
#ifndef TERM_KEYS_H
#define TERM_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum { KEYS_MAX = 4, KEYS_HOLD_MS = 300, KEYS_HELD_MAX = 64 };
#define KEYS_DEFAULT "ctrl-\\,d"

struct keys {
    unsigned char seq[KEYS_MAX];
    size_t len; /* 0: there is no sequence, and nothing is held */
    size_t matched;
    char held[KEYS_HELD_MAX]; /* the bytes of the keys that matched */
    size_t held_len;
    int64_t deadline_ms; /* when the held bytes are passed on; -1: no bytes are held */
};

/* Parses a sequence in Docker's form: keys separated by commas, each one character or ctrl- and
 * one of a-z @ [ \ ] ^ _; or "none" for no sequence. Returns 0 on success and -1 with ERR_USAGE
 * on error. */
int keys_parse(struct keys *k, const char *spec, struct err *e);

/* Adds to `out` what is for the program; out must have room for in.len + KEYS_HELD_MAX bytes.
 * Returns true once the sequence is complete; the bytes after it are dropped. */
bool keys_in(struct keys *k, struct str in, int64_t now_ms, struct buf *out);

/* Adds to `out` what was held until its deadline. */
void keys_expire(struct keys *k, int64_t now_ms, struct buf *out);

/* Returns true if `in` consists of answers that terminals give by themselves (device
 * attributes, cursor position, modes, colours), which the user did not type. */
bool keys_is_report(struct str in);

#endif
