/* SPDX-License-Identifier: MIT */
/* Unix stream sockets (unix(7)): listening, connecting, the identity of the peer, and passing
 * descriptors. A path that is too long for a socket address (107 bytes) is reached through a
 * descriptor of its directory and /proc/self/fd. Every returned descriptor belongs to the
 * caller and is close-on-exec; sockets are non-blocking. */
#ifndef BASE_UNIX_SOCKET_H
#define BASE_UNIX_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/un.h>

#include "base/err.h"

enum { UNIX_SOCKET_FDS_MAX = 4 };

/* Sets *addr to the address of `path`. Sets *dir to -1, or to a descriptor that the caller must
 * close after it has used the address. Returns 0 on success and -1 on error (ERR_SYS); *dir is
 * then -1. */
int unix_socket_address(const char *path, struct sockaddr_un *addr, int *dir, struct err *e);

/* Creates a socket file with this mode at `path`, which must not exist yet, and listens there.
 * Returns the socket, and -1 on error (ERR_SYS). After an error, this function leaves no new
 * file at `path`. Closing the socket does not remove the file. */
int unix_socket_listen(const char *path, mode_t mode, struct err *e);

/* Connects to the listener at `path`. Returns the socket, and -1 on error: ERR_SYS, with
 * ECONNREFUSED in e->errnum if no process listens and ENOENT if `path` does not exist. Never
 * blocks: EAGAIN means that the listener's queue is full. */
int unix_socket_connect(const char *path, struct err *e);

/* Returns true if a process listens at the socket `path`: connects, and closes the connection
 * without a word. */
bool unix_socket_is_live(const char *path);

/* Returns the next connection. Returns -1 with *e unchanged if no connection waits, and -1 with
 * ERR_SYS on error. Never blocks. */
int unix_socket_accept(int listener, struct err *e);

/* Returns the pid of the process at the other end, as this process's pid namespace numbers it.
 * Returns 0 if that process is not visible in this namespace or is not known. For a socket that
 * connected, the process is the last caller of listen(2). SO_PEERCRED. */
pid_t unix_socket_peer_pid(int fd);

/* Returns true if the process at the other end ran as `uid` when it connected or listened, and
 * false if that is not known. SO_PEERCRED. */
bool unix_socket_peer_is(int fd, uid_t uid);

/* Sends `len` bytes (at least 1), and with the first of them `count` descriptors (at most
 * UNIX_SOCKET_FDS_MAX), which still belong to the caller. Returns 0 when all bytes are sent and
 * -1 on error (ERR_SYS); a part of the bytes may then be sent. Waits, without a deadline, until
 * the socket has accepted all bytes. */
int unix_socket_send(int fd, const void *p, size_t len, const int *fds, size_t count,
                     struct err *e);

/* Receives bytes, like read(2): returns the number of bytes, 0 at the end of the stream, and -1
 * with errno on error (EAGAIN if nothing has arrived). `fds` has UNIX_SOCKET_FDS_MAX members;
 * the caller sets the unused ones to -1. Descriptors that arrive with the bytes are stored in
 * unused members and then belong to the caller. Descriptors for which there is no room are
 * closed. Never blocks on a non-blocking socket. */
ssize_t unix_socket_recv(int fd, void *p, size_t len, int *fds);

#endif
