/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: turns the JSON objects that an engine streams during a build, a
 * pull or the loading of an image (Engine API, ImageBuild, ImageCreate, ImageLoad) into calls
 * of struct progress. Understands the classic builder, BuildKit and Podman. Accepts any split
 * of its input. Does no I/O. */
#ifndef ENGINE_IMAGE_PROGRESS_STREAM_H
#define ENGINE_IMAGE_PROGRESS_STREAM_H

#include "base/buf.h"
#include "base/err.h"
#include "engine/progress.h"
#include "wire/json.h"

/* The number of BuildKit's steps that are followed; progress of more steps is ignored. The size
 * of a step's name, which is cut if it is longer. */
enum { PROGRESS_STREAM_VERTEX_MAX = 64, PROGRESS_STREAM_NAME_MAX = 256 };

/* A build step of BuildKit, which calls it a vertex. */
struct progress_stream_vertex {
    uint64_t key; /* a hash of the vertex's digest */
    bool began;   /* progress->step() was called for it */
    bool over;    /* progress->done() was called for it */
    char name[PROGRESS_STREAM_NAME_MAX];
};

struct progress_stream {
    struct progress *progress; /* borrowed */
    struct json_split split;
    struct buf text;    /* the bytes of the object that is not complete yet */
    struct buf decoded; /* one StatusResponse of BuildKit (wire/buildkit.h) */
    /* The current step of the classic builder or of Podman; "" before the first one. */
    char step[PROGRESS_STREAM_NAME_MAX];
    struct progress_stream_vertex vertices[PROGRESS_STREAM_VERTEX_MAX];
    size_t vertex_count;
    bool failed; /* the engine has reported the error `why` */
    /* The name of the step that failed; "" if none did. */
    char failed_step[PROGRESS_STREAM_NAME_MAX];
    struct err why;
};

/* Returns a stream in its initial state. `progress` is borrowed until
 * progress_stream_free(). */
struct progress_stream *progress_stream_new(struct progress *progress);
void progress_stream_free(struct progress_stream *s); /* accepts NULL */

/* Takes the next bytes of the stream, and calls s->progress for each complete object. Returns 0
 * on success and -1 on error: ERR_FORMAT or ERR_LIMIT if the bytes are not a stream of JSON
 * objects of at most LIMIT_JSON_LINE bytes. After an error, s must only be freed. If an object
 * reports an error of the engine, this function still returns 0, sets s->failed, and
 * progress_stream_end() returns the error. */
int progress_stream_in(struct progress_stream *s, struct str bytes, struct err *e);

/* Ends the stream, and the last step of the classic builder. Returns 0 on success and -1 on
 * error: ERR_ENGINE if the engine has reported an error, or ERR_EOF if the stream ends inside
 * of an object. */
int progress_stream_end(struct progress_stream *s, struct err *e);

#endif
