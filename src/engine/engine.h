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
#include "engine/discover_endpoint.h"
#include "native/cgroup.h"
#include "net/conn.h"
#include "plan/facts.h"
#include "plan/plan.h"
#include "term/session.h"

struct progress;
struct secret;
struct sig;
struct transport;

/* The oldest version of the API with all that a session needs: 1.30 (Docker 17.06) tells when a container is gone
 * (wait?condition=removed, whose head is the barrier of engine_start()); 1.25 has structured mounts and removal by the
 * engine. The one that is spoken where the engine has it. The newest that is known, for engines that no longer take that
 * one. */
enum { ENGINE_API_MIN = 30, ENGINE_API_MAX = 44, ENGINE_API_KNOWN = 55 };

enum { ENGINE_ID_MAX = 65, ENGINE_TIMEOUT_MS = 60000, ENGINE_PASSED_MAX = 16 };

/* What discovery looks at; any may be NULL. */
struct engine_env {
    const char *docker_host;    /* DOCKER_HOST */
    const char *docker_context; /* DOCKER_CONTEXT */
    const char *docker_dir;     /* of Docker's command line: $DOCKER_CONFIG, ~/.docker */
    const char *no_docker_dir;  /* why it is not used; NULL: there is no home */
    const char *tls, *tls_verify,
        *cert_path;          /* DOCKER_TLS, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH */
    const char *api_version; /* DOCKER_API_VERSION */
    const char *xdg_runtime_dir;
    const char *home;
    const char *timeout; /* CCO_ENGINE_TIMEOUT, seconds */
    bool insecure;       /* plain tcp to another machine is wanted */
};

/* What was looked at before the one that is used: a socket, a variable, a file. */
struct engine_passed {
    const char *address;
    const char *
        reason; /* "not there", "not set", "no permission", "nobody listens", "no answer", "no Docker engine",
                           or what the system says */
    int errnum;
    bool quiet; /* it is not there or not set */
};

/* engine/discover_ping.h */
struct engine_ping {
    bool done;
    unsigned major, minor; /* the newest that it speaks */
    bool podman;
    bool buildkit;
    char server[80]; /* "Docker/20.10.24 (linux)" */
    char os[16];
};

#define ENGINE_BY_CURRENT "Docker's current context"
#define ENGINE_BY_FIRST "the first that answers" /* nobody has named one */

struct engine {
    const char *address; /* as messages show it; in the arena */
    struct endpoint endpoint;
    struct transport *transport; /* owned; NULL: unix sockets and plain tcp only */
    unsigned api_minor;          /* 0 until probed */
    unsigned api_pinned;         /* DOCKER_API_VERSION; 0: as the engine likes */
    struct engine_ping ping;
    struct cgroup_place place; /* of native */
    int idmap; /* of native: native/idmap.h; 0: not opened yet, -1: there is none */
    struct err
        *idmap_error; /* why it is not known what can be masked: nothing starts then; NULL */
    bool native;      /* no engine at all: native/native.h */
    bool podman;
    bool buildkit;
    bool live_restore; /* sessions on a terminal may be there after it was restarted */
    bool
        asks_registries; /* for every image that a build shall take layers from, also for its own */
    /* By what: "DOCKER_HOST", "DOCKER_CONTEXT", ENGINE_BY_CURRENT, "the first that answers"; the
     * variable that is wrong. */
    const char *chosen;
    const char *context; /* its name; NULL: none was named */
    struct engine_passed passed[ENGINE_PASSED_MAX];
    size_t passed_count;
    int64_t timeout_ms;
    const char *
        owner; /* facts.owner_key: whose containers are ours, where others have the same number */
    struct sig *sig;  /* borrowed */
    struct conn conn; /* for small calls, kept alive */
};

/* Finds the engine: DOCKER_HOST, else DOCKER_CONTEXT, else the current context of Docker's command line ("default" is
 * none), else the first known socket where one answers (engine/discover_socket_candidates.c). Plain tcp:// to another machine is refused
 * unless `insecure`: ERR_REFUSED. Connects; known sockets are pinged, others are sent nothing. The error says what was
 * tried, what named it, why it failed (no daemon, no permission: group docker, stale socket, no such context) and what
 * to do. */
int engine_open(struct engine *en, const struct engine_env *env, struct sig *sig,
                struct arena *a, struct err *e);
void engine_close(struct engine *en);

/* Versions and abilities: /_ping unless it was asked already, then GET /info. Speaks 1.ENGINE_API_MAX, an older one
 * where the engine has no newer, a newer one where it takes no older, what is pinned in any case. Refuses engines older
 * than ENGINE_API_MIN, those that take nothing up to ENGINE_API_KNOWN, and engines of other systems. */
int engine_probe(struct engine *en, struct arena *a, struct fact_engine *out, struct err *e);

/* Of the top directories those whose owners can be nobody inside: fact_top.idmapped. For root. */
void engine_idmap(struct engine *en, struct fact_native *n, struct arena *a);

/* What can be limited without an engine: in *out. */
void engine_limits(struct engine *en, struct arena *a, struct fact_engine *out);

/* No engine at all: what engine_probe() would tell, but for limits. */
void engine_native(struct engine *en, struct sig *sig, struct fact_engine *out);

/* GET /images/{ref}/json; a missing image is success with present == false. */
int engine_image(struct engine *en, const char *ref, struct arena *a, struct fact_image *out,
                 struct err *e);

/* An image of cco's: labelled, and with a tag that only cco gives. What was built on top of one has its labels too. */
struct engine_image {
    const char *id;
    struct strv
        tags;        /* cco's, at least one, without what some engines write in front of them */
    bool has_others; /* somebody gave it another name: it stays when ours go */
    const char *digest; /* labels, NULL where there is none */
    const char *inputs;
    const char *packages;
    int64_t created; /* seconds since 1970 */
    uint64_t size;
};

/* GET /images/json, the newest first. */
int engine_images(struct engine *en, struct arena *a, struct engine_image **out, size_t *count,
                  struct err *e);

/* "cco:..." without what some engines write in front of it ("localhost/"); NULL for a tag that is none of cco's. */
const char *engine_own_tag(const char *tag);

/* POST /images/{ref}/tag: `tag` is one of cco's. */
int engine_tag(struct engine *en, const char *ref, const char *tag, struct err *e);

/* DELETE /images/{tag}: the tag goes, and with its last one the image, unless a container uses it: ERR_REFUSED. A
 * missing one is success. Takes minutes where many files go. `progress` may be NULL. *deleted: whether the image went. What the classic builder left below it, nameless and of
 * no other use, goes along. */
int engine_untag(struct engine *en, const char *tag, struct progress *progress, bool *deleted,
                 struct err *e);

/* Ids of the images that containers were made of, running or not, of whomever. GET /containers/json. */
int engine_used_images(struct engine *en, struct arena *a, struct strv *out, struct err *e);

/* Bytes that the layers of all images take. GET /system/df; takes as long as the engine needs to count. `progress` may be
 * NULL. */
int engine_layers_size(struct engine *en, struct progress *progress, uint64_t *out,
                       struct err *e);

/* The version of the Claude Code in an image of cco's: as it was kept below `state_dir`, or from a container that is
 * made of the image and removed again, never started (some 50 ms, once for each image). NULL where there is none, or
 * nothing can be told. */
const char *engine_claude_version(struct engine *en, const char *image_id,
                                  const char *state_dir, struct arena *a);

/* The file below `state_dir` where it is kept; NULL for an id of another kind. */
const char *engine_version_file(const char *image_id, const char *state_dir, struct arena *a);

/* POST /images/create: pulls `ref`, its progress told through `progress`. `auth` is what registry_auth() found (engine/image_registry.h);
 * NULL or empty: none. */
int engine_pull(struct engine *en, const char *ref, const struct secret *auth,
                struct progress *progress, struct err *e);

/* Tags of cco's images are this and 12 digits: of the digest, of the inputs for one that was loaded, of the digest
 * of what could not be built, of the id of one that another took the tag from. */
#define ENGINE_TAG "cco:"
#define ENGINE_TAG_LOADED "cco:loaded-"
#define ENGINE_TAG_FAILED "cco:failed-"
#define ENGINE_TAG_OLD "cco:old-"
enum { ENGINE_TAG_DIGITS = 12 };

/* What goes into cco's own image. */
struct image_input {
    const char *base;
    const struct strv *packages;
    const struct strv *build_args;    /* "K=V", each K once, sorted */
    struct str dockerfile;            /* the user's; p NULL: that of image/ */
    const char *dockerfile_path;      /* of the user's, for messages */
    const struct fact_path *ca_files; /* certificates to trust in the build */
    size_t ca_count;
    /* what follows is no part of the identity */
    const char *exe; /* the cco that is baked in */
    const char *exe_digest;
    const char *refresh;        /* changes with --rebuild: claude's layer anew; "" otherwise */
    const struct strv *proxies; /* "HTTP_PROXY=..." build arguments */
    const struct strv *cache_from; /* images on the engine whose layers may serve again */
    bool host_network;
};

/* The identity of an image: a digest over Dockerfile, embedded files, base, build arguments, packages and CA
 * certificates. `inputs` is the same without the certificates, which differ from machine to machine: an image that was
 * loaded from a bundle is known by it. */
int image_digest(const struct image_input *in, char digest[65], char inputs[65], struct err *e);

/* POST /build with a context made on the fly; BuildKit where the engine has it, else the classic
 * builder; tagged `tag`, labelled. Progress as it comes. A failed step: ERR_ENGINE, after its output was
 * shown; the state before it is tagged "cco:failed-" and 12 digits of the digest then, and the hint
 * tells how to look around in there. */
int engine_build(struct engine *en, const struct image_input *in, const char *tag,
                 struct progress *progress, struct err *e);

/* How cco and init find each other. */
struct engine_boot {
    const char *socket; /* a path that the sandbox sees, too; NULL: none */
    const char *secret;
    struct str
        stream; /* init's arguments, where the sandbox has no file of them (wire/boot.h) */
    /* without an engine: */
    const char *adopt_sock; /* where init listens for a later cco; NULL: none may come */
    const char *note;       /* a file that gets "PID STARTED" of init */
};

/* A session's container, from creation to removal. Embeds what the relay uses. */
struct container;

/* POST /containers/create (docker_spec.c), then init by PUT archive if the plan says so. Warnings of
 * the engine are added to `warnings`. NULL on failure; nothing is left behind then. */
struct container *engine_create(struct engine *en, const struct plan *p, const char *exe,
                                struct arena *a, struct strv *warnings, struct err *e);

/* Attach, then wait (its head is the barrier), then start (DOCKER.md 0.1), then init's arguments where they go by the
 * stream, then init's call at `socket` or on the attached stream, proved by `secret`: no output, no status is lost,
 * and the command does not run yet. The socket is gone afterwards. On failure the container is still there
 * for engine_remove(). 126 and 127 of commands that cannot run come from init, as a status, not from here. */
int engine_start(struct container *c, const struct engine_boot *how, struct err *e);

/* Tells init of a plan that is `remote`, or of a session that was adopted, that nothing is wanted of it any more: it has
 * waited for that since its command ended. */
void engine_let_go(struct container *c);

/* A session on a terminal whose cco has gone. */
struct engine_adopted {
    const char *id; /* of its container */
    const char *
        adopt_sock; /* without an engine: as in struct engine_boot, and which process its init is */
    uint64_t init_pid, init_started;
    const char *key;
};

/* Takes it up: POST /containers/{id}/exec runs `PLAN_INIT_PATH line` in it and gives it the key, which brings this process
 * to its init; without an engine this process goes there itself. ERR_NOT_FOUND where nothing of this session runs. */
struct container *engine_adopt(struct engine *en, const struct engine_adopted *what,
                               struct err *e);

/* Ends a sandbox of no engine's, whose init was noted so, with everything in it. One that has ended is success. */
int engine_end_native(uint64_t init_pid, uint64_t init_started, struct err *e);

/* For relay_run(). Lives as long as the container. */
struct session *engine_session(struct container *c);

/* DELETE ?force=1&v=1 unless the container is known to be gone; already removed or being removed is
 * success. Works after cancellation: with a deadline and without signals of its own. */
int engine_remove(struct container *c, struct err *e);
const char *container_id(const struct container *c);
void container_free(struct container *c); /* closes connections; accepts NULL */

/* The session goes on in a child of this process: closes what it holds of the engine without a word to it. c may be
 * NULL; container_free() and engine_close() come after. */
void engine_leave(struct engine *en, struct container *c);

/* cco's containers of this user (label cco and cco.uid; none of another en->owner), for cleanup and info. */
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
