/* SPDX-License-Identifier: MIT */
/* A project's .env, as data: KEY=VALUE lines. Blank lines and lines whose first non-blank is
 * '#' are skipped; leading blanks and "export " are allowed; a matching pair of single or
 * double quotes around the whole value is removed; nothing is expanded; a carriage return at
 * the end of a line is dropped; `KEY` alone asks for a copy from the host. A key is
 * [A-Za-z_][A-Za-z0-9_]*. Anything else is skipped and reported by its line number. Pure. */
#ifndef WIRE_DOTENV_H
#define WIRE_DOTENV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct dotenv {
    struct str rest;
    unsigned line; /* number of the line last read, from 1 */
};

enum dotenv_kind { DOTENV_END, DOTENV_SET, DOTENV_COPY, DOTENV_BAD };

void dotenv_init(struct dotenv *d, struct str text);

/* The next entry: key and (SET) value as views into the text. BAD: the line d->line is skipped.
 */
enum dotenv_kind dotenv_next(struct dotenv *d, struct str *key, struct str *value);

/* True for a usable variable name. */
bool dotenv_is_key(struct str s);

#endif
