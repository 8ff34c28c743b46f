/* SPDX-License-Identifier: MIT */
/* Reads the files of a tree without following links: sends their bytes, with holes as holes, or
 * computes their digests. Reports whether a file stayed the same while it was read. */
#ifndef SYNC_CONTENT_H
#define SYNC_CONTENT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "sync/dirs.h"
#include "sync/talk.h"
#include "wire/syncmsg.h"

/* Opens the regular file at `path` and sets *entry to its state at this moment. If the file was
 * written less than 20 ms ago, waits for 20 ms, because a later write could otherwise leave the
 * file with the same time. Returns the descriptor, which belongs to the caller, and -1 on
 * error: ERR_REFUSED if it is not a regular file, and the errors of dirs_parent(). */
int content_open(struct dirs *d, struct str path, struct sync_entry *entry, struct err *e);

/* Sends the content of the file `fd` as DATA and HOLE messages, and then DONE. `entry` is its
 * state from content_open(). Sets *whole to true if all bytes were sent and the file still has
 * that state; DONE contains the same value. Returns 0 on success, also if *whole is false, and
 * -1 if sending fails. */
int content_send(struct talk *t, int fd, const struct sync_entry *entry, bool *whole,
                 struct err *e);

/* Writes the SHA-256 of the file `fd` to `out`, as hex digits and a NUL. Returns 0 on success
 * and -1 on error: ERR_SYS if it cannot be read, ERR_REFUSED if it does not have the state
 * `entry` any more. If t is not NULL, sends BUSY regularly. If that fails, a later call that
 * sends also fails and reports it. */
int content_hash(struct talk *t, int fd, const struct sync_entry *entry,
                 char out[SYNC_DIGEST + 1], struct err *e);

#endif
