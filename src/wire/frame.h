/* SPDX-License-Identifier: MIT */
/* Frames: the messages on the line between cco and init, and on the session socket between the
 * session server and its clients. PROTOCOL.md specifies who sends which frame when, and what
 * its payload means ("The line", "The session socket"). This module adds frames to a buf and
 * takes them from bytes as they arrive. It checks the form of a frame; the caller checks
 * whether a frame of that type may come from that side at that time. Pure.
 *
 * After an ERR_FORMAT the position in the stream is lost, so the caller must close it. */
#ifndef WIRE_FRAME_H
#define WIRE_FRAME_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum {
    FRAME_HEAD = 8,         /* bytes in front of the payload */
    FRAME_MAX = 16 << 10,   /* bytes of a payload */
    FRAME_VERSION = 1,      /* of the protocol, in each HELLO */
    FRAME_SIZE_LEN = 4,     /* bytes of the payload of SIZE */
    FRAME_SECRET = 64,      /* hex digits of the session's secret and of its key */
    FRAME_WINDOW = 64 << 10 /* bytes of INPUT that may be without a TAKEN */
};

/* Numbers are never reused. 19 is retired: frame_next() returns such a frame, and no receiver
 * expects one. */
enum frame_type {
    FRAME_NONE = 0,
    FRAME_HELLO = 1,
    FRAME_INPUT = 2,
    FRAME_OUTPUT = 3,
    FRAME_ERROUT = 4,
    FRAME_END = 5,
    FRAME_SIZE = 6,
    FRAME_SIGNAL = 7,
    FRAME_EXIT = 8,
    FRAME_PASS = 9,
    FRAME_STOPPED = 10,
    FRAME_DETACH = 11,
    FRAME_STOP = 12,
    FRAME_INFO = 13,
    FRAME_ERROR = 14,
    FRAME_TAKEN = 15,
    FRAME_STARTED = 16,
    FRAME_FILE = 17,
    FRAME_PING = 18,
    FRAME_RENEWED = 20,
    FRAME_QUERIED = 21,
    FRAME_AGENT = 22,
    FRAME_COPY = 23,
    FRAME_TYPE_COUNT
};

/* The kind in a HELLO: who speaks, and what for. */
enum frame_hello {
    FRAME_HELLO_INIT = 'i',      /* init, to cco */
    FRAME_HELLO_HOST = 'h',      /* cco, in answer to init or to a client */
    FRAME_HELLO_KEY = 'k',       /* a cco that adopts the session, to init */
    FRAME_HELLO_ATTACH = 'a',    /* a client that shows the session and takes part in it */
    FRAME_HELLO_READ_ONLY = 'r', /* a client that only shows the session */
    FRAME_HELLO_WAIT = 'w',      /* a client that waits for the exit status */
    FRAME_HELLO_ASK = '?'        /* a client that gets INFO, and may then send STOP */
};

/* How the command ended. */
enum frame_reason {
    FRAME_EXITED = 0,
    FRAME_SIGNALED = 1,
    FRAME_OUT_OF_MEMORY = 2, /* killed by the kernel, because memory ran out */
    FRAME_NOT_STARTED = 3    /* the text says why */
};

/* The first byte of RENEWED: which file it replaces. */
enum frame_renewed { FRAME_RENEWED_LOGIN = 0, FRAME_RENEWED_KEY = 1 };

/* The payload of END: which stream has ended. */
enum { FRAME_END_INPUT = 0, FRAME_END_OUTPUT = 1 };

struct frame {
    unsigned type;      /* enum frame_type, or 19 */
    struct str payload; /* a view into the bytes from which the frame was taken */
};

/* The content of EXIT. */
struct frame_exit {
    int status; /* 0 to 255, as in a shell */
    enum frame_reason reason;
    int signo;       /* of FRAME_SIGNALED and FRAME_OUT_OF_MEMORY: the signal; otherwise 0 */
    struct str text; /* for the user, may be empty: a view */
};

/* Adds one frame to out. `payload` has at most FRAME_MAX bytes. Returns 0 on success. Returns
 * -1 if the payload is longer or the frame exceeds out's maximum: out->overflowed is then set,
 * and nothing was added. */
int frame_add(struct buf *out, enum frame_type type, struct str payload);

/* Adds bytes of any length to out as frames of one type; no bytes give no frame. Returns 0 on
 * success. Returns -1 if they exceed out's maximum: out->overflowed is then set, and nothing
 * was added. */
int frame_add_bytes(struct buf *out, enum frame_type type, struct str bytes);

/* Returns how many bytes frame_add_bytes() can add to out now. */
size_t frame_room(const struct buf *out);

/* Add a frame with this content to out. Result as for frame_add().
 *
 * HELLO: FRAME_VERSION, `kind`, and the bytes `rest`. SIZE: numbers above 65535 become 65535.
 * EXIT: a text that does not fit into the frame is cut. TAKEN: `bytes` is below 2^32. */
int frame_add_hello(struct buf *out, enum frame_hello kind, struct str rest);
int frame_add_size(struct buf *out, unsigned rows, unsigned cols);
int frame_add_exit(struct buf *out, const struct frame_exit *x);
int frame_add_taken(struct buf *out, size_t bytes);

/* Takes the frame at the front of *in, sets *f to it, and moves *in behind it. Returns 1 on
 * success; 0, with *in unchanged, if the frame is not complete yet; and -1 and ERR_FORMAT, with
 * *in unchanged, if the bytes are not a frame. */
int frame_next(struct str *in, struct frame *f, struct err *e);

/* Read the content of a frame. Return 0 on success and -1 and ERR_FORMAT if the frame has
 * another type or its payload is malformed; the results are then unchanged. Texts are views of
 * the payload.
 *
 * frame_hello() also fails if the version is not FRAME_VERSION; the error then has a hint. It
 * does not check that *kind is a member of the enum. frame_size() gets a payload instead of a
 * frame, because the rest of some HELLOs has the same form. */
int frame_hello(struct frame f, enum frame_hello *kind, struct str *rest, struct err *e);
int frame_size(struct str payload, unsigned *rows, unsigned *cols, struct err *e);
int frame_exit(struct frame f, struct frame_exit *x, struct err *e);
int frame_taken(struct frame f, size_t *bytes, struct err *e);

#endif
