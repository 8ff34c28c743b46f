/* SPDX-License-Identifier: MIT */
#include "cli/info_advice.h"

#include "base/arena.h"
#include "engine/engine.h"
#include "tap.h"

#include <errno.h>

static struct arena arena;
static const struct info_machine debian = {.has_apt = true};
static const struct info_machine laptop = {
    .has_systemd = true, .has_dockerd = true, .has_apt = true, .runtime_dir = "/run/user/1000"};
static const struct info_machine as_root = {.root = true, .has_dockerd = true};

static void advice(const struct info_machine *m, const struct engine *en, struct err e,
                   const char *want, const char *name)
{
    struct info_section p = {.next = "?", .note = "?"};

    info_advice_engine(&p, &e, en, m, &arena);
    is_str(p.next, want, name);
    ok(p.next != NULL || p.note != NULL, "something is said");
}

static void engines(void)
{
    static const struct engine known = {.endpoint.path = "/var/run/docker.sock",
                                        .chosen = "the first that answers"};
    static const struct engine rootless = {.endpoint.path = "/run/user/1000/docker.sock",
                                           .chosen = "the first that answers"};
    static const struct engine given = {.endpoint.path = "/x", .chosen = "DOCKER_HOST"};
    static const struct engine context = {.chosen = "DOCKER_CONTEXT"};
    static const struct engine current = {.chosen = ENGINE_BY_CURRENT};
    static const struct engine pinned = {.chosen = "DOCKER_API_VERSION"};
    static const struct engine too_new = {.chosen = "DOCKER_HOST", .api_pinned = 44};
    static const struct engine colima = {.endpoint.path =
                                             "/home/a/.colima/default/docker.sock"};
    static const struct engine podman = {.endpoint.path = "/run/podman/podman.sock"};
    static const struct engine far = {.endpoint.kind = ENDPOINT_TCP, .chosen = "DOCKER_HOST"};
    const struct err refused = {
        .kind = ERR_SYS, .errnum = ECONNREFUSED, .hint = "Start it there."};
    const struct err unknown = {.kind = ERR_ENGINE, .code = 400, .hint = "Unset it."};
    const struct err denied = {.kind = ERR_SYS, .errnum = EACCES};
    const struct err stale = {.kind = ERR_SYS, .errnum = ECONNREFUSED};
    const struct err missing = {.kind = ERR_SYS, .errnum = ENOENT};
    const struct err none = {.kind = ERR_NOT_FOUND, .hint = "Install Docker."};
    const struct err silent = {.kind = ERR_TIMEOUT};
    const struct err old = {.kind = ERR_REFUSED, .hint = "Update Docker."};

    advice(&laptop, &known, denied, "sudo usermod -aG docker $USER", "no permission");
    advice(&laptop, &known, stale, "sudo systemctl start docker", "nobody listens");
    advice(&laptop, &rootless, stale, "systemctl --user start docker", "nor to a rootless one");
    advice(&debian, &known, stale, "sudo dockerd", "without systemd");
    advice(&as_root, &known, stale, "dockerd", "root needs no sudo");
    advice(&laptop, &given, missing, "unset DOCKER_HOST", "a wrong DOCKER_HOST");
    advice(&laptop, &context, old, "unset DOCKER_CONTEXT", "a context");
    advice(&laptop, &current, missing, "export DOCKER_CONTEXT=default", "the current one");
    advice(&laptop, &pinned, old, "unset DOCKER_API_VERSION", "a version that is none");
    advice(&laptop, &too_new, unknown, "unset DOCKER_API_VERSION", "one that is not taken");
    advice(&laptop, &colima, stale, "colima start", "a machine of Colima's");
    advice(&laptop, &podman, denied, "systemctl --user start podman.socket", "root's Podman");
    advice(&laptop, &far, refused, "unset DOCKER_HOST",
           "an engine of another machine is not started on this one");
    advice(&laptop, &known, none, "sudo systemctl start docker", "installed, not started");
    advice(&debian, &known, none, "sudo apt-get install docker.io", "not installed");
    advice(&(struct info_machine){.root = true}, &known, none, NULL, "no apt-get either");
    advice(&laptop, &known, silent, "sudo systemctl restart docker",
           "one that does not answer");
    advice(&laptop, &known, old, NULL, "one that is too old");
}

static void login(struct fact_login in, const char *next, const char *name)
{
    struct info_section p = {.next = NULL};

    info_advice_login(&p, &in);
    is_str(p.next, next, name);
    ok(p.note != NULL, "with a note");
}

int main(void)
{
    engines();
    login((struct fact_login){.source = LOGIN_NONE}, "claude", "no login");
    login((struct fact_login){.source = LOGIN_FILE}, "claude -p hi", "one that has expired");
    login((struct fact_login){.source = LOGIN_FILE, .broken = true}, "claude -p hi",
          "a broken one");
    login(
        (struct fact_login){.source = LOGIN_HELPER, .broken = true, .next = "Fix the helper."},
        NULL, "one that claude cannot renew");
    arena_release(&arena);
    return done_testing();
}
