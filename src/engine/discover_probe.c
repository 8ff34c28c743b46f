/* SPDX-License-Identifier: MIT */
/* Finds out what Docker's engine is and can do, by /_ping and /info. See README.md, "Versions
 * of the API" and "The engine's description of itself". */
#include "engine/docker.h"
#include "engine/docker_api.h"

#include "base/limits.h"
#include "engine/discover_file_visibility.h"
#include "engine/discover_ping.h"
#include "engine/discover_self_container.h"
#include "engine/discover_socket_candidates.h"
#include "engine/docker_podman.h"
#include "engine/docker_transport.h"
#include "wire/json.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { API_BUILDKIT = 39 }; /* the first API version whose POST /build has version=2 */

static int too_old(const struct engine *en, unsigned minor, struct err *e)
{
    (void)err_set(e, ERR_REFUSED,
                  "engine %s is too old: it has API 1.%u, and cco needs 1.%d to learn when a "
                  "session ends",
                  en->address, minor, ENGINE_API_MIN);
    return err_hint(e, "Update Docker: 17.06 or newer is needed.");
}

static int check_version(const struct engine *en, struct err *e)
{
    const struct engine_ping *p = &en->ping;

    if (p->major != 1) {
        (void)err_set(e, ERR_REFUSED, "engine %s has API %u.%u; cco speaks 1.%d to 1.%d",
                      en->address, p->major, p->minor, ENGINE_API_MIN, ENGINE_API_KNOWN);
        return err_hint(e, "A newer cco may support this engine.");
    }
    if (p->minor < ENGINE_API_MIN) {
        return too_old(en, p->minor, e);
    }
    if (p->os[0] != '\0' && strcmp(p->os, "linux") != 0) {
        (void)err_set(e, ERR_REFUSED,
                      "engine %s runs %s containers; cco needs Linux containers", en->address,
                      p->os);
        return err_hint(e, "Switch it to Linux containers, or choose another engine.");
    }
    return 0;
}

/* Returns whether SecurityOptions has an entry with this name. Entries have the form
 * "name=seccomp,profile=default". */
static bool has_option(struct json list, const char *name)
{
    struct json_iter it = json_iter(list);
    struct json item;

    while (json_next(&it, NULL, &item)) {
        struct str text =
            item.type == JSON_STRING ? str_n(item.raw.p + 1, item.raw.len - 2) : str_c(NULL);
        struct str word = {0};

        (void)str_cut(&text, ',', &word);
        if (str_eq_c(word, name)) {
            return true;
        }
    }
    return false;
}

static bool is_virtual_machine(struct json info, struct arena *a)
{
    const char *os = json_string_dup(json_get(info, "OperatingSystem"), a);
    const char *kernel = json_string_dup(json_get(info, "KernelVersion"), a);
    const char *name = json_string_dup(json_get(info, "Name"), a);

    return (os != NULL &&
            (strstr(os, "Docker Desktop") != NULL || strstr(os, "OrbStack") != NULL)) ||
           (kernel != NULL &&
            (strstr(kernel, "linuxkit") != NULL || strstr(kernel, "orbstack") != NULL)) ||
           (name != NULL && (strcmp(name, "colima") == 0 || strncmp(name, "colima-", 7) == 0 ||
                             strncmp(name, "lima-", 5) == 0));
}

/* Returns whether the engine keeps its images in containerd's store. BuildKit then looks for
 * the images of `cachefrom` in registries only. */
static bool has_containerd_store(struct json info)
{
    struct json_iter it = json_iter(json_get(info, "DriverStatus"));
    struct json pair;

    while (json_next(&it, NULL, &pair)) {
        struct json_iter words = json_iter(pair);
        struct json name = {0};
        struct json value = {0};

        if (json_next(&words, NULL, &name) && json_next(&words, NULL, &value) &&
            json_is(name, "driver-type") && json_is(value, "io.containerd.snapshotter.v1")) {
            return true;
        }
    }
    return false;
}

/* Sets which limits the engine supports. /info of rootless Podman reports what the kernel
 * supports, but with cgroup v1 rootless Podman cannot use that, and ignores limits. */
static void read_limits(struct json info, struct fact_engine *out)
{
    bool none = out->rootless && json_is(json_get(info, "CgroupVersion"), "1");

    out->pids_limit = !none && json_get(info, "PidsLimit").type != JSON_FALSE;
    out->no_memory_limit = none || json_get(info, "MemoryLimit").type == JSON_FALSE;
    out->no_cpu_limit = none || json_get(info, "CpuCfsQuota").type == JSON_FALSE;
}

static int read_info(struct engine *en, struct arena *a, struct fact_engine *out, struct err *e)
{
    struct buf text;
    struct json info;
    struct json options;
    int rc = -1;

    buf_init(&text, LIMIT_JSON_LINE);
    if (api_get_json(en, "/info", "engine's /info", &text, &info, e) < 0) {
        goto out;
    }
    options = json_get(info, "SecurityOptions");
    /* Podman before 4.5 reports that it is rootless only in the member Rootless. */
    out->rootless =
        has_option(options, "name=rootless") || json_get(info, "Rootless").type == JSON_TRUE;
    out->userns_remap = has_option(options, "name=userns");
    out->no_seccomp = !has_option(options, "name=seccomp");
    read_limits(info, out);
    out->arch = podman_arch(json_string_dup(json_get(info, "Architecture"), a));
    out->live_restore = json_get(info, "LiveRestoreEnabled").type == JSON_TRUE;
    en->live_restore = out->live_restore;
    en->asks_registries = has_containerd_store(info);
    out->desktop = is_virtual_machine(info, a);
    rc = 0;
out:
    buf_release(&text);
    return rc;
}

/* Sets the path of the engine's socket as the engine sees it. An engine in a virtual machine
 * has its own /var/run, so that the path of the local socket means nothing to it. */
static void find_socket(const struct engine *en, struct arena *a, struct fact_engine *out)
{
    struct stat st;

    out->socket = "/var/run/docker.sock";
    if (!out->desktop && en->endpoint.kind == ENDPOINT_UNIX) {
        char *physical = realpath(en->endpoint.path, NULL);

        out->socket = arena_strdup(a, physical != NULL ? physical : en->endpoint.path);
        free(physical);
        out->socket_gid = stat(en->endpoint.path, &st) == 0 ? st.st_gid : 0;
    } else if (en->endpoint.kind == ENDPOINT_SSH) {
        out->socket = en->endpoint.path; /* the path on the engine's machine */
    }
}

/* If the engine refused cco's version because its oldest version is newer, makes that version
 * cco's. Returns whether it has changed the version. */
static bool raise_version(struct engine *en, const struct err *e)
{
    struct net_wait w = api_wait(en);
    unsigned oldest;

    if (e->kind != ERR_ENGINE || e->code != 400 || en->api_pinned != 0) {
        return false;
    }
    oldest = ping_oldest(en, &w, str_c(e->text));
    if (oldest <= en->api_minor || oldest > ENGINE_API_KNOWN) {
        return false;
    }
    en->api_minor = oldest;
    return true;
}

static int agree(struct engine *en, struct arena *a, struct fact_engine *out, struct err *e)
{
    unsigned newest = en->ping.minor;

    en->api_minor = en->api_pinned != 0       ? en->api_pinned
                    : newest < ENGINE_API_MAX ? newest
                                              : ENGINE_API_MAX;
    if ((en->podman && podman_facts(en, a, out)) || read_info(en, a, out, e) == 0) {
        return 0;
    }
    if (raise_version(en, e)) {
        err_reset(e);
        if (read_info(en, a, out, e) == 0) {
            return 0;
        }
    }
    if (e->kind == ERR_ENGINE && e->code == 400 && e->hint[0] == '\0') {
        (void)err_hint(e, "%s",
                       en->api_pinned != 0
                           ? "Unset DOCKER_API_VERSION, so that cco and the engine agree on a "
                             "version."
                           : "A newer cco may support this engine.");
    }
    en->api_minor = 0;
    return -1;
}

/* Returns the engine's name for messages: "Docker 20.10.24" of "Docker/20.10.24 (linux)". */
static const char *name_of(const struct engine_ping *p, struct arena *a)
{
    struct str server = str_n(p->server, str_index(str_c(p->server), ' '));
    struct str name = {0};

    (void)str_cut(&server, '/', &name);
    if (name.len == 0) {
        return "Docker engine";
    }
    return arena_printf(a, "%.*s %.*s", p->podman ? 6 : (int)name.len,
                        p->podman ? "Podman" : name.p, (int)server.len, server.p);
}

/* Sets out->kind. An engine at a unix socket sees this machine's files. An engine behind tcp or
 * ssh may run on this machine, or have its files, so that cco asks it. */
static int find_file_visibility(struct engine *en, struct fact_engine *out, struct err *e)
{
    const char *dir = transport_dir(en->transport);
    bool sees = false;

    if (en->endpoint.kind == ENDPOINT_UNIX) {
        return 0;
    }
    if (!en->podman && dir != NULL && engine_sees_us(en, dir, &sees, e) < 0) {
        return -1;
    }
    out->kind = sees ? SANDBOX_LOCAL_CONTAINER : SANDBOX_REMOTE_CONTAINER;
    out->remote_why = sees                                ? NULL
                      : en->endpoint.kind == ENDPOINT_SSH ? "the engine is reached over ssh"
                                                          : "the engine is reached over tcp";
    return 0;
}

int docker_probe(struct engine *en, struct arena *a, struct facts *f, struct err *e)
{
    struct fact_engine *out = &f->engine;
    const struct engine_ping *p = &en->ping;
    struct net_wait w = api_wait(en);

    if (engine_ping(en, &w, e) < 0) {
        engine_advise(en, e);
        return en->context != NULL
                   ? err_wrap(e, "engine %s (context '%s')", en->address, en->context)
                   : err_wrap(e, "engine %s", en->address);
    }
    if (check_version(en, e) < 0) {
        return -1;
    }
    en->podman = p->podman;
    *out = (struct fact_engine){.address = en->address};
    if (agree(en, a, out, e) < 0) {
        return -1;
    }
    if (find_file_visibility(en, out, e) < 0) {
        en->api_minor = 0;
        return -1;
    }
    out->name = name_of(p, a);
    find_socket(en, a, out);
    out->api_minor = en->api_minor;
    out->podman = p->podman;
    /* Docker 20.10 (API 1.41) has BuildKit, but its ping does not say so. */
    en->buildkit =
        !p->podman && en->api_minor >= API_BUILDKIT && (p->buildkit || p->minor == 41);
    out->buildkit = en->buildkit;
    /* The "host" network of rootless Docker is that of its own network namespace; that of
     * rootless Podman is this machine's. */
    out->host_network_real = !out->desktop && (!out->rootless || out->podman);
    if (self_container_find(en, "", a, out, e) < 0) {
        en->api_minor = 0;
        return -1;
    }
    return 0;
}
