/* SPDX-License-Identifier: MIT */
/* The macOS Keychain's item with claude's login, through the program security(1): its secret comes on that
 * program's stdout and goes on its stdin, never in an argument list. Portable C: where there is no Keychain the
 * environment's CCO_KEYCHAIN may name a program that behaves like it. */
#ifndef CREDS_KEYCHAIN_H
#define CREDS_KEYCHAIN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct keychain {
    const char *program; /* NULL: this machine has no Keychain */
    const char *
        service; /* "Claude Code-credentials", for another directory of claude's with "-" and 8 hex digits */
    const char *account;
    char *const *env; /* for the program: HOME, PATH and USER, nothing else */
};

enum {
    KEYCHAIN_LINE_MAX =
        4032, /* `security -i` reads lines of 4096 bytes; claude stays that far below it */
    KEYCHAIN_READ_MS = 30000, /* a dialogue may ask the user */
    KEYCHAIN_WRITE_MS = 4000  /* for each of writing and reading back, within claude's locks */
};

/* Which item claude would use with this environment. */
struct keychain keychain_find(char *const *env, struct arena *a);

/* Adds the item's text to out (empty; wiped on failure; wiped by the caller else). ERR_NOT_FOUND: no such item.
 * ERR_REFUSED, with the next step as the hint: locked, or in a form that claude alone can read. ERR_TIMEOUT. */
int keychain_read(const struct keychain *k, struct buf *out, struct err *e);

/* Sets the item's text (JSON, stored without blanks between its tokens) and reads it back. ERR_LIMIT where it is too
 * long for a line on stdin: an argument could hold it, and every process of the machine could read it there. On
 * failure the old text may be gone only where reading back told so (ERR_FORMAT). */
int keychain_write(const struct keychain *k, struct str text, struct err *e);

#endif
