/* SPDX-License-Identifier: MIT */
/* Running a plan on a Docker engine through its API (DOCKER.md; https://docs.docker.com/reference/api/engine/).
 * Few verbs, in the order a session uses them. Every call that waits obeys `timeout_ms` and the
 * signals in `sig` (net/wait.h). Messages of the engine are passed on in the error. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "net/conn.h"
#include "plan/facts.h"
#include "plan/plan.h"
#include "tty/session.h"

struct sig;

enum {
    ENGINE_ID_MAX = 65,
    ENGINE_API_MIN = 40,
    ENGINE_API_MAX = 44,
    ENGINE_TIMEOUT_MS = 60000
};

/* What discovery looks at; any may be NULL. */
struct engine_env {
    const char *docker_host;    /* DOCKER_HOST */
    const char *docker_context; /* DOCKER_CONTEXT */
    const char *xdg_runtime_dir;
    const char *home;
    const char *timeout; /* CCO_ENGINE_TIMEOUT, seconds */
};

struct engine {
    const char *address; /* as messages show it; in the arena */
    const char *socket;  /* path; in the arena */
    unsigned api_minor;  /* 0 until probed */
    bool podman;
    bool buildkit;
    int64_t timeout_ms;
    struct sig *sig;  /* borrowed */
    struct conn conn; /* for small calls, kept alive */
};

/* Finds the engine: DOCKER_HOST (unix:// only in this version), else the first known socket that
 * answers: /var/run/docker.sock, $XDG_RUNTIME_DIR/docker.sock, ~/.docker/run/docker.sock,
 * ~/.docker/desktop/docker.sock, ~/.colima/default/docker.sock, ~/.orbstack/run/docker.sock. The
 * error says what was tried, why it failed (no daemon, no permission: group docker, stale socket)
 * and what to do. Connects, sends nothing. */
int engine_open(struct engine *en, const struct engine_env *env, struct sig *sig,
                struct arena *a, struct err *e);
void engine_close(struct engine *en);

/* Versions and abilities: HEAD /_ping, then GET /info and /version. Refuses engines older than
 * ENGINE_API_MIN, or whose minimum is above ENGINE_API_MAX, and engines of other systems. */
int engine_probe(struct engine *en, struct arena *a, struct fact_engine *out, struct err *e);

/* GET /images/{ref}/json; a missing image is success with present == false. */
int engine_image(struct engine *en, const char *ref, struct arena *a, struct fact_image *out,
                 struct err *e);

/* The version of the Claude Code in an image of cco's: as it was kept below `state_dir`, or from a container that is
 * made of the image and removed again, never started (some 50 ms, once for each image). NULL where there is none, or
 * nothing can be told. */
const char *engine_claude_version(struct engine *en, const char *image_id,
                                  const char *state_dir, struct arena *a);

/* The file below `state_dir` where it is kept; NULL for an id of another kind. */
const char *engine_version_file(const char *image_id, const char *state_dir, struct arena *a);

/* POST /images/create: pulls `ref`, its progress told through `progress`. */
struct progress;
int engine_pull(struct engine *en, const char *ref, struct progress *progress, struct err *e);

/* What goes into cco's own image. */
struct image_input {
    const char *base;
    const struct strv *packages;
    const struct fact_path *ca_files; /* certificates to trust in the build */
    size_t ca_count;
    const char *exe; /* the cco that is baked in; not part of the identity */
    const char *exe_digest;
    const char *refresh;        /* changes with --rebuild: claude's layer anew; "" otherwise */
    const struct strv *proxies; /* "HTTP_PROXY=..." build arguments */
    bool host_network;
};

/* The identity of an image: a digest over the embedded files, base, packages and CA certificates. */
int image_digest(const struct image_input *in, char out[65], struct err *e);

/* POST /build with a context made on the fly; BuildKit where the engine has it, else the classic
 * builder; tagged `tag`, labelled. Progress as it comes. A failed step: ERR_ENGINE naming the
 * step, after its output was shown. */
int engine_build(struct engine *en, const struct image_input *in, const char *tag,
                 struct progress *progress, struct err *e);

/* A session's container, from creation to removal. Embeds what the relay uses. */
struct container;

/* POST /containers/create (docker_spec.c), then init by PUT archive if the plan says so. Warnings of
 * the engine are added to `warnings`. NULL on failure; nothing is left behind then. */
struct container *engine_create(struct engine *en, const struct plan *p, const char *exe,
                                struct arena *a, struct strv *warnings, struct err *e);

/* Attach, then wait (its head is the barrier), then start (DOCKER.md 0.1), then init's call at `socket` (a path
 * that the sandbox sees too) or on the attached stream, proved by `secret`: no output, no status is lost,
 * and the command does not run yet. The socket is gone afterwards. On failure the container is still there
 * for engine_remove(). 126 and 127 of commands that cannot run come from init, as a status, not from here. */
int engine_start(struct container *c, const char *socket, const char *secret, struct err *e);

/* Takes up a running session whose cco has gone: POST /containers/{id}/exec runs `PLAN_INIT_PATH line` in it and
 * gives it the key, which brings this process to its init. ERR_NOT_FOUND where no container of this
 * session runs. */
struct container *engine_adopt(struct engine *en, const char *id, bool tty, const char *key,
                               struct err *e);

/* For relay_run(). Lives as long as the container. */
struct session *engine_session(struct container *c);

/* DELETE ?force=1&v=1 unless the container is known to be gone; already removed or being removed is
 * success. Works after cancellation: with a deadline and without signals of its own. */
int engine_remove(struct container *c, struct err *e);
const char *container_id(const struct container *c);
void container_free(struct container *c); /* closes connections; accepts NULL */

/* cco's containers of this user (label cco and cco.uid), for cleanup and info. */
struct engine_found {
    const char *id;
    const char *name;
    const char *project;
    const char *state;  /* "running", "exited", "created", ... */
    const char *status; /* "Up 3 minutes" */
    int64_t created;    /* seconds since 1970; 0: not told */
};
int engine_list(struct engine *en, uint64_t uid, struct arena *a, struct engine_found **out,
                size_t *count, struct err *e);
int engine_remove_id(struct engine *en, const char *id, struct err *e);

#endif
