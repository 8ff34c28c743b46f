/* SPDX-License-Identifier: MIT */
/* Descriptors: close-on-exec at birth, -1 when closed. */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

/* Closes *fd and sets it to -1; accepts -1. errno is kept. */
void fd_close(int *fd);

/* One read(2)/write(2); EINTR is retried; -1 with errno otherwise. sig_open() keeps SIGPIPE
 * away: a reader that has gone is EPIPE. */
ssize_t fd_read(int fd, void *p, size_t len);
ssize_t fd_write(int fd, const void *p, size_t len);

/* Writes all of it, waiting with poll(2) where the descriptor would block. 0, or -1. */
int fd_write_all(int fd, const void *p, size_t len, struct err *e);

/* Sets O_NONBLOCK on a descriptor of our own. Never on an inherited 0, 1 or 2: that flag is
 * shared with the shell that started us; use fd_reopen() for those. */
int fd_nonblock(int fd, struct err *e);

/* A private open file description of the same file, through /proc/self/fd/N, non-blocking and
 * close-on-exec. -1 where that is impossible (sockets, no /proc): *e is left alone, the caller
 * falls back to blocking calls after poll(2). `flags` is O_RDONLY or O_WRONLY. */
int fd_reopen(int fd, int flags);

int fd_pipe(int fds[2], struct err *e); /* close-on-exec pair */

/* Closes what this process was started with beyond 0, 1 and 2: what has no close-on-exec, for
 * that is what came through an exec, and nothing of ours is without it. For a process that
 * outlives its caller. */
void fd_close_inherited(void);

/* Closes everything but 0, 1, 2 and `keep` (-1: none): for a child that must hold nothing of
 * its parent's. -1 where that is not possible: no close_range(2), no /proc. */
int fd_close_all_but(int keep);

/* Makes sure 0, 1 and 2 are open, on /dev/null where they were closed, so that no file of ours
 * lands there. Called first thing in main. */
void fd_secure_standard(void);

#endif
