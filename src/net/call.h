/* SPDX-License-Identifier: MIT */
/* One HTTP exchange over a conn: a request whose body may be streamed, a reply whose body may
 * be streamed, both at once (a build's log comes while its context still goes). A call is used
 * once: call_send_head, call_send_body*, call_send_end, call_head, call_body* until the end; or
 * call_simple for the small ones. The conn may carry the next call if call_reusable(). */
#ifndef NET_CALL_H
#define NET_CALL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/conn.h"
#include "wire/http.h"

struct call {
    struct conn *conn; /* borrowed */
    struct http_reply reply;
    bool chunked_request;
    bool broken; /* the connection's state is unknown: close it */
};

void call_init(struct call *c, struct conn *conn);
void call_release(struct call *c);

/* Sends the head; with HTTP_BODY_LENGTH or _CHUNKED the body follows. */
int call_send_head(struct call *c, const struct http_request *r, const struct net_wait *w,
                   struct err *e);

/* Sends body bytes (as one chunk if the request is chunked). If the engine answers or closes
 * before everything went out, *early is set and sending must stop: the reply tells why. */
int call_send_body(struct call *c, struct str data, const struct net_wait *w, bool *early,
                   struct err *e);
int call_send_end(struct call *c, const struct net_wait *w, struct err *e);

/* Waits for the reply's head (1xx are dropped): c->reply.status is valid then. */
int call_head(struct call *c, const struct net_wait *w, struct err *e);

/* The next run of the body, a view that lives until the next call on this conn; empty at the
 * end (c->reply.state is HTTP_DONE then). */
int call_body(struct call *c, struct str *data, const struct net_wait *w, struct err *e);

/* The same without waiting: *data is empty also when nothing has come yet; look at the state.
 */
int call_body_now(struct call *c, struct str *data, struct err *e);

/* All of the rest of the body, added to out (ERR_LIMIT past its maximum). */
int call_body_all(struct call *c, struct buf *out, const struct net_wait *w, struct err *e);

/* True where the exchange is over and the connection may carry another one. */
bool call_reusable(const struct call *c);

#endif
