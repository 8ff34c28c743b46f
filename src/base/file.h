/* SPDX-License-Identifier: MIT */
/* Files: bounded reads, atomic replacement, private directories, removal of trees. Every
 * descriptor is close-on-exec. The functions block as local file systems do. */
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

/* Opens the file with O_CLOEXEC and retries after EINTR. Returns the descriptor, and -1 with
 * "PATH: reason" on error; ERR_NOT_FOUND if the file does not exist. open(2). */
int file_open(const char *path, int flags, mode_t mode, struct err *e);

/* Adds the whole file to b. Returns 0 on success and -1 on error. ERR_NOT_FOUND means that it
 * does not exist, ERR_LIMIT that it exceeds b's maximum, ERR_REFUSED that it is not a regular
 * file (a fifo would block). */
int file_read(const char *path, struct buf *b, struct err *e);

/* Adds everything that can still be read from fd to b. `path` is for messages. `size` is the
 * expected number of bytes: room for them is made at once; 0 if it is unknown. Returns 0 on
 * success and -1 on error; ERR_LIMIT means that there is more than b's maximum. Blocks until
 * the end of the file. */
int file_read_fd(int fd, const char *path, size_t size, struct buf *b, struct err *e);

/* Returns the first line of a small file in the arena, without white space around it. Returns
 * NULL if the file cannot be read or if the line is empty. */
const char *file_first_line(struct arena *a, const char *path);

/* Writes the SHA-256 of a file to `out` as lower-case hex digits. Returns 0 on success and -1
 * on error. */
int file_sha256(const char *path, char out[SHA256_HEX], struct err *e);

/* Returns the whole text of a regular file of at most `max` bytes, copied into the arena with a
 * NUL behind it. Its p is NULL if the file cannot be read for whatever reason. */
struct str file_text(const char *path, size_t max, struct arena *a);

/* Replaces `path` with exactly these bytes and mode: writes a temporary file beside it, calls
 * fsync(2) and rename(2). After an error the old file is unchanged and no temporary file
 * remains. */
int file_write_atomic(const char *path, struct str data, mode_t mode, struct err *e);

/* The same with the temporary name `temp` in the same directory, which only the holder of a
 * lock uses: a file that a killed process left there is removed first. A directory of that name
 * is an error. */
int file_replace(const char *path, const char *temp, struct str data, mode_t mode,
                 struct err *e);

/* Creates `path`, which must not exist (O_EXCL, O_NOFOLLOW), with `mode` from the first instant
 * on, and writes these bytes. The file is not synced, so use it for files that need not survive
 * a crash. After an error no file remains. */
int file_write_new(const char *path, struct str data, mode_t mode, struct err *e);

/* Creates the missing directories of `path` with `mode` and leaves existing ones alone, like
 * mkdir -p. Fails if a component is not a directory. */
int file_mkdirs(const char *path, mode_t mode, struct err *e);

/* Creates `path` with mode 0700 if it is missing, and checks with lstat(2) that it is a real
 * directory that belongs to this user. Removes the permissions of others. ERR_REFUSED if it is
 * anything else. */
int file_private_dir(const char *path, struct err *e);

/* Removes a file or a whole tree without following links. A missing one is not an error. */
int file_remove_tree(const char *path, struct err *e);

bool file_exists(const char *path); /* lstat succeeds */
bool file_is_dir(const char *path); /* stat; follows links */
bool file_is_regular(const char *path);

#endif
