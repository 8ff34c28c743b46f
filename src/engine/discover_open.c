/* SPDX-License-Identifier: MIT */
/* Finds Docker's engine: by the environment, then by Docker's configuration, and otherwise the
 * first known socket that answers. See README.md, "Known sockets and contexts". */
#include "engine/docker.h"
#include "engine/docker_api.h"
#include "engine/docker_transport.h"

#include "base/file.h"
#include "base/num.h"
#include "base/path.h"
#include "engine/discover_docker_context.h"
#include "engine/discover_socket_candidates.h"

#include <string.h>

enum { TIMEOUT_MAX_S = 3600 };

static bool is_set(const char *value)
{
    return value != NULL && value[0] != '\0';
}

static int read_timeout(struct engine *en, const struct engine_env *env, struct err *e)
{
    uint64_t seconds = 0;

    en->timeout_ms = ENGINE_TIMEOUT_MS;
    if (env->timeout == NULL) {
        return 0;
    }
    if (!str_u64(str_c(env->timeout), 10, TIMEOUT_MAX_S, &seconds) || seconds == 0) {
        en->chosen = "CCO_ENGINE_TIMEOUT";
        return err_set(e, ERR_USAGE,
                       "CCO_ENGINE_TIMEOUT=%s: not a number of seconds from 1 to %d",
                       env->timeout, TIMEOUT_MAX_S);
    }
    en->timeout_ms = (int64_t)seconds * 1000;
    return 0;
}

/* Reads DOCKER_API_VERSION ("1.41"), the version that cco has to use with any engine. */
static int read_pin(struct engine *en, const struct engine_env *env, struct err *e)
{
    struct str minor = str_c(env->api_version);
    struct str major = {0};
    uint64_t n = 0;

    en->api_pinned = 0;
    if (!is_set(env->api_version)) {
        return 0;
    }
    if (!str_cut(&minor, '.', &major) || !(str_eq_c(major, "1") || str_eq_c(major, "v1")) ||
        !str_u64(minor, 10, 1000, &n) || n < ENGINE_API_MIN || n > ENGINE_API_KNOWN) {
        en->chosen = "DOCKER_API_VERSION";
        (void)err_set(e, ERR_USAGE, "DOCKER_API_VERSION=%s: cco speaks 1.%d to 1.%d",
                      env->api_version, ENGINE_API_MIN, ENGINE_API_KNOWN);
        return err_hint(e, "Unset it, so that cco and the engine agree on a version.");
    }
    en->api_pinned = (unsigned)n;
    return 0;
}

/* Refuses plain tcp to another machine. Any program that can connect to such an engine is root
 * on its machine, and any machine on the network between can read and change a session. */
static int check_exposed(const struct engine *en, const struct engine_env *env, struct err *e)
{
    if (!endpoint_is_exposed(&en->endpoint) || env->insecure) {
        return 0;
    }
    (void)err_set(e, ERR_REFUSED,
                  "%s is another machine without TLS: any machine on the network between could "
                  "read and change the session, and use the engine",
                  en->address);
    return err_hint(e,
                    "Use ssh://%s, or TLS (DOCKER_TLS_VERIFY=1, DOCKER_CERT_PATH); "
                    "--insecure connects without TLS.",
                    en->endpoint.host);
}

static int connect_to(struct engine *en, struct str host, const struct endpoint_tls *tls,
                      const struct engine_env *env, struct arena *a, struct err *e)
{
    struct net_wait w = api_wait(en);

    if (endpoint_parse(host, tls, a, &en->endpoint, e) < 0) {
        return -1;
    }
    en->address = endpoint_address(&en->endpoint, a);
    if (check_exposed(en, env, e) < 0) {
        return -1;
    }
    w = api_wait(en);
    if (api_connect(en, &en->conn, &w, e) < 0) {
        engine_advise(en, e);
        return -1;
    }
    return 0;
}

/* Reads the settings for TLS with DOCKER_HOST. As for Docker's command line, any value that is
 * not empty switches TLS on, also "0". */
static int read_tls(const struct engine_env *env, struct arena *a, struct endpoint_tls *tls,
                    struct err *e)
{
    const char *dir = is_set(env->cert_path) ? env->cert_path : env->docker_dir;

    tls->verify = is_set(env->tls_verify);
    tls->on = tls->verify || is_set(env->tls);
    if (!tls->on || dir == NULL) {
        return 0;
    }
    if (is_set(env->cert_path) && !file_is_dir(dir)) {
        (void)err_set(e, ERR_NOT_FOUND, "DOCKER_CERT_PATH=%s: no such directory", dir);
        return err_hint(e, "It has to contain ca.pem, cert.pem and key.pem.");
    }
    return docker_context_files(dir, a, tls, e);
}

static int open_host(struct engine *en, const struct engine_env *env, struct arena *a,
                     struct err *e)
{
    struct endpoint_tls tls = {.on = false};

    en->chosen = "DOCKER_HOST";
    if (is_set(env->docker_context)) {
        engine_pass(en, arena_printf(a, "DOCKER_CONTEXT=%s", env->docker_context),
                    "DOCKER_HOST comes first", 0, false);
    }
    if ((str_starts(str_c(env->docker_host), "unix://") ? 0 : read_tls(env, a, &tls, e)) < 0 ||
        connect_to(en, str_c(env->docker_host), &tls, env, a, e) < 0) {
        return err_wrap(e, "DOCKER_HOST");
    }
    return 0;
}

/* Opens the engine of the context `name`. `by` is the setting that named it, for messages. */
static int open_context(struct engine *en, const char *name, const char *by,
                        const struct engine_env *env, struct arena *a, struct err *e)
{
    struct docker_context context;

    en->chosen = by;
    en->context = name;
    if (env->docker_dir == NULL) {
        (void)err_set(e, ERR_NOT_FOUND, "%s",
                      env->no_docker_dir != NULL ? env->no_docker_dir
                                                 : "HOME is not set, so there is no ~/.docker");
        (void)err_hint(e, "Set HOME or DOCKER_CONFIG.");
        goto out;
    }
    if (docker_context_load(env->docker_dir, name, a, &context, e) < 0 ||
        connect_to(en, str_c(context.host), &context.tls, env, a, e) < 0) {
        goto out;
    }
    return 0;
out:
    if (e->hint[0] == '\0') {
        (void)err_hint(e, "Start that engine, or choose another one: DOCKER_CONTEXT=default is "
                          "the engine of this machine.");
    }
    return err_wrap(e, "context '%s' (%s)", name, by);
}

/* Returns the name of the current context, and NULL if there is none. A broken file of Docker's
 * is only noted in en->passed, because it should not prevent the use of an engine. */
static const char *current_context(struct engine *en, const struct engine_env *env,
                                   struct arena *a)
{
    const char *name = NULL;
    struct err e = {0};

    if (env->docker_dir == NULL) {
        engine_pass(en, "Docker's configuration",
                    env->no_docker_dir != NULL ? env->no_docker_dir : "there is no home", 0,
                    env->no_docker_dir == NULL);
        return NULL;
    }
    if (docker_context_current(env->docker_dir, a, &name, &e) < 0) {
        engine_pass(en, arena_printf(a, "%s/config.json", env->docker_dir),
                    arena_strdup(a, e.text), e.errnum, false);
    } else if (name == NULL) {
        engine_pass(en, arena_printf(a, "%s/config.json", env->docker_dir), "names no context",
                    0, true);
    }
    return name;
}

int docker_open(struct engine *en, const struct engine_env *env, struct arena *a, struct err *e)
{
    const char *name = is_set(env->docker_context) ? env->docker_context : NULL;
    bool is_default = name != NULL && strcmp(name, "default") == 0;

    conn_close(&en->conn); /* an earlier call may have opened it */
    if (en->transport == NULL && env->safe_env != NULL) {
        en->transport = transport_new(env->safe_env, env->runtime_dir);
    }
    en->passed_count = 0;
    en->ping = (struct engine_ping){.done = false};
    en->context = NULL;
    if (read_timeout(en, env, e) < 0 || read_pin(en, env, e) < 0) {
        return -1;
    }
    if (is_set(env->docker_host)) {
        return open_host(en, env, a, e);
    }
    engine_pass(en, "DOCKER_HOST", "not set", 0, true);
    if (name != NULL && !is_default) {
        return open_context(en, name, "DOCKER_CONTEXT", env, a, e);
    }
    engine_pass(en, "DOCKER_CONTEXT", is_default ? "default" : "not set", 0, true);
    name = is_default ? NULL : current_context(en, env, a);
    if (name != NULL) {
        return open_context(en, name, ENGINE_BY_CURRENT, env, a, e);
    }
    return socket_candidates_find(en, env, a, e);
}
