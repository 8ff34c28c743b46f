/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: requests that take minutes, and whose replies are streams of
 * progress messages. Each has a connection of its own. They wait as long as the engine works,
 * but not longer than it answers pings; a signal ends them (ERR_CANCELED). Each returns 0 on
 * success and -1 on error. */
#ifndef ENGINE_DOCKER_API_STREAM_H
#define ENGINE_DOCKER_API_STREAM_H

#include "engine/docker_api.h"
#include "engine/image_progress_stream.h"

/* Writes the body of the request to `sink`. */
struct context_sink;
typedef int (*api_stream_body)(const void *what, struct context_sink *sink, struct err *e);

struct api_stream_call {
    const char *target;        /* without the version */
    const char *const *fields; /* more lines of the head, NULL-terminated; NULL: none */
    api_stream_body body;      /* NULL: the request has no body */
    const void *what;          /* given to `body` */
    /* PROGRESS_STREAM_NAME_MAX bytes for the build step that failed, "" if none did; may be
     * NULL. */
    char *failed_step;
};

/* Sends a POST and reports the streamed progress to `progress`, which is not NULL. ERR_ENGINE
 * is a refusal, or an error in the stream. */
int api_stream_post(struct engine *en, const struct api_stream_call *l,
                    struct progress *progress, struct err *e);

/* Sends a GET and writes the reply's body to `sink` as it comes. `progress` may be NULL.
 * ERR_EOF means that the body is not complete, ERR_ENGINE is a refusal. */
int api_stream_get(struct engine *en, const char *target, struct context_sink *sink,
                   struct progress *progress, struct err *e);

/* Does the same as api_call() for a request without a body that may take minutes. `progress`
 * may be NULL. */
int api_stream_ask(struct engine *en, const struct api_request *rq, struct progress *progress,
                   struct buf *reply, int *status, struct err *e);

#endif
