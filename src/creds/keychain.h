/* SPDX-License-Identifier: MIT */
/* Reads and writes the item of the macOS Keychain that contains claude's login. It runs the
 * program security(1): the secret passes through the program's stdin and stdout, never through
 * an argument list. The code is portable C: on a system other than macOS, the variable
 * CCO_KEYCHAIN may name a program that behaves like security(1). SIGPIPE must be blocked or
 * ignored. */
#ifndef CREDS_KEYCHAIN_H
#define CREDS_KEYCHAIN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct keychain {
    const char *program; /* the absolute path of security(1); NULL: no Keychain exists */
    /* The item's name: "Claude Code-credentials". If CLAUDE_SECURESTORAGE_CONFIG_DIR names a
     * directory, or if it is not set and CLAUDE_CONFIG_DIR names one, "-" and the first 8 hex
     * digits of the SHA-256 of that name follow. If the first variable is set but empty,
     * nothing follows. */
    const char *service;
    const char *account; /* the item's account: $USER, or "claude-code-user" */
    char *const *env;    /* the program's environment: HOME, PATH and USER, nothing else */
};

enum {
    /* The longest line for `security -i`, in bytes. The program reads lines of 4096 bytes;
     * claude uses this limit. */
    KEYCHAIN_LINE_MAX = 4032,
    KEYCHAIN_READ_MS = 30000, /* for reading: a dialog may ask the user */
    KEYCHAIN_WRITE_MS = 4000  /* for writing, and again for reading back: locks are held */
};

/* Returns the item that claude uses with the environment `env`. The strings live in the arena
 * or are constant. Nothing is run: the item need not exist. If CCO_KEYCHAIN names a program
 * that is not found in PATH, `program` is that name, and reading and writing fail with
 * ERR_REFUSED. */
struct keychain keychain_find(char *const *env, struct arena *a);

/* Adds the item's text to out, which the caller wipes. An item with an empty text adds nothing.
 * Returns 0 on success and -1 on error, with the content of out unchanged. ERR_NOT_FOUND means
 * that no such item exists. ERR_REFUSED means that the program does not exist or ended with
 * an error, that the Keychain is locked or denies access, or that claude has spread the login
 * over several items, which only claude can read; a hint names the next step if the user can
 * take one. ERR_TIMEOUT means that the program has not answered for KEYCHAIN_READ_MS. ERR_LIMIT
 * means that the text exceeds out's maximum or is too long to be a login. ERR_SYS means that
 * the program cannot be run. Blocks until the program ends. */
int keychain_read(const struct keychain *k, struct buf *out, struct err *e);

/* Sets the item's text and reads it back. `text` is JSON; it is stored without the white space
 * between its tokens.
 *
 * Returns 0 on success and -1 on error:
 * - ERR_LIMIT: the text is too long for one line on stdin. An argument could be longer, but
 *   every process of the machine could read it. The item is unchanged. ERR_LIMIT also means
 *   that the program printed more than 4 KiB, and the item may then have either text.
 * - ERR_REFUSED: the item's name or account cannot be quoted, the program does not exist or
 *   ended with an error, or the Keychain is locked or denies access. The item is unchanged.
 * - ERR_NOT_FOUND: the program reports that no such item exists. The item is unchanged.
 * - ERR_SYS: the program cannot be run, or a system call failed while it ran. In the second
 *   case the item may have either text.
 * - ERR_TIMEOUT: the program has not ended within KEYCHAIN_WRITE_MS. The item may have either
 *   text.
 * - ERR_FORMAT: the item was written but contains another text than `text`.
 * - Any error whose text begins with "read back": the item was written, but it could not be
 *   read afterwards.
 *
 * Blocks for about ten seconds at most. */
int keychain_write(const struct keychain *k, struct str text, struct err *e);

#endif
