/* SPDX-License-Identifier: MIT */
/* Files: bounded reads, atomic replaces, private directories, trees that go away.
 * Everything is close-on-exec. Blocks as local file systems do. */
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

/* open(2) with O_CLOEXEC; EINTR is retried. The descriptor, or -1 with "PATH: reason". */
int file_open(const char *path, int flags, mode_t mode, struct err *e);

/* Adds the whole file to b. ERR_NOT_FOUND where it does not exist, ERR_LIMIT past b's maximum,
 * ERR_REFUSED for what is no regular file (a fifo would block). */
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

/* Replaces `path` with exactly these bytes and mode: temporary file beside it, fsync, rename.
 * On failure the old file is untouched and no temporary file stays. rename(2). */
int file_write_atomic(const char *path, struct str data, mode_t mode, struct err *e);

/* The same through `temp`, a name in the same directory that only the holder of a lock uses:
 * what a killed process left there is removed first (never a directory: an error). */
int file_replace(const char *path, const char *temp, struct str data, mode_t mode,
                 struct err *e);

/* Creates `path` (must not exist: O_EXCL|O_NOFOLLOW) with mode from the first instant on, and
 * writes these bytes; not synced, so meant for what need not outlive a crash. On failure
 * nothing stays. */
int file_write_new(const char *path, struct str data, mode_t mode, struct err *e);

/* mkdir -p: makes the missing ones with `mode`; existing ones are left alone. Fails where a
 * component is no directory. */
int file_mkdirs(const char *path, mode_t mode, struct err *e);

/* Makes `path` if missing (0700) and makes sure by lstat that it is a real directory, ours, and
 * closed to others; repairs the mode of our own one. ERR_REFUSED otherwise. */
int file_private_dir(const char *path, struct err *e);

/* Removes a file or a whole tree without following links; a missing one is success. */
int file_remove_tree(const char *path, struct err *e);

bool file_exists(const char *path); /* lstat succeeds */
bool file_is_dir(const char *path); /* stat; follows links */
bool file_is_regular(const char *path);

#endif
