/* SPDX-License-Identifier: MIT */
/* HTTP/1.1 (RFC 9110, RFC 9112), the client's half, without I/O: requests are written into a
 * buf, replies are taken from bytes as they come, in any split. Limits: LIMIT_HTTP_*. Pure.
 *
 * A reply goes: status line and fields -> (1xx other than 101: dropped, again from the start)
 * -> body by Transfer-Encoding: chunked, Content-Length, or until the connection closes -> end.
 * 1xx, 204 and 304 and replies to HEAD have no body. A 101, or a 200 to a request that asked
 * for an upgrade, ends HTTP on this connection: http_in() stops right behind the head and
 * everything that follows belongs to the stream. Both Content-Length and Transfer-Encoding,
 * differing lengths, bad chunk sizes, bare CR, NUL in fields, obsolete line folding and the
 * like are ERR_FORMAT: what two readers could read differently is refused. Once failed, it
 * stays failed. */
#ifndef WIRE_HTTP_H
#define WIRE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum http_body { HTTP_BODY_NONE, HTTP_BODY_LENGTH, HTTP_BODY_CHUNKED, HTTP_BODY_UNTIL_CLOSE };

struct http_request {
    const char *method;
    const char *target; /* origin form with its query, already percent-encoded; "host:port" of
                           CONNECT */
    const char *host;   /* Host field; may be "" for unix sockets, never NULL */
    const char *content_type; /* NULL: none */
    enum http_body body;      /* NONE writes Content-Length: 0 for POST and PUT */
    uint64_t length;          /* of HTTP_BODY_LENGTH */
    bool upgrade; /* Connection: Upgrade, Upgrade: tcp (ContainerAttach); CONNECT means it
                     without */
    bool close;   /* Connection: close */
    const char *const *fields; /* further "Name: value" lines, NULL-terminated; NULL: none */
};

/* Adds the head. ERR_USAGE for a CR, LF or NUL in any part, or a blank in the target. */
int http_write_head(const struct http_request *r, struct buf *out, struct err *e);

enum http_state {
    HTTP_HEAD,     /* wants the status line and fields */
    HTTP_BODY,     /* delivers the body */
    HTTP_DONE,     /* complete; the connection may carry another exchange if keep_alive */
    HTTP_UPGRADED, /* complete; what follows is the raw stream */
    HTTP_FAILED
};

struct http_reply {
    /* set by http_reply_init */
    bool to_head;    /* the request was HEAD */
    bool to_upgrade; /* the request asked for an upgrade */
    /* the head, valid from HTTP_BODY on */
    enum http_state state;
    int status;
    unsigned minor; /* HTTP/1.minor */
    bool keep_alive;
    enum http_body body;
    uint64_t left;   /* of the length, or of the current chunk */
    struct buf head; /* the last head's bytes, kept for http_field() */
    struct buf line; /* partial chunk-size and trailer lines */
    unsigned chunk_state;
    size_t trailer_len;
};

void http_reply_init(struct http_reply *r, bool to_head, bool to_upgrade);
void http_reply_release(struct http_reply *r);

/* Takes bytes from in; *used says how many. Body bytes among them are handed out as *data, a
 * view into `in` (no copy), at most one run per call: call again with the rest while used > 0
 * and the state is HEAD or BODY. Returns 0; -1 with state HTTP_FAILED. */
int http_in(struct http_reply *r, struct str in, size_t *used, struct str *data, struct err *e);

/* The connection closed. Ends a body that lasts until close; ERR_EOF anywhere else but in DONE.
 */
int http_in_eof(struct http_reply *r, struct err *e);

/* The first field of this name (ASCII case ignored), trimmed; {NULL, 0} where there is none. */
struct str http_field(const struct http_reply *r, const char *name);
struct str http_reason(const struct http_reply *r);

#endif
