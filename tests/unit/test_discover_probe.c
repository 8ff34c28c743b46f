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

    is_int(probe(FAKE_PING, FAKE_JSON("200 OK", INFO_20), &en, &f, &e), 0,
           "Docker 20.10 is probed");
    is_str(f.name, "Docker 20.10.24", "it has the name of the ping");
    ok(!en.asks_registries, "it finds the images of a cache itself");
    is_str(f.arch, "arm64", "its architecture has the name that images use");
    ok(f.api_minor == 41 && f.buildkit && f.host_network_real && f.pids_limit && !f.rootless &&
           !f.no_seccomp,
       "its abilities are known");
    is_int(probe(PING("1.55",
                      "Builder-Version: 2\r\nOstype: linux\r\nServer: Docker/29 (linux)\r\n"),
                 FAKE_JSON("200 OK", "{\"SecurityOptions\":[\"name=rootless\",\"name=userns\"],"
                                     "\"LiveRestoreEnabled\":true,"
                                     "\"DriverStatus\":[[\"a\"],"
                                     "[\"driver-type\",\"io.containerd.snapshotter.v1\"]]}"),
                 &en, &f, &e),
           0, "a newer engine is probed");
    ok(f.api_minor == 44 && f.rootless && f.userns_remap && f.no_seccomp &&
           !f.host_network_real,
       "cco uses version 1.44, and knows its abilities");
    ok(en.asks_registries, "an engine with containerd's store asks registries for a cache");
    ok(f.live_restore && en.live_restore, "live-restore is recognized");
    ok(f.arch == NULL, "an unknown architecture is NULL");
    is_int(probe(PING("1.44", "Libpod-Api-Version: 5.8.6\r\nServer: Libpod/5.8.6 (linux)\r\n"),
                 FAKE_JSON("200 OK", INFO_20), &en, &f, &e),
           0, "Podman is probed");
    ok(f.podman && !f.buildkit && !f.rootless, "it is recognized, and has no BuildKit");
    ok(!f.no_memory_limit && !f.no_cpu_limit, "it supports limits");
    is_str(f.name, "Podman 5.8.6", "it has the name of the ping");
    is_int(
        probe(PING("1.41", "Libpod-Api-Version: 4.3.1\r\nServer: Libpod/4.3.1 (linux)\r\n"),
              FAKE_JSON("200 OK", "{\"Rootless\":true,\"CgroupVersion\":\"1\",\"MemoryLimit\":"
                                  "true,\"CpuCfsQuota\":true,\"PidsLimit\":true,"
                                  "\"SecurityOptions\":[\"name=seccomp,profile=default\"]}"),
              &en, &f, &e),
        0, "rootless Podman is probed");
    ok(f.rootless && f.host_network_real, "it is recognized by the member Rootless");
    ok(f.no_memory_limit && f.no_cpu_limit && !f.pids_limit,
       "without cgroup v2 it supports no limits, although it reports them");
    is_int(probe(FAKE_PING,
                 FAKE_JSON("200 OK",
                           "{\"SecurityOptions\":[\"name=rootless\"],\"MemoryLimit\":false,"
                           "\"CpuCfsQuota\":false,\"PidsLimit\":false}"),
                 &en, &f, &e),
           0, "rootless Docker is probed");
    ok(f.no_memory_limit && f.no_cpu_limit && !f.pids_limit,
       "the limits that it reports as missing are missing");
    is_int(probe(FAKE_PING, FAKE_JSON("200 OK", "{\"OperatingSystem\":\"Docker Desktop\"}"),
                 &en, &f, &e),
           0, "Docker Desktop is probed");
    ok(f.desktop && !f.host_network_real,
       "it runs in a virtual machine, whose network is not this machine's");
    ok(probe(PING("1.29", ""), "", &en, &f, &e) < 0 && strstr(e.text, "too old") != NULL &&
           e.hint[0] != '\0',
       "an engine that is too old is refused: %s", e.text);
    is_int(probe(PING("1.30", ""), FAKE_JSON("200 OK", "{}"), &en, &f, &e), 0,
           "an engine with the oldest supported version is probed");
    ok(f.api_minor == 30 && !f.buildkit && f.pids_limit && f.no_seccomp,
       "members that are missing in /info have safe values");
    ok(probe(PING("2.0", ""), "", &en, &f, &e) < 0 && e.kind == ERR_REFUSED,
       "another major version is refused: %s", e.text);
    ok(probe(PING("1.41", "Ostype: windows\r\n"), "", &en, &f, &e) < 0,
       "an engine for Windows containers is refused: %s", e.text);
    ok(probe("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", &en, &f, &e) < 0 &&
           e.kind == ERR_FORMAT,
       "a server that is not an engine is refused: %s", e.text);
    ok(probe("", "", &en, &f, &e) < 0 && e.kind == ERR_TIMEOUT && e.hint[0] != '\0',
       "a silent server is a timeout with a hint: %s", e.text);
    ok(probe("HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n", "", &en, &f, &e) < 0,
       "a refused ping is an error: %s", e.text);
    ok(probe(FAKE_PING, FAKE_JSON("200 OK", "[1"), &en, &f, &e) < 0 && en.api_minor == 0,
       "a broken /info is an error: %s", e.text);
}

/* Probes an engine that refuses version 1.44 and accepts 1.46. */
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

    is_int(negotiate(0, told, &en, &f, &e), 0,
           "an engine whose oldest version is newer than 1.44 is probed");
    is_int(f.api_minor, 46, "cco uses its oldest version");
    is_int(negotiate(0, FAKE_JSON("200 OK", "{}"), &en, &f, &e), 0,
           "it is probed if /version lacks the oldest version");
    is_int(f.api_minor, 46, "cco uses the version of the refusal");
    ok(negotiate(0, FAKE_JSON("200 OK", "{\"MinAPIVersion\":\"1.56\"}"), &en, &f, &e) < 0 &&
           strstr(e.text, "too old") != NULL && e.hint[0] != '\0',
       "a version that cco does not know is not tried: %s", e.text);
    is_int(negotiate(46, "", &en, &f, &e), 0, "an engine is probed with a pinned version");
    is_int(f.api_minor, 46, "cco uses the pinned version");
    ok(negotiate(44, told, &en, &f, &e) < 0 && strstr(e.hint, "DOCKER_API_VERSION") != NULL,
       "a pinned version that the engine refuses is an error: %s", e.text);
}

int main(void)
{
    engines();
    versions();
    arena_release(&arena);
    return done_testing();
}
