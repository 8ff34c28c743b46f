/* SPDX-License-Identifier: MIT */
/* Runs a second program in a running container by the engine's exec (Engine API,
 * ContainerExec). It runs as root, so that the sandbox's user cannot interfere with it. */
#ifndef ENGINE_DOCKER_EXEC_H
#define ENGINE_DOCKER_EXEC_H

#include "engine/engine.h"
#include "net/conn.h"
#include "sync/sync.h"
#include "wire/stdcopy.h"

/* Starts `argv` in the container. `stream` becomes the hijacked connection: its input is in the
 * engine's frames (wire/stdcopy.h), its output is not. The caller closes it, also after an
 * error. Returns 0 on success and -1 on error. POST /containers/{id}/exec, /exec/{id}/start. */
int exec_open(struct engine *en, const char *id, const char *const *argv, size_t count,
              struct conn *stream, struct err *e);

/* The remote end of a transfer (sync/sync.h): `PLAN_INIT_PATH sync` in a container. */
struct exec_sync {
    struct sync_io io; /* first: sync_lead() gets this address */
    struct engine *engine;
    struct conn stream;
    struct stdcopy wrap;
    struct buf noise; /* what the program printed on stderr: the reason if it fails */
};

enum { EXEC_STALL_MS = 120000 }; /* a transfer that is silent for this long has failed */

void exec_sync_init(struct exec_sync *x);

/* Starts the remote end in the container `id`. `en` is borrowed until exec_sync_close(), which
 * the caller calls also after an error. Returns 0 on success and -1 on error. Afterwards x->io
 * reads and writes the transfer: it blocks for EXEC_STALL_MS at most, and a signal of the
 * engine ends it. */
int exec_sync_open(struct exec_sync *x, struct engine *en, const char *id, struct err *e);

/* Closes the connection, which ends the remote end. A second call does nothing. */
void exec_sync_close(struct exec_sync *x);

#endif
