/* SPDX-License-Identifier: MIT */
#include "engine/engine.h"

#include "fake.h"
#include "tap.h"
#include "tmpdir.h"

#include <sys/stat.h>

static const struct fake_rule rules[] = {{"HEAD /_ping", FAKE_PING, false}, FAKE_END};
static struct arena arena;
static struct engine en;
static struct err e;

static int try(const struct engine_env *env)
{
    int rc;

    en = (struct engine){0};
    e = (struct err){0};
    conn_init(&en.conn);
    rc = engine_open(&en, &docker_engine, env, NULL, &arena, &e);
    engine_close(&en);
    return rc;
}

static void refused(struct engine_env env, const char *text, const char *name)
{

    ok(try(&env) < 0, "refused: %s", name);
    if (!ok(strstr(e.text, text) != NULL, "the error says why")) {
        (void)printf("#   %s\n", e.text);
    }
    ok(e.hint[0] != '\0' || e.kind == ERR_USAGE || e.kind == ERR_FORMAT,
       "the hint says what to do");
}

/* An address on this machine at which no program listens. */
#define CLOSED "tcp://127.0.0.1:1"

static void test_host(const struct fake *f)
{
    char host[300];
    char stale[200];
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)snprintf(host, sizeof(host), "unix://%s", f->socket);
    is_int(try(&(struct engine_env){.docker_host = host}), 0,
           "an engine at the socket of DOCKER_HOST is opened");
    is_str(en.address, host, "its address is kept");
    is_str(en.chosen, "DOCKER_HOST", "DOCKER_HOST has chosen it");
    is_int((long long)en.timeout_ms, ENGINE_TIMEOUT_MS, "the default timeout is a minute");
    ok(en.passed_count == 0 && en.context == NULL, "no other place was looked at");
    is_int(try(&(struct engine_env){.docker_host = host, .docker_context = "big"}), 0,
           "DOCKER_HOST overrides DOCKER_CONTEXT");
    ok(en.passed_count == 1 && !en.passed[0].quiet &&
           strcmp(en.passed[0].address, "DOCKER_CONTEXT=big") == 0,
       "the ignored variable is listed");
    is_int(
        try(&(struct engine_env){.docker_host = host, .tls_verify = "1", .cert_path = "/no"}),
        0, "settings for TLS are ignored for a unix socket");
    is_int(try(&(struct engine_env){.docker_host = host, .timeout = "3"}), 0,
           "CCO_ENGINE_TIMEOUT is accepted");
    is_int((long long)en.timeout_ms, 3000, "it is a number of seconds");
    refused((struct engine_env){.docker_host = host, .timeout = "x"}, "CCO_ENGINE_TIMEOUT",
            "a timeout that is not a number");
    refused((struct engine_env){.docker_host = host, .timeout = "0"}, "CCO_ENGINE_TIMEOUT",
            "a timeout of 0");
    refused((struct engine_env){.docker_host = "unix:///nowhere/s"}, "/nowhere/s",
            "a socket that does not exist");
    refused((struct engine_env){.docker_host = "ftp://h"}, "unknown scheme",
            "an unknown scheme");
    refused((struct engine_env){.docker_host = "npipe:////./pipe/d"}, "DOCKER_HOST: engine",
            "a named pipe of Windows");
    (void)snprintf(stale, sizeof(stale), "%s/stale", f->dir);
    memcpy(addr.sun_path, stale, strlen(stale) + 1);
    ok(fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0, "a stale socket");
    (void)snprintf(host, sizeof(host), "unix://%s", stale);
    refused((struct engine_env){.docker_host = host}, "refused", "a stale socket");
    (void)close(fd);
    (void)unlink(stale);
}

static void test_tcp(void)
{
    const struct engine_env peer = {.docker_host = "tcp://192.0.2.1:2375"};
    struct engine_env env = peer;

    refused(peer, "without TLS", "plain tcp to another machine");
    ok(try(&peer) < 0 && e.kind == ERR_REFUSED && en.chosen != NULL &&
           strstr(e.hint, "--insecure") != NULL,
       "the hint names --insecure");
    env.docker_host = CLOSED;
    ok(try(&env) < 0 && strstr(e.text, "without TLS") == NULL,
       "plain tcp to this machine is not refused: %s", e.text);
    env.docker_host = "tcp://192.0.2.1:2375";
    env.cert_path = "/nowhere";
    env.tls_verify = "1";
    refused(env, "DOCKER_CERT_PATH=/nowhere", "a DOCKER_CERT_PATH that does not exist");
    ok(file_write_new(in_tmp("cert.pem"), str_c("x"), 0600, &e) == 0,
       "a certificate is written");
    env.cert_path = tmpdir;
    refused(env, "key.pem does not", "a certificate without its key");
    ok(file_write_new(in_tmp("key.pem"), str_c("x"), 0600, &e) == 0, "a key is written");
    env.docker_host = CLOSED;
    (void)try(&env);
    ok(en.endpoint.tls && en.endpoint.verify && en.endpoint.ca == NULL &&
           en.endpoint.cert != NULL && en.endpoint.key != NULL,
       "DOCKER_TLS_VERIFY switches TLS on with the files of DOCKER_CERT_PATH");
    env.cert_path = NULL;
    env.tls_verify = NULL;
    env.tls = "1";
    env.docker_dir = tmpdir;
    (void)try(&env);
    ok(en.endpoint.tls && !en.endpoint.verify && en.endpoint.cert != NULL,
       "DOCKER_TLS does not verify, and uses the files of Docker's directory");
}

static void put_context(const char *hash, const char *host)
{
    char text[400];
    char path[200];
    (void)snprintf(path, sizeof(path), "contexts/meta/%s", hash);
    (void)snprintf(text, sizeof(text),
                   "{\"Name\":\"big\",\"Endpoints\":{\"docker\":{\"Host\":\"%s\"}}}", host);
    (void)file_mkdirs(in_tmp(path), 0700, &e);
    (void)snprintf(path + strlen(path), 20, "/meta.json");
    if (file_write_atomic(in_tmp(path), str_c(text), 0600, &e) < 0) {
        abort();
    }
}

static void set_current(const char *config)
{
    if (file_write_atomic(in_tmp("config.json"), str_c(config), 0600, &e) < 0) {
        abort();
    }
}

static void test_contexts(const struct fake *f)
{
    /* SHA-256 of "big" */
    static const char hash[] =
        "2a21fe6d592a19b7de898b50eb53c429608de1a66f3e9f62da19714a770553d1";
    struct engine_env env = {.docker_context = "big", .docker_dir = tmpdir};
    char host[300];

    refused((struct engine_env){.docker_context = "big"}, "context 'big' (DOCKER_CONTEXT)",
            "a context without a home");
    refused(env, "no such context", "a context that does not exist");
    (void)snprintf(host, sizeof(host), "unix://%s", f->socket);
    put_context(hash, host);
    is_int(try(&env), 0, "a context that exists is opened");
    is_str(en.address, host, "the address is that of its engine");
    is_str(en.chosen, "DOCKER_CONTEXT", "DOCKER_CONTEXT has chosen it");
    is_str(en.context, "big", "its name is kept");
    ok(en.passed_count == 1 && en.passed[0].quiet &&
           strcmp(en.passed[0].address, "DOCKER_HOST") == 0,
       "DOCKER_HOST is listed as not set");
    set_current("{\"currentContext\":\"nothing\"}");
    is_int(try(&env), 0, "DOCKER_CONTEXT overrides the current context");
    env.docker_context = NULL;
    refused(env, "context 'nothing' (Docker's current context)",
            "a current context that does not exist");
    set_current("{\"currentContext\":\"big\"}");
    is_int(try(&env), 0, "the current context is opened");
    is_str(en.chosen, ENGINE_BY_CURRENT, "Docker's configuration has chosen it");
    ok(en.passed_count == 2, "both variables are listed as not set");
    put_context(hash, "unix:///nowhere/s");
    refused(env, "/nowhere/s", "a context whose engine does not exist");
    put_context(hash, "tcp://192.0.2.1");
    refused(env, "without TLS", "plain tcp to another machine");
    put_context(hash, "npipe:////./pipe/docker_engine");
    refused(env, "named pipes", "a context with a named pipe of Windows");
}

static void test_socket_candidates(const struct fake *f)
{
    struct engine_env env = {.xdg_runtime_dir = f->dir, .docker_dir = tmpdir};
    char runtime[200];

    (void)snprintf(runtime, sizeof(runtime), "%s/docker.sock", f->dir);
    ok(symlink(f->socket, runtime) == 0, "a known socket is made");
    if (access("/var/run/docker.sock", F_OK) == 0) {
        ok(true, "this machine has an engine # SKIP the first known socket exists");
    } else {
        set_current("{\"currentContext\":");
        is_int(try(&env), 0,
               "a known socket is found although Docker's configuration is broken");
        ok(en.passed_count == 4 && !en.passed[2].quiet &&
               strstr(en.passed[2].address, "/config.json") != NULL,
           "the ignored variable is listed");
        is_str(en.passed[3].address, "unix:///var/run/docker.sock",
               "the sockets that were tried are listed");
        ok(strstr(en.chosen, "first that") != NULL, "it is the first that answers");
        set_current("{\"currentContext\":\"nothing\"}");
        env.docker_context = "default";
        is_int(try(&env), 0, "DOCKER_CONTEXT=default means the known sockets");
        env.docker_context = NULL;
        env.docker_dir = NULL;
        env.no_docker_dir = "it leads through the project";
        is_int(try(&env), 0, "a configuration that must not be used is ignored");
        ok(en.passed_count == 4 && !en.passed[2].quiet, "and listed");
    }
    (void)unlink(runtime);
}

static void test_pin(void)
{
    static const char *const bad[] = {"1.29", "1.56", "2.41", "1", "1.", "x", "1.41x", "41"};
    struct engine_env env = {.docker_host = "unix:///nowhere/s"};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        env.api_version = bad[i];
        refused(env, "DOCKER_API_VERSION", bad[i]);
    }
    env.api_version = "1.41";
    ok(try(&env) < 0 && en.api_pinned == 41, "a version with a minor number is accepted");
    env.api_version = "v1.30";
    ok(try(&env) < 0 && en.api_pinned == 30, "a leading v is accepted");
    env.api_version = NULL;
    ok(try(&env) < 0 && en.api_pinned == 0, "without the variable no version is pinned");
}

int main(void)
{
    struct fake f;

    tmpdir_make();
    fake_start(&f, rules);
    test_host(&f);
    test_tcp();
    test_contexts(&f);
    test_socket_candidates(&f);
    test_pin();
    fake_stop(&f);
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
