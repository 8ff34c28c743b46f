/* SPDX-License-Identifier: MIT */
/* Unix stream sockets (unix(7)): listening, connecting, the identity of the peer, and passing
 * descriptors. A path that is longer than an address can hold is reached through a descriptor
 * of its directory. Every returned descriptor belongs to the caller and is close-on-exec;
 * sockets are non-blocking. */
#ifndef BASE_UNIX_SOCKET_H
#define BASE_UNIX_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/un.h>

#include "base/err.h"

enum { UNIX_SOCKET_FDS_MAX = 4 };

/* Sets *addr to the address of `path`. *dir becomes -1, or a descriptor that the caller closes
 * after it has used the address. Returns 0 on success and -1 on error; *dir is then -1. */
int unix_socket_address(const char *path, struct sockaddr_un *addr, int *dir, struct err *e);

/* Listens at `path`, which must not exist yet, with this mode. Returns the socket, and -1 on
 * error; nothing is left at `path` then, unless it existed before. */
int unix_socket_listen(const char *path, mode_t mode, struct err *e);

/* Connects to the listener at `path`. Returns the socket, and -1 on error: ERR_SYS, with
 * ECONNREFUSED in e->errnum if no process listens and ENOENT if `path` does not exist. Never
 * blocks: EAGAIN means that the listener's queue is full. */
int unix_socket_connect(const char *path, struct err *e);

/* Returns the next connection. Returns -1 if none waits, with e unchanged, or on error. Never
 * blocks. */
int unix_socket_accept(int listener, struct err *e);

/* Returns the pid of the process at the other end, in the pid namespace of this process, and 0
 * if it is in none or not known. On the side that has connected it is the process that called
 * listen(2) last. SO_PEERCRED. */
pid_t unix_socket_peer_pid(int fd);

/* Returns true if the process at the other end ran as `uid` when it connected or listened, and
 * false if that is not known. SO_PEERCRED. */
bool unix_socket_peer_is(int fd, uid_t uid);

/* Sends `len` bytes (at least 1), and with the first of them `count` descriptors (at most
 * UNIX_SOCKET_FDS_MAX), which still belong to the caller. Returns 0 when all bytes are sent and
 * -1 on error. Blocks, without a limit, until the socket has taken them. */
int unix_socket_send(int fd, const void *p, size_t len, const int *fds, size_t count,
                     struct err *e);

/* Reads like read(2): returns the number of bytes, 0 at the end, and -1 with errno on error.
 * `fds` has UNIX_SOCKET_FDS_MAX members; the caller sets the unused ones to -1. Descriptors
 * that came with the bytes are stored in unused members and belong to the caller; those that
 * find no room are closed. */
ssize_t unix_socket_recv(int fd, void *p, size_t len, int *fds);

#endif
