/* SPDX-License-Identifier: MIT */
#include "engine/docker_spec.h"

#include "base/limits.h"
#include "wire/boot.h"
#include "wire/json.h"

#include <stdio.h>
#include <string.h>

enum { TMPFS_MODE = 0755 };

static void labels(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "Labels");
    json_w_object(w);
    for (size_t i = 0; i < p->container.label_count; i++) {
        json_w_member(w, p->container.labels[i].name, p->container.labels[i].value);
    }
    json_w_end(w);
}

/* Adds the options of a volume or a tmpfs. NoCopy: the engine must not copy the files of the
 * image into a new volume, because the volume contains the user's files only. */
static void mount_options(struct json_w *w, const struct plan_mount *m)
{
    if (m->kind == MOUNT_VOLUME) {
        json_w_key(w, "VolumeOptions");
        json_w_object(w);
        json_w_member_bool(w, "NoCopy", true);
        json_w_end(w);
    } else if (m->kind == MOUNT_TMPFS) {
        json_w_key(w, "TmpfsOptions");
        json_w_object(w);
        json_w_member_u64(w, "Mode", TMPFS_MODE);
        json_w_end(w);
    }
}

static const char *mount_type(const struct plan_mount *m)
{
    switch (m->kind) {
    case MOUNT_VOLUME:
        return "volume";
    case MOUNT_TMPFS:
        return "tmpfs";
    case MOUNT_BIND:
        break;
    }
    return "bind";
}

/* Returns whether a mount has to be written in the old form, as a text. Podman writes a
 * structured mount as a text of comma-separated values and parses that again, so that a comma
 * in a path would begin another option, such as source=/. The old texts are split at colons
 * only. A tmpfs of Podman needs an option that only the old form has, and so does a tmpfs of
 * the user: in the structured form nothing in it can be executed. */
static bool goes_as_text(const struct plan *p, const struct plan_mount *m)
{
    static const char special[] = ",\"\r\n";

    if (m->kind == MOUNT_TMPFS && m->size > 0) {
        return true;
    }
    return p->container.podman &&
           (m->kind == MOUNT_TMPFS || strpbrk(m->source, special) != NULL ||
            strpbrk(m->target, special) != NULL);
}

/* Refuses paths that the old form cannot express. */
static int check_texts(const struct plan *p, struct err *e)
{
    for (size_t i = 0; i < p->files.mount_count; i++) {
        const struct plan_mount *m = &p->files.mounts[i];

        if (p->container.podman && goes_as_text(p, m) &&
            (strchr(m->source, ':') != NULL || strchr(m->target, ':') != NULL)) {
            (void)err_set(e, ERR_USAGE, "%s: Podman cannot %s a path with a colon%s", m->target,
                          m->kind == MOUNT_TMPFS ? "hide" : "mount",
                          m->kind == MOUNT_TMPFS ? "" : " and a comma, a quote or a newline");
            return err_hint(e, "Rename the directory, or use another engine.");
        }
    }
    return 0;
}

static bool is_bind_text(const struct plan *p, const struct plan_mount *m)
{
    return goes_as_text(p, m) && m->kind != MOUNT_TMPFS;
}

/* Adds the binds that are written in the old form. */
static void mounts_as_text(struct json_w *w, const struct plan *p)
{
    struct buf text;
    size_t count = 0;

    for (size_t i = 0; i < p->files.mount_count; i++) {
        count += is_bind_text(p, &p->files.mounts[i]);
    }
    if (count == 0) {
        return;
    }
    buf_init(&text, (size_t)2 * LIMIT_PATH + sizeof("::ro")); /* two paths and the mode */
    json_w_key(w, "Binds");
    json_w_array(w);
    for (size_t i = 0; i < p->files.mount_count; i++) {
        const struct plan_mount *m = &p->files.mounts[i];

        if (is_bind_text(p, m)) {
            buf_reset(&text);
            (void)buf_addf(&text, "%s:%s:%s", m->source, m->target, m->read_only ? "ro" : "rw");
            json_w_str(w, buf_str(&text));
        }
    }
    json_w_end(w);
    buf_release(&text);
}

/* Adds the file systems in memory that are written in the old form. Podman copies the files
 * that were at the mountpoint into a new tmpfs, and these may be the files that it has to hide.
 * The option that prevents this, notmpcopyup, exists in the old form only. */
static void memory_as_text(struct json_w *w, const struct plan *p)
{
    bool any = false;
    char options[80];

    for (size_t i = 0; i < p->files.mount_count; i++) {
        const struct plan_mount *m = &p->files.mounts[i];

        if (m->kind != MOUNT_TMPFS || !goes_as_text(p, m)) {
            continue;
        }
        if (!any) {
            json_w_key(w, "Tmpfs");
            json_w_object(w);
            any = true;
        }
        if (m->size > 0) {
            (void)snprintf(
                options, sizeof(options), "rw,exec,nosuid,nodev,mode=0700,size=%llu%s",
                (unsigned long long)m->size, p->container.podman ? ",notmpcopyup" : "");
        } else {
            (void)snprintf(options, sizeof(options), "%s,notmpcopyup,mode=0755",
                           m->read_only ? "ro" : "rw");
        }
        json_w_member(w, m->target, options);
    }
    if (any) {
        json_w_end(w);
    }
}

/* Adds the other mounts in the structured form, which accepts every path that is UTF-8. */
static void mounts(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "Mounts");
    json_w_array(w);
    for (size_t i = 0; i < p->files.mount_count; i++) {
        const struct plan_mount *m = &p->files.mounts[i];

        if (goes_as_text(p, m)) {
            continue;
        }
        json_w_object(w);
        json_w_member(w, "Type", mount_type(m));
        if (m->kind != MOUNT_TMPFS) {
            json_w_member(w, "Source", m->source);
        }
        json_w_member(w, "Target", m->target);
        if (m->read_only) {
            json_w_member_bool(w, "ReadOnly", true);
        }
        mount_options(w, m);
        json_w_end(w);
    }
    json_w_end(w);
}

static const char *network_mode(const struct plan *p)
{
    switch (p->network.mode) {
    case PLAN_NET_HOST:
        return "host";
    case PLAN_NET_NONE:
        return "none";
    case PLAN_NET_OWN:
        return p->network.engine_mode;
    case PLAN_NET_BRIDGE:
        break;
    }
    return "bridge";
}

static void limits(struct json_w *w, const struct plan *p)
{
    if (p->limits.pids > 0) {
        json_w_member_u64(w, "PidsLimit", p->limits.pids);
    }
    if (p->limits.memory > 0) {
        json_w_member_u64(w, "Memory", p->limits.memory);
        /* Without MemorySwap, the engine allows as much swap in addition. */
        json_w_member_u64(w, "MemorySwap", p->limits.memory);
    }
    if (p->limits.nano_cpus > 0) {
        json_w_member_u64(w, "NanoCpus", p->limits.nano_cpus);
    }
}

static bool same_inside(const struct opts_port *a, const struct opts_port *b)
{
    return a->inside == b->inside && strcmp(a->protocol, b->protocol) == 0;
}

/* Adds the host's addresses and ports to which the port `first` of the sandbox is bound. */
static void bindings(struct json_w *w, const struct plan *p, size_t first)
{
    for (size_t i = first; i < p->network.port_count; i++) {
        char host[8];

        if (!same_inside(&p->network.ports[first], &p->network.ports[i])) {
            continue;
        }
        (void)snprintf(host, sizeof(host), "%u", p->network.ports[i].host);
        json_w_object(w);
        json_w_member(w, "HostIp", p->network.ports[i].ip);
        json_w_member(w, "HostPort", host);
        json_w_end(w);
    }
}

/* Adds a member for each port of the sandbox ("80/tcp"), each port once. Its value is the list
 * of its bindings if `bound`, and {} in ExposedPorts. */
static void ports(struct json_w *w, const struct plan *p, bool bound)
{
    for (size_t i = 0; i < p->network.port_count; i++) {
        bool again = false;
        char inside[16];

        for (size_t k = 0; k < i; k++) {
            again = again || same_inside(&p->network.ports[k], &p->network.ports[i]);
        }
        if (again) {
            continue;
        }
        (void)snprintf(inside, sizeof(inside), "%u/%s", p->network.ports[i].inside,
                       p->network.ports[i].protocol);
        json_w_key(w, inside);
        if (bound) {
            json_w_array(w);
            bindings(w, p, i);
        } else {
            json_w_object(w);
        }
        json_w_end(w);
    }
}

static void host_config(struct json_w *w, const struct plan *p)
{
    static const char *const all[] = {"ALL"};
    static const char *const security[] = {"no-new-privileges"};
    static const char *const gateway[] = {"host.docker.internal:host-gateway"};

    json_w_key(w, "HostConfig");
    json_w_object(w);
    json_w_member_bool(w, "AutoRemove", !p->container.kept);
    json_w_member_bool(w, "Init", false); /* process 1 is cco's init, not the engine's */
    json_w_member(w, "NetworkMode", network_mode(p));
    /* Podman before 4.7 writes the word host-gateway itself into /etc/hosts; see
     * init/hosts.h. */
    if (p->network.host_gateway && !p->container.podman) {
        json_w_member_list(w, "ExtraHosts", gateway, 1);
    }
    json_w_key(w, "LogConfig"); /* the engine must not store what the user sees */
    json_w_object(w);
    json_w_member(w, "Type", "none");
    json_w_end(w);
    if (!p->privileges.sudo) { /* with --sudo, root has the engine's default capabilities */
        json_w_member_list(w, "CapDrop", all, 1);
        json_w_member_list(w, "CapAdd", p->container.cap_add.v, p->container.cap_add.count);
        json_w_member_list(w, "SecurityOpt", security, 1);
    }
    limits(w, p);
    if (p->limits.shm > 0) {
        json_w_member_u64(w, "ShmSize", p->limits.shm);
    }
    if (p->network.port_count > 0) {
        json_w_key(w, "PortBindings");
        json_w_object(w);
        ports(w, p, true);
        json_w_end(w);
    }
    if (p->container.userns != NULL) {
        json_w_member(w, "UsernsMode", p->container.userns);
    }
    mounts(w, p);
    mounts_as_text(w, p);
    memory_as_text(w, p);
    json_w_end(w);
}

int spec_create(const struct plan *p, struct buf *out, struct err *e)
{
    static const char *const entrypoint[] = {PLAN_INIT_PATH};
    const char *const cmd[] = {"init", p->kind == SANDBOX_REMOTE_CONTAINER ? BOOT_STREAM
                                                                           : PLAN_BOOT_PATH};
    static const char *const none[] = {"NONE"};
    struct json_w w;

    if (check_texts(p, e) < 0) {
        return -1;
    }
    json_w_init(&w, out, 0);
    json_w_object(&w);
    json_w_member(&w, "Image", p->image.ref);
    json_w_member_list(&w, "Entrypoint", entrypoint, 1);
    json_w_member_list(&w, "Cmd", cmd, 2);
    json_w_member(&w, "User", "0:0"); /* init starts as root and changes to the user's ids */
    json_w_member(&w, "WorkingDir", "/");
    /* Init makes the terminal: README.md, "The terminal belongs to init". */
    json_w_member_bool(&w, "Tty", false);
    json_w_member_bool(&w, "OpenStdin", true);
    json_w_member_bool(&w, "StdinOnce", true);
    json_w_member_bool(&w, "AttachStdin", true);
    json_w_member_bool(&w, "AttachStdout", true);
    json_w_member_bool(&w, "AttachStderr", true);
    json_w_key(&w, "Healthcheck");
    json_w_object(&w);
    json_w_member_list(&w, "Test", none, 1);
    json_w_end(&w);
    if (p->network.port_count > 0) {
        json_w_key(&w, "ExposedPorts");
        json_w_object(&w);
        ports(&w, p, false);
        json_w_end(&w);
    }
    labels(&w, p);
    host_config(&w, p);
    json_w_end(&w);
    if (json_done(&w) < 0) {
        return err_set(e, ERR_LIMIT,
                       "the container's description is past the limit of %zu bytes", out->max);
    }
    if (w.lossy) {
        (void)err_set(e, ERR_USAGE,
                      "a path of this session is not UTF-8: the engine cannot mount it");
        return err_hint(e,
                        "Rename the directory; cco --dry-run shows which paths are mounted.");
    }
    return 0;
}
