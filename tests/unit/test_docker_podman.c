/* SPDX-License-Identifier: MIT */
/* What is seen of a Podman at the other end of a socket, which this test plays. */
#include "engine/docker_podman.h"

#include "base/file.h"

#include "fake.h"
#include "tap.h"

#include <sys/utsname.h>

static const struct fake_rule rules[] = {FAKE_END};

/* Whether it is told, by a process of that name that listens as that user. */
static bool seen(const char *name, uid_t uid, enum endpoint_kind kind, struct fact_engine *out)
{
    struct arena a = {0};
    struct engine en = {.ops = &docker_engine, .address = "unix:///x", .timeout_ms = 5000};
    struct fake f;
    bool told;

    (void)prctl(PR_SET_NAME, name, 0, 0, 0);
    if (seteuid(uid) < 0) {
        return false;
    }
    fake_start(&f, rules);
    (void)!seteuid(getuid());
    en.endpoint = (struct endpoint){.kind = kind, .path = f.socket};
    conn_init(&en.conn);
    *out = (struct fact_engine){0};
    told = podman_facts(&en, &a, out);
    (void)prctl(PR_SET_NAME, "test_podman", 0, 0, 0);
    out->arch = NULL; /* the arena's */
    engine_close(&en);
    fake_stop(&f);
    arena_release(&a);
    return told;
}

int main(void)
{
    struct fact_engine out;
    bool v2 = file_exists("/sys/fs/cgroup/cgroup.controllers");
    struct utsname u;

    ok(seen("podman", getuid(), ENDPOINT_UNIX, &out), "Podman's own socket");
    ok(out.rootless == (getuid() != 0), "whose it is tells rootless from not");
    ok(v2 || out.no_memory_limit == out.rootless, "rootless without cgroup v2 limits nothing");
    ok(seen("systemd", getuid(), ENDPOINT_UNIX, &out), "one that systemd listens at");
    ok(!seen("ssh", getuid(), ENDPOINT_UNIX, &out), "the end of a tunnel tells nothing");
    ok(!seen("podman", getuid(), ENDPOINT_TCP, &out), "nor does a connection");
    if (getuid() == 0) {
        ok(seen("podman", 4242, ENDPOINT_UNIX, &out) && out.rootless, "a user's is rootless");
        ok(v2 || (out.no_memory_limit && out.no_cpu_limit && !out.pids_limit),
           "with no limits");
    }
    is_str(podman_arch("aarch64"), "arm64", "an architecture as images have it");
    is_str(podman_arch("riscv64"), "riscv64", "one with the same name");
    ok(podman_arch(NULL) == NULL, "none");
    ok(uname(&u) == 0, "this machine has one");
    return done_testing();
}
