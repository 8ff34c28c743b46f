/* SPDX-License-Identifier: MIT */
/* Changes a tree. Whatever the other end requests, nothing is lost and nothing outside the tree
 * is touched: each place is reached without following links, examined again, and replaced by a
 * rename.
 *
 * `path` is always relative to the root. `expected` is the state that the caller expects at the
 * path (type SYNC_GONE: nothing exists there). If the path is in another state (sync_same()),
 * the function does not change it and returns 1.
 *
 * Unless stated otherwise, a function that returns int returns one of three values:
 *
 *    0: The change was made.
 *    1: The change was not made, and *e says why: the path is not in the expected state,
 *       permission is missing, the file system refuses the name, and so on. The caller can go
 *       on with other paths. The path is unchanged, except in two cases: if a file had to be
 *       removed in order to make a directory, or a directory in order to make something else,
 *       it is gone; and a new directory stays if only its owner or mode could not be set.
 *   -1: The caller must stop: the disk is full or broken (ERR_SYS), or the other end has sent
 *       more or fewer bytes than the file has (ERR_FORMAT).
 *
 * A directory in which something is changed is made writable for its owner, if this user is the
 * owner; apply_stamp() sets its mode again. The functions block for as long as the file system
 * does. */
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
    bool give; /* created files, directories and links get the owner uid and gid */
    uid_t uid;
    gid_t gid;
    bool dirty;      /* something was changed since apply_open() or apply_flush() */
    char tag[17];    /* part of the names of the temporary files of this run */
    unsigned serial; /* number of the next temporary file */
    struct buf path; /* path of the file that is being written */
    /* The file that is being written, from apply_begin() to apply_end() or apply_cancel(); -1:
     * none. The next three members are valid only in that time. */
    int fd;
    char temp[APPLY_TEMP];   /* its temporary name, in the directory of `path` */
    uint64_t at;             /* bytes written so far, holes included */
    struct sync_entry entry; /* its size, mode and time */
    struct arena arena;      /* for the names of files that were kept beside */
};

/* Prepares for changes below the directory `root`, which the caller keeps open. Sets `give` to
 * false. Returns 0 on success and -1 if the kernel provides no random bytes. The caller calls
 * apply_release() in both cases. */
int apply_open(struct apply *a, int root, struct err *e);

/* Frees what a holds, and removes a file that is not complete. */
void apply_release(struct apply *a);

/* Removes the file, link or empty directory `path`. */
int apply_drop(struct apply *a, struct str path, const struct sync_entry *expected,
               struct err *e);

/* Creates a directory or a link, and replaces the expected file, link or empty directory. A new
 * directory is writable for its owner at first, with any mode; apply_stamp() sets the mode
 * at the end. */
int apply_make(struct apply *a, struct str path, const struct sync_entry *expected,
               const struct sync_entry *entry, struct err *e);

/* Creates a temporary file for `path`. `entry` has its size, mode and time. After 0, the caller
 * passes the bytes in order to apply_data() and apply_hole(), and then calls apply_end() or
 * apply_end_beside(). After 1 or -1 no file was created. If apply_data() or apply_hole()
 * returns 1 or -1, the temporary file is still open, and the caller calls apply_cancel(). */
int apply_begin(struct apply *a, struct str path, const struct sync_entry *entry,
                struct err *e);
int apply_data(struct apply *a, struct str bytes, struct err *e);
int apply_hole(struct apply *a, uint64_t len, struct err *e); /* `len` zero bytes, sparse */

/* Sets owner, mode and time of the complete file and renames it to its path. If a->give is
 * false, the file keeps the owner and group of the file that it replaces, as far as this user
 * may set them. If now is not NULL, sets *now to the state that the file system stored, which
 * may have another mode or time. After 1 or -1, a->fd is -1 if the temporary file was removed.
 * Otherwise the caller must call apply_end_beside() or apply_cancel(). */
int apply_end(struct apply *a, const struct sync_entry *expected, struct sync_entry *now,
              struct err *e);

/* Like apply_end(), but keeps the complete file beside its path, under a free name (see
 * place_conflict_name()). Sets *kept to that path, in the arena of a. If a file with such a
 * name already has the same bytes, *kept is its path and no further file is kept. After 1 or
 * -1 the caller calls apply_cancel(). */
int apply_end_beside(struct apply *a, struct str *kept, struct err *e);

/* Creates a directory or a link beside `path`, and sets *kept as apply_end_beside() does. An
 * existing link with such a name and the same target is used again. */
int apply_make_beside(struct apply *a, struct str path, const struct sync_entry *entry,
                      struct str *kept, struct err *e);

/* Removes the file that is being written. Does nothing if there is none. */
void apply_cancel(struct apply *a);

/* Sets the mode and time of a file or directory to those of `entry`. If now is not NULL, sets
 * *now as apply_end() does. */
int apply_meta(struct apply *a, struct str path, const struct sync_entry *expected,
               const struct sync_entry *entry, struct sync_entry *now, struct err *e);

/* Sets the mode and time of a directory after everything in it was changed. Does not examine
 * its state, and ignores errors. */
void apply_stamp(struct apply *a, struct str path, const struct sync_entry *entry);

/* Waits until all changes are on the disk. Returns 0 on success and -1 on error. syncfs(2). */
int apply_flush(struct apply *a, struct err *e);

#endif
