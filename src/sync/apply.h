/* SPDX-License-Identifier: MIT */
/* Changes a tree so that nothing is lost and nothing outside it is touched, whatever the other
 * end asks for: each place is reached without following links, examined once more, and replaced
 * by a rename.
 *
 * Every function that returns an int has one of three results. 0: it is done. 1: it was not
 * done, *e says why, and the tree is whole (the place contains something unexpected, permission
 * is missing, the file system refuses the name). -1: the caller should try nothing more (the
 * disk is full or broken). Blocks as local file systems do. */
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
    bool give; /* everything that is created gets the owner uid and gid */
    uid_t uid;
    gid_t gid;
    bool dirty;      /* something was changed */
    char tag[17];    /* part of the names of this run's temporary files */
    unsigned serial; /* and the number of the next one */
    struct buf path; /* the place of the current file */
    int fd;          /* the file that is being written, or -1 */
    char temp[APPLY_TEMP];
    uint64_t at; /* the bytes written so far */
    struct sync_entry entry;
    struct arena arena; /* of the names of files that were kept beside */
};

/* Prepares for changes below the directory `root`, which the caller keeps open. Returns 0 on
 * success and -1 if there are no random bytes. */
int apply_open(struct apply *a, int root, struct err *e);
void apply_release(struct apply *a); /* a file that was begun goes */

/* Removes what is at `path`; a directory must be empty. */
int apply_drop(struct apply *a, struct str path, const struct sync_entry *expected,
               struct err *e);

/* Creates a directory or a link. A directory can be written to at first, whatever its mode; see
 * apply_stamp(). */
int apply_make(struct apply *a, struct str path, const struct sync_entry *expected,
               const struct sync_entry *entry, struct err *e);

/* Begins a file for `path`. The caller then passes its bytes in order and calls apply_end() or
 * apply_end_beside(). */
int apply_begin(struct apply *a, struct str path, const struct sync_entry *entry,
                struct err *e);
int apply_data(struct apply *a, struct str bytes, struct err *e);
int apply_hole(struct apply *a, uint64_t len, struct err *e);

/* Puts the complete file into its place. ERR_FORMAT and -1 mean that bytes are missing. *now
 * (may be NULL) is set to the mode and time that the file system stored. */
int apply_end(struct apply *a, const struct sync_entry *expected, struct sync_entry *now,
              struct err *e);

/* Like apply_end(), but keeps the file beside its place under a free name: *kept, in the arena
 * of a. If a file with the same bytes already has such a name, that one is used. */
int apply_end_beside(struct apply *a, struct str *kept, struct err *e);

/* Creates a directory or a link beside `path`. */
int apply_make_beside(struct apply *a, struct str path, const struct sync_entry *entry,
                      struct str *kept, struct err *e);

void apply_cancel(struct apply *a); /* the file that was begun goes */

/* Sets mode and time of a file, which must be as expected, or of a directory. */
int apply_meta(struct apply *a, struct str path, const struct sync_entry *expected,
               const struct sync_entry *entry, struct sync_entry *now, struct err *e);

/* Sets mode and time of a directory in which something was changed, whatever it has. Failures
 * are ignored. */
void apply_stamp(struct apply *a, struct str path, const struct sync_entry *entry);

/* Waits until everything done so far is on the disk. */
int apply_flush(struct apply *a, struct err *e);

#endif
