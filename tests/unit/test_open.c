/* SPDX-License-Identifier: MIT */
#include "engine/engine.h"

#include "fake.h"
#include "tap.h"

#include <sys/stat.h>

static const struct fake_rule rules[] = {{NULL, NULL, false}};
static struct arena arena;

static int try(const struct engine_env *env, struct engine *en, struct err *e)
{
    int rc;

    *en = (struct engine){0};
    *e = (struct err){0};
    conn_init(&en->conn);
    rc = engine_open(en, env, NULL, &arena, e);
    engine_close(en);
    return rc;
}

static void refused(struct engine_env env, const char *text, const char *name)
{
    struct engine en;
    struct err e;

    ok(try(&env, &en, &e) < 0, "%s", name);
    if (!ok(strstr(e.text, text) != NULL, "says why")) {
        (void)printf("#   %s\n", e.text);
    }
    ok(e.hint[0] != '\0' || e.kind == ERR_USAGE || e.kind == ERR_FORMAT, "and what next");
}

int main(void)
{
    struct fake f;
    struct engine en;
    struct err e;
    char host[300];
    char stale[200];
    int fd;

    fake_start(&f, rules);
    (void)snprintf(host, sizeof(host), "unix://%s", f.socket);
    is_int(try(&(struct engine_env){.docker_host = host}, &en, &e), 0,
           "DOCKER_HOST leads to a socket");
    is_str(en.address, host, "whose address is kept");
    is_str(en.chosen, "DOCKER_HOST", "and by what it was chosen");
    is_int((long long)en.timeout_ms, ENGINE_TIMEOUT_MS, "answers may take a minute");
    is_int(try(&(struct engine_env){.docker_host = host, .timeout = "3"}, &en, &e), 0,
           "or what is said");
    is_int((long long)en.timeout_ms, 3000, "in seconds");
    refused((struct engine_env){.docker_host = host, .timeout = "x"}, "CCO_ENGINE_TIMEOUT",
            "a bad timeout");
    refused((struct engine_env){.docker_host = host, .timeout = "0"}, "CCO_ENGINE_TIMEOUT",
            "none at all");
    refused((struct engine_env){.docker_host = "unix:///nowhere/s"}, "/nowhere/s",
            "a socket that is not there");
    refused((struct engine_env){.docker_host = "tcp://h:2375"}, "unix sockets only",
            "another transport");
    refused((struct engine_env){.docker_host = "ftp://h"}, "unknown scheme", "another scheme");
    refused((struct engine_env){.docker_context = "big"}, "DOCKER_CONTEXT=big", "a context");
    (void)snprintf(stale, sizeof(stale), "%s/stale", f.dir);
    struct sockaddr_un addr = {.sun_family = AF_UNIX};

    memcpy(addr.sun_path, stale, strlen(stale) + 1);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ok(fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0, "a stale socket");
    (void)snprintf(host, sizeof(host), "unix://%s", stale);
    refused((struct engine_env){.docker_host = host}, "refused", "a stale socket");
    (void)close(fd);
    (void)unlink(stale);
    char runtime[200];

    (void)snprintf(runtime, sizeof(runtime), "%s/docker.sock", f.dir);
    if (access("/var/run/docker.sock", F_OK) < 0) {
        memcpy(addr.sun_path, runtime, strlen(runtime) + 1);
        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ok(fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0,
           "a stale known one");
        refused((struct engine_env){.xdg_runtime_dir = f.dir, .home = "/nowhere"}, "refused",
                "says more than those that are missing");
        (void)close(fd);
        (void)unlink(runtime);
    }
    ok(strcmp(f.socket, runtime) == 0 || symlink(f.socket, runtime) == 0, "a known socket");
    if (access("/var/run/docker.sock", F_OK) == 0) {
        ok(true, "this machine has an engine # SKIP the first known socket is there");
    } else {
        is_int(try(&(struct engine_env){.xdg_runtime_dir = f.dir, .home = f.dir}, &en, &e), 0,
               "is found");
        ok(en.passed_count == 1 && strcmp(en.passed[0].reason, "not there") == 0 &&
               strcmp(en.passed[0].address, "unix:///var/run/docker.sock") == 0,
           "and what was looked at before is told");
        ok(strstr(en.chosen, "first that") != NULL, "with why");
    }
    (void)unlink(runtime);
    fake_stop(&f);
    arena_release(&arena);
    return done_testing();
}
