/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: small calls to the API over the engine's kept-alive connection,
 * and what its errors say. */
#ifndef ENGINE_DOCKER_API_H
#define ENGINE_DOCKER_API_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "engine/engine.h"
#include "net/call.h"
#include "wire/json.h"

/* Returns the deadline of a small call that starts now, with the signals that end it. */
struct net_wait api_wait(const struct engine *en);

/* Opens a new connection to the engine: *c. Returns 0 on success and -1 on error. */
int api_connect(const struct engine *en, struct conn *c, const struct net_wait *w,
                struct err *e);

/* Makes sure that en->conn is open, because the engine may close it while it is idle. Returns 0
 * on success and -1 on error. */
int api_connect_kept(struct engine *en, const struct net_wait *w, struct err *e);

struct api_request {
    const char *method;
    const char *target;       /* with its query, without the version: "/containers/create" */
    const char *content_type; /* NULL: none */
    struct str body;
};

/* Sends a request and waits for the reply, for the engine's timeout at most. The reply's body
 * is added to `reply`, whose max bounds it; its HTTP status becomes *status. Returns 0 also if
 * the engine refused, and -1 on error. A GET or DELETE is repeated once if the engine closed an
 * idle connection. */
int api_call(struct engine *en, const struct api_request *rq, struct buf *reply, int *status,
             struct err *e);

/* Sends a GET. Returns 0 if the status is 200, and -1 on error: ERR_ENGINE (api_refused()) if
 * the engine answers with another status. */
int api_get(struct engine *en, const char *target, struct buf *reply, struct err *e);

/* Does the same and parses the body: *root is a view into `reply`. `what` is the operation, for
 * messages: "list images". */
int api_get_json(struct engine *en, const char *target, const char *what, struct buf *reply,
                 struct json *root, struct err *e);

/* Adds "/images/REF", with the reference percent-encoded, and `tail` ("/json") to `out`, whose
 * failure is sticky: the caller checks it in the end. */
void api_image_target(const char *ref, const char *tail, struct buf *out);

/* Returns the path in front of every target, also of targets without a version: "" or
 * "/base". */
const char *api_base(const struct engine *en);

/* Adds the base, the version and the target to `out`. */
void api_target(const struct engine *en, const char *target, struct buf *out);

/* Sets ERR_ENGINE, with the HTTP status as its code. Its text is the engine's message, which is
 * {"message": ...} or plain text, or names the status if there is none. Returns -1. */
int api_refused(int status, struct str body, struct err *e);

/* Returns whether the engine answers a ping on a new connection, whatever the status. This
 * distinguishes a slow engine from a dead one. If it does not, *e has the reason. */
bool api_is_alive(const struct engine *en, struct err *e);

#endif
