/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: reads what /proc and the engine say about the container in which
 * cco itself runs. `mountinfo` is always the text of /proc/self/mountinfo
 * (proc_pid_mountinfo(5)), and `container` the engine's reply to GET /containers/{id}/json. No
 * text is trusted: wrong texts only lead to files that this process sees anyway. Results are in
 * the arena `a`. Pure. */
#ifndef ENGINE_DISCOVER_SELF_MOUNTS_H
#define ENGINE_DISCOVER_SELF_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/list.h"
#include "base/str.h"
#include "wire/json.h"

/* Texts from which the container can be identified. A missing text is empty. Borrowed. */
struct own_texts {
    struct str mountinfo; /* of /proc/self/mountinfo */
    struct str cgroup;    /* of /proc/self/cgroup */
    struct str podman;    /* of /run/.containerenv, which Podman makes */
    const char *hostname; /* of this process's UTS namespace; not NULL */
};

/* Returns whether a file is mounted at /etc/hosts or /etc/hostname. Every engine mounts them in
 * its containers. */
bool own_is_container(struct str mountinfo);

/* Adds the ids that may be this container's to `out`, the most probable first, each once. An id
 * has 64 hex digits, or the 12 digits that a container has as its host name. */
void own_ids(const struct own_texts *t, struct arena *a, struct strv *out);

/* Returns whether `container` is the container in which this process runs. It has to run, and
 * its root file system, known by the upper directory of the overlay, has to be that of this
 * process. If the engine or the kernel does not report that, its hostname file has to be the
 * file that is mounted here; if that is not reported either, it must have mounts, and all of
 * them have to be mounted here. */
bool own_is_this(struct str mountinfo, struct json container, struct arena *a);

/* A mount of the container whose source is a directory or file of the engine's machine. Both
 * paths are absolute. */
struct own_mount {
    const char
        *target; /* in the container, as the user requested it: may contain symbolic links */
    const char *source; /* on the engine's machine */
    bool read_only;
};

/* Sets *out and *count to the binds and volumes of `container`; NULL and 0 if it has none. */
void own_shared(struct json container, struct arena *a, struct own_mount **out, size_t *count);

/* Adds the paths of all mountpoints of this process to `out`, and sorts it. */
void own_targets(struct str mountinfo, struct arena *a, struct strv *out);

#endif
