/* SPDX-License-Identifier: MIT */
/* A connection to an engine or a server: a non-blocking, close-on-exec stream socket with or
 * without TLS (net/tls.h), and the bytes that were read from it but not used yet.
 *
 * Functions that return int return 0 on success and -1 on error. Those with a net_wait block
 * until its deadline at most and fail with ERR_TIMEOUT or ERR_CANCELED as net/wait.h says; the
 * others never block. A failing system call is ERR_SYS; with TLS, the errors of tls_start() are
 * possible as well. After an error the connection is only good for conn_close(). */
#ifndef NET_CONN_H
#define NET_CONN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/wait.h"

struct tls;

struct conn {
    int fd;        /* -1 if closed */
    struct buf in; /* bytes that were read but not used; at most LIMIT_RELAY_BUFFER */
    bool eof;      /* the peer sends nothing more */
    /* Set together with `eof` if TLS was used and the peer closed the connection without TLS's
     * close message. Another machine on the path may then have ended the connection. */
    bool cut;
    struct tls *tls;  /* owned; NULL: no TLS */
    const char *peer; /* name of the peer in messages; borrowed; conn_init(): "the engine" */
};

/* Sets the initial state: closed. */
void conn_init(struct conn *c);

/* Connects to the unix socket at `path`. Waits if the queue of the listener is full; if w has
 * neither a deadline nor signals, that is an error (EAGAIN) instead. A path that is too long
 * for a socket address is reached through a descriptor of its directory. On ERR_SYS, e->errnum
 * is that of connect(2), for example ENOENT, EACCES or ECONNREFUSED. After an error c is still
 * closed. */
int conn_unix(struct conn *c, const char *path, const struct net_wait *w, struct err *e);

/* Waits until connect(2) on the non-blocking socket `fd` has finished, after it has failed with
 * EINPROGRESS. Returns -1 with ERR_SYS if the connection could not be made. Does not close
 * fd. */
int conn_finish(int fd, const struct net_wait *w, struct err *e);

/* Makes the connected descriptor `fd` non-blocking and the connection of c, which was closed.
 * c then owns it. After an error it still belongs to the caller. */
int conn_adopt(struct conn *c, int fd, struct err *e);

/* Closes the connection, with TLS's close message if TLS is used, and sets the initial state
 * except `peer`. A second call does nothing. */
void conn_close(struct conn *c);

/* Reads once into c->in and waits until bytes arrive. At the end of the stream, returns 0 and
 * sets c->eof. ERR_LIMIT means that c->in is full. */
int conn_fill(struct conn *c, const struct net_wait *w, struct err *e);

/* Like conn_fill(), but returns 0 without waiting if nothing has arrived. */
int conn_fill_now(struct conn *c, struct err *e);

/* The next four functions are for a caller with its own poll(2) loop. */

/* Moves at most `room` bytes to p; reads from the socket only if c->in is empty. Returns the
 * number of bytes, or 0 if nothing has arrived or the stream has ended (c->eof), or -1 on
 * error. */
ssize_t conn_take(struct conn *c, char *p, size_t room, struct err *e);

/* Sends as many of the `len` bytes as the connection accepts. Returns their number, and -1 on
 * error. With TLS, accepted bytes may still be in a buffer; each call sends what is buffered,
 * even with a `len` of 0. */
ssize_t conn_put(struct conn *c, const char *p, size_t len, struct err *e);

/* Returns the events for poll(2), if the caller wants `want` (POLLIN, POLLOUT or both): adds
 * POLLOUT while TLS has bytes to send. */
short conn_events(const struct conn *c, short want);

/* Returns true if conn_take() can return bytes that were already read from the socket, so that
 * poll(2) does not report them. */
bool conn_has_bytes(const struct conn *c);

/* Like conn_close(), but sends nothing to the peer, because another process continues to use
 * the connection. */
void conn_abandon(struct conn *c);

/* Sends all of `data`. Waits while the peer accepts nothing. After an error, a part of the data
 * may have been sent. */
int conn_write_all(struct conn *c, struct str data, const struct net_wait *w, struct err *e);

#endif
