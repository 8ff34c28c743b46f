/* SPDX-License-Identifier: MIT */
/* One descriptor of the relay, which is read or written without blocking the loop and without
 * changing flags that other processes share. Terminals and pipes are opened again as
 * non-blocking, through /proc/self/fd. A descriptor that is non-blocking already, and a regular
 * file, are used directly. If opening again is impossible (sockets, no /proc), the caller must
 * poll(2) first, and small blocking calls follow. */
#ifndef TERM_RELAY_IO_H
#define TERM_RELAY_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"

/* relay_out_add() refuses bytes that would make a queue longer than this. Only text of the
 * caller's own, which it adds to `queue` itself, may be longer. */
enum { RELAY_QUEUE_MAX = 4 << 20 };

/* The initial state is fd -1 and ended. */
struct relay_in {
    int fd;     /* a private descriptor, or the caller's */
    bool own;   /* fd is private and is closed by relay_in_close() */
    bool ended; /* end of file, hang-up or error: nothing more will come */
};

/* The initial state is fd -1. */
struct relay_out {
    int fd;
    bool own;
    /* Any amount may be written at once. false: at most PIPE_BUF bytes, and only after POLLOUT,
     * because a longer write could block. */
    bool bulk;
    bool broken; /* writing failed (its reader has closed it): bytes are dropped from now on */
    int errnum;  /* the errno of that write; valid if `broken` */
    struct buf queue;
};

/* Starts to read `fd`, which still belongs to the caller and must stay open until
 * relay_in_close(). Cannot fail. */
void relay_in_open(struct relay_in *in, int fd);

/* Closes the private descriptor, if there is one. Afterwards `in` is in its initial state. */
void relay_in_close(struct relay_in *in);

/* Reads once into b, at most as much as b has room for. Returns the number of added bytes. If
 * it returns 0, there are none now, or b is full, or the input has ended, which sets
 * `ended`. */
size_t relay_in_read(struct relay_in *in, struct buf *b);

/* Starts to write to `fd`, which still belongs to the caller and must stay open until
 * relay_out_close(). `max` is the maximum of the queue in bytes; it may be higher than
 * RELAY_QUEUE_MAX. Cannot fail. */
void relay_out_open(struct relay_out *out, int fd, size_t max);

/* Drops the queue, and closes the private descriptor if there is one. */
void relay_out_close(struct relay_out *out);

/* Writes as many of the bytes as possible without blocking, and queues the rest. Writes
 * directly only if the queue is empty and the descriptor is private. Returns 0 on success, and
 * -1 if the queue has no room for all of the bytes; nothing is written or queued then. A broken
 * descriptor drops the bytes and returns 0. */
int relay_out_add(struct relay_out *out, struct str bytes);

/* Writes as much of the queue as one write(2) takes. If the descriptor is not private, the
 * caller has seen POLLOUT. If writing fails, sets `broken` and drops the queue. */
void relay_out_flush(struct relay_out *out);

#endif
