/* SPDX-License-Identifier: MIT */
/* An engine makes sandboxes and runs them. Each engine is one row of verbs (struct engine_ops);
 * the functions below call the row of the engine that was opened. The order in which a session
 * uses the verbs is: open, probe, create, start, the relay, remove. Verbs that wait obey the
 * engine's timeout and the signals of en->sig (net/wait.h). engine/images.h has the images of
 * an engine, engine/docker_exec.h and engine/docker_volume.h what only Docker's API offers. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "engine/discover_endpoint.h"
#include "net/conn.h"
#include "plan/facts.h"
#include "plan/opts.h"
#include "plan/plan.h"
#include "term/session.h"

struct sig;
struct transport;

/* Versions of Docker's API, as 1.N. ENGINE_API_MIN (Docker 17.06) is the oldest version with
 * wait?condition=removed, whose reply head is the barrier of engine_start(); 1.25 added
 * structured mounts and AutoRemove. ENGINE_API_MAX is spoken to every engine that accepts it,
 * ENGINE_API_KNOWN is the newest version that is tried on an engine that no longer accepts
 * ENGINE_API_MAX. */
enum { ENGINE_API_MIN = 30, ENGINE_API_MAX = 44, ENGINE_API_KNOWN = 55 };

enum { ENGINE_ID_MAX = 65, ENGINE_TIMEOUT_MS = 60000, ENGINE_PASSED_MAX = 16 };

/* Input of engine_open(). Any pointer may be NULL. */
struct engine_env {
    char *const *env;        /* the user's environment, for ssh and certificate authorities */
    const char *runtime_dir; /* a private directory of cco's, for ssh */
    const char *docker_host; /* DOCKER_HOST */
    const char *docker_context; /* DOCKER_CONTEXT */
    const char *docker_dir;     /* of Docker's command line: $DOCKER_CONFIG, ~/.docker */
    const char *no_docker_dir;  /* why docker_dir is not used; NULL: there is no home */
    const char *tls, *tls_verify,
        *cert_path;          /* DOCKER_TLS, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH */
    const char *api_version; /* DOCKER_API_VERSION */
    const char *xdg_runtime_dir;
    const char *home;
    const char *timeout; /* CCO_ENGINE_TIMEOUT, in seconds */
    bool insecure;       /* --insecure: plain tcp to another machine is allowed */
    bool subids;         /* --subids: native looks up the user's ranges of ids */
};

/* A place that discovery looked at before the engine that it found: a socket, a variable, a
 * file. */
struct engine_passed {
    const char *address;
    /* "not there", "not set", "no permission", "nobody listens", "no answer", "no Docker
     * engine", or the system's text */
    const char *reason;
    int errnum;
    bool quiet; /* it is not there or not set */
};

/* Result of engine/discover_ping.h. */
struct engine_ping {
    bool done;
    unsigned major, minor; /* the newest version that the engine speaks */
    bool podman;
    bool buildkit;
    char server[80]; /* "Docker/20.10.24 (linux)" */
    char os[16];
};

#define ENGINE_BY_CURRENT "Docker's current context"
#define ENGINE_BY_FIRST "the first that answers" /* the user named no engine */

struct engine {
    const struct engine_ops *ops; /* NULL: not opened */
    const char *address;          /* as messages show it; in the arena */
    /* What named the engine: "DOCKER_HOST", "DOCKER_CONTEXT", ENGINE_BY_CURRENT,
     * ENGINE_BY_FIRST, "--engine native"; or the variable that is wrong. */
    const char *chosen;
    const char *context; /* name of Docker's context; NULL: none was named */
    bool probed;
    int64_t timeout_ms;
    const char
        *owner; /* facts.owner_key: tells this user's containers from those of other machines */
    struct sig *sig; /* borrowed */
    void *own;       /* data of the engine's row alone, in the arena */
    /* Docker's */
    struct endpoint endpoint;
    struct transport *transport; /* owned; NULL: unix sockets and plain tcp only */
    struct conn conn;            /* kept alive, for small calls */
    unsigned api_minor;          /* 0 until probed */
    unsigned api_pinned;         /* DOCKER_API_VERSION; 0: not set */
    struct engine_ping ping;
    bool podman;
    bool buildkit;
    bool live_restore; /* containers survive a restart of the engine */
    /* The engine looks for the images of a build's cache in registries only, even for its own
     * images. */
    bool asks_registries;
    struct engine_passed passed[ENGINE_PASSED_MAX];
    size_t passed_count;
};

/* A session's sandbox, from its creation to its removal. An engine embeds it as the first
 * member of its own struct. */
struct sandbox {
    struct engine *engine;   /* borrowed */
    struct session *session; /* for relay_run(); lives as long as the sandbox */
    const char *id;          /* of its container; NULL: the engine has no ids */
};

/* How cco and init find each other. */
struct engine_boot {
    const char *socket; /* a path that the sandbox sees as well; NULL: there is none */
    const char *secret;
    /* Init's arguments (wire/boot.h); p NULL: the sandbox has a file of them. */
    struct str stream;
    /* For an engine without containers: where init listens for a later cco (NULL: none can
     * adopt the session), and the file that gets "PID STARTED" of init (NULL: none). */
    const char *adopt_sock, *note;
};

/* A sandbox of which another process of cco has left a note. */
struct engine_known {
    const char *id;         /* of its container; NULL: it has none */
    const char *adopt_sock; /* of struct engine_boot */
    uint64_t init_pid, init_started;
    const char *key; /* to adopt it */
};

/* One of cco's containers, as engine_list() finds it. */
struct engine_found {
    const char *id;
    const char *name;
    const char *project;
    const char *state;  /* "running", "exited", "created", ... */
    const char *status; /* "Up 3 minutes" */
    int64_t created;    /* seconds since 1970; 0: unknown */
};

/* What not every engine can do. Options and commands name the feature that they need
 * (cli/features.h). If an engine lacks several features that the user asked for, the first one
 * of this list is reported. */
enum engine_feature {
    FEATURE_SUDO = 1 << 0,      /* --sudo: root inside */
    FEATURE_IMAGES = 1 << 1,    /* cco image: images of cco's own */
    FEATURE_ANY_IMAGE = 1 << 2, /* --image: another image, unmodified */
    FEATURE_PACKAGES = 1 << 3,  /* --packages: more Debian packages */
    FEATURE_BUILD = 1 << 4,     /* --base, --build-arg: how the image is built */
    FEATURE_REBUILD = 1 << 5,   /* --rebuild: the newest claude in the image */
    FEATURE_SOCKET = 1 << 6,    /* --docker: the engine's socket inside */
    FEATURE_PUBLISH = 1 << 7,   /* --publish: ports of a bridge */
    FEATURE_BRIDGE = 1 << 8,    /* --network bridge */
    FEATURE_SYNC = 1 << 9 /* cco sync: the engine may be on another machine, with other files */
};

/* Why an engine lacks a feature. */
struct engine_lack {
    unsigned feature; /* one of enum engine_feature; 0 ends a list */
    const char *why;
    const char *next; /* what the user can do; NULL: leave the option out, or use Docker */
};

/* The row of one engine. Comments on its verbs are at the functions of the same name below. A
 * verb that gets a sandbox is called only if `create` or `adopt` has made one. */
struct engine_ops {
    const char *name;                /* the value of --engine */
    unsigned features;               /* a set of enum engine_feature */
    const struct engine_lack *lacks; /* one for each other feature; NULL: there is none */
    int (*open)(struct engine *en, const struct engine_env *env, struct arena *a,
                struct err *e);
    int (*probe)(struct engine *en, struct arena *a, struct facts *f, struct err *e);
    void (*close)(struct engine *en);
    struct sandbox *(*create)(struct engine *en, const struct plan *p, const char *exe,
                              struct arena *a, struct strv *warnings, struct err *e);
    int (*start)(struct sandbox *s, const struct engine_boot *how, struct err *e);
    struct sandbox *(*adopt)(struct engine *en, const struct engine_known *what, struct err *e);
    void (*let_go)(struct sandbox *s);
    int (*remove)(struct sandbox *s, struct err *e);
    void (*leave)(struct engine *en, struct sandbox *s);
    void (*free)(struct sandbox *s);
    /* NULL: the engine keeps no list; the sessions' notes are the only one. */
    int (*list)(struct engine *en, uint64_t uid, struct arena *a, struct engine_found **out,
                size_t *count, struct err *e);
    int (*end)(struct engine *en, const struct engine_known *what, struct err *e);
};

#define ENGINE_DECLARE(NAME, name) extern const struct engine_ops name##_engine;
OPTS_ENGINES(ENGINE_DECLARE)
#undef ENGINE_DECLARE

/* The row of an engine. For ENGINE_AUTO it is the first row, which is tried first. */
const struct engine_ops *engine_row(enum opts_engine engine);

/* Makes `ops` the engine of en, finds it and connects to it. An engine that was open in en is
 * closed first, but a second call with the same ops keeps its transport.
 *
 * Docker: DOCKER_HOST names the engine, else DOCKER_CONTEXT, else the current context of
 * Docker's command line ("default" counts as none), else it is the first known socket where an
 * engine answers (engine/discover_socket_candidates.c). Known sockets are pinged; nothing is
 * sent to others. Plain tcp:// to another machine is ERR_REFUSED unless env->insecure. The
 * error says what was tried, what named it, why it failed (no daemon, no permission, stale
 * socket, no such context) and what the user can do. */
int engine_open(struct engine *en, const struct engine_ops *ops, const struct engine_env *env,
                struct sig *sig, struct arena *a, struct err *e);

/* Finds out what the opened engine is and can do: f->engine; for native also f->native and
 * f->image. host_probe() comes first.
 *
 * Docker: pings unless engine_open() did, then GET /info. Agrees on a version:
 * DOCKER_API_VERSION if it is set, else ENGINE_API_MAX, else the engine's newest if that is
 * older, else its oldest if that is newer. ERR_REFUSED for engines older than ENGINE_API_MIN,
 * for engines without a version up to ENGINE_API_KNOWN, and for engines of other systems. */
int engine_probe(struct engine *en, struct arena *a, struct facts *f, struct err *e);

/* Closes connections and descriptors, and ends the tunnel of ssh. en->ops is NULL afterwards,
 * so a second call does nothing. */
void engine_close(struct engine *en);

/* Makes the sandbox of a plan. p must stay valid until engine_start() has returned. `exe` is
 * the path of cco's own binary, which is sent if the plan says so. Warnings of the engine are
 * added to `warnings`, in the arena. Returns the sandbox, which the caller gives to
 * sandbox_free(), and NULL on error; nothing is left behind then.
 *
 * Docker: POST /containers/create (docker_spec.c), then init by PUT archive. Native: makes the
 * control group. */
struct sandbox *engine_create(struct engine *en, const struct plan *p, const char *exe,
                              struct arena *a, struct strv *warnings, struct err *e);

/* Starts init and waits until it greets on the session's line, proved by `how->secret`. The
 * command does not run yet, so that no output and no status is lost. The socket is gone
 * afterwards. After an error the sandbox still has to be removed. Commands that cannot run are
 * no error here: init reports the status 126 or 127 for them. Returns 0 on success and -1 on
 * error. Blocks for the engine's timeout at most.
 *
 * Docker: attach, then wait (its reply head is the barrier), then start, then init's arguments
 * if they go by the stream. */
int engine_start(struct sandbox *s, const struct engine_boot *how, struct err *e);

/* Becomes the cco of a sandbox whose own cco was killed. The session has a terminal. Returns
 * the sandbox, which the caller gives to sandbox_free(), and NULL on error; a later cco may try
 * again then.
 *
 * Docker: an exec of `PLAN_INIT_PATH line` in the container presents the key and carries the
 * line; a container that does not run is ERR_ENGINE. Native: connects to init's socket;
 * ERR_NOT_FOUND means that init has ended. */
struct sandbox *engine_adopt(struct engine *en, const struct engine_known *what, struct err *e);

/* Tells init that nothing is wanted of it any more. Init waits for this after its command has
 * ended if the plan is remote or the session was adopted. Docker: blocks for two seconds at
 * most. Native: does nothing, since init does not wait. */
void engine_let_go(struct sandbox *s);

/* Ends the sandbox with everything in it; a sandbox that is gone already is success. s still
 * has to be freed. Returns 0 on success and -1 on error. Works after a signal: has a deadline
 * of its own and takes no notice of en->sig. Docker: DELETE ?force=1&v=1. */
int engine_remove(struct sandbox *s, struct err *e);

/* Lets go of the engine without ending anything, because a child of this process has the
 * session now. s may be NULL. sandbox_free() and engine_close() come after. */
void engine_leave(struct engine *en, struct sandbox *s);

void sandbox_free(struct sandbox *s); /* closes its connections; accepts NULL */

/* Lists cco's containers of this user (labels cco and cco.uid, and not of another en->owner),
 * running or not, in the arena. Empty for an engine that keeps no list. Returns 0 on success
 * and -1 on error. */
int engine_list(struct engine *en, uint64_t uid, struct arena *a, struct engine_found **out,
                size_t *count, struct err *e);

/* Ends a sandbox of a session that is not this process's, with everything in it; one that is
 * gone is success. Returns 0 on success and -1 on error. Native: en may be NULL. */
int engine_end(struct engine *en, const struct engine_known *what, struct err *e);

#endif
