/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: the JSON objects that builds and pulls stream back (DOCKER.md 3), told
 * as progress. Takes bytes in any split. No I/O. */
#ifndef ENGINE_IMAGE_PROGRESS_STREAM_H
#define ENGINE_IMAGE_PROGRESS_STREAM_H

#include "base/buf.h"
#include "base/err.h"
#include "engine/progress.h"
#include "wire/json.h"

enum { PROGRESS_STREAM_VERTEX_MAX = 64, PROGRESS_STREAM_NAME_MAX = 256 };

/* A step of BuildKit's. */
struct progress_stream_vertex {
    uint64_t key; /* of its digest */
    bool began, over;
    char name[PROGRESS_STREAM_NAME_MAX];
};

struct progress_stream {
    struct progress *progress; /* borrowed */
    struct json_split split;
    struct buf text;    /* of the object that is not complete yet */
    struct buf decoded; /* a StatusResponse */
    char step
        [PROGRESS_STREAM_NAME_MAX]; /* the classic builder's current one; "" before the first */
    struct progress_stream_vertex vertices[PROGRESS_STREAM_VERTEX_MAX];
    size_t vertex_count;
    bool failed;                                /* the engine told an error: it is in `why` */
    char failed_step[PROGRESS_STREAM_NAME_MAX]; /* the step whose end it was; "": none */
    struct err why;
};

struct progress_stream *progress_stream_new(struct progress *progress);
void progress_stream_free(struct progress_stream *s); /* accepts NULL */

/* ERR_FORMAT or ERR_LIMIT for what is no stream of JSON objects. An error that the engine tells is
 * no failure here: look at `failed` at the end. */
int progress_stream_in(struct progress_stream *s, struct str bytes, struct err *e);

/* At the end of the reply: -1 with the engine's error, or ERR_EOF inside an object. */
int progress_stream_end(struct progress_stream *s, struct err *e);

#endif
