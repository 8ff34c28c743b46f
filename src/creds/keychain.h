/* SPDX-License-Identifier: MIT */
/* The item of the macOS Keychain with claude's login, through the program security(1): the
 * secret passes through the program's stdout and stdin, never through an argument list.
 * Portable C: on a machine without a Keychain the variable CCO_KEYCHAIN may name a program that
 * behaves like security(1). */
#ifndef CREDS_KEYCHAIN_H
#define CREDS_KEYCHAIN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct keychain {
    const char *program; /* NULL: this machine has no Keychain */
    const char *service; /* "Claude Code-credentials", for another directory of claude's with
                            "-" and 8 hex digits */
    const char *account;
    char *const *env; /* for the program: HOME, PATH and USER, nothing else */
};

enum {
    KEYCHAIN_LINE_MAX =
        4032, /* `security -i` reads lines of 4096 bytes; claude uses this limit */
    KEYCHAIN_READ_MS = 30000, /* a dialog may ask the user */
    KEYCHAIN_WRITE_MS = 4000  /* for each of writing and reading back, within claude's locks */
};

/* Returns the item that claude uses with this environment. */
struct keychain keychain_find(char *const *env, struct arena *a);

/* Adds the item's text to out, which must be empty and which the caller wipes. Returns 0 on
 * success and -1 on error, with out wiped: ERR_NOT_FOUND if there is no such item; ERR_REFUSED,
 * with a hint for the user, if it is locked or in a form that only claude can read; ERR_TIMEOUT
 * after KEYCHAIN_READ_MS. */
int keychain_read(const struct keychain *k, struct buf *out, struct err *e);

/* Sets the item's text (JSON, stored without blanks between its tokens) and reads it back.
 * Returns 0 on success and -1 on error: ERR_LIMIT if it is too long for a line on stdin,
 * because every process of the machine could read an argument; ERR_FORMAT if reading back gave
 * another text, and only then the old text may be lost. */
int keychain_write(const struct keychain *k, struct str text, struct err *e);

#endif
