/* SPDX-License-Identifier: MIT */
/* A second program in a running container, and the way to and from it: the engine's exec (DOCKER.md 1.15), as root,
 * outside of what the sandbox's user may do. */
#ifndef ENGINE_DOCKER_EXEC_H
#define ENGINE_DOCKER_EXEC_H

#include "engine/engine.h"
#include "net/conn.h"
#include "sync/sync.h"
#include "wire/stdcopy.h"

/* POST /containers/{id}/exec and /exec/{id}/start of `argv`: `stream` is the hijacked connection then, which comes in
 * the engine's frames (wire/stdcopy.h) and goes out bare. The caller closes it in either case. */
int exec_open(struct engine *en, const char *id, const char *const *argv, size_t count,
              struct conn *stream, struct err *e);

/* The remote end of a transfer (sync/sync.h): `PLAN_INIT_PATH sync` in a container. */
struct exec_sync {
    struct sync_io io; /* first: sync_lead() gets this address */
    struct engine *engine;
    struct conn stream;
    struct stdcopy wrap;
    struct buf noise; /* what it printed beside: why it failed */
};

enum { EXEC_STALL_MS = 120000 }; /* without a byte: the engine has gone */

void exec_sync_init(struct exec_sync *x);
int exec_sync_open(struct exec_sync *x, struct engine *en, const char *id, struct err *e);
void exec_sync_close(struct exec_sync *x);

#endif
