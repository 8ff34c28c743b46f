/* SPDX-License-Identifier: MIT */
/* Reads the files of a tree without following links: sends their bytes, with holes as holes, or
 * hashes them. Reports whether a file stayed the same while it was read. */
#ifndef SYNC_CONTENT_H
#define SYNC_CONTENT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "sync/dirs.h"
#include "sync/talk.h"
#include "wire/syncmsg.h"

/* Opens the regular file at `path` and sets *entry to its state at this moment. If it was
 * written a moment ago, the function waits for 20 ms, so that a later write changes the file's
 * time. Returns the descriptor, and -1 if there is no such file or it cannot be read. */
int content_open(struct dirs *d, struct str path, struct sync_entry *entry, struct err *e);

/* Sends the bytes of `entry`: DATA, HOLE, DONE. Returns -1 only if sending fails. *whole is set
 * to what DONE says. */
int content_send(struct talk *t, int fd, const struct sync_entry *entry, bool *whole,
                 struct err *e);

/* Computes the SHA-256 of the file's bytes in hex digits. Returns -1 if they cannot be read or
 * change meanwhile. If t is not NULL, BUSY is sent now and then; an error of that shows in a
 * later call. */
int content_hash(struct talk *t, int fd, const struct sync_entry *entry,
                 char out[SYNC_DIGEST + 1], struct err *e);

#endif
