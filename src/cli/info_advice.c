/* SPDX-License-Identifier: MIT */
#include "cli/info_advice.h"

#include "base/path.h"
#include "engine/engine.h"

#include <errno.h>
#include <string.h>

static const char *as_root(const struct info_machine *m, struct arena *a, const char *command)
{
    return m->root ? command : arena_printf(a, "sudo %s", command);
}

static bool is_given(const struct engine *en, const char *by)
{
    return en->chosen != NULL && strcmp(en->chosen, by) == 0;
}

/* True for this error of a local socket. Errors of another machine cannot be solved here. */
static bool is_local(const struct err *e, const struct engine *en, int errnum)
{
    return e->kind == ERR_SYS && e->errnum == errnum && en->endpoint.kind == ENDPOINT_UNIX;
}

static bool is_podman(const struct engine *en)
{
    return en->endpoint.path != NULL && strstr(en->endpoint.path, "podman") != NULL;
}

static bool is_rootless(const struct engine *en, const struct info_machine *m)
{
    return en->endpoint.path != NULL && en->endpoint.kind == ENDPOINT_UNIX &&
           m->runtime_dir != NULL && m->runtime_dir[0] == '/' &&
           path_is_inside(en->endpoint.path, m->runtime_dir);
}

static const char *start(const struct engine *en, const struct info_machine *m, struct arena *a)
{
    static const char *const others[][2] = {
        {"/.colima/", "colima start"},
        {"/.orbstack/", "orb start"},
        {"/.rd/", "rdctl start"},
        {"/.docker/desktop/", "systemctl --user start docker-desktop"},
        {"/podman/podman.sock", "systemctl --user start podman.socket"},
    };
    const char *path = en->endpoint.path;

    for (size_t i = 0; path != NULL && i < sizeof(others) / sizeof(others[0]); i++) {
        if (strstr(path, others[i][0]) != NULL) {
            return others[i][1];
        }
    }
    if (!m->has_systemd) {
        return as_root(m, a, "dockerd");
    }
    return is_rootless(en, m) ? "systemctl --user start docker"
                              : as_root(m, a, "systemctl start docker");
}

/* Advice if no socket exists. */
static void install(struct info_section *p, const struct err *e, const struct engine *en,
                    const struct info_machine *m, struct arena *a)
{
    if (m->has_dockerd) {
        p->next = start(en, m, a);
    } else if (m->has_apt) {
        p->next = as_root(m, a, "apt-get install docker.io");
        p->note = "or Docker's own packages: https://docs.docker.com/engine/install/";
    } else {
        p->note = arena_strdup(a, e->hint);
    }
}

void info_advice_engine(struct info_section *p, const struct err *e, const struct engine *en,
                        const struct info_machine *m, struct arena *a)
{
    p->next = NULL;
    p->note = NULL;
    if (is_local(e, en, EACCES) && is_podman(en)) {
        p->next = start(en, m, a);
        p->note = "this starts a Podman that belongs to you";
    } else if (is_local(e, en, EACCES)) {
        p->next = as_root(m, a, "usermod -aG docker $USER");
        p->note = "then log in again. Members of that group can become root on this machine.";
    } else if (is_local(e, en, ECONNREFUSED)) {
        p->next = start(en, m, a);
    } else if (e->kind == ERR_ENGINE && e->code == 400 && en->api_pinned != 0) {
        p->next = "unset DOCKER_API_VERSION";
        p->note = "then cco and the engine agree on a version";
    } else if (is_given(en, ENGINE_BY_CURRENT)) {
        p->next = "export DOCKER_CONTEXT=default";
        p->note = e->hint[0] != '\0' ? arena_strdup(a, e->hint)
                                     : "this selects the engine of this machine";
    } else if (is_given(en, "DOCKER_CONTEXT") || is_given(en, "CCO_ENGINE_TIMEOUT") ||
               is_given(en, "DOCKER_API_VERSION")) {
        p->next = arena_printf(a, "unset %s", en->chosen);
        p->note = e->hint[0] != '\0' ? arena_strdup(a, e->hint) : NULL;
    } else if (is_given(en, "DOCKER_HOST")) {
        p->next = "unset DOCKER_HOST";
        p->note = e->hint[0] != '\0'
                      ? arena_strdup(a, e->hint)
                      : "this selects the engine of this machine; or correct the value";
    } else if (e->kind == ERR_NOT_FOUND) {
        install(p, e, en, m, a);
    } else if (e->hint[0] != '\0') {
        p->note = arena_strdup(a, e->hint);
    } else if (m->has_systemd) {
        p->next = as_root(m, a, "systemctl restart docker");
    }
}

void info_advice_login(struct info_section *p, const struct fact_login *in)
{
    if (in->broken && in->next != NULL) {
        p->note = in->next;
    } else if (in->source == LOGIN_NONE) {
        p->next = "claude";
        p->note = "on this machine, to log in; or set ANTHROPIC_API_KEY";
    } else {
        p->next = "claude -p hi";
        p->note = "on this machine: it renews the login, or asks you to log in";
    }
}
