/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: the verbs of the native row that handle sandboxes. engine/engine.h
 * describes them: native_sandbox_X() is the verb X. */
#ifndef ENGINE_NATIVE_SANDBOX_H
#define ENGINE_NATIVE_SANDBOX_H

#include "engine/engine.h"
#include "native/cgroup.h"

/* engine.own of the native row. */
struct native_own {
    char *const *env;          /* the user's environment; borrowed */
    bool subids;               /* --subids: look up the user's ranges of ids */
    struct cgroup_place place; /* where limits can be set */
    int idmap;                 /* of idmap_open(), owned; -1: none */
    /* An error that prevented the search for id-mapped mounts. ERR_NONE if the search worked,
     * or if this machine does not support such mounts. */
    struct err idmap_error;
};

/* Sets fact_top.idmapped of each directory in n->tops that this machine can mount with an id
 * map in which every owner is nobody (native/idmap.h). Sets own->idmap and own->idmap_error.
 * Only useful for root. Never fails. */
void native_find_idmapped(struct native_own *own, struct fact_native *n, struct arena *a);

struct sandbox *native_sandbox_create(struct engine *en, const struct plan *p, const char *exe,
                                      struct arena *a, struct strv *warnings, struct err *e);
int native_sandbox_start(struct sandbox *base, const struct engine_boot *how, struct err *e);
struct sandbox *native_sandbox_adopt(struct engine *en, const struct engine_known *what,
                                     struct err *e);
int native_sandbox_remove(struct sandbox *s, struct err *e);
void native_sandbox_leave(struct engine *en, struct sandbox *s);
void native_sandbox_free(struct sandbox *s);

/* Kills all processes of the sandbox whose init is the process what->init_pid that was started
 * at what->init_started. `en` is not used and may be NULL. Returns 0 on success, also if the
 * sandbox has ended already, and -1 on error. Blocks for ten seconds at most. */
int native_sandbox_end(struct engine *en, const struct engine_known *what, struct err *e);

#endif
