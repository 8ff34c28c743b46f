/* SPDX-License-Identifier: MIT */
/* Reads a project's .env file as data; nothing is expanded or executed. Pure. A line is one of:
 *
 *   KEY=VALUE   sets a variable. A pair of single or double quotes around the whole value is
 *               removed. Blanks after '=' belong to the value.
 *   # text      a comment. Comments and empty lines are skipped.
 *
 * A key is [A-Za-z_][A-Za-z0-9_]*, without blanks between it and '='. Blanks and the word
 * "export" may stand in front of it. A carriage return at the end of a line and a byte order
 * mark at the start of the text are dropped. Every other line is reported as DOTENV_BAD, also a
 * line that is a key alone: a project must not choose which of the host's variables an agent
 * gets. */
#ifndef WIRE_DOTENV_H
#define WIRE_DOTENV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct dotenv {
    struct str rest; /* the text that was not read yet */
    unsigned line;   /* number of the line that was read last, counted from 1 */
};

enum dotenv_kind {
    DOTENV_END, /* no more lines */
    DOTENV_SET, /* KEY=VALUE */
    DOTENV_BAD  /* line d->line is not; it also means a NUL in the line */
};

/* Starts reading `text`, which must live as long as *d is used. */
void dotenv_init(struct dotenv *d, struct str text);

/* Reads the next entry. For DOTENV_SET, sets *key and *value to views into the text; otherwise
 * their content is undefined. After DOTENV_BAD the caller can go on with the next
 * line. */
enum dotenv_kind dotenv_next(struct dotenv *d, struct str *key, struct str *value);

/* Returns true if s is a key as described above. */
bool dotenv_is_key(struct str s);

#endif
