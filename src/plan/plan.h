/* SPDX-License-Identifier: MIT */
/* The plan: everything that will be done, decided before anything is. A function of options and
 * facts alone: same input, same bytes. Plain data in one arena: no handles, no secrets (values
 * that may be secret are references to where they will be read from). Every mount says why it
 * is there. An engine executes it, --dry-run prints it. Pure. */
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

/* Where cco's own binary is inside every sandbox, and where its run directory is mounted. */
#define PLAN_INIT_PATH "/cco-init"
#define PLAN_NATIVE "native"    /* what stands for the address where there is no engine */
#define PLAN_NAME_PREFIX "cco-" /* of every session's name */
#define PLAN_RUN_DIR "/run/cco"
#define PLAN_API_KEY "api-key" /* among the copies */
#define PLAN_EMPTY "empty"     /* an empty directory in the session's own */
#define PLAN_BOOT_PATH PLAN_RUN_DIR "/boot"
#define PLAN_LINE_PATH PLAN_RUN_DIR "/line"
/* Where the engine does not see this machine's files (plan/remote.c): what a session keeps on the engine's machine
 * beside the project, and where the two ends of a transfer note what both had. */
#define PLAN_STATE_DIR "/cco-state"
#define PLAN_SYNC_DIR PLAN_STATE_DIR "/sync"
/* The names of labels on containers and images. */
#define PLAN_LABEL "cco"
#define PLAN_LABEL_UID "cco.uid"
#define PLAN_LABEL_PROJECT "cco.project"
#define PLAN_LABEL_SESSION "cco.session"
#define PLAN_LABEL_OWNER "cco.owner" /* facts.owner_key; of what is on a remote engine */
#define PLAN_LABEL_MARK "cco.mark"   /* of a volume: tells it from others of its name */
#define PLAN_LABEL_DIGEST "cco.digest"
#define PLAN_LABEL_INPUTS "cco.inputs"
#define PLAN_LABEL_INIT "cco.init"
#define PLAN_LABEL_PACKAGES "cco.packages"

/* What stands behind a target. */
enum plan_mount_kind {
    MOUNT_BIND,   /* a file or directory of the engine's machine */
    MOUNT_VOLUME, /* a volume of the engine's, which outlives the session: `source` is its name */
    MOUNT_TMPFS   /* memory: an empty directory, gone with the session; `source` is "" */
};

struct plan_mount {
    enum plan_mount_kind kind;
    const char *source; /* on the host; of a staged file: the copy in the session's directory */
    const char *target;
    bool read_only;
    bool is_dir;
    bool make_source;        /* cco makes an empty one (0700/0600) if it is missing */
    const char *placeholder; /* on the host: the empty file or directory inside another mount's
                              * source that serves as mount point, made by cco; NULL: the engine
                              * makes the mount point inside the container */
    const char
        *id; /* which file or directory it must be inside as well (base/file_id.h); NULL: any */
    const char *why;
};

/* A directory that cco synchronizes between this machine and the sandbox, because the engine does not
 * see it. */
struct plan_tree {
    const char *id; /* a file name, stable for this directory, unique in the plan */
    const char *local_path;
    const char *remote_path; /* inside the sandbox */
    const char
        *volume; /* the volume that keeps the content between sessions; NULL: it is in memory,
                         * and is sent anew each time */
    bool push, pull;
    bool make_local;    /* create local_path (mode 0700) if it is missing */
    bool ignores;       /* leave out what git ignores */
    struct strv hidden; /* paths below local_path that are left out as well */
    const char *why;
};

/* A file that init gets along with its arguments: no disk of the engine's machine sees it. */
struct plan_file {
    const char *source; /* on this machine */
    const char *path;   /* inside, in memory */
    const char *link;   /* where a link to it is made; NULL: it is where it belongs */
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
    COPY_FILE,     /* bytes as they are */
    COPY_TEXT,     /* `text`, for a file that the host does not have */
    COPY_SETTINGS, /* claude's settings, with the answer to a question that makes no sense in a sandbox; an apiKeyHelper
                       replaced by one that prints the copy of its key */
    COPY_API_KEY,  /* what the host's apiKeyHelper prints */
    COPY_LOGIN,    /* the login, without any refreshToken unless the plan has with_refresh */
    COPY_CLAUDE_JSON /* ~/.claude.json, dialogs answered that make no sense in a sandbox */
};
struct plan_copy {
    enum plan_copy_kind kind;
    const char *source; /* on the host; NULL: starts empty ("{}") */
    const char *text;   /* of COPY_TEXT */
    const char *name;   /* of the copy, inside the session's "files" directory */
    const char *target; /* where it appears inside */
    bool by_init;       /* init copies it to its target; otherwise it is mounted there */
    unsigned mode;
    const char *why;
};

/* A variable of the sandbox, by reference. Stronger ones come later in the list and replace
 * earlier ones of the same name: no name stands twice in a finished plan. */
enum plan_var_from {
    ENV_FIXED,  /* value stands here: never secret */
    ENV_HOST,   /* the host's variable of this name */
    ENV_DOTENV, /* the project's .env */
    ENV_OPTION  /* --env K=V, option number `index` */
};
struct plan_var {
    const char *name;
    enum plan_var_from from;
    const char *value; /* of ENV_FIXED */
    size_t index;      /* of ENV_OPTION: into opts->env; of ENV_DOTENV: into facts->dotenv */
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
    struct strv
        dirs; /* init makes these directories and gives them to the user; parents first */
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
    const char *key_file; /* inside: where cco sends a new key of apiKeyHelper; NULL: nowhere */
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
    /* "host" leaves an engine's remapped user namespace; "keep-id" (Podman) maps the user's ids to
     * themselves, so that files keep their owner; NULL: the engine's default. */
    const char *userns;
    struct strv cap_add; /* the capabilities that init needs until it drops all of them */
    struct plan_label *labels;
    size_t label_count, label_cap;
};

/* A sandbox made from this machine's own files. Where only Landlock confines it, the home is in run_dir, and mounts are
 * links in it, or paths that may be reached where they are. */
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

/* Whether a session may have this name: 1 to LIMIT_NAME of A-Z a-z 0-9 . _ -. */
bool plan_name_is_valid(struct str name);

/* Returns whether cco makes the sandbox itself, without an engine: SANDBOX_NATIVE or SANDBOX_LANDLOCK_ONLY. */
bool plan_is_native(const struct plan *p);

/* Where the session's directory is inside: PLAN_RUN_DIR, or where it is outside, where nothing can be mounted. */
const char *plan_inner_dir(const struct plan *p);

/* Decides everything. ERR_REFUSED or ERR_USAGE with a hint where the project, a path or an option
 * cannot be. Strings are shared with opts and facts or live in the arena. */
int plan_build(const struct opts *o, const struct facts *f, struct arena *a, struct plan *p,
               struct err *e);

/* The invariants, once: unique absolute clean targets; parents before children; nothing over /,
 * /proc, /sys, /dev, the run directory or init; no source inside the project but the project; the
 * host's claude directory never mounted as a whole or writable but for shared entries; no name
 * twice in env; no fixed value for a name that may hold a secret; natively nothing of an engine's, and no more of the
 * machine than programs. 0, or -1 with what is broken. */
int plan_check(const struct plan *p, const struct facts *f, struct err *e);

/* --dry-run: the whole plan as JSON, indented, newline at the end; the same bytes for the same plan. */
int plan_print(const struct plan *p, const struct facts *f, struct buf *out, struct err *e);

#endif
