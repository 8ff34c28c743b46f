/* SPDX-License-Identifier: MIT */
/* The facts of a Podman at the other end of a socket. This process plays Podman. */
#include "engine/docker_podman.h"

#include "base/file.h"

#include "fake.h"
#include "tap.h"

#include <sys/utsname.h>

static const struct fake_rule rules[] = {FAKE_END};

/* Returns whether podman_facts() finds the facts if a process of this name and user listens. */
static bool seen(const char *name, uid_t uid, enum endpoint_kind kind, struct fact_engine *out)
{
    struct arena a = {0};
    struct engine en = {.ops = &docker_engine, .address = "unix:///x", .timeout_ms = 5000};
    struct fake f;
    bool found;

    (void)prctl(PR_SET_NAME, name, 0, 0, 0);
    if (seteuid(uid) < 0) {
        return false;
    }
    fake_start(&f, rules);
    (void)!seteuid(getuid());
    en.endpoint = (struct endpoint){.kind = kind, .path = f.socket};
    conn_init(&en.conn);
    *out = (struct fact_engine){0};
    found = podman_facts(&en, &a, out);
    (void)prctl(PR_SET_NAME, "test_podman", 0, 0, 0);
    out->arch = NULL; /* it is in the arena, which is released */
    engine_close(&en);
    fake_stop(&f);
    arena_release(&a);
    return found;
}

int main(void)
{
    struct fact_engine out;
    bool v2 = file_exists("/sys/fs/cgroup/cgroup.controllers");
    struct utsname u;

    ok(seen("podman", getuid(), ENDPOINT_UNIX, &out), "Podman's own socket gives the facts");
    ok(out.rootless == (getuid() != 0), "Podman is rootless if its process is not root's");
    ok(v2 || out.no_memory_limit == out.rootless,
       "rootless Podman without cgroup v2 supports no limits");
    ok(seen("systemd", getuid(), ENDPOINT_UNIX, &out), "a socket of systemd gives the facts");
    ok(!seen("ssh", getuid(), ENDPOINT_UNIX, &out), "the end of a tunnel does not");
    ok(!seen("podman", getuid(), ENDPOINT_TCP, &out), "a tcp connection does not");
    if (getuid() == 0) {
        ok(seen("podman", 4242, ENDPOINT_UNIX, &out) && out.rootless,
           "the Podman of an ordinary user is rootless");
        ok(v2 || (out.no_memory_limit && out.no_cpu_limit && !out.pids_limit),
           "without cgroup v2 it supports no limits");
    }
    is_str(podman_arch("aarch64"), "arm64", "an architecture has the name that images use");
    is_str(podman_arch("riscv64"), "riscv64", "an unknown architecture keeps its name");
    ok(podman_arch(NULL) == NULL, "NULL gives NULL");
    ok(uname(&u) == 0, "uname() succeeds");
    return done_testing();
}
