/* SPDX-License-Identifier: MIT */
/* One end of the relay: a descriptor of ours that bytes are read from or written to without ever
 * blocking the loop and without changing flags that other processes share. Terminals, pipes and
 * files are opened anew and non-blocking; where that is impossible (sockets, no /proc) small blocking
 * calls follow poll(2). */
#ifndef TERM_RELAY_IO_H
#define TERM_RELAY_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"

/* A queue that has more is full; only what a caller puts there itself may be longer. */
enum { RELAY_QUEUE_MAX = 4 << 20 };

struct relay_in {
    int fd;     /* what is read: private, or the inherited one */
    bool own;   /* fd is private and must be closed */
    bool ended; /* end of file, hang-up or error: nothing more will come */
};

struct relay_out {
    int fd;
    bool own;
    bool bulk;   /* any amount may be written at once */
    bool broken; /* its reader has gone: bytes are dropped from now on */
    int errnum;  /* why */
    struct buf queue;
};

void relay_in_open(struct relay_in *in, int fd);
void relay_in_close(struct relay_in *in);

/* One read into b, at most what b has room for. Bytes added, 0 for "nothing now" or ended. */
size_t relay_in_read(struct relay_in *in, struct buf *b);

void relay_out_open(struct relay_out *out, int fd, size_t max);
void relay_out_close(struct relay_out *out);

/* Queued and written as far as possible at once, where that cannot block. -1, nothing taken, where there is no
 * room for all of it. A broken one takes everything. */
int relay_out_add(struct relay_out *out, struct str bytes);

/* Writes what it can of the queue, now. */
void relay_out_flush(struct relay_out *out);

#endif
