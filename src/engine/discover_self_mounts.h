/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: what the files of /proc and an engine's inspection say about a container that cco itself
 * runs in. Nothing of it is believed on its own word: all of it is about what this process sees anyway. Pure. */
#ifndef ENGINE_DISCOVER_SELF_MOUNTS_H
#define ENGINE_DISCOVER_SELF_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/list.h"
#include "base/str.h"
#include "wire/json.h"

/* Texts that tell which container this is; empty where there is none. */
struct own_texts {
    struct str mountinfo; /* /proc/self/mountinfo, proc_pid_mountinfo(5) */
    struct str cgroup;    /* /proc/self/cgroup */
    struct str podman;    /* /run/.containerenv */
    const char *hostname;
};

/* True where /etc/hosts or /etc/hostname is mounted, as every engine does it. */
bool own_is_container(struct str mountinfo);

/* Ids that may be this container's, the likeliest first, each once: 64 hex digits, or the 12 that a host name has. */
void own_ids(const struct own_texts *t, struct arena *a, struct strv *out);

/* Whether the inspected container (GET /containers/{id}/json) is this one: it runs, its host name file or its root are
 * those that are mounted here, or, where the engine tells neither, all that it mounts is mounted here. */
bool own_is_this(struct str mountinfo, struct json container, struct arena *a);

/* A mount of it that the engine's machine has a directory or file for. */
struct own_mount {
    const char *target; /* as it was asked for: may lead through links */
    const char *source;
    bool read_only;
};

/* Binds and volumes of the inspected container. */
void own_shared(struct json container, struct arena *a, struct own_mount **out, size_t *count);

/* Where anything is mounted here, sorted. */
void own_targets(struct str mountinfo, struct arena *a, struct strv *out);

#endif
