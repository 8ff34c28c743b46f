/* SPDX-License-Identifier: MIT */
/* The client's half of HTTP/1.1 (RFC 9110, RFC 9112), without I/O: requests are written into a
 * buf, and replies are taken from bytes as they arrive, in any split. Limits: LIMIT_HTTP_*.
 * Pure.
 *
 * A reply is a status line and fields (the head), then a body. Interim replies (1xx except 101)
 * are dropped, and the next head is read. The body is chunked, or has Content-Length bytes, or
 * lasts until the connection is closed. 204 and 304 and replies to HEAD have no body. 101, or
 * 200 in reply to a request that asked for an upgrade, ends HTTP on the connection: http_in()
 * then stops right behind the head, and every byte after it belongs to the caller's stream.
 *
 * A reply that two readers could understand differently is refused with ERR_FORMAT:
 * Content-Length together with Transfer-Encoding, two different lengths, a coding other than
 * "chunked", bad chunk sizes, a CR or NUL inside a line, obsolete line folding. A 101 that was
 * not asked for is refused, too. A line may end with a bare LF. Once a reply has failed, it
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
    /* The path with its query, already percent-encoded; "host:port" for CONNECT. */
    const char *target;
    const char *host;         /* of the Host field; "" for a unix socket, never NULL */
    const char *content_type; /* NULL: no such field */
    /* How the body is sent. HTTP_BODY_NONE writes "Content-Length: 0" for POST and PUT.
     * HTTP_BODY_UNTIL_CLOSE is for replies only. */
    enum http_body body;
    uint64_t length; /* bytes of a HTTP_BODY_LENGTH */
    /* Requests an upgrade to a raw stream (Engine API, ContainerAttach). Unused for CONNECT,
     * which is such a request by itself. */
    bool upgrade;
    bool close;                /* "Connection: close"; not together with `upgrade` */
    const char *const *fields; /* further "Name: value" lines, NULL-terminated; NULL: none */
};

/* Adds the head of a request to out; the caller sends the body behind it. Returns 0 on success
 * and -1 on error. ERR_USAGE, with nothing added, means that the method is empty, that a part
 * contains a line break, that the method, target or host contains a blank, that the target does
 * not have the form above, or that a line of `fields` has no colon. ERR_LIMIT means that out's
 * maximum is exceeded; out then holds a part. */
int http_write_head(const struct http_request *r, struct buf *out, struct err *e);

enum http_state {
    HTTP_HEAD,     /* reads the head */
    HTTP_BODY,     /* reads the body */
    HTTP_DONE,     /* complete; the connection can be used again if keep_alive is set */
    HTTP_UPGRADED, /* complete; what follows on the connection is the raw stream */
    HTTP_FAILED    /* final */
};

struct http_reply {
    /* Set by http_reply_init(). */
    bool to_head;    /* the request was HEAD */
    bool to_upgrade; /* the request asked for an upgrade, or was CONNECT */
    enum http_state state;
    /* Valid once the state is not HTTP_HEAD. */
    int status;
    unsigned minor;      /* of the version, HTTP/1.minor */
    bool keep_alive;     /* the server keeps the connection open after this reply */
    enum http_body body; /* how the body ends */
    /* The reader's own. */
    uint64_t left;   /* bytes of the body, or of the current chunk, that are still to come */
    struct buf head; /* the bytes of the head, which http_field() reads */
    struct buf line; /* a chunk-size or trailer line that is not complete yet */
    unsigned chunk_state; /* what comes next in a chunked body */
    size_t trailer_len;   /* bytes of the trailer; in the head, where the current line begins */
};

/* Prepares *r for one reply. The arguments are the members of the same names. The caller ends
 * with http_reply_release(). */
void http_reply_init(struct http_reply *r, bool to_head, bool to_upgrade);

/* Frees the buffers. A second call does nothing. */
void http_reply_release(struct http_reply *r);

/* Takes bytes from the front of `in`, and sets *used to how many. Sets *data to bytes of the
 * body among them, a view into `in`, which may be empty. The caller drops *used bytes and calls
 * again with the rest while the state is HTTP_HEAD or HTTP_BODY. In the states HTTP_DONE and
 * HTTP_UPGRADED it takes nothing. Returns 0 on success, and -1, with the state HTTP_FAILED, on
 * error: ERR_FORMAT, also if a limit is exceeded. */
int http_in(struct http_reply *r, struct str in, size_t *used, struct str *data, struct err *e);

/* Reports that the server has closed the connection. A body that lasts until then is complete:
 * the state becomes HTTP_DONE. Returns 0 if the reply is complete; the states HTTP_DONE and
 * HTTP_UPGRADED do not change. Otherwise returns -1, with the state HTTP_FAILED: ERR_EOF, or
 * ERR_FORMAT if the reply had failed before. */
int http_in_eof(struct http_reply *r, struct err *e);

/* Returns the value of the first field with this name, without blanks around it. Upper and
 * lower case of ASCII letters are the same in names. Returns {NULL, 0} if there is no such
 * field. To be called once the state is not HTTP_HEAD; the value is valid until
 * http_reply_release(). */
struct str http_field(const struct http_reply *r, const char *name);

/* Returns the reason phrase of the status line, which may be empty. Valid as for
 * http_field(). */
struct str http_reason(const struct http_reply *r);

#endif
