/* SPDX-License-Identifier: MIT */
/* One HTTP exchange over a connection. The bodies of the request and of the reply may be
 * streamed, both at the same time: the log of an image build arrives while its context is still
 * being sent.
 *
 * The order of the calls is: call_send_head(); call_send_body() as often as needed;
 * call_send_end(); call_head(); call_body() until the end of the body. Afterwards, the
 * connection can be used for another exchange if call_reusable() says so; call_send_head() then
 * begins it with the same struct call.
 *
 * Functions that return int return 0 on success and -1 on error. Those with a net_wait block
 * until its deadline at most. The errors are those of net/conn.h and wire/http.h; ERR_EOF means
 * that the connection ended before the end of the reply. If the connection cannot be used any
 * more after an error, `broken` is set. */
#ifndef NET_CALL_H
#define NET_CALL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/conn.h"
#include "wire/http.h"

struct call {
    struct conn *conn; /* borrowed; connected, possibly with TLS */
    struct http_reply reply;
    bool chunked_request; /* the request's body is sent in chunks */
    bool broken;          /* the state of the connection is unknown: the caller closes it */
};

void call_init(struct call *c, struct conn *conn);

/* Frees what the call holds. Does not close the connection. A second call does nothing. */
void call_release(struct call *c);

/* Starts an exchange and sends the head of the request. A body follows if r->body is
 * HTTP_BODY_LENGTH or HTTP_BODY_CHUNKED. */
int call_send_head(struct call *c, const struct http_request *r, const struct net_wait *w,
                   struct err *e);

/* Sends bytes of the body, as one chunk if the request is chunked. If the peer has closed the
 * connection for writing, sets *early to true and returns 0: the caller must then stop sending
 * and read the reply, which may contain the reason. *early is never set to false. */
int call_send_body(struct call *c, struct str data, const struct net_wait *w, bool *early,
                   struct err *e);

/* Ends the body. If the peer has closed the connection for writing, returns 0 too. */
int call_send_end(struct call *c, const struct net_wait *w, struct err *e);

/* Waits for the head of the reply, and skips interim replies (1xx except 101). Afterwards
 * c->reply.status and the fields are valid. */
int call_head(struct call *c, const struct net_wait *w, struct err *e);

/* Waits for the next bytes of the body and sets *data to a view of them, which is valid until
 * the next use of the connection. At the end of the body *data is empty. */
int call_body(struct call *c, struct str *data, const struct net_wait *w, struct err *e);

/* Like call_body(), but does not wait. An empty *data means the end of the body if
 * c->reply.state is HTTP_DONE; if it is HTTP_BODY, nothing has arrived yet. */
int call_body_now(struct call *c, struct str *data, struct err *e);

/* Adds the rest of the body to `out`. ERR_LIMIT means that it exceeds the maximum of `out`.
 * After an error, `out` may contain a part of the body. */
int call_body_all(struct call *c, struct buf *out, const struct net_wait *w, struct err *e);

/* Returns true if the exchange is complete and the connection can be used for another one. */
bool call_reusable(const struct call *c);

#endif
