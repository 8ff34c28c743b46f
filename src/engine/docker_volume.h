/* SPDX-License-Identifier: MIT */
/* cco's volumes. A volume keeps a project on the machine of an engine that does not see this
 * machine's files. Its labels identify it, and it outlives sessions. All functions return 0 on
 * success and -1 on error; ERR_ENGINE is a refusal of the engine. They block for the engine's
 * timeout at most unless stated otherwise, and a signal ends them. */
#ifndef ENGINE_DOCKER_VOLUME_H
#define ENGINE_DOCKER_VOLUME_H

#include "engine/engine.h"

enum { VOLUME_MARK_MAX = 16 }; /* hex digits of a mark */

/* The properties of a new volume. Texts are borrowed for the time of the call. */
struct volume_make {
    const char *name;
    const char *project; /* path of the project on the host, for a label */
    const char *owner;   /* facts.owner_key, for a label */
    uint64_t uid;        /* of the user, for a label */
    const char *random;  /* the mark of a new volume: VOLUME_MARK_MAX random hex digits */
};

/* Makes a volume if it does not exist. *mark becomes the mark of the volume, in the arena. The
 * mark is a label that distinguishes a volume from an earlier one of the same name, which was
 * removed: a new volume gets v->random, an existing one keeps its mark. ERR_REFUSED means that
 * a volume of this name exists that is not cco's, or belongs to another user. POST
 * /volumes/create. */
int engine_volume_make(struct engine *en, const struct volume_make *v, struct arena *a,
                       const char **mark, struct err *e);

/* A volume that exists. Texts are in the arena and not NULL. */
struct engine_volume {
    const char *name;
    const char *project; /* path of the project on the host */
    const char *mark;
};

/* Lists cco's volumes whose owner label is `owner` (facts.owner_key), in the arena. GET
 * /volumes. */
int engine_volumes(struct engine *en, const char *owner, struct arena *a,
                   struct engine_volume **out, size_t *count, struct err *e);

/* Removes a volume with its files. A volume that does not exist counts as success. ERR_REFUSED
 * means that a container uses it. Blocks for ten minutes at most, because many files take long.
 * DELETE /volumes/{name}. */
int engine_volume_remove(struct engine *en, const char *name, struct err *e);

#endif
