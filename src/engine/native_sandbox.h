/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: the sandboxes of the native row. engine/engine.h describes the
 * verbs. */
#ifndef ENGINE_NATIVE_SANDBOX_H
#define ENGINE_NATIVE_SANDBOX_H

#include "engine/engine.h"
#include "native/cgroup.h"

/* engine.own of native. */
struct native_own {
    char *const *env;          /* the user's; borrowed */
    bool subids;               /* look up the user's ranges of ids */
    struct cgroup_place place; /* where limits can be set */
    int idmap;                 /* of idmap_open(), owned; -1: none */
    struct err idmap_error;    /* why idmaps cannot be tried; ERR_NONE: they can */
};

/* Finds the directories of n->tops whose owners can be mapped away: fact_top.idmapped. For
 * root. */
void native_find_idmapped(struct native_own *own, struct fact_native *n, struct arena *a);

struct sandbox *native_sandbox_create(struct engine *en, const struct plan *p, const char *exe,
                                      struct arena *a, struct strv *warnings, struct err *e);
int native_sandbox_start(struct sandbox *base, const struct engine_boot *how, struct err *e);
struct sandbox *native_sandbox_adopt(struct engine *en, const struct engine_known *what,
                                     struct err *e);
int native_sandbox_remove(struct sandbox *s, struct err *e);
void native_sandbox_leave(struct engine *en, struct sandbox *s);
void native_sandbox_free(struct sandbox *s);

/* Ends the sandbox whose init is the process what->init_pid that was started at
 * what->init_started, with everything in it. en is not used. Returns 0 on success, also if it
 * has ended already, and -1 on error. Blocks until it has ended. */
int native_sandbox_end(struct engine *en, const struct engine_known *what, struct err *e);

#endif
