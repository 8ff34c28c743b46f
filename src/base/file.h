/* SPDX-License-Identifier: MIT */
/* Files: bounded reads, atomic replacement, private directories, removal of trees. Every
 * descriptor is close-on-exec. All functions block for as long as the file system does.
 * Functions that return int return 0 on success and -1 on error, unless stated otherwise. The
 * kind of an error is ERR_SYS unless stated otherwise. The functions that write a file report
 * ERR_NOT_FOUND if its directory does not exist. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

/* Calls open(2) with `flags` and O_CLOEXEC, again after EINTR. Returns the descriptor, which
 * belongs to the caller, and -1 with the text "PATH: reason" on error. ERR_NOT_FOUND means that
 * the file does not exist. */
int file_open(const char *path, int flags, mode_t mode, struct err *e);

/* Adds the whole content of a file to b. ERR_NOT_FOUND means that the file does not exist,
 * ERR_LIMIT that it exceeds b's maximum, ERR_REFUSED that it is not a regular file (reading a
 * fifo could block for ever). After an error, b may contain a part of the file. */
int file_read(const char *path, struct buf *b, struct err *e);

/* Adds everything from the current position of `fd` to the end of the file to b. `fd` stays
 * open. `path` is used in messages only. `size` is the expected number of bytes, for which room
 * is reserved at once; 0 if it is unknown. ERR_LIMIT means that the content exceeds b's
 * maximum. After an error, b may contain a part of the file. */
int file_read_fd(int fd, const char *path, size_t size, struct buf *b, struct err *e);

/* Returns the first line of a small file in the arena, without white space around it. Returns
 * NULL if the file cannot be read or if the line is empty. */
const char *file_first_line(struct arena *a, const char *path);

/* Writes the SHA-256 of a file to `out`, as lower-case hex digits and a NUL. ERR_NOT_FOUND
 * means that the file does not exist. After an error, `out` is unchanged. Blocks if the file is
 * a fifo to which no process writes. */
int file_sha256(const char *path, char out[SHA256_HEX], struct err *e);

/* Returns the whole text of a regular file of at most `max` bytes, copied into the arena with a
 * NUL behind it. If the file cannot be read, for any reason, the `p` of the result is NULL. */
struct str file_text(const char *path, size_t max, struct arena *a);

/* Replaces the file `path`, or creates it, with exactly these bytes and this mode. Writes a
 * temporary file PATH.RANDOM.tmp, where RANDOM is 16 hex digits, calls fsync(2) and renames it
 * to `path`. After an error the old file is unchanged and no temporary file remains. If the
 * process is killed meanwhile, the temporary file remains. */
int file_write_atomic(const char *path, struct str data, mode_t mode, struct err *e);

/* Like file_write_atomic(), but the temporary file has the fixed name `temp`, which must be in
 * the same directory. The caller must hold a lock, so that no other process uses that name. A
 * file that a killed process left there is removed first; a directory of that name is an
 * error. */
int file_replace(const char *path, const char *temp, struct str data, mode_t mode,
                 struct err *e);

/* Creates the file `path` and writes these bytes. The file must not exist (O_EXCL, O_NOFOLLOW).
 * It has exactly `mode` in the end and at no time more permissions than that. The file is not
 * synced, so use this function for files that need not survive a crash. After an error no new
 * file remains. */
int file_write_new(const char *path, struct str data, mode_t mode, struct err *e);

/* Creates every missing directory of `path` with `mode`, which the umask restricts, and leaves
 * existing directories unchanged, like mkdir -p. Follows links. Fails with ENOTDIR if a
 * component is not a directory. After an error, some of the directories may exist. */
int file_mkdirs(const char *path, mode_t mode, struct err *e);

/* Creates the directory `path` with mode 0700 if it is missing. If it exists, removes the
 * permissions of the group and of others. ERR_REFUSED means that `path` is not a directory, is
 * a link, or belongs to another user. */
int file_private_dir(const char *path, struct err *e);

/* Removes a file or a whole tree. Does not follow links. Directories of the tree that this user
 * owns but may not read or write get the mode 0700 first. A `path` that does not exist is a
 * success. After an error, a part of the tree may be removed. */
int file_remove_tree(const char *path, struct err *e);

bool file_exists(const char *path);     /* any type of file; a dangling link exists, too */
bool file_is_dir(const char *path);     /* follows links */
bool file_is_regular(const char *path); /* follows links */

#endif
