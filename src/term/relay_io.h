/* SPDX-License-Identifier: MIT */
/* One descriptor of the relay, which is read or written without blocking the loop and without
 * changing flags that other processes share. Terminals, pipes and files are opened again as
 * non-blocking. If that is impossible (sockets, no /proc), small blocking calls follow poll(2).
 */
#ifndef TERM_RELAY_IO_H
#define TERM_RELAY_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"

/* A queue with more bytes is full. Only text of the caller's own may be longer. */
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
    bool broken; /* its reader has closed it: bytes are dropped from now on */
    int errnum;  /* why */
    struct buf queue;
};

void relay_in_open(struct relay_in *in, int fd);
void relay_in_close(struct relay_in *in);

/* Reads once into b, at most as much as b has room for. Returns the number of added bytes: 0 if
 * there are none now, or at the end. */
size_t relay_in_read(struct relay_in *in, struct buf *b);

void relay_out_open(struct relay_out *out, int fd, size_t max);
void relay_out_close(struct relay_out *out);

/* Queues the bytes and writes as many as possible without blocking. Returns 0 on success, and
 * -1 if there is no room for all of them; nothing is queued then. A broken descriptor accepts
 * everything. */
int relay_out_add(struct relay_out *out, struct str bytes);

/* Writes as much of the queue as possible now. */
void relay_out_flush(struct relay_out *out);

#endif
