/* SPDX-License-Identifier: MIT */
/* Changing a tree so that nothing is lost and nothing outside it is touched, whatever one is
 * told: each place is reached without following links, looked at once more, and replaced by a
 * rename.
 *
 * What is done ends in one of three ways: 0; 1, it was not done, *e says why, and the tree is
 * whole (something is there that was not expected, no permission, a name the file system does
 * not take); -1, nothing more should be tried (no space, an error of the disk). */
#ifndef SYNC_APPLY_H
#define SYNC_APPLY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "sync/dirs.h"
#include "wire/synclist.h"

enum { APPLY_TEMP = 32 };

struct apply {
    struct dirs dirs;
    bool give; /* everything made belongs to uid and gid */
    uid_t uid;
    gid_t gid;
    bool dirty;      /* something was done */
    char tag[17];    /* of the temporary files of this run */
    unsigned serial; /* and their number */
    struct buf path; /* where the current file will be */
    int fd;          /* the file that is being written; -1 */
    char temp[APPLY_TEMP];
    uint64_t at; /* how far */
    struct sync_entry entry;
    struct arena arena; /* of names that were found for what is kept beside */
};

/* Things will be changed below the directory `root`, which stays open. -1: no random bytes. */
int apply_open(struct apply *a, int root, struct err *e);
void apply_release(struct apply *a); /* a file that was begun goes */

/* Removes what is at path; a directory must be empty. */
int apply_drop(struct apply *a, struct str path, const struct sync_entry *expected,
               struct err *e);

/* Makes a directory or a link. A directory can be written to at first, whatever its mode: see
 * apply_stamp(). */
int apply_make(struct apply *a, struct str path, const struct sync_entry *expected,
               const struct sync_entry *entry, struct err *e);

/* Begins a file that will be at path; then its bytes in order, then apply_end() or
 * apply_beside(). */
int apply_begin(struct apply *a, struct str path, const struct sync_entry *entry,
                struct err *e);
int apply_data(struct apply *a, struct str bytes, struct err *e);
int apply_hole(struct apply *a, uint64_t len, struct err *e);

/* All bytes came: the file gets its place. ERR_FORMAT and -1 where they are fewer than was
 * said. *now (may be NULL) is what the file system made of mode and time. */
int apply_end(struct apply *a, const struct sync_entry *expected, struct sync_entry *now,
              struct err *e);

/* The same, but it is kept beside its place, under a name that is free: *kept, in a's arena.
 * Where the very bytes lie under such a name already, that is it. */
int apply_end_beside(struct apply *a, struct str *kept, struct err *e);

/* A directory or a link beside `path`. */
int apply_make_beside(struct apply *a, struct str path, const struct sync_entry *entry,
                      struct str *kept, struct err *e);

void apply_cancel(struct apply *a); /* the file that was begun goes */

/* Mode and time of a file (as expected) or a directory. */
int apply_meta(struct apply *a, struct str path, const struct sync_entry *expected,
               const struct sync_entry *entry, struct sync_entry *now, struct err *e);

/* The same for a directory in which things were done, whatever it had; what fails stays as it
 * is. */
void apply_stamp(struct apply *a, struct str path, const struct sync_entry *entry);

/* Everything done so far is on the disk. */
int apply_flush(struct apply *a, struct err *e);

#endif
