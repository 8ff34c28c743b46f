/* SPDX-License-Identifier: MIT */
/* Descriptors. Every descriptor is created close-on-exec, and its variable is set to -1 when it
 * is closed. */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

/* Closes *fd and sets it to -1. Does nothing if *fd is -1. Does not change errno. */
void fd_close(int *fd);

/* Call read(2) or write(2) once, and again only after EINTR. They return the number of bytes,
 * and -1 with errno on error. They block if the descriptor does. If the reader of a pipe or
 * socket has closed it, fd_write() fails with EPIPE, provided that sig_open() has blocked
 * SIGPIPE. */
ssize_t fd_read(int fd, void *p, size_t len);
ssize_t fd_write(int fd, const void *p, size_t len);

/* Writes all `len` bytes. If the descriptor is non-blocking and full, waits for it with
 * poll(2), without a deadline. Returns 0 on success and -1 on error (ERR_SYS); a part of the
 * bytes may then be written. */
int fd_write_all(int fd, const void *p, size_t len, struct err *e);

/* Sets O_NONBLOCK on a descriptor that cco itself has created. Never use it on the inherited
 * descriptors 0, 1 and 2, because they share that flag with the user's shell; use fd_reopen()
 * for them. Returns 0 on success and -1 on error (ERR_SYS). */
int fd_nonblock(int fd, struct err *e);

/* Opens the file of `fd` once more, through /proc/self/fd/N. The new descriptor has an open
 * file description of its own, and is non-blocking and close-on-exec. `flags` is O_RDONLY,
 * O_WRONLY or O_RDWR. `fd` is unchanged and stays open. Returns the new descriptor, which
 * belongs to the caller, and -1 with errno on error: a socket cannot be opened like this, and
 * /proc may be missing. After an error, the caller can still use `fd` itself: poll(2) first,
 * then a blocking call. proc_pid_fd(5). */
int fd_reopen(int fd, int flags);

/* Creates a pipe whose ends are close-on-exec: fds[0] reads, fds[1] writes. Returns 0 on
 * success and -1 on error (ERR_SYS). pipe2(2). */
int fd_pipe(int fds[2], struct err *e);

/* Closes the descriptors above 2 that this process inherited when it was executed, so that a
 * process that lives on in the background does not keep them open. It closes every descriptor
 * that is not close-on-exec: an inherited descriptor cannot have that flag, and each descriptor
 * that cco creates has it. Errors are ignored. Reads /proc. */
void fd_close_inherited(void);

/* Closes every descriptor except 0, 1, 2 and `keep`; -1 for `keep` keeps no other. For a child
 * process that must not keep descriptors of its parent open. Returns 0 on success. Returns -1
 * with errno if the kernel has no close_range(2) (before Linux 5.9) and /proc cannot be read;
 * some of the descriptors may then be open. */
int fd_close_all_but(int keep);

/* Opens /dev/null in place of each of the descriptors 0, 1 and 2 that is closed, so that no
 * file that cco opens later gets such a number. main() calls it first. If /dev/null cannot be
 * opened, the process exits with EXIT_CCO. */
void fd_secure_standard(void);

#endif
