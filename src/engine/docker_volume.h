/* SPDX-License-Identifier: MIT */
/* cco's volumes: where a project is kept on the machine of an engine that does not see this one's files. Known by
 * their labels; they outlive sessions. */
#ifndef ENGINE_DOCKER_VOLUME_H
#define ENGINE_DOCKER_VOLUME_H

#include "engine/engine.h"

enum { VOLUME_MARK_MAX = 16 };

/* POST /volumes/create: made if it is not there. *mark is what tells this one from an earlier or later one of its
 * name: a label, `random` for a new one. ERR_REFUSED where it is somebody else's. */
struct volume_make {
    const char *name;
    const char *project; /* path, for a label */
    const char *owner;   /* facts.owner_key, for a label */
    uint64_t uid;
    const char *random;
};
int engine_volume_make(struct engine *en, const struct volume_make *v, struct arena *a,
                       const char **mark, struct err *e);

struct engine_volume {
    const char *name;
    const char *project;
    const char *mark;
};

/* GET /volumes: those of this owner. */
int engine_volumes(struct engine *en, const char *owner, struct arena *a,
                   struct engine_volume **out, size_t *count, struct err *e);

/* DELETE /volumes/{name}. A missing one is success; ERR_REFUSED where a container uses it. */
int engine_volume_remove(struct engine *en, const char *name, struct err *e);

#endif
