/* SPDX-License-Identifier: MIT */
#include "engine/discover_self_container.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/unix_socket.h"
#include "engine/discover_self_mounts.h"
#include "engine/docker_api.h"
#include "wire/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HOST_NAME_SIZE = 256, MOUNTINFO_MAX = 4 << 20, NOT_FOUND = 404 };

/* Returns `path` below `root`, which is "" except in tests. */
static const char *in(const char *root, const char *path, struct arena *a)
{
    return arena_printf(a, "%s%s", root, path);
}

/* Returns whether a file is mounted at `path`: engines mount files in /etc, which are on
 * another device than the directory. */
static bool is_mounted_over(const char *path, const struct stat *dir)
{
    struct stat st;

    return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_dev != dir->st_dev;
}

/* Returns whether this process seems to run in a container, and then sets t->mountinfo. Reads
 * the mounts only if there is a file that Docker or Podman makes in every container, or a file
 * of /etc on another device. These files alone prove nothing, because a machine that was made
 * from an image can have them too. */
static bool has_signs(const char *root, struct own_texts *t, struct arena *a)
{
    struct stat etc;
    bool left = file_exists(in(root, "/.dockerenv", a)) ||
                file_exists(in(root, "/run/.containerenv", a));

    if (!left && (stat(in(root, "/etc", a), &etc) < 0 ||
                  (!is_mounted_over(in(root, "/etc/hostname", a), &etc) &&
                   !is_mounted_over(in(root, "/etc/hosts", a), &etc)))) {
        return false;
    }
    t->mountinfo = file_text(in(root, "/proc/self/mountinfo", a), MOUNTINFO_MAX, a);
    return own_is_container(t->mountinfo);
}

/* Returns whether the process that listens at the engine's socket has the same root directory
 * as this process, so that it sees the same files. Returns false if it is in another pid
 * namespace, because the kernel then reports no pid for it. */
static bool is_next_to_us(const struct engine *en, const char *root, struct arena *a)
{
    struct err ignored = {0};
    struct stat here;
    struct stat there;
    int fd = en->endpoint.kind == ENDPOINT_UNIX
                 ? unix_socket_connect(en->endpoint.path, &ignored)
                 : -1;
    pid_t pid = fd >= 0 ? unix_socket_peer_pid(fd) : 0;

    fd_close(&fd);
    return pid > 0 && stat(in(root, "/", a), &here) == 0 &&
           stat(arena_printf(a, "/proc/%ld/root", (long)pid), &there) == 0 &&
           here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

/* The search for this process's container. */
struct own {
    struct own_texts texts;
    struct buf reply;      /* the engine's description of a container */
    struct json container; /* a view into `reply` */
    bool found;            /* `container` is the one in which this process runs */
};

/* Asks the engine for the container `id`. Sets own->found if this process runs in it. */
static int inspect(struct engine *en, const char *id, struct own *own, struct arena *a,
                   struct err *e)
{
    struct api_request rq = {.method = "GET",
                             .target = arena_printf(a, "/containers/%s/json", id)};
    int status = 0;

    buf_reset(&own->reply);
    if (api_call(en, &rq, &own->reply, &status, e) < 0) {
        return -1;
    }
    if (status == NOT_FOUND) {
        return 0;
    }
    if (status != 200) {
        return api_refused(status, buf_str(&own->reply), e);
    }
    if (json_parse(buf_str(&own->reply), &own->container, e) < 0) {
        return -1;
    }
    own->found = own_is_this(own->texts.mountinfo, own->container, a);
    return 0;
}

/* Returns the physical path of `path`, relative to `root`, and NULL if it does not exist. */
static const char *physical(const char *root, const char *path, struct arena *a)
{
    char *found = realpath(in(root, path, a), NULL);
    size_t skip = strlen(root);
    const char *copy =
        found != NULL && strlen(found) > skip ? arena_strdup(a, found + skip) : NULL;

    free(found);
    return copy;
}

struct path_maps {
    struct fact_path_map *v;
    size_t count, cap;
};

static void add_map(struct path_maps *path_maps, struct fact_path_map m, struct arena *a)
{
    path_maps->v =
        list_grow(a, path_maps->v, path_maps->count, &path_maps->cap, sizeof(path_maps->v[0]));
    path_maps->v[path_maps->count++] = m;
}

/* Returns whether `path` is, or with `below` is inside of, a path of the maps. */
static bool is_mapped(const struct path_maps *path_maps, const char *path, bool below)
{
    for (size_t i = 0; i < path_maps->count; i++) {
        const char *here = path_maps->v[i].local_path;

        if (below ? path_is_inside(path, here) : strcmp(path, here) == 0) {
            return true;
        }
    }
    return false;
}

/* Sets out->path_maps: the directories and files that the container shares with the engine's
 * machine, and the mountpoints inside of them that it does not share. */
static void take_path_maps(struct json container, const struct own_texts *t, const char *root,
                           struct arena *a, struct fact_engine *out)
{
    struct path_maps path_maps = {0};
    struct own_mount *mounts = NULL;
    struct strv targets = {0};
    size_t count = 0;

    own_shared(container, a, &mounts, &count);
    for (size_t i = 0; i < count; i++) {
        struct stat st;
        struct fact_path_map m = {.local_path = physical(root, mounts[i].target, a),
                                  .remote_path = mounts[i].source,
                                  .read_only = mounts[i].read_only};

        if (m.local_path != NULL && !is_mapped(&path_maps, m.local_path, false) &&
            stat(in(root, m.local_path, a), &st) == 0) {
            m.is_dir = S_ISDIR(st.st_mode);
            add_map(&path_maps, m, a);
        }
    }
    own_targets(t->mountinfo, a, &targets);
    for (size_t i = 0; i < targets.count; i++) {
        if (is_mapped(&path_maps, targets.v[i], true) &&
            !is_mapped(&path_maps, targets.v[i], false)) {
            add_map(&path_maps, (struct fact_path_map){.local_path = targets.v[i]}, a);
        }
    }
    out->path_maps = path_maps.v;
    out->path_map_count = path_maps.count;
}

/* Sets the network mode with which another container joins the network of this one. */
static void take_network(struct json container, const char *id, struct arena *a,
                         struct fact_engine *out)
{
    const char *mode = json_string_dup(json_path(container, "HostConfig.NetworkMode"), a);

    if (mode == NULL || strcmp(mode, "none") == 0) {
        return;
    }
    if (strcmp(mode, "host") == 0 || strncmp(mode, "container:", 10) == 0) {
        out->own_network = mode;
        return;
    }
    out->own_network = arena_printf(a, "container:%s", id);
}

/* Sets the path that the engine's socket has on the engine's machine. */
static void take_socket(const struct engine *en, struct arena *a, struct fact_engine *out)
{
    const char *here =
        en->endpoint.kind == ENDPOINT_UNIX ? physical("", en->endpoint.path, a) : NULL;

    for (size_t i = 0; here != NULL && i < out->path_map_count; i++) {
        const struct fact_path_map *m = &out->path_maps[i];

        if (m->remote_path != NULL && strcmp(m->local_path, here) == 0) {
            out->socket = m->remote_path;
        }
    }
}

/* Sets the mode of the user namespace in which ids mean the same as in this container, so that
 * the sandbox's files have the same owners. Podman reports "private" for the mode keep-id. */
static void take_users(struct json container, struct arena *a, struct fact_engine *out)
{
    const char *mode = json_string_dup(json_path(container, "HostConfig.UsernsMode"), a);

    if (mode != NULL && (strcmp(mode, "private") == 0 || strncmp(mode, "keep-id", 7) == 0)) {
        out->own_userns = "keep-id";
    } else {
        out->own_userns = mode != NULL && strcmp(mode, "host") == 0 ? "host" : "";
    }
}

static void take(const struct own *own, const char *root, struct arena *a,
                 struct fact_engine *out)
{
    const char *id = json_string_dup(json_get(own->container, "Id"), a);

    out->kind = SANDBOX_REMOTE_CONTAINER;
    out->remote_why = "cco runs in a container of this engine";
    take_path_maps(own->container, &own->texts, root, a, out);
    take_users(own->container, a, out);
    if (id != NULL) {
        take_network(own->container, id, a, out);
    }
}

int self_container_find(struct engine *en, const char *root, struct arena *a,
                        struct fact_engine *out, struct err *e)
{
    char hostname[HOST_NAME_SIZE] = "";
    struct own own = {.texts.hostname = hostname};
    struct strv ids = {0};
    int rc = 0;

    if (!has_signs(root, &own.texts, a) || is_next_to_us(en, root, a)) {
        return 0;
    }
    (void)gethostname(hostname, sizeof(hostname) - 1);
    own.texts.cgroup = file_text(in(root, "/proc/self/cgroup", a), MOUNTINFO_MAX, a);
    own.texts.podman = file_text(in(root, "/run/.containerenv", a), MOUNTINFO_MAX, a);
    own_ids(&own.texts, a, &ids);
    buf_init(&own.reply, LIMIT_JSON_LINE);
    for (size_t i = 0; i < ids.count && rc == 0 && !own.found; i++) {
        rc = inspect(en, ids.v[i], &own, a, e);
    }
    if (own.found) {
        take(&own, root, a, out);
        take_socket(en, a, out);
    } else if (rc == 0 && en->endpoint.kind == ENDPOINT_UNIX) {
        out->kind = SANDBOX_REMOTE_CONTAINER;
        out->remote_why = "cco runs in a container that this engine does not know";
    }
    buf_release(&own.reply);
    return rc < 0 ? err_wrap(e, "inspect the container in which cco runs") : 0;
}
