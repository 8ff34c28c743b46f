/* SPDX-License-Identifier: MIT */
#include "engine/spec.h"

#include "wire/json.h"

static void member(struct json_w *w, const char *key, const char *value)
{
    json_w_key(w, key);
    json_w_c(w, value);
}

static void flag(struct json_w *w, const char *key, bool value)
{
    json_w_key(w, key);
    json_w_bool(w, value);
}

static void list(struct json_w *w, const char *key, const char *const *items, size_t count)
{
    json_w_key(w, key);
    json_w_array(w);
    for (size_t i = 0; i < count; i++) {
        json_w_c(w, items[i]);
    }
    json_w_end(w);
}

static void labels(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "Labels");
    json_w_object(w);
    for (size_t i = 0; i < p->label_count; i++) {
        member(w, p->labels[i].name, p->labels[i].value);
    }
    json_w_end(w);
}

/* Structured mounts: any byte of a path but the ones JSON cannot carry (DOCKER.md 4). */
static void mounts(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "Mounts");
    json_w_array(w);
    for (size_t i = 0; i < p->mount_count; i++) {
        const struct plan_mount *m = &p->mounts[i];

        json_w_object(w);
        member(w, "Type", "bind");
        member(w, "Source", m->source);
        member(w, "Target", m->target);
        if (m->read_only) {
            flag(w, "ReadOnly", true);
        }
        json_w_end(w);
    }
    json_w_end(w);
}

static const char *network_mode(const struct plan *p)
{
    switch (p->network) {
    case PLAN_NET_HOST:
        return "host";
    case PLAN_NET_NONE:
        return "none";
    case PLAN_NET_BRIDGE:
        break;
    }
    return "bridge";
}

static void host_config(struct json_w *w, const struct plan *p)
{
    static const char *const all[] = {"ALL"};
    static const char *const security[] = {"no-new-privileges"};
    static const char *const gateway[] = {"host.docker.internal:host-gateway"};

    json_w_key(w, "HostConfig");
    json_w_object(w);
    flag(w, "AutoRemove", true);
    flag(w, "Init", false); /* PID 1 is cco's, whatever the engine's default */
    member(w, "NetworkMode", network_mode(p));
    if (p->host_gateway) {
        list(w, "ExtraHosts", gateway, 1);
    }
    json_w_key(w, "LogConfig"); /* what the user sees is written to no disk (DOCKER.md 0.6) */
    json_w_object(w);
    member(w, "Type", "none");
    json_w_end(w);
    list(w, "CapDrop", all, 1);
    list(w, "CapAdd", p->cap_add.v, p->cap_add.count);
    list(w, "SecurityOpt", security, 1);
    if (p->pids_limit > 0) {
        json_w_key(w, "PidsLimit");
        json_w_u64(w, p->pids_limit);
    }
    if (p->userns_host) {
        member(w, "UsernsMode", "host");
    }
    mounts(w, p);
    json_w_end(w);
}

int spec_create(const struct plan *p, struct buf *out, struct err *e)
{
    static const char *const entrypoint[] = {PLAN_INIT_PATH};
    static const char *const cmd[] = {"init", PLAN_BOOT_PATH};
    static const char *const none[] = {"NONE"};
    struct json_w w;

    json_w_init(&w, out, 0);
    json_w_object(&w);
    member(&w, "Image", p->image);
    list(&w, "Entrypoint", entrypoint, 1);
    list(&w, "Cmd", cmd, 2);
    member(&w, "User", "0:0"); /* init gives it up for the user's ids */
    member(&w, "WorkingDir", "/");
    flag(&w, "Tty", p->tty);
    flag(&w, "OpenStdin", true);
    flag(&w, "StdinOnce", true);
    flag(&w, "AttachStdin", true);
    flag(&w, "AttachStdout", true);
    flag(&w, "AttachStderr", true);
    json_w_key(&w, "Healthcheck");
    json_w_object(&w);
    list(&w, "Test", none, 1);
    json_w_end(&w);
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
