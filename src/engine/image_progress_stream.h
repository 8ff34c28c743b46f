/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: turns the JSON objects that an engine streams during a build or a
 * pull (Engine API, ImageBuild and ImageCreate) into calls of struct progress. Accepts any
 * split of its input. Does no I/O. */
#ifndef ENGINE_IMAGE_PROGRESS_STREAM_H
#define ENGINE_IMAGE_PROGRESS_STREAM_H

#include "base/buf.h"
#include "base/err.h"
#include "engine/progress.h"
#include "wire/json.h"

enum { PROGRESS_STREAM_VERTEX_MAX = 64, PROGRESS_STREAM_NAME_MAX = 256 };

/* A build step of BuildKit's. */
struct progress_stream_vertex {
    uint64_t key; /* of its digest */
    bool began, over;
    char name[PROGRESS_STREAM_NAME_MAX];
};

struct progress_stream {
    struct progress *progress; /* borrowed */
    struct json_split split;
    struct buf text;                     /* of the object that is not complete yet */
    struct buf decoded;                  /* a StatusResponse */
    char step[PROGRESS_STREAM_NAME_MAX]; /* the classic builder's current one; "" before the
                                            first */
    struct progress_stream_vertex vertices[PROGRESS_STREAM_VERTEX_MAX];
    size_t vertex_count;
    bool failed;                                /* the engine reported the error `why` */
    char failed_step[PROGRESS_STREAM_NAME_MAX]; /* the step that failed; "": none */
    struct err why;
};

struct progress_stream *progress_stream_new(struct progress *progress);
void progress_stream_free(struct progress_stream *s); /* accepts NULL */

/* Takes bytes of the stream. Returns 0 on success and -1 on error: ERR_FORMAT or ERR_LIMIT if
 * they are not a stream of JSON objects. If the engine reports an error, this function still
 * returns 0, and progress_stream_end() returns it. */
int progress_stream_in(struct progress_stream *s, struct str bytes, struct err *e);

/* Ends the stream. Returns 0 on success and -1 on error: that of the engine, or ERR_EOF inside
 * of an object. */
int progress_stream_end(struct progress_stream *s, struct err *e);

#endif
