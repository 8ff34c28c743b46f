/* SPDX-License-Identifier: MIT */
#include "engine/engine.h"

#include "fake.h"
#include "tap.h"

static struct arena arena;
static struct facts facts;

#define INFO_20                                                                                \
    "{\"SecurityOptions\":[\"name=seccomp,profile=default\"],\"OperatingSystem\":\"Debian\","  \
    "\"KernelVersion\":\"6.1\",\"Name\":\"box\",\"PidsLimit\":true,\"Architecture\":"          \
    "\"aarch64\"}"

static int probe(const char *ping, const char *info, struct engine *en, struct fact_engine *out,
                 struct err *e)
{
    struct fake_rule rules[] = {
        {"HEAD /_ping", ping, false}, {"GET /v1.", info, false}, FAKE_END};
    struct fake f;
    int rc;

    fake_start(&f, rules);
    *en = (struct engine){.ops = &docker_engine,
                          .address = "unix:///x",
                          .timeout_ms = 3000,
                          .endpoint.path = f.socket};
    *e = (struct err){0};
    conn_init(&en->conn);
    rc = engine_probe(en, &arena, &facts, e);
    *out = facts.engine;
    engine_close(en);
    fake_stop(&f);
    return rc;
}

#define PING(version, more)                                                                    \
    "HTTP/1.1 200 OK\r\nApi-Version: " version "\r\n" more                                     \
    "Content-Length: 0\r\nConnection: close\r\n\r\n"

static void engines(void)
{
    struct engine en;
    struct fact_engine f;
    struct err e;

    is_int(probe(FAKE_PING, FAKE_JSON("200 OK", INFO_20), &en, &f, &e), 0, "Docker 20.10");
    is_str(f.name, "Docker 20.10.24", "its name");
    ok(!en.asks_registries, "finds caches by itself");
    is_str(f.arch, "arm64", "what it runs, as images name it");
    ok(f.api_minor == 41 && f.buildkit && f.host_network_real && f.pids_limit && !f.rootless &&
           !f.no_seccomp,
       "what it can");
    is_int(probe(PING("1.55",
                      "Builder-Version: 2\r\nOstype: linux\r\nServer: Docker/29 (linux)\r\n"),
                 FAKE_JSON("200 OK", "{\"SecurityOptions\":[\"name=rootless\",\"name=userns\"],"
                                     "\"LiveRestoreEnabled\":true,"
                                     "\"DriverStatus\":[[\"a\"],"
                                     "[\"driver-type\",\"io.containerd.snapshotter.v1\"]]}"),
                 &en, &f, &e),
           0, "a newer engine");
    ok(f.api_minor == 44 && f.rootless && f.userns_remap && f.no_seccomp &&
           !f.host_network_real,
       "is spoken to in the newest version we know");
    ok(en.asks_registries, "has its images in containerd's store");
    ok(f.live_restore && en.live_restore, "lets containers run while it is restarted");
    ok(f.arch == NULL, "and need not tell what it runs on");
    is_int(probe(PING("1.44", "Libpod-Api-Version: 5.8.6\r\nServer: Libpod/5.8.6 (linux)\r\n"),
                 FAKE_JSON("200 OK", INFO_20), &en, &f, &e),
           0, "Podman");
    ok(f.podman && !f.buildkit && !f.rootless, "is known, and builds in its own way");
    ok(!f.no_memory_limit && !f.no_cpu_limit, "limits what it is told to");
    is_str(f.name, "Podman 5.8.6", "its name");
    is_int(
        probe(PING("1.41", "Libpod-Api-Version: 4.3.1\r\nServer: Libpod/4.3.1 (linux)\r\n"),
              FAKE_JSON("200 OK", "{\"Rootless\":true,\"CgroupVersion\":\"1\",\"MemoryLimit\":"
                                  "true,\"CpuCfsQuota\":true,\"PidsLimit\":true,"
                                  "\"SecurityOptions\":[\"name=seccomp,profile=default\"]}"),
              &en, &f, &e),
        0, "rootless Podman");
    ok(f.rootless && f.host_network_real, "is known by a member of its own");
    ok(f.no_memory_limit && f.no_cpu_limit && !f.pids_limit,
       "and limits nothing without cgroup v2, whatever it says");
    is_int(probe(FAKE_PING,
                 FAKE_JSON("200 OK",
                           "{\"SecurityOptions\":[\"name=rootless\"],\"MemoryLimit\":false,"
                           "\"CpuCfsQuota\":false,\"PidsLimit\":false}"),
                 &en, &f, &e),
           0, "rootless Docker");
    ok(f.no_memory_limit && f.no_cpu_limit && !f.pids_limit, "says that it cannot limit");
    is_int(probe(FAKE_PING, FAKE_JSON("200 OK", "{\"OperatingSystem\":\"Docker Desktop\"}"),
                 &en, &f, &e),
           0, "Docker Desktop");
    ok(f.desktop && !f.host_network_real, "is a virtual machine");
    ok(probe(PING("1.29", ""), "", &en, &f, &e) < 0 && strstr(e.text, "too old") != NULL &&
           e.hint[0] != '\0',
       "too old: %s", e.text);
    is_int(probe(PING("1.30", ""), FAKE_JSON("200 OK", "{}"), &en, &f, &e), 0, "just not");
    ok(f.api_minor == 30 && !f.buildkit && f.pids_limit && f.no_seccomp,
       "an engine that tells little");
    ok(probe(PING("2.0", ""), "", &en, &f, &e) < 0 && e.kind == ERR_REFUSED, "another one: %s",
       e.text);
    ok(probe(PING("1.41", "Ostype: windows\r\n"), "", &en, &f, &e) < 0, "Windows: %s", e.text);
    ok(probe("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", &en, &f, &e) < 0 &&
           e.kind == ERR_FORMAT,
       "no engine: %s", e.text);
    ok(probe("", "", &en, &f, &e) < 0 && e.kind == ERR_TIMEOUT && e.hint[0] != '\0',
       "one that says nothing: %s", e.text);
    ok(probe("HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n", "", &en, &f, &e) < 0,
       "refused: %s", e.text);
    ok(probe(FAKE_PING, FAKE_JSON("200 OK", "[1"), &en, &f, &e) < 0 && en.api_minor == 0,
       "a broken /info: %s", e.text);
}

/* Rules: who refuses one version and takes another. */
static int negotiate(unsigned pinned, const char *version, struct engine *en,
                     struct fact_engine *out, struct err *e)
{
    struct fake_rule rules[] = {
        {"HEAD /_ping", PING("1.55", ""), false},
        {"GET /v1.44/info",
         FAKE_JSON("400 Bad Request", "{\"message\":\"client version 1.44 is too old. Minimum "
                                      "supported API version is 1.46, please upgrade\"}"),
         false},
        {"GET /v1.46/info", FAKE_JSON("200 OK", INFO_20), false},
        {"GET /version", version, false},
        FAKE_END};
    struct fake f;
    int rc;

    fake_start(&f, rules);
    *en = (struct engine){.ops = &docker_engine,
                          .address = "unix:///x",
                          .timeout_ms = 5000,
                          .endpoint.path = f.socket,
                          .api_pinned = pinned};
    *e = (struct err){0};
    conn_init(&en->conn);
    rc = engine_probe(en, &arena, &facts, e);
    *out = facts.engine;
    engine_close(en);
    fake_stop(&f);
    return rc;
}

static void versions(void)
{
    const char *told = FAKE_JSON("200 OK", "{\"MinAPIVersion\":\"1.46\"}");
    struct engine en;
    struct fact_engine f;
    struct err e;

    is_int(negotiate(0, told, &en, &f, &e), 0, "an engine that takes no version of ours");
    is_int(f.api_minor, 46, "is spoken to in its oldest");
    is_int(negotiate(0, FAKE_JSON("200 OK", "{}"), &en, &f, &e), 0, "also when it tells");
    is_int(f.api_minor, 46, "only in the refusal");
    ok(negotiate(0, FAKE_JSON("200 OK", "{\"MinAPIVersion\":\"1.56\"}"), &en, &f, &e) < 0 &&
           strstr(e.text, "too old") != NULL && e.hint[0] != '\0',
       "what nobody knows yet is not tried: %s", e.text);
    is_int(negotiate(46, "", &en, &f, &e), 0, "a pinned version");
    is_int(f.api_minor, 46, "is the one");
    ok(negotiate(44, told, &en, &f, &e) < 0 && strstr(e.hint, "DOCKER_API_VERSION") != NULL,
       "also where the engine refuses it: %s", e.text);
}

int main(void)
{
    engines();
    versions();
    arena_release(&arena);
    return done_testing();
}
