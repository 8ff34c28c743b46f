/* SPDX-License-Identifier: MIT */
/* The detach sequence in what a user types. A first key alone is held back until the next one comes, or for
 * KEYS_HOLD_MS; everything else passes through at once and unchanged. Keys of a sequence are also known in
 * the forms that terminals use where a program asked for them: CSI u (kitty's protocol) and modifyOtherKeys
 * (xterm). Pure but for being told the time. */
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
    size_t len; /* 0: no sequence, nothing is ever held */
    size_t matched;
    char held[KEYS_HELD_MAX]; /* the bytes of what has matched so far */
    size_t held_len;
    int64_t deadline_ms; /* when the held bytes go on; -1: none held */
};

/* `spec` as docker has it: keys with commas between, each one character or ctrl- and one of a-z @ [ \ ] ^ _;
 * "none" for no sequence. ERR_USAGE. */
int keys_parse(struct keys *k, const char *spec, struct err *e);

/* Adds to `out` what is for the program (its room must be in.len + KEYS_HELD_MAX). True once the sequence is
 * whole: what follows it is dropped. */
bool keys_in(struct keys *k, struct str in, int64_t now_ms, struct buf *out);

/* Lets go of what was held for too long. */
void keys_expire(struct keys *k, int64_t now_ms, struct buf *out);

/* Whether a read consists of what terminals answer by themselves (device attributes, cursor position, modes,
 * colours): nobody typed that. */
bool keys_is_report(struct str in);

#endif
