/* SPDX-License-Identifier: MIT */
/* Reads the progress of a BuildKit build: the protobuf message StatusResponse (moby/buildkit
 * api/services/control/control.proto), which the engine's build endpoint streams in base64.
 * Only the fields that a user needs to see are decoded; all others are skipped. Pure. */
#ifndef WIRE_BUILDKIT_H
#define WIRE_BUILDKIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum buildkit_kind { BUILDKIT_VERTEX, BUILDKIT_STATUS, BUILDKIT_LOG, BUILDKIT_WARNING };

/* One event of a build step, which BuildKit calls a vertex. The texts are views into the
 * message. A member that does not belong to the kind is 0 or empty. */
struct buildkit_event {
    enum buildkit_kind kind;
    struct str digest; /* identifies the vertex to which the event belongs */
    struct str name;   /* of a vertex: "[2/5] RUN ..."; of a status: its id or name */
    /* of a vertex: its error; of a log: the bytes; of a warning: its short form */
    struct str text;
    bool cached;     /* of a vertex */
    bool started;    /* of a vertex or a status */
    bool completed;  /* of a vertex or a status */
    int64_t current; /* of a status: how much is done, in the unit of `total` */
    int64_t total;   /* of a status: 0 if unknown */
    unsigned stream; /* of a log: 1 is stdout, 2 is stderr */
};

/* Iterates over the events of one decoded StatusResponse. */
struct buildkit_iter {
    struct str rest;
};

/* Starts the iteration. `message` must live as long as the events are used. */
void buildkit_init(struct buildkit_iter *it, struct str message);

/* Sets *ev to the next event. Returns true on success. Returns false at the end, with *e
 * unchanged, and on error: ERR_FORMAT means that the bytes are not a StatusResponse, which also
 * ends the iteration. The caller starts with an empty *e and tells both cases apart by
 * e->kind. */
bool buildkit_next(struct buildkit_iter *it, struct buildkit_event *ev, struct err *e);

#endif
