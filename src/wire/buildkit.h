/* SPDX-License-Identifier: MIT */
/* BuildKit's progress as the build endpoint streams it: base64 of a protobuf StatusResponse
 * (moby/buildkit api/services/control/control.proto). Only what a person needs to see is
 * decoded; unknown fields are skipped. Pure. */
#ifndef WIRE_BUILDKIT_H
#define WIRE_BUILDKIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum buildkit_kind { BUILDKIT_VERTEX, BUILDKIT_STATUS, BUILDKIT_LOG, BUILDKIT_WARNING };

struct buildkit_event {
    enum buildkit_kind kind;
    struct str digest; /* of the vertex it belongs to */
    struct str name;   /* vertex: "[2/5] RUN ..."; status: its id or name */
    struct str text;   /* vertex: its error; log: the bytes; warning: the short text */
    bool cached;       /* vertex */
    bool started;      /* vertex, status */
    bool completed;    /* vertex, status */
    int64_t current;   /* status */
    int64_t total;     /* status */
    unsigned stream;   /* log: 1 stdout, 2 stderr */
};

/* Goes over the events of one decoded StatusResponse. */
struct buildkit_iter {
    struct str rest;
};
void buildkit_init(struct buildkit_iter *it, struct str message);

/* True with the next event (views into the message); false at the end. ERR_FORMAT in *e (whose
 * kind is ERR_NONE otherwise) where the bytes are no such message. */
bool buildkit_next(struct buildkit_iter *it, struct buildkit_event *ev, struct err *e);

#endif
