/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: requests that may take minutes: builds, pulls, saving and loading
 * images, removing. Each has a connection of its own, which is closed at the end. There is no
 * deadline as long as the engine answers pings: after each silence of the engine's timeout cco
 * pings it on another connection, and gives up if it does not answer. A signal of en->sig ends
 * the wait (ERR_CANCELED). Each function returns 0 on success and -1 on error. */
#ifndef ENGINE_DOCKER_API_STREAM_H
#define ENGINE_DOCKER_API_STREAM_H

#include "engine/docker_api.h"
#include "engine/image_progress_stream.h"

/* Writes the body of a request to `sink` (engine/image_context.h). `what` is the member of
 * struct api_stream_call. Returns 0 on success and -1 on error, which ends the request. */
struct context_sink;
typedef int (*api_stream_body)(const void *what, struct context_sink *sink, struct err *e);

/* Everything is borrowed for the time of the call. */
struct api_stream_call {
    const char *target;        /* with its query, without the version */
    const char *const *fields; /* more lines of the head, NULL-terminated; NULL: none */
    api_stream_body body;      /* NULL: the request has no body */
    const void *what;          /* passed to `body` */
    /* Receives the name of the build step that failed, or "" if none did. It has
     * PROGRESS_STREAM_NAME_MAX bytes; NULL: the caller does not need it. */
    char *failed_step;
};

/* Sends a POST with a tar archive as its body, reads the stream of JSON texts that answers it,
 * and reports the progress to `progress`, which must not be NULL. ERR_ENGINE means that the
 * engine refused, or that it reported an error in the stream after the status 200. */
int api_stream_post(struct engine *en, const struct api_stream_call *l,
                    struct progress *progress, struct err *e);

/* Sends a GET and writes the reply's body to `sink` as it arrives. An error of `sink` ends the
 * transfer. `progress` gets ticks only, and may be NULL. ERR_EOF means that the body is not
 * complete, ERR_ENGINE that the engine refused. */
int api_stream_get(struct engine *en, const char *target, struct context_sink *sink,
                   struct progress *progress, struct err *e);

/* Does the same as api_call() for a request that may take minutes. rq->body and
 * rq->content_type are not used. *status is 0 if no head of a reply arrived. `progress` gets
 * ticks only, and may be NULL. */
int api_stream_ask(struct engine *en, const struct api_request *rq, struct progress *progress,
                   struct buf *reply, int *status, struct err *e);

#endif
