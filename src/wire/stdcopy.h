/* SPDX-License-Identifier: MIT */
/* Docker's multiplexed stream of a container without a TTY: frames of {type, 0, 0, 0, length as
 * 32-bit big-endian} and payload (Engine API, ContainerAttach). Payload is passed through as
 * views, never collected, so a frame's length costs no memory. Pure. */
#ifndef WIRE_STDCOPY_H
#define WIRE_STDCOPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum stdcopy_stream {
    STDCOPY_STDIN = 0,
    STDCOPY_STDOUT = 1,
    STDCOPY_STDERR = 2,
    STDCOPY_SYSTEM = 3
};

struct stdcopy {
    unsigned char head[8];
    size_t head_len;
    uint32_t left; /* payload bytes of the current frame still to come */
    enum stdcopy_stream stream;
    bool failed;
};

void stdcopy_init(struct stdcopy *s);

/* Takes bytes; *used says how many; *data is the payload run among them (may be empty), which
 * belongs to s->stream. Streams 0 and 1 are the command's stdout, 2 its stderr, 3 text of the
 * engine's own. ERR_FORMAT for another type or non-zero filler: the stream is broken. */
int stdcopy_in(struct stdcopy *s, struct str in, size_t *used, struct str *data, struct err *e);

/* True between frames: an end of file here is clean. */
bool stdcopy_at_boundary(const struct stdcopy *s);

#endif
