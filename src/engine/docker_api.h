/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: small calls to the API over the engine's kept-alive connection, and
 * what its errors say. */
#ifndef ENGINE_DOCKER_API_H
#define ENGINE_DOCKER_API_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "engine/engine.h"
#include "net/call.h"
#include "wire/json.h"

/* How long a small call may take, from now on; signals end it. */
struct net_wait api_wait(const struct engine *en);

/* A connection of its own. */
int api_connect(const struct engine *en, struct conn *c, const struct net_wait *w,
                struct err *e);

/* Makes sure that en->conn is open and nobody closed it while it was idle. */
int api_connect_kept(struct engine *en, const struct net_wait *w, struct err *e);

struct api_request {
    const char *method;
    const char *target;       /* with its query, without the version: "/containers/create" */
    const char *content_type; /* NULL: none */
    struct str body;
};

/* The whole exchange. The reply's body is added to `reply` (its max bounds it), its HTTP status goes
 * to *status: a refusal is no failure here. */
int api_call(struct engine *en, const struct api_request *rq, struct buf *reply, int *status,
             struct err *e);

/* GET and 200, or ERR_ENGINE. */
int api_get(struct engine *en, const char *target, struct buf *reply, struct err *e);

/* The same, and its body as JSON, a view into `reply`. `what` is what is done: "list images". */
int api_get_json(struct engine *en, const char *target, const char *what, struct buf *reply,
                 struct json *root, struct err *e);

/* Adds "/images/REF" and `tail` behind it ("/json"). Sticky: look at the buffer in the end. */
void api_image_target(const char *ref, const char *tail, struct buf *out);

/* What is in front of every target, also of those without a version: "" or "/base". */
const char *api_base(const struct engine *en);

/* Adds the base and the version in front of a target. */
void api_target(const struct engine *en, const char *target, struct buf *out);

/* ERR_ENGINE with what the engine said: {"message": ...}, plain text, or the status alone. */
int api_refused(int status, struct str body, struct err *e);

/* True while a fresh connection still gets an answer to a ping: tells a slow engine from a dead one. */
bool api_is_alive(const struct engine *en, struct err *e);

#endif
