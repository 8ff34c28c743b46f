/* SPDX-License-Identifier: MIT */
/* Reads Docker's multiplexed output stream of a container without a terminal (Engine API,
 * ContainerAttach). The stream consists of frames:
 *
 *   frame = stream (1 byte) zero (3 bytes) length (4 bytes, big-endian) payload (length bytes)
 *
 * The payload is passed on as views and never collected, so that a frame of any length needs no
 * memory. Once the stream is broken, the reader stays failed. Pure. */
#ifndef WIRE_STDCOPY_H
#define WIRE_STDCOPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum stdcopy_stream {
    STDCOPY_STDIN = 0,  /* the engine sends it on standard output: treat it like STDOUT */
    STDCOPY_STDOUT = 1, /* of the command */
    STDCOPY_STDERR = 2, /* of the command */
    STDCOPY_SYSTEM = 3  /* a message of the engine itself */
};

struct stdcopy {
    unsigned char head[8];
    size_t head_len;            /* bytes of the next head that have been read */
    uint32_t left;              /* payload bytes of the current frame that are still to come */
    enum stdcopy_stream stream; /* of the current frame */
    bool failed;
};

void stdcopy_init(struct stdcopy *s);

/* Takes bytes from the front of `in`, which may be split anywhere. Sets *used to how many it
 * took, at least 1 unless `in` is empty, and *data to the payload among them, which may be
 * empty: a view into `in` that belongs to s->stream. The caller drops *used bytes and calls
 * again with the rest. Returns 0 on success. Returns -1 and ERR_FORMAT if a head has another
 * stream number or a byte other than zero after it. */
int stdcopy_in(struct stdcopy *s, struct str in, size_t *used, struct str *data, struct err *e);

/* Returns true between two frames, where the end of the stream is not an error. */
bool stdcopy_at_boundary(const struct stdcopy *s);

#endif
