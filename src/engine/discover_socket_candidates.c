/* SPDX-License-Identifier: MIT */
#include "engine/discover_socket_candidates.h"

#include "base/clock.h"
#include "engine/discover_ping.h"
#include "engine/docker_api.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* The known sockets, in the order in which they are tried. '@' stands for $XDG_RUNTIME_DIR and
 * '~' for the home directory. src/manual/engines.md lists them for users. */
static const char *const places[] = {
    "/var/run/docker.sock",          /* Docker, run by root */
    "@/docker.sock",                 /* rootless Docker */
    "~/.docker/run/docker.sock",     /* Docker Desktop on macOS */
    "~/.docker/desktop/docker.sock", /* Docker Desktop on Linux */
    "~/.colima/default/docker.sock", /* Colima */
    "~/.orbstack/run/docker.sock",   /* OrbStack */
    "~/.rd/docker.sock",             /* Rancher Desktop */
    "@/podman/podman.sock",          /* rootless Podman */
    "/run/podman/podman.sock",       /* Podman, run by root */
};
enum { PLACES = sizeof(places) / sizeof(places[0]) };

void engine_pass(struct engine *en, const char *address, const char *reason, int errnum,
                 bool quiet)
{
    if (en->passed_count < ENGINE_PASSED_MAX) {
        en->passed[en->passed_count++] = (struct engine_passed){address, reason, errnum, quiet};
    }
}

static bool is_socket(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

void engine_advise(const struct engine *en, struct err *e)
{
    const char *path = en->endpoint.path;

    if (e->hint[0] != '\0' || en->endpoint.kind != ENDPOINT_UNIX) {
        return;
    }
    if (e->kind == ERR_SYS && e->errnum == EACCES && strstr(path, "podman") != NULL) {
        (void)err_hint(e, "This is root's Podman. Start your own (systemctl --user start "
                          "podman.socket), or Docker.");
    } else if (e->kind == ERR_SYS && e->errnum == EACCES) {
        (void)err_hint(e,
                       "You may not use %s. Add yourself to its group (sudo usermod -aG docker "
                       "$USER), then log in again; or use rootless Docker.",
                       path);
    } else if (e->kind == ERR_SYS && e->errnum == ECONNREFUSED) {
        (void)err_hint(e, "%s",
                       is_socket(path) ? "The socket exists, but no engine listens: start the "
                                         "engine (sudo systemctl start docker)."
                                       : "This is not a socket. Start Docker, or set "
                                         "DOCKER_HOST=unix:///path/to/docker.sock.");
    } else if (e->kind == ERR_SYS && e->errnum == ENOENT) {
        (void)err_hint(e, "Start Docker, or set DOCKER_HOST=unix:///path/to/docker.sock.");
    } else if (e->kind == ERR_TIMEOUT) {
        (void)err_hint(e, "The engine hangs, or this is the socket of another program: restart "
                          "it, or set DOCKER_HOST=unix:///path/to/docker.sock.");
    }
}

static const char *reason_of(const struct err *e, const char *path, struct arena *a)
{
    if (e->kind == ERR_SYS) {
        switch (e->errnum) {
        case ENOENT:
            return "not there";
        case EACCES:
            return "no permission";
        case ECONNREFUSED:
            return is_socket(path) ? "nobody listens" : "not a socket";
        default:
            break;
        }
    }
    if (e->kind == ERR_TIMEOUT) {
        return "no answer";
    }
    if (e->kind == ERR_FORMAT || e->kind == ERR_EOF) {
        return "no Docker engine";
    }
    return arena_strdup(a, e->text);
}

/* The results of the search that decide about the error. */
struct tried {
    struct err worst;       /* the error of the first socket that exists but cannot be used */
    const char *worst_path; /* of that socket; NULL: no socket exists */
    const char *silent;     /* the first socket that did not answer in time; NULL: none */
    bool canceled;          /* a signal ended the search; `worst` is that error */
};

/* Makes the socket at `path` the endpoint and the address of en. */
static void use(struct engine *en, const char *path, struct arena *a)
{
    en->endpoint = (struct endpoint){.kind = ENDPOINT_UNIX, .path = path, .base = ""};
    en->address = endpoint_address(&en->endpoint, a);
}

/* Pings the socket at `path`. Returns true if an engine answers; en is connected to it then. */
static bool try_socket(struct engine *en, const char *path, struct tried *t, struct arena *a)
{
    struct net_wait w = api_wait(en);
    int64_t soon = clock_ms() + SOCKET_CANDIDATE_MS;
    struct err e = {0};

    w.deadline_ms = soon < w.deadline_ms ? soon : w.deadline_ms;
    use(en, path, a);
    if (engine_ping(en, &w, &e) == 0) {
        return true;
    }
    conn_close(&en->conn);
    engine_pass(en, en->address, reason_of(&e, path, a), e.errnum,
                e.kind == ERR_SYS && e.errnum == ENOENT);
    t->canceled = e.kind == ERR_CANCELED;
    if (t->canceled || (e.errnum != ENOENT && t->worst_path == NULL)) {
        t->worst = e;
        t->worst_path = path;
    }
    if (e.kind == ERR_TIMEOUT && t->silent == NULL) {
        t->silent = path;
    }
    return false;
}

/* Returns the path of a known socket, and NULL if it is below a directory that is not known. */
static const char *place(size_t i, const struct engine_env *env, struct arena *a)
{
    const char *dir = places[i][0] == '@' ? env->xdg_runtime_dir : env->home;

    if (places[i][0] == '/') {
        return places[i];
    }
    return dir != NULL && dir[0] == '/' ? arena_printf(a, "%s%s", dir, places[i] + 1) : NULL;
}

/* Pings the socket at `path` once more, and waits longer: its engine may be starting or
 * busy. */
static int wait_for(struct engine *en, const char *path, struct arena *a, struct err *e)
{
    struct net_wait w = api_wait(en);
    size_t kept = 0;

    use(en, path, a);
    for (size_t i = 0; i < en->passed_count; i++) {
        if (strcmp(en->passed[i].address, en->address) != 0) {
            en->passed[kept++] = en->passed[i];
        }
    }
    en->passed_count = kept;
    if (engine_ping(en, &w, e) < 0) {
        engine_advise(en, e);
        return err_wrap(e, "no engine: %s", en->address);
    }
    return 0;
}

static int none_found(const struct engine_env *env, struct arena *a, struct err *e)
{
    struct strv paths = {0};

    for (size_t i = 0; i < PLACES; i++) {
        const char *path = place(i, env, a);

        if (path != NULL) {
            strv_add(&paths, a, path);
        }
    }
    (void)err_set(e, ERR_NOT_FOUND, "no Docker engine found (looked at %s)",
                  strv_join(&paths, ", ", a));
    return err_hint(e, "Install or start Docker (Debian: apt-get install docker.io), or set "
                       "DOCKER_HOST=unix:///path/to/docker.sock.");
}

int socket_candidates_find(struct engine *en, const struct engine_env *env, struct arena *a,
                           struct err *e)
{
    struct tried t = {.silent = NULL};

    en->chosen = ENGINE_BY_FIRST;
    for (size_t i = 0; i < PLACES && !t.canceled; i++) {
        const char *path = place(i, env, a);

        if (path != NULL && try_socket(en, path, &t, a)) {
            return 0;
        }
    }
    if (t.silent != NULL && !t.canceled) {
        return wait_for(en, t.silent, a, e);
    }
    if (t.worst_path == NULL) {
        use(en, places[0], a); /* messages name the place of the most common engine */
        return none_found(env, a, e);
    }
    *e = t.worst;
    use(en, t.worst_path, a);
    engine_advise(en, e);
    return t.canceled ? -1 : err_wrap(e, "no engine: %s", en->address);
}
