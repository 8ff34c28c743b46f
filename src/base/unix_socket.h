/* SPDX-License-Identifier: MIT */
/* Unix sockets (unix(7)): listening, connecting, who is there, descriptors that travel. Paths longer than
 * an address holds go through a descriptor of their directory. Everything is close-on-exec and
 * non-blocking. */
#ifndef BASE_UNIX_SOCKET_H
#define BASE_UNIX_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/un.h>

#include "base/err.h"

enum { UNIX_SOCKET_FDS_MAX = 4 };

/* The address of `path`. *dir is -1, or a descriptor that must stay open until the address was used. */
int unix_socket_address(const char *path, struct sockaddr_un *addr, int *dir, struct err *e);

/* A listening stream socket at a path that is not there yet, with this mode. -1 with the error; nothing stays. */
int unix_socket_listen(const char *path, mode_t mode, struct err *e);

/* Connects without waiting: a listener that is there answers at once. ECONNREFUSED and ENOENT are told
 * apart by callers (e->errnum). */
int unix_socket_connect(const char *path, struct err *e);

/* The next connection, or -1 where none waits (no error) or with the error set. */
int unix_socket_accept(int listener, struct err *e);

/* The process at the other end (of a connection: who listened when it was made), in our pid namespace; 0 where
 * that cannot be told. SO_PEERCRED. */
pid_t unix_socket_peer_pid(int fd);

/* True where the process at the other end runs as `uid`. SO_PEERCRED. */
bool unix_socket_peer_is(int fd, uid_t uid);

/* Sends bytes with descriptors, waiting until the socket takes them. The bytes go as a whole. */
int unix_socket_send(int fd, const void *p, size_t len, const int *fds, size_t count,
                     struct err *e);

/* Reads like read(2); descriptors that came along are added to fds (-1 elsewhere, UNIX_SOCKET_FDS_MAX of them)
 * and owned by the caller; more than that many are closed. */
ssize_t unix_socket_recv(int fd, void *p, size_t len, int *fds);

#endif
