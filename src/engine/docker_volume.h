/* SPDX-License-Identifier: MIT */
/* cco's volumes. A volume keeps a project on the machine of an engine that does not see this
 * machine's files. It is known by its labels and outlives sessions. All functions return 0 on
 * success and -1 on error. */
#ifndef ENGINE_DOCKER_VOLUME_H
#define ENGINE_DOCKER_VOLUME_H

#include "engine/engine.h"

enum { VOLUME_MARK_MAX = 16 };

struct volume_make {
    const char *name;
    const char *project; /* path, for a label */
    const char *owner;   /* facts.owner_key, for a label */
    uint64_t uid;
    const char *random;
};

/* Makes a volume if it does not exist. *mark becomes its label that differs between volumes
 * which had the same name at different times; a new volume gets v->random, VOLUME_MARK_MAX hex
 * digits. ERR_REFUSED means that a volume of this name exists that is not cco's, or is another
 * user's. POST /volumes/create. */
int engine_volume_make(struct engine *en, const struct volume_make *v, struct arena *a,
                       const char **mark, struct err *e);

struct engine_volume {
    const char *name;
    const char *project;
    const char *mark;
};

/* Lists the volumes of this owner. GET /volumes. */
int engine_volumes(struct engine *en, const char *owner, struct arena *a,
                   struct engine_volume **out, size_t *count, struct err *e);

/* Removes a volume; a missing one is success. ERR_REFUSED means that a container uses it.
 * Blocks for ten minutes at most, because many files take long. DELETE /volumes/{name}. */
int engine_volume_remove(struct engine *en, const char *name, struct err *e);

#endif
