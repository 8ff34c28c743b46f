/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: the sandbox that no engine makes. */
#ifndef ENGINE_NATIVE_H
#define ENGINE_NATIVE_H

#include "engine/docker_container.h"

/* Its control group, where the plan has limits. On failure the container is freed. */
int native_container_create(struct container *c, const struct plan *p, struct arena *a,
                            struct err *e);

int native_container_start(struct container *c, const struct engine_boot *how, struct err *e);

struct container *native_container_adopt(struct engine *en, const struct engine_adopted *what,
                                         struct err *e);

#endif
