/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: reads what /proc and the engine's inspection say about the
 * container in which cco itself runs. None of these texts is trusted: they only lead to files
 * that this process sees anyway. Pure. */
#ifndef ENGINE_DISCOVER_SELF_MOUNTS_H
#define ENGINE_DISCOVER_SELF_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/list.h"
#include "base/str.h"
#include "wire/json.h"

/* Texts from which the container can be identified. A missing text is empty. */
struct own_texts {
    struct str mountinfo; /* /proc/self/mountinfo, proc_pid_mountinfo(5) */
    struct str cgroup;    /* /proc/self/cgroup */
    struct str podman;    /* /run/.containerenv */
    const char *hostname;
};

/* Returns whether /etc/hosts or /etc/hostname is mounted: every engine does that in its
 * containers. */
bool own_is_container(struct str mountinfo);

/* Lists the ids that may be this container's, the likeliest first, each once: 64 hex digits, or
 * the 12 digits of a host name. */
void own_ids(const struct own_texts *t, struct arena *a, struct strv *out);

/* Returns whether the inspected container (GET /containers/{id}/json) is this one: it runs, and
 * its host name file or its root is the one that is mounted here. If the engine reports
 * neither, all of its mounts have to be mounted here. */
bool own_is_this(struct str mountinfo, struct json container, struct arena *a);

/* A mount of the container whose source is a directory or file of the engine's machine. */
struct own_mount {
    const char *target; /* as it was requested: may lead through links */
    const char *source;
    bool read_only;
};

/* Lists the binds and volumes of the inspected container. */
void own_shared(struct json container, struct arena *a, struct own_mount **out, size_t *count);

/* Lists all mountpoints of this process, sorted. */
void own_targets(struct str mountinfo, struct arena *a, struct strv *out);

#endif
