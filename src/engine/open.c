/* SPDX-License-Identifier: MIT */
/* Finding the engine: where DOCKER_HOST says, else the first that answers. */
#include "engine/api.h"

#include "base/clock.h"
#include "base/num.h"

#include <errno.h>
#include <string.h>

enum { TIMEOUT_MAX_S = 3600 };

static void set_address(struct engine *en, const char *path, struct arena *a)
{
    en->endpoint = (struct endpoint){.kind = ENDPOINT_UNIX, .path = path, .base = ""};
    en->address = endpoint_address(&en->endpoint, a);
}

/* What to do about a socket that cannot be used, by the reason. */
static void advise(const struct engine *en, struct err *e)
{
    if (e->kind == ERR_SYS && e->errnum == EACCES) {
        (void)err_hint(e,
                       "You may not use %s. Add yourself to its group (sudo usermod -aG docker "
                       "$USER), then log in again; or use rootless Docker.",
                       en->endpoint.path);
    } else if (e->kind == ERR_SYS && e->errnum == ECONNREFUSED) {
        (void)err_hint(e, "The socket is there but nobody listens: start the engine "
                          "(sudo systemctl start docker).");
    } else if (e->kind == ERR_SYS && e->errnum == ENOENT) {
        (void)err_hint(e, "Start Docker, or set DOCKER_HOST=unix:///path/to/docker.sock.");
    }
}

static int open_given(struct engine *en, const char *host, struct arena *a, struct err *e)
{
    struct net_wait w = api_wait(en);

    if (endpoint_parse(str_c(host), NULL, a, &en->endpoint, e) < 0) {
        return err_wrap(e, "DOCKER_HOST");
    }
    en->address = endpoint_address(&en->endpoint, a);
    if (api_connect(en, &en->conn, &w, e) < 0) {
        (void)err_wrap(e, "DOCKER_HOST");
        advise(en, e);
        return -1;
    }
    return 0;
}

static const char *reason_of(const struct err *e, struct arena *a)
{
    if (e->kind == ERR_SYS) {
        switch (e->errnum) {
        case ENOENT:
            return "not there";
        case EACCES:
            return "no permission";
        case ECONNREFUSED:
            return "nobody listens";
        default:
            break;
        }
    }
    return arena_strdup(a, e->text);
}

/* What is there but cannot be used says more than what is missing. */
struct worst {
    struct err e;
    const char *path;
};

static bool try_socket(struct engine *en, const char *path, struct worst *worst,
                       struct arena *a)
{
    struct net_wait w = api_wait(en);
    struct err e = {0};

    set_address(en, path, a);
    if (api_connect(en, &en->conn, &w, &e) == 0) {
        return true;
    }
    if (en->passed_count < ENGINE_PASSED_MAX) {
        en->passed[en->passed_count++] =
            (struct engine_passed){en->address, reason_of(&e, a), e.errnum};
    }
    if (e.errnum != ENOENT && worst->path == NULL) {
        *worst = (struct worst){e, path};
    }
    return false;
}

static int none_found(struct engine *en, const struct worst *worst, struct arena *a,
                      struct err *e)
{
    const char *list = "";

    if (worst->path != NULL) {
        *e = worst->e;
        set_address(en, worst->path, a);
        advise(en, e);
        return err_wrap(e, "no engine");
    }
    for (size_t i = 0; i < en->passed_count; i++) {
        list = arena_printf(a, "%s%s%s", list, i > 0 ? ", " : "",
                            en->passed[i].address + sizeof("unix://") - 1);
    }
    (void)err_set(e, ERR_NOT_FOUND, "no Docker engine found (looked at %s)", list);
    return err_hint(e, "Install or start Docker (Debian: apt-get install docker.io), or set "
                       "DOCKER_HOST=unix:///path/to/docker.sock.");
}

static int open_known(struct engine *en, const struct engine_env *env, struct arena *a,
                      struct err *e)
{
    static const char *const in_home[] = {
        "/.docker/run/docker.sock",
        "/.docker/desktop/docker.sock",
        "/.colima/default/docker.sock",
        "/.orbstack/run/docker.sock",
    };
    struct worst worst = {.path = NULL};

    en->chosen = "the first that answers";
    if (try_socket(en, "/var/run/docker.sock", &worst, a)) {
        return 0;
    }
    if (env->xdg_runtime_dir != NULL && env->xdg_runtime_dir[0] == '/' &&
        try_socket(en, arena_printf(a, "%s/docker.sock", env->xdg_runtime_dir), &worst, a)) {
        return 0;
    }
    for (size_t i = 0; env->home != NULL && i < sizeof(in_home) / sizeof(in_home[0]); i++) {
        if (try_socket(en, arena_printf(a, "%s%s", env->home, in_home[i]), &worst, a)) {
            return 0;
        }
    }
    return none_found(en, &worst, a, e);
}

int engine_open(struct engine *en, const struct engine_env *env, struct sig *sig,
                struct arena *a, struct err *e)
{
    const char *context = env->docker_context;
    uint64_t seconds = 0;

    en->sig = sig;
    en->passed_count = 0;
    en->timeout_ms = ENGINE_TIMEOUT_MS;
    if (env->timeout != NULL) {
        if (!str_u64(str_c(env->timeout), 10, TIMEOUT_MAX_S, &seconds) || seconds == 0) {
            en->chosen = "CCO_ENGINE_TIMEOUT";
            return err_set(e, ERR_USAGE,
                           "CCO_ENGINE_TIMEOUT=%s: not a number of seconds from 1 to %d",
                           env->timeout, TIMEOUT_MAX_S);
        }
        en->timeout_ms = (int64_t)seconds * 1000;
    }
    if (env->docker_host != NULL && env->docker_host[0] != '\0') {
        en->chosen = "DOCKER_HOST";
        return open_given(en, env->docker_host, a, e);
    }
    if (context != NULL && context[0] != '\0' && strcmp(context, "default") != 0) {
        en->chosen = "DOCKER_CONTEXT";
        (void)err_set(e, ERR_REFUSED,
                      "DOCKER_CONTEXT=%s: this version of cco does not read contexts", context);
        return err_hint(e, "Unset it and set DOCKER_HOST=unix:///path/to/docker.sock instead.");
    }
    return open_known(en, env, a, e);
}

void engine_close(struct engine *en)
{
    conn_close(&en->conn);
}
