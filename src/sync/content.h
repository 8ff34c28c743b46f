/* SPDX-License-Identifier: MIT */
/* What is in the files of a tree: opened without following links, sent with their holes as
 * holes, hashed. What changes while it is read is told from what was whole. */
#ifndef SYNC_CONTENT_H
#define SYNC_CONTENT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "sync/dirs.h"
#include "sync/talk.h"
#include "wire/syncmsg.h"

/* Opens the regular file at `path` and tells what it is at this moment; of one that was written
 * a moment ago it waits for the next (20 ms), so that whatever is written later shows in its
 * time. -1 with the reason where there is none, or it cannot be read. */
int content_open(struct dirs *d, struct str path, struct sync_entry *entry, struct err *e);

/* Sends `entry`'s bytes: DATA, HOLE, DONE. -1 only where sending fails; *whole tells whether
 * DONE said so. */
int content_send(struct talk *t, int fd, const struct sync_entry *entry, bool *whole,
                 struct err *e);

/* SHA-256 of its bytes, in hex. -1 where they cannot be read, or change meanwhile. t may be
 * NULL; else BUSY goes out now and then, and what fails with that fails later. */
int content_hash(struct talk *t, int fd, const struct sync_entry *entry,
                 char out[SYNC_DIGEST + 1], struct err *e);

#endif
