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
    ok(p.next != NULL || p.note != NULL, "there is a command or a note");
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

    advice(&laptop, &known, denied, "sudo usermod -aG docker $USER",
           "no permission for the socket: join the group docker");
    advice(&laptop, &known, stale, "sudo systemctl start docker",
           "no process listens at the socket: start Docker");
    advice(&laptop, &rootless, stale, "systemctl --user start docker",
           "no process listens at a rootless socket: start rootless Docker");
    advice(&debian, &known, stale, "sudo dockerd", "without systemd: start dockerd");
    advice(&as_root, &known, stale, "dockerd", "root needs no sudo");
    advice(&laptop, &given, missing, "unset DOCKER_HOST", "a wrong DOCKER_HOST: unset it");
    advice(&laptop, &context, old, "unset DOCKER_CONTEXT", "a wrong DOCKER_CONTEXT: unset it");
    advice(&laptop, &current, missing, "export DOCKER_CONTEXT=default",
           "a wrong current context: select the default one");
    advice(&laptop, &pinned, old, "unset DOCKER_API_VERSION",
           "a wrong DOCKER_API_VERSION: unset it");
    advice(&laptop, &too_new, unknown, "unset DOCKER_API_VERSION",
           "a version that the engine refuses: unset it");
    advice(&laptop, &colima, stale, "colima start", "a socket of Colima: start Colima");
    advice(&laptop, &podman, denied, "systemctl --user start podman.socket",
           "no permission for root's Podman: start the user's own");
    advice(&laptop, &far, refused, "unset DOCKER_HOST",
           "an engine of another machine cannot be started from here");
    advice(&laptop, &known, none, "sudo systemctl start docker",
           "Docker is installed and not running: start it");
    advice(&debian, &known, none, "sudo apt-get install docker.io",
           "Docker is not installed: install it");
    advice(&(struct info_machine){.root = true}, &known, none, NULL,
           "without apt-get there is only a note");
    advice(&laptop, &known, silent, "sudo systemctl restart docker",
           "an engine that does not answer: restart it");
    advice(&laptop, &known, old, NULL, "an engine that is too old: only a note");
}

static void login(struct fact_login in, const char *next, const char *name)
{
    struct info_section p = {.next = NULL};

    info_advice_login(&p, &in);
    is_str(p.next, next, name);
    ok(p.note != NULL, "there is a note");
}

int main(void)
{
    engines();
    login((struct fact_login){.source = LOGIN_NONE}, "claude", "no login: log in with claude");
    login((struct fact_login){.source = LOGIN_FILE}, "claude -p hi",
          "an expired login: run claude");
    login((struct fact_login){.source = LOGIN_FILE, .broken = true}, "claude -p hi",
          "a broken login: run claude");
    login(
        (struct fact_login){.source = LOGIN_HELPER, .broken = true, .next = "Fix the helper."},
        NULL, "a login that claude cannot renew: only a note");
    arena_release(&arena);
    return done_testing();
}
