/* SPDX-License-Identifier: MIT */
/* Runs cco a second time in a running container by the engine's exec (Engine API,
 * ContainerExec): the binary of init, PLAN_INIT_LIVE, and not a file that the agent can
 * replace. Only with --sudo, where the agent can have every privilege of the exec, it is the
 * file PLAN_INIT_PATH. It runs as root, and an agent that is not cannot trace it. */
#ifndef ENGINE_DOCKER_EXEC_H
#define ENGINE_DOCKER_EXEC_H

#include "engine/engine.h"
#include "net/conn.h"
#include "sync/sync.h"
#include "wire/stdcopy.h"

/* Starts cco with the argument `what` in the container `id`. *stream, which must be
 * initialized (conn_init()), becomes the hijacked connection. Bytes from the program arrive in
 * the engine's log frames (wire/stdcopy.h); bytes to the program are sent without frames. The
 * caller closes *stream, also after an error. Returns 0 on success and -1 on error. ERR_ENGINE
 * means that the container does not exist or does not run. A program that cannot be executed is
 * not an error here: the reason arrives on the stream. Each request blocks for the engine's
 * timeout at most. GET /containers/{id}/json, POST /containers/{id}/exec,
 * POST /exec/{id}/start. */
int exec_open(struct engine *en, const char *id, const char *what, struct conn *stream,
              struct err *e);

/* The connection to the remote end of a transfer (sync/sync.h), which is `PLAN_INIT_LIVE sync`
 * in a container. */
struct exec_sync {
    struct sync_io io;     /* the first member: sync_lead() gets this address */
    struct engine *engine; /* borrowed */
    struct conn stream;    /* of exec_open() */
    struct stdcopy wrap;   /* the position in the log frames */
    struct buf noise;      /* what the program printed on stderr: the reason if it fails */
};

enum { EXEC_STALL_MS = 120000 }; /* a transfer that is silent for this many ms has failed */

/* Sets the initial state. exec_sync_close() accepts it. */
void exec_sync_init(struct exec_sync *x);

/* Starts the remote end in the container `id`. `en` is borrowed until exec_sync_close(), which
 * the caller calls also after an error. Returns 0 on success and -1 on error, like exec_open().
 * Afterwards x->io reads and writes the transfer: a call blocks for EXEC_STALL_MS at most
 * without progress (ERR_TIMEOUT), and a signal of the engine ends it (ERR_CANCELED). */
int exec_sync_open(struct exec_sync *x, struct engine *en, const char *id, struct err *e);

/* Closes the connection, which ends the remote end, and frees the buffers. A second call does
 * nothing. */
void exec_sync_close(struct exec_sync *x);

#endif
