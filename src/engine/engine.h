/* SPDX-License-Identifier: MIT */
/* An engine makes sandboxes and runs them. Each engine is one row of verbs (struct engine_ops);
 * the functions below call the row of the engine that was opened. A session uses the verbs in
 * this order: open, probe, create, start, the relay (term/relay.h), remove, free, close.
 *
 * Verbs that wait obey the engine's timeout and the signals of en->sig: ERR_TIMEOUT means that
 * the deadline of a step has passed, and ERR_CANCELED that a signal arrived (net/wait.h). A
 * verb of several steps gives each step the whole timeout. ERR_ENGINE means that the engine
 * refused: the text has its message, and `code` the HTTP status.
 *
 * engine/images.h has the images of an engine. engine/docker_exec.h and engine/docker_volume.h
 * have what only Docker's API offers. */
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
 * wait?condition=removed: engine_start() starts a container only after the engine has sent the
 * head of the reply to that wait. (1.25 had added structured mounts and AutoRemove.) cco uses
 * ENGINE_API_MAX with every engine that accepts it. ENGINE_API_KNOWN is the newest version that
 * cco tries with an engine whose oldest version is newer than ENGINE_API_MAX. */
enum { ENGINE_API_MIN = 30, ENGINE_API_MAX = 44, ENGINE_API_KNOWN = 55 };

/* The size of a container's id (64 digits and a NUL), the timeout if CCO_ENGINE_TIMEOUT is not
 * set, and the size of engine.passed. */
enum { ENGINE_ID_MAX = 65, ENGINE_TIMEOUT_MS = 60000, ENGINE_PASSED_MAX = 16 };

/* Input of engine_open(). Any pointer may be NULL, which means that the variable is not set or
 * the directory does not exist. Texts are borrowed until engine_close(). */
struct engine_env {
    char *const *env;           /* the user's environment */
    char *const *safe_env;      /* the same for ssh and certificate authorities */
    const char *runtime_dir;    /* a private directory of cco's, for ssh */
    const char *docker_host;    /* DOCKER_HOST */
    const char *docker_context; /* DOCKER_CONTEXT */
    const char *docker_dir; /* directory of Docker's command line: $DOCKER_CONFIG, ~/.docker */
    const char *no_docker_dir;   /* why docker_dir is not used; NULL: no home exists */
    const char *tls;             /* DOCKER_TLS */
    const char *tls_verify;      /* DOCKER_TLS_VERIFY */
    const char *cert_path;       /* DOCKER_CERT_PATH */
    const char *api_version;     /* DOCKER_API_VERSION */
    const char *xdg_runtime_dir; /* XDG_RUNTIME_DIR */
    const char *home;            /* HOME */
    const char *timeout;         /* CCO_ENGINE_TIMEOUT, in seconds */
    bool insecure;               /* --insecure: plain tcp to another machine is allowed */
    bool subids;                 /* --subids: native looks up the user's ranges of ids */
};

/* A place that discovery looked at without finding an engine: a socket, a variable, a file. */
struct engine_passed {
    const char *address;
    /* "not there", "not set", "no permission", "nobody listens", "not a socket", "no answer",
     * "no Docker engine", or the system's text */
    const char *reason;
    int errnum; /* an errno value; 0: the reason is not a system error */
    bool quiet; /* it is not there or not set, so messages do not mention it */
};

/* The content of an engine's reply to /_ping (engine/discover_ping.h). */
struct engine_ping {
    bool done;             /* the engine has answered; otherwise the rest has no meaning */
    unsigned major, minor; /* the newest version that the engine speaks */
    bool podman;
    bool buildkit;   /* the engine says that BuildKit is its default builder */
    char server[80]; /* "Docker/20.10.24 (linux)"; "": not stated */
    char os[16];     /* of its containers: "linux"; "": not stated */
};

/* Values of engine.chosen. The second means that the user named no engine. */
#define ENGINE_BY_CURRENT "Docker's current context"
#define ENGINE_BY_FIRST "the first that answers"

/* An engine, opened or not. Its initial state is all zeros, with conn_init() called for `conn`.
 * Texts are in the arena of engine_open(), or borrowed. */
struct engine {
    const struct engine_ops *ops; /* NULL: not opened */
    const char *address;          /* as messages show it */
    /* The setting that named the engine: "DOCKER_HOST", "DOCKER_CONTEXT", ENGINE_BY_CURRENT,
     * ENGINE_BY_FIRST, "--engine native"; after an error the variable whose value is wrong. */
    const char *chosen;
    const char *context; /* name of Docker's context; NULL: none was named */
    bool probed;         /* engine_probe() has succeeded since engine_open() */
    int64_t timeout_ms;  /* of each step of a verb that waits */
    /* facts.owner_key, which distinguishes this user's containers from those of other machines;
     * NULL: do not distinguish. Set by the caller; borrowed. */
    const char *owner;
    struct sig *sig; /* borrowed; NULL: signals do not end a wait */
    void *own;       /* data of the engine's row alone, in the arena */

    /* The following members are used by Docker's row only. */
    struct endpoint endpoint;
    struct transport *transport; /* owned; NULL: unix sockets and plain tcp only */
    struct conn conn;            /* kept alive, for small calls */
    unsigned api_minor;          /* the version that cco uses; 0 until probed */
    unsigned api_pinned;         /* DOCKER_API_VERSION; 0: not set */
    struct engine_ping ping;
    bool podman;
    bool buildkit;     /* POST /build?version=2 works */
    bool live_restore; /* containers survive a restart of the engine */
    /* For a build's cache, the engine looks for images in registries only, even for images that
     * it has itself. */
    bool asks_registries;
    struct engine_passed passed[ENGINE_PASSED_MAX];
    size_t passed_count;
};

/* A session's sandbox, from its creation to its removal. An engine embeds it as the first
 * member of its own struct. */
struct sandbox {
    struct engine *engine;   /* borrowed */
    struct session *session; /* for relay_run(); lives as long as the sandbox */
    const char *id;          /* of its container; NULL: the engine's sandboxes have no ids */
};

/* How cco and init find each other. Everything is borrowed until engine_start() returns. */
struct engine_boot {
    /* The path of the socket to which init connects, on this machine; the sandbox sees it as
     * well. NULL: init greets on the engine's attached stream. Native sandboxes do not use
     * it. */
    const char *socket;
    const char
        *secret; /* init presents it in its greeting, so that cco knows that it is init */
    /* Init's arguments (wire/boot.h), to be sent on the attached stream; p NULL: init reads
     * them from a file in the sandbox. */
    struct str stream;
    /* For a native sandbox only: where init listens for a later cco (NULL: no later cco can
     * adopt the session), and the file that gets "PID STARTED" of init (NULL: no file). STARTED
     * is the start time of the process, as in engine_known.init_started. */
    const char *adopt_sock, *note;
};

/* A sandbox that another process of cco made. A container is identified by `id`, a native
 * sandbox by its init process. The verbs copy nothing and keep nothing. */
struct engine_known {
    const char *id;         /* of its container; NULL: it has none */
    const char *adopt_sock; /* engine_boot.adopt_sock; NULL: the session cannot be adopted */
    uint64_t init_pid;
    uint64_t init_started; /* its start time: field 22 of /proc/PID/stat, proc_pid_stat(5) */
    const char *key; /* to be presented to init by engine_adopt(); NULL for engine_end() */
};

/* One of cco's containers, as engine_list() finds it. Texts are in the arena and not NULL; what
 * the engine does not report is "?". */
struct engine_found {
    const char *id;
    const char *name;    /* of the session and the container */
    const char *project; /* path of the project on the host, from a label */
    const char *state;   /* "running", "exited", "created", ... */
    const char *status;  /* the engine's text for users: "Up 3 minutes" */
    int64_t created;     /* seconds since 1970; 0: unknown */
};

/* Abilities that not every engine has. Options and commands name the feature that they need
 * (cli/features.h). If an engine lacks several features that the user asked for, cco reports
 * the first one of this list. */
enum engine_feature {
    FEATURE_SUDO = 1 << 0,      /* --sudo: root inside */
    FEATURE_IMAGES = 1 << 1,    /* cco image: images of cco's own */
    FEATURE_ANY_IMAGE = 1 << 2, /* --image: another image, unmodified */
    FEATURE_PACKAGES = 1 << 3,  /* --packages: more Debian packages */
    FEATURE_BUILD = 1 << 4,     /* --base, --build-arg: how the image is built */
    FEATURE_SOCKET = 1 << 5,    /* --docker: the engine's socket inside */
    FEATURE_PUBLISH = 1 << 6,   /* --publish: ports of a bridge */
    FEATURE_BRIDGE = 1 << 7,    /* --network bridge */
    FEATURE_SYNC = 1 << 8 /* cco sync: the engine may be on another machine, with other files */
};

/* Why an engine lacks a feature, for messages. */
struct engine_lack {
    unsigned feature; /* one of enum engine_feature; 0 ends a list */
    const char *why;
    /* A sentence that says what the user can do; NULL: cli's standard advice, to leave the
     * option out or to use Docker. */
    const char *next;
};

/* The row of one engine. The functions of the same names below describe its verbs; `free` is
 * sandbox_free(). A verb that gets a sandbox is called only if `create` or `adopt` has made
 * one. */
struct engine_ops {
    const char *name;                /* the value of --engine */
    unsigned features;               /* a set of enum engine_feature */
    const struct engine_lack *lacks; /* one for each other feature; NULL: it has all of them */
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
    /* NULL: the engine keeps no list. The notes in the session directories are the only one. */
    int (*list)(struct engine *en, uint64_t uid, struct arena *a, struct engine_found **out,
                size_t *count, struct err *e);
    int (*end)(struct engine *en, const struct engine_known *what, struct err *e);
};

#define ENGINE_DECLARE(NAME, name) extern const struct engine_ops name##_engine;
OPTS_ENGINES(ENGINE_DECLARE)
#undef ENGINE_DECLARE

/* Returns the row of an engine. For ENGINE_AUTO it is the first row of OPTS_ENGINES, because
 * cco tries that engine first. */
const struct engine_ops *engine_row(enum opts_engine engine);

/* Makes `ops` the engine of en, finds the engine and connects to it. Another engine that is
 * open in en is closed first; a second call with the same ops keeps its transport (the login of
 * ssh, the certificates). Sets en->chosen and en->address; after an error as far as they are
 * known, for the message. Memory comes from `a`, which must live until engine_close(). Returns
 * 0 on success and -1 on error; call engine_close() in both cases.
 *
 * Docker: DOCKER_HOST names the engine, else DOCKER_CONTEXT, else the current context of
 * Docker's command line ("default" counts as none). If none of these names one, the engine is
 * the first known socket at which an engine answers a ping
 * (engine/discover_socket_candidates.c). An engine that was named is connected, but nothing is
 * sent to it yet. Plain tcp:// to another machine is ERR_REFUSED unless env->insecure;
 * ERR_USAGE means that a variable has a wrong value; ERR_NOT_FOUND means that the context or
 * a certificate does not exist, or that no engine was found. The error says what was tried,
 * what named it, why it failed (no daemon, no permission, stale socket, no such context) and
 * what the user can do. Blocks for the engine's timeout at most for each socket; the time in
 * which ssh waits for the user does not count.
 *
 * Native: never blocks, and cannot fail. */
int engine_open(struct engine *en, const struct engine_ops *ops, const struct engine_env *env,
                struct sig *sig, struct arena *a, struct err *e);

/* Finds out what the opened engine is and can do. Sets f->engine; native also sets f->native
 * and f->image.present. The caller has called host_probe() before, because native reads what it
 * found. Texts are in the arena. Returns 0 on success and -1 on error.
 *
 * Docker: pings unless engine_open() did, then sends GET /info; some facts of Podman at a local
 * socket come from /proc instead (engine/docker_podman.h). Agrees with the engine on a version:
 * DOCKER_API_VERSION if it is set; otherwise ENGINE_API_MAX, or the engine's newest version if
 * that is older, or the engine's oldest version if that is newer. ERR_REFUSED means that the
 * engine is older than ENGINE_API_MIN, is not of the version 1, or runs containers of another
 * system than Linux. ERR_ENGINE means that it refused the version, for example because its
 * oldest version is newer than ENGINE_API_KNOWN.
 *
 * Native: cannot fail. A fact that cannot be found is missing, or makes engine_start() fail. */
int engine_probe(struct engine *en, struct arena *a, struct facts *f, struct err *e);

/* Closes connections and descriptors, and ends the tunnel of ssh. Sandboxes of the engine are
 * not affected, but must have been freed before. en->ops is NULL afterwards, so a second call
 * does nothing. Waits up to 200 ms for the end of ssh. */
void engine_close(struct engine *en);

/* Makes the sandbox of a plan. p must stay valid until engine_start() has returned. `exe` is
 * the path of cco's own binary, which is sent to the container if p->image.send_init. Warnings
 * of the engine are added to `warnings`, in the arena. Returns the sandbox, which the caller
 * passes to sandbox_free(). Returns NULL on error, after removing what was made.
 *
 * Docker: POST /containers/create with the body of engine/docker_spec.h, then cco's binary by
 * PUT /containers/{id}/archive. ERR_USAGE and ERR_LIMIT are those of spec_create(). A missing
 * image is ERR_ENGINE with code 404, a name that is taken with code 409. A source of a mount
 * that does not exist is ERR_ENGINE with code 400, or ERR_NOT_FOUND with Podman. If a signal or
 * the timeout interrupts the creation, this function waits about two seconds more for the
 * container, and removes it.
 *
 * Native: makes the control group if the plan has limits; starts nothing. */
struct sandbox *engine_create(struct engine *en, const struct plan *p, const char *exe,
                              struct arena *a, struct strv *warnings, struct err *e);

/* Starts init, and waits until init greets on the session's line with `how->secret`. The
 * command does not run before the relay answers the greeting, so that no output and no exit
 * status is lost. A command that cannot be executed is not an error here: init reports the
 * status 126 or 127 for it later. how->socket is removed in every case. Returns 0 on success
 * and -1 on error; after an error the caller still has to remove the sandbox. ERR_ENGINE means
 * that the engine refused, or that init ended before it greeted; the text then has what init
 * printed.
 *
 * Docker: attach, then wait, then start after the engine has sent the head of the reply to the
 * wait; then init's arguments if they are sent by the stream (src/engine/README.md, "The start
 * of a container"). Native: ERR_REFUSED means that this machine refuses namespaces to the user
 * (native/native.h). Blocks until init runs, which takes milliseconds but has no deadline, and
 * then for ten seconds at most until it greets. */
int engine_start(struct sandbox *s, const struct engine_boot *how, struct err *e);

/* Connects to the init of a sandbox whose own cco was killed, and becomes its cco. Only a
 * session with a terminal can be adopted. The caller holds the session's lock. Returns the
 * sandbox, as after engine_start(), which the caller passes to sandbox_free(). Returns NULL on
 * error; the sandbox is unchanged, and a later cco may try again.
 *
 * Docker: runs `PLAN_INIT_LIVE line` in the container by an exec, which carries the line, and
 * presents the key on it. ERR_ENGINE means that the container does not run, or that its init
 * did not accept the key. Native: connects to init's socket. ERR_NOT_FOUND means that init has
 * ended. */
struct sandbox *engine_adopt(struct engine *en, const struct engine_known *what, struct err *e);

/* Ends init's final wait: after the end of its command, init waits for this message if the plan
 * is remote or the session was adopted, so that cco can fetch everything before the container
 * ends. Errors are ignored, because init also ends when the stream ends. Docker: blocks for two
 * seconds at most. Native: does nothing, because init does not wait. */
void engine_let_go(struct sandbox *s);

/* Ends the sandbox with all its processes, and removes it. A sandbox that no longer exists
 * counts as success. s still has to be freed. Returns 0 on success and -1 on error. Works after
 * a signal too, because it ignores en->sig. Docker: DELETE /containers/{id}?force=1&v=1; blocks
 * for 20 s at most, or for the engine's timeout if that is shorter. Native: blocks for ten
 * seconds at most, until all processes have ended. */
int engine_remove(struct sandbox *s, struct err *e);

/* Gives up the engine's and the sandbox's connections without ending anything, because a child
 * of this process goes on with the session. The parent calls it, and then sandbox_free() and
 * engine_close(). s may be NULL. Never blocks. */
void engine_leave(struct engine *en, struct sandbox *s);

/* Closes the connections to the sandbox and frees s. Does not remove the sandbox. Accepts
 * NULL. */
void sandbox_free(struct sandbox *s);

/* Lists cco's containers of this user, running or not: they have the labels cco=1 and
 * cco.uid=UID, and no label cco.owner with another value than en->owner. The list is in the
 * arena, and empty for an engine that keeps none. Returns 0 on success and -1 on error. Docker:
 * GET /containers/json. */
int engine_list(struct engine *en, uint64_t uid, struct arena *a, struct engine_found **out,
                size_t *count, struct err *e);

/* Ends and removes a sandbox that another process of cco made, with all its processes. A
 * sandbox that no longer exists counts as success. Returns 0 on success and -1 on error.
 * Docker: what->id, by DELETE /containers/{id}?force=1&v=1. Native: what->init_pid and
 * what->init_started; en may be NULL in the call of the row's verb. Blocks like
 * engine_remove(), but a signal ends Docker's wait. */
int engine_end(struct engine *en, const struct engine_known *what, struct err *e);

#endif
