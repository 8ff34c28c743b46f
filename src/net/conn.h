/* SPDX-License-Identifier: MIT */
/* A connection to an engine or a server: a non-blocking, close-on-exec stream socket, plain or
 * with TLS on it (net/tls.h), and the bytes that were read from it but not yet used. */
#ifndef NET_CONN_H
#define NET_CONN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/wait.h"

struct tls;

struct conn {
    int fd;        /* -1 when closed */
    struct buf in; /* read ahead; at most LIMIT_RELAY_BUFFER */
    bool eof;      /* the other side will send no more */
    bool cut; /* with eof: it did not say so, as TLS demands; somebody else may have ended it */
    struct tls *tls;  /* owned; NULL: plain */
    const char *peer; /* for messages: "the engine" unless set otherwise after conn_init() */
};

void conn_init(struct conn *c);

/* Connects to a unix socket (any path length that unix(7) allows, longer ones through
 * /proc/self/fd of their directory). ERR_SYS with errno kept: ENOENT, EACCES, ECONNREFUSED are
 * told apart by callers. */
int conn_unix(struct conn *c, const char *path, const struct net_wait *w, struct err *e);

/* Waits for the end of a connect(2) of a non-blocking socket that said EINPROGRESS. */
int conn_finish(int fd, const struct net_wait *w, struct err *e);

/* Takes over a connected descriptor. */
int conn_adopt(struct conn *c, int fd, struct err *e);

void conn_close(struct conn *c);

/* Reads once into c->in, waiting if nothing is there. 0 (also at end of file: c->eof), -1 on
 * error. */
int conn_fill(struct conn *c, const struct net_wait *w, struct err *e);

/* One read without waiting: bytes added, 0 when nothing is there now or at end of file
 * (c->eof). */
int conn_fill_now(struct conn *c, struct err *e);

/* For a loop of its own, nothing waits here. conn_take(): bytes that were moved to p, 0 when
 * nothing is there now or at the end (c->eof), -1 on error. conn_put(): bytes that were taken,
 * -1 on error; with len 0 what was taken before goes on its way. conn_events(): what to poll(2)
 * for; conn_has_bytes(): conn_take() has something that poll would not tell of. */
ssize_t conn_take(struct conn *c, char *p, size_t room, struct err *e);
ssize_t conn_put(struct conn *c, const char *p, size_t len, struct err *e);
short conn_events(const struct conn *c, short want);
bool conn_has_bytes(const struct conn *c);

/* Another process has the connection from now on: closes it here without a word to the other
 * side. */
void conn_abandon(struct conn *c);

int conn_write_all(struct conn *c, struct str data, const struct net_wait *w, struct err *e);

#endif
