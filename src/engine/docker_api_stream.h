/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: requests that last, whose replies are streams of progress. */
#ifndef ENGINE_DOCKER_API_STREAM_H
#define ENGINE_DOCKER_API_STREAM_H

#include "engine/docker_api.h"
#include "engine/image_progress_stream.h"

/* What goes into the request's body; NULL: nothing. */
struct context_sink;
typedef int (*api_stream_body)(const void *what, struct context_sink *sink, struct err *e);

struct api_stream_call {
    const char *target;        /* without the version */
    const char *const *fields; /* more lines of the head, NULL-terminated; NULL: none */
    api_stream_body body;
    const void *what; /* given to body */
    char *
        failed_step; /* PROGRESS_STREAM_NAME_MAX bytes: the step that failed, "" where none did; NULL: not wanted */
};

/* POST on a connection of its own. Lasts as long as the engine works, but not longer than it answers pings.
 * ERR_ENGINE for refusals and for errors that it streams. */
int api_stream_post(struct engine *en, const struct api_stream_call *l,
                    struct progress *progress, struct err *e);

/* GET on a connection of its own; the reply's body goes to `sink` as it comes, whole or ERR_EOF. ERR_ENGINE for refusals. */
int api_stream_get(struct engine *en, const char *target, struct context_sink *sink,
                   struct progress *progress, struct err *e);

/* api_call() (a request without a body) for what may take an engine minutes: as patient as the calls above. `progress` may be
 * NULL. */
int api_stream_ask(struct engine *en, const struct api_request *rq, struct progress *progress,
                   struct buf *reply, int *status, struct err *e);

#endif
