/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: small calls to the Engine API over the engine's kept-alive
 * connection (en->conn), and the errors that the engine answers with. Everything that waits
 * blocks for the engine's timeout at most, and a signal of en->sig ends it. */
#ifndef ENGINE_DOCKER_API_H
#define ENGINE_DOCKER_API_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "engine/engine.h"
#include "net/call.h"
#include "wire/json.h"

/* Returns the wait of a step that starts now: the deadline is en->timeout_ms from now, and the
 * signals are those of en->sig. */
struct net_wait api_wait(const struct engine *en);

/* Opens a new connection to the engine in *c, which must be initialized (conn_init()) and
 * closed; the caller closes it. Returns 0 on success and -1 on error; *c is closed after an
 * error. */
int api_connect(const struct engine *en, struct conn *c, const struct net_wait *w,
                struct err *e);

/* Makes sure that en->conn is open: opens it if it is closed, or if the engine has closed it
 * while it was idle. Returns 0 on success and -1 on error. */
int api_connect_kept(struct engine *en, const struct net_wait *w, struct err *e);

/* A request that is held in memory. Everything is borrowed for the time of the call. */
struct api_request {
    const char *method;
    const char *target;       /* with its query, without the version: "/containers/create" */
    const char *content_type; /* NULL: none */
    struct str body;          /* empty: the request has no body */
};

/* Sends a request and waits for the whole reply. The reply's body is added to `reply`, whose
 * maximum limits it, and *status becomes the HTTP status. Returns 0 on success, also if the
 * engine answered with an error status, and -1 on error; *status is unchanged then. A GET or
 * DELETE is repeated once if the engine has closed the idle connection. */
int api_call(struct engine *en, const struct api_request *rq, struct buf *reply, int *status,
             struct err *e);

/* Sends a GET and adds the reply's body to `reply`. Returns 0 if the status is 200, and -1 on
 * error; another status is the error of api_refused(). */
int api_get(struct engine *en, const char *target, struct buf *reply, struct err *e);

/* Does the same as api_get() and parses the body. *root is a view into `reply`, which must be
 * empty before, and must not change while *root is used. `what` names the operation for
 * messages: "list images". ERR_FORMAT means that the body is not JSON. */
int api_get_json(struct engine *en, const char *target, const char *what, struct buf *reply,
                 struct json *root, struct err *e);

/* Adds "/images/REF", with the reference percent-encoded, and `tail` ("/json") to `out`. If
 * that exceeds the maximum of `out`, out->overflowed is set, and the caller notices it at the
 * end (buf_c()). */
void api_image_target(const char *ref, const char *tail, struct buf *out);

/* Returns the path in front of every target, also of targets without a version: "", or the path
 * of the address, as in "/base". Borrowed from en->endpoint. */
const char *api_base(const struct engine *en);

/* Adds the whole path of a request to `out`: the base, the version en->api_minor, and the
 * target. Sets out->overflowed if that exceeds its maximum. */
void api_target(const struct engine *en, const char *target, struct buf *out);

/* Sets *e to ERR_ENGINE with `status` as its code. The text is the engine's message: the member
 * "message" of a JSON body, or a plain text body, cut after 700 bytes; if the body is empty,
 * the text names the status. Returns -1. Never blocks. */
int api_refused(int status, struct str body, struct err *e);

/* Reads the body of a reply that refuses a request, and sets *e like api_refused(). The body of
 * a refused upgrade has no length and ends with the connection. Blocks for `w` at most. Returns
 * -1. */
int api_read_refusal(struct call *c, const struct net_wait *w, struct err *e);

/* Copies the member "Id" of a reply to `id`: the id of a new container or exec, which has 1 to
 * 64 hex digits. Returns 0 on success and -1 with ERR_FORMAT if no such member exists. Never
 * blocks. */
int api_read_id(struct json root, char id[ENGINE_ID_MAX], struct err *e);

/* Returns whether the engine answers a ping on a new connection, with any status. This
 * distinguishes a slow engine from a dead one. If it returns false, *e has the reason;
 * ERR_CANCELED is a signal. */
bool api_is_alive(const struct engine *en, struct err *e);

#endif
