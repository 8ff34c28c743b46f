/* SPDX-License-Identifier: MIT */
/* Exclusive locks between processes: flock(2) on a file or a directory. A lock belongs to the
 * descriptor that these functions return. It ends when that descriptor and all its copies in
 * child processes are closed, at the latest when those processes end. Every descriptor is
 * close-on-exec.
 *
 * `deadline_ms` is a time of clock_ms(). If it has passed, the functions still try for ten
 * milliseconds, because file_is_locked() of another process holds the lock for a moment.
 * FILE_LOCK_NOW is always in the past, and so is a negative number: there is no value for "no
 * deadline". The kind of an error is ERR_SYS unless stated otherwise. */
#ifndef BASE_FILE_LOCK_H
#define BASE_FILE_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { FILE_LOCK_NOW = 0 };

/* Opens the file `path`, creates it with mode 0600 if it is missing, and locks it. Does not
 * follow a link at the end of `path`. The lock is held on the file that has this name when the
 * function returns, even if another process removes files of that name meanwhile. Returns the
 * descriptor that holds the lock and -1 on error. ERR_TIMEOUT means that another process still
 * holds the lock at the deadline, or that other processes keep removing the file. ERR_NOT_FOUND
 * means that the directory of `path` does not exist. Blocks until the deadline at most. */
int file_lock(const char *path, int64_t deadline_ms, struct err *e);

/* Like file_lock(), but locks the existing directory `dir` itself, so that no lock file is
 * needed. ERR_NOT_FOUND means that `dir` does not exist. On NFS this fails with ERR_SYS. */
int file_lock_dir(const char *dir, int64_t deadline_ms, struct err *e);

/* Locks the file or directory that the caller has opened as `fd`. `name` is used in messages
 * only. Returns 0 on success and -1 on error; the errors are those of file_lock(). Blocks until
 * the deadline at most. */
int file_lock_fd(int fd, const char *name, int64_t deadline_ms, struct err *e);

/* Returns true while another process holds the lock of the file `path`, and false if no process
 * does or the file cannot be opened. Creates nothing, and does not block. */
bool file_is_locked(const char *path);

#endif
