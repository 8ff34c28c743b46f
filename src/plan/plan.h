/* SPDX-License-Identifier: MIT */
/* The plan: all decisions about one session, made before anything is done.
 *
 * plan_build() is a function of the options and the facts only; the same input gives the same
 * bytes. A plan is plain data in one arena. It contains no handles and no secrets: a value that
 * may be secret is a reference to the place where it will be read. Every mount, copy, tree and
 * file has a `why`, the reason for which it is there. --dry-run prints the plan, and an engine
 * carries it out. This module is pure.
 *
 * A plan is a draft until its container exists (or the processes of a native sandbox), because
 * the way there can disprove a fact: the image is found, built or pulled, another session has
 * the name, the engine does not find this machine's files, or the kernel refuses namespaces.
 * Nobody changes a plan then. session_plan() (session/session_plan.h), the only function that
 * plans a session, corrects the fact and builds the whole plan again. */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"
#include "plan/facts.h"
#include "plan/opts.h"

#define PLAN_NAME_PREFIX "cco-" /* of the names of all sessions and containers */
#define PLAN_NATIVE "native"    /* takes the place of an address if there is no engine */

/* Paths inside every sandbox: cco's own binary; the session's directory with init's arguments
 * and the socket of init's line. */
#define PLAN_INIT_PATH "/cco-init"
#define PLAN_RUN_DIR "/run/cco"
#define PLAN_BOOT_PATH PLAN_RUN_DIR "/boot"
#define PLAN_LINE_PATH PLAN_RUN_DIR "/line"

/* Names in the session's directory on this machine: an empty directory, and a file in
 * "files". */
#define PLAN_EMPTY "empty"
#define PLAN_API_KEY "api-key"

/* Paths inside the container of a remote engine. A volume is mounted there: it keeps claude's
 * state between sessions, and notes which files both sides had after the last
 * synchronization. */
#define PLAN_STATE_DIR "/cco-state"
#define PLAN_SYNC_DIR PLAN_STATE_DIR "/sync"

/* Names of labels on containers, images and volumes. */
#define PLAN_LABEL "cco"
#define PLAN_LABEL_UID "cco.uid"
#define PLAN_LABEL_PROJECT "cco.project"
#define PLAN_LABEL_SESSION "cco.session"
#define PLAN_LABEL_OWNER "cco.owner" /* facts.owner_key; only on a remote engine */
#define PLAN_LABEL_MARK "cco.mark"   /* of a volume: distinguishes it from others of its name */
#define PLAN_LABEL_DIGEST "cco.digest"
#define PLAN_LABEL_INPUTS "cco.inputs"
#define PLAN_LABEL_INIT "cco.init"
#define PLAN_LABEL_PACKAGES "cco.packages"

/* What is mounted at a target. */
enum plan_mount_kind {
    MOUNT_BIND,   /* a file or directory of the engine's machine */
    MOUNT_VOLUME, /* a volume of the engine, which outlives the session; `source` is its name */
    MOUNT_TMPFS   /* memory: an empty directory that ends with the session; `source` is "" */
};

struct plan_mount {
    enum plan_mount_kind kind;
    const char *source; /* on the host; a private copy is in the session's directory */
    const char *target;
    bool read_only;
    bool is_dir;
    bool make_source; /* cco creates an empty one (mode 0700 or 0600) if it is missing */
    /* On the host: the empty file or directory inside the source of another mount that serves
     * as mount point. cco creates it. NULL: the engine creates the mount point in the
     * container. */
    const char *placeholder;
    const char *id; /* the file id (base/file_id.h) that the target must have; NULL: any */
    const char *why;
};

/* A directory that cco synchronizes between this machine and the sandbox, because the engine
 * does not see it. */
struct plan_tree {
    const char *id; /* a file name, stable for this directory, unique in the plan */
    const char *local_path;
    const char *remote_path; /* inside the sandbox */
    /* The volume that keeps the content between sessions. NULL: the content is in memory, and
     * is sent anew each time. */
    const char *volume;
    bool push, pull;
    bool make_local;    /* create local_path (mode 0700) if it is missing */
    bool ignores;       /* leave out what git ignores */
    struct strv hidden; /* paths below local_path that are left out as well */
    const char *why;
};

/* A file that init receives along with its arguments. It is in memory only, on no disk of the
 * engine's machine. */
struct plan_file {
    const char *source; /* on this machine */
    const char *path;   /* inside, in memory */
    const char *link;   /* where init makes a link to it; NULL: nowhere */
    unsigned mode;
    const char *why;
};

/* A symbolic link that init makes. */
struct plan_link {
    const char *path;
    const char *target;
};

/* A private copy that cco makes in the session's directory before the start. */
enum plan_copy_kind {
    COPY_FILE, /* the bytes of the source */
    COPY_TEXT, /* `text`, in place of a file that the host does not have */
    /* Claude's settings. They accept the mode without permissions, and their apiKeyHelper
     * prints the copy of the key. */
    COPY_SETTINGS,
    COPY_API_KEY,    /* the output of the host's apiKeyHelper */
    COPY_LOGIN,      /* the login; without its refresh token unless plan.login.with_refresh */
    COPY_CLAUDE_JSON /* ~/.claude.json, with the questions answered that do not apply inside */
};

struct plan_copy {
    enum plan_copy_kind kind;
    const char *source; /* on the host; NULL: the copy starts empty ("{}") */
    const char *text;   /* of COPY_TEXT */
    const char *name;   /* of the copy in "files" of the session's directory */
    const char *target; /* inside */
    bool by_init;       /* init copies it to its target; otherwise it is mounted there */
    unsigned mode;
    const char *why;
};

/* A variable of the sandbox. Only values that are never secret are in the plan. */
enum plan_var_from {
    ENV_FIXED,  /* `value` */
    ENV_HOST,   /* the host's variable of this name */
    ENV_DOTENV, /* facts->dotenv[index], from the project's .env */
    ENV_OPTION  /* opts->env[index], from --env K=V */
};

struct plan_var {
    const char *name;
    enum plan_var_from from;
    const char *value; /* of ENV_FIXED; NULL otherwise */
    size_t index;      /* of ENV_DOTENV and ENV_OPTION */
};

struct plan_label {
    const char *name;
    const char *value;
};

/* The image of a container. Unused in a native sandbox, where `ref` is "". */
struct plan_image {
    const char *ref;    /* the reference to run */
    bool own;           /* cco builds this image itself if it is missing */
    bool rebuild;       /* build it even if it is there */
    const char *digest; /* of all inputs of an own image */
    const char *base;   /* FROM */
    struct strv packages;
    struct strv build_args; /* "K=V": a value may be private */
    bool send_init;         /* the image does not contain this very build of cco */
};

struct plan_command {
    struct strv argv;
    bool login_shell; /* argv[0] is replaced by the user's shell, started as a login shell */
    const char *workdir;
    bool tty;
    unsigned rows, cols; /* of the terminal; 0 without one */
    bool runs_claude;
};

/* The user inside the sandbox. */
struct plan_user {
    uint64_t uid, gid;
    const char *name;
    const char *home;
    const char *tz;     /* "Europe/Berlin"; NULL: unknown */
    struct strv groups; /* further groups: a number, or a path whose group inside is meant */
    struct strv dirs;   /* which init makes and gives to the user; parents first */
};

struct plan_files {
    struct plan_mount *mounts; /* parents before children */
    size_t mount_count, mount_cap;
    struct plan_copy *copies;
    size_t copy_count, copy_cap;
};

/* The files of a session whose engine does not see this machine's files. Empty otherwise. */
struct plan_remote {
    struct plan_tree *trees;
    size_t tree_count, tree_cap;
    struct plan_file *files;
    size_t file_count, file_cap;
    struct plan_link *links;
    size_t link_count, link_cap;
    struct strv left_out;   /* what the sandbox does not get, as texts for the user */
    const char *login_file; /* inside: where cco sends a renewed login; NULL: nowhere */
    const char *key_file;   /* inside: where cco sends a new key; NULL: nowhere */
};

struct plan_env {
    struct plan_var *vars; /* sorted by name */
    size_t count, cap;
    bool hides_dotenv; /* the project's .env is hidden, and so are its variables */
};

enum plan_network_mode { PLAN_NET_HOST, PLAN_NET_BRIDGE, PLAN_NET_NONE, PLAN_NET_OWN };

struct plan_network {
    enum plan_network_mode mode;
    const char *engine_mode; /* of PLAN_NET_OWN: the mode in the engine's words */
    const char *why;
    bool host_gateway; /* add host.docker.internal */
    const struct opts_port *ports;
    size_t port_count;
};

/* 0 means no limit; for `pids` also that the engine cannot limit it. */
struct plan_limits {
    uint64_t pids;
    uint64_t memory; /* bytes */
    uint64_t nano_cpus;
};

/* What the sandbox may do beyond the default confinement. */
struct plan_privileges {
    bool sudo; /* neither no_new_privs nor an empty bounding set */
    bool allow_userns;
    bool subids; /* native only: map the user's ranges of subordinate ids */
};

/* Further properties of a container. Unused in a native sandbox. */
struct plan_container {
    bool podman; /* the engine is Podman, which takes mounts and the host's name differently */
    bool kept;   /* cco removes the container in the end, not the engine */
    /* "host" leaves an engine's remapped user namespace; "keep-id" (Podman) maps the user's ids
     * to themselves, so that files keep their owner; NULL: the engine's default. */
    const char *userns;
    struct strv cap_add; /* the capabilities that init needs until it drops all of them */
    struct plan_label *labels;
    size_t label_count, label_cap;
};

/* A sandbox made from this machine's own files. If only Landlock confines it, the home is in
 * run_dir, and a mount is a link in it, or a path that may be reached where it is. */
struct plan_native {
    const struct fact_native *facts; /* NULL in a container */
    const char *temp_dir;            /* of SANDBOX_LANDLOCK_ONLY: TMPDIR; NULL otherwise */
};

/* The login that the session starts with. Host side. */
struct plan_login {
    enum login_source source;
    bool with_refresh; /* the sandbox may renew the login */
    const char *path;  /* of a login that is a file */
};

struct plan {
    const char *name; /* of session and container: cco-<directory>-<4 hex> */
    enum sandbox_kind kind;
    struct plan_image image;
    struct plan_command command;
    struct plan_user user;
    struct plan_files files;
    struct plan_remote remote;
    struct plan_env env;
    struct plan_network network;
    struct plan_limits limits;
    struct plan_privileges privileges;
    struct plan_container container;
    struct plan_native native;
    struct plan_login login;
    const char *run_dir;  /* the session's private directory on the host */
    struct strv warnings; /* for the user */
};

/* Returns whether a session may have this name: 1 to LIMIT_NAME letters and digits of ASCII, or
 * '.', '_' and '-'. */
bool plan_name_is_valid(struct str name);

/* Returns whether cco makes the sandbox itself, without an engine: SANDBOX_NATIVE or
 * SANDBOX_LANDLOCK_ONLY. */
bool plan_is_native(const struct plan *p);

/* Returns the path of the session's directory as the sandbox sees it: PLAN_RUN_DIR, or run_dir
 * if nothing can be mounted. */
const char *plan_inner_dir(const struct plan *p);

/* Overwrites *p with the plan for these options and facts. The plan shares strings and arrays
 * with o and f, and allocates the rest from a; all three must live as long as the plan. Returns
 * 0 on success and -1 on error. ERR_USAGE or ERR_REFUSED, with a hint, means that the project,
 * a path or an option is not possible; ERR_NOT_FOUND that something on this machine is missing
 * for it. After an error, *p must not be used. Never blocks. */
int plan_build(const struct opts *o, const struct facts *f, struct arena *a, struct plan *p,
               struct err *e);

/* Checks the invariants of a finished plan; f are the facts that it was built from:
 *
 *   - Targets are unique, absolute and clean; parents come before children.
 *   - No target hides /, /proc, /sys, /dev, the run directory or init.
 *   - No source is inside the project, except for the project itself and paths with a file id.
 *   - The host's claude directory is never mounted or sent as a whole. Only its shared entries
 *     are writable. The login itself is never mounted or sent.
 *   - No variable occurs twice, and none whose name looks like a secret has a fixed value.
 *   - A native sandbox uses nothing of an engine, and shows no more of this machine than
 *     programs.
 *
 * Returns 0 if all hold. Otherwise returns -1 with ERR_REFUSED, which names the invariant and
 * the path; that is a bug of plan_build(). Never blocks. */
int plan_check(const struct plan *p, const struct facts *f, struct err *e);

/* Appends the whole plan to out as indented JSON with a newline at the end. The same plan gives
 * the same bytes. Returns 0 on success and -1 with ERR_LIMIT if out would exceed its maximum.
 * Never blocks. */
int plan_print(const struct plan *p, const struct facts *f, struct buf *out, struct err *e);

#endif
