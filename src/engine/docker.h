/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: the verbs of Docker's row that are not in engine/docker.c.
 * engine/engine.h describes them: docker_X() is the verb X, called by engine_X(), and
 * docker_free() by sandbox_free(). */
#ifndef ENGINE_DOCKER_H
#define ENGINE_DOCKER_H

#include "engine/engine.h"

int docker_open(struct engine *en, const struct engine_env *env, struct arena *a,
                struct err *e);
int docker_probe(struct engine *en, struct arena *a, struct facts *f, struct err *e);
struct sandbox *docker_create(struct engine *en, const struct plan *p, const char *exe,
                              struct arena *a, struct strv *warnings, struct err *e);
int docker_start(struct sandbox *s, const struct engine_boot *how, struct err *e);
struct sandbox *docker_adopt(struct engine *en, const struct engine_known *what, struct err *e);
void docker_let_go(struct sandbox *s);
int docker_remove(struct sandbox *s, struct err *e);
void docker_leave(struct engine *en, struct sandbox *s);
void docker_free(struct sandbox *s);
int docker_list(struct engine *en, uint64_t uid, struct arena *a, struct engine_found **out,
                size_t *count, struct err *e);

/* Kills and removes the container `id` with its anonymous volumes. A container that does not
 * exist, or that the engine is removing already, counts as success. Returns 0 on success and -1
 * on error. Blocks for the engine's timeout at most. DELETE /containers/{id}?force=1&v=1. */
int docker_remove_id(struct engine *en, const char *id, struct err *e);

#endif
