/* SPDX-License-Identifier: MIT */
/* The plan: all decisions about one session, made before anything is done.
 *
 * plan_build() is a function of the options and the facts only; the same input gives the same
 * bytes. A plan is plain data in one arena. It contains no handles and no secrets: a value that
 * may be secret is a reference to the place where it will be read. Every mount, copy, tree and
 * file has a `why`, the reason why it is in the plan. --dry-run prints the plan, and an engine
 * carries it out. This module is pure.
 *
 * A plan is a draft until its container (or the processes of a native sandbox) exists. Until
 * then a fact can turn out to be wrong: the image is found, built or pulled, another session
 * has the name, the engine does not find this machine's files, or the kernel refuses
 * namespaces. The plan is not changed then. session_plan() (session/session_plan.h), the only
 * function that plans a session, corrects the fact and builds the whole plan again. */
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

/* This word stands in place of an engine's address in a native sandbox. */
#define PLAN_NATIVE "native"

/* Paths inside every sandbox: cco's own binary; the session's directory; in it the boot file
 * and the socket of the line. */
#define PLAN_INIT_PATH "/cco-init"
/* The same binary in a running sandbox, as process 1 has loaded it. The agent may be able to
 * replace the file PLAN_INIT_PATH, but not this one. proc_pid_exe(5) */
#define PLAN_INIT_LIVE "/proc/1/exe"
#define PLAN_RUN_DIR "/run/cco"
#define PLAN_BOOT_PATH PLAN_RUN_DIR "/boot"
#define PLAN_LINE_PATH PLAN_RUN_DIR "/line"

/* The directory inside in which init makes the socket of the ssh agent, and that socket. */
#define PLAN_AGENT_DIR "/run/cco-ssh-agent"
#define PLAN_AGENT_SOCKET PLAN_AGENT_DIR "/socket"

/* Names in the session's directory on this machine: an empty directory, and a file below
 * "files". */
#define PLAN_EMPTY "empty"
#define PLAN_API_KEY "api-key"

/* Paths inside the container of a remote engine. A volume is mounted at PLAN_STATE_DIR. It
 * keeps claude's state between sessions, and in PLAN_SYNC_DIR the bases of the
 * synchronization. */
#define PLAN_STATE_DIR "/cco-state"
#define PLAN_SYNC_DIR PLAN_STATE_DIR "/sync"

/* Names of labels on containers, images and volumes. */
#define PLAN_LABEL "cco"
#define PLAN_LABEL_UID "cco.uid"
#define PLAN_LABEL_PROJECT "cco.project"
#define PLAN_LABEL_SESSION "cco.session"
#define PLAN_LABEL_OWNER "cco.owner" /* facts.owner_key; only on a remote engine */
#define PLAN_LABEL_SUDO "cco.sudo"   /* only of a container with --sudo */
#define PLAN_LABEL_MARK "cco.mark"   /* of a volume: distinguishes it from others of its name */
#define PLAN_LABEL_DIGEST "cco.digest"
#define PLAN_LABEL_INPUTS "cco.inputs"
#define PLAN_LABEL_INIT "cco.init"
#define PLAN_LABEL_PACKAGES "cco.packages"

/* The object that is mounted at a target. */
enum plan_mount_kind {
    MOUNT_BIND,   /* a file or directory of the engine's machine, which is usually the host */
    MOUNT_VOLUME, /* a volume of the engine, which outlives the session; `source` is its name */
    MOUNT_TMPFS   /* memory: an empty directory that ends with the session; `source` is "" */
};

struct plan_mount {
    enum plan_mount_kind kind;
    const char *source; /* of MOUNT_BIND: a path of the engine's machine */
    const char *target; /* the path inside */
    bool read_only;
    bool is_dir;      /* a directory; otherwise a file or a socket */
    bool make_source; /* cco creates an empty source (mode 0700 or 0600) if it is missing */
    /* A path on the host, in a directory in which earlier sandboxes could write. cco makes an
     * empty file or directory there, unless it exists, and removes anything else, such as a
     * link. NULL: none. */
    const char *placeholder;
    const char *id; /* the file id (base/file_id.h) that the target must have; NULL: any */
    bool of_user;   /* a directory or file of the user that the session was given to work in */
    /* MOUNT_TMPFS only: the maximum size in bytes, for a directory of the user in which
     * programs may be executed. 0: another kind of directory, of the default size. */
    uint64_t size;
    const char *why;
};

/* A directory that cco synchronizes between this machine and the sandbox, because the engine
 * does not see it. */
struct plan_tree {
    const char *id; /* a file name, stable for this directory, unique in the plan */
    const char *local_path;
    const char *remote_path; /* inside the sandbox */
    /* The volume that keeps the content between sessions. NULL: the content is in memory, and
     * all of it is sent again in each session. */
    const char *volume;
    bool push, pull;    /* changes go to the sandbox; changes come back */
    bool make_local;    /* create local_path (mode 0700) if it is missing */
    bool ignores;       /* leave out what git ignores */
    struct strv hidden; /* paths that are left out as well, relative to local_path */
    const char *why;
};

/* A file that init receives in its boot file. Inside it is only in memory, and so never on a
 * disk of the engine's machine. */
struct plan_file {
    const char *source; /* the path on this machine */
    const char *path;   /* the path inside, in memory */
    const char *link;   /* the path inside at which init makes a link to it; NULL: no link */
    unsigned mode;
    const char *why;
};

/* A symbolic link that init makes. */
struct plan_link {
    const char *path;
    const char *target;
};

/* The content of a private copy. */
enum plan_copy_kind {
    COPY_FILE, /* the bytes of the source */
    COPY_TEXT, /* `text`, in place of a file that the host does not have */
    /* Claude's settings. In the copy the mode without permissions is accepted, and apiKeyHelper
     * prints the copy of the key. */
    COPY_SETTINGS,
    COPY_API_KEY, /* the output of the host's apiKeyHelper */
    /* The sections of a file of AWS that belong to the profiles `text`, separated by line
     * breaks. */
    COPY_AWS,
    COPY_SSO_TOKEN,  /* the access token of an SSO login of AWS, without what renews it */
    COPY_IDE,        /* the file of an editor (facts.ides), without the number of its process */
    COPY_LOGIN,      /* the login; without its refresh token unless plan.login.with_refresh */
    COPY_CLAUDE_JSON /* ~/.claude.json, with the questions answered that do not apply inside */
};

/* A private copy, which cco makes in the directory "files" of the session's directory before
 * the start. A sandbox sees it there, and cannot change it. If the sandbox may change it, init
 * copies it into the sandbox's memory. Two copies are the source of a writable mount instead: a
 * login that the sandbox may renew, and the login of SANDBOX_LANDLOCK_ONLY. For a remote engine
 * a plan_file sends the copy. */
struct plan_copy {
    enum plan_copy_kind kind;
    /* The path on the host. NULL for COPY_TEXT and COPY_API_KEY, and for a login that is not in
     * a file; otherwise NULL means that the copy starts as "{}". */
    const char *source;
    /* The whole copy for COPY_TEXT, the profiles of COPY_AWS, or what is put in front of a
     * COPY_FILE; NULL: nothing. */
    const char *text;
    const char *name;   /* of the copy in "files" */
    const char *target; /* the path inside: that of the copy itself, or where init copies it */
    /* The digest that the content of `source` must have (facts.h); NULL: any content. */
    const char *sha256;
    bool by_init; /* init copies it to `target` */
    unsigned mode;
    const char *why;
};

/* The source of the value of a variable. Only values that are never secret are in the
 * plan. */
enum plan_var_from {
    ENV_FIXED,  /* `value` */
    ENV_HOST,   /* the host's variable of this name */
    ENV_DOTENV, /* facts->dotenv[index], from the project's .env */
    ENV_OPTION  /* opts->env[index], from --env K=V */
};

/* A variable of the sandbox. */
struct plan_var {
    const char *name;
    enum plan_var_from from;
    const char *value; /* of ENV_FIXED; NULL otherwise */
    size_t index;      /* of ENV_DOTENV and ENV_OPTION */
    const char *why;   /* of ENV_HOST: why it passes; NULL otherwise */
};

struct plan_label {
    const char *name;
    const char *value;
};

/* The image of a container. Unused in a native sandbox, where `ref` is "". */
struct plan_image {
    const char *ref; /* the reference of the image that runs */
    bool own;        /* cco's own image, which cco builds if it is missing */
    /* The following are for an own image only. */
    bool rebuild;           /* build it even if it exists */
    const char *digest;     /* of all inputs */
    const char *base;       /* the image after FROM */
    struct strv packages;   /* names */
    struct strv build_args; /* "K=V": a value may be private */
    /* For every image: it does not contain this build of cco, so cco sends its binary. */
    bool send_init;
};

struct plan_command {
    struct strv argv;
    bool login_shell;    /* the user's shell, as a login shell, runs in place of argv[0] */
    const char *workdir; /* inside */
    bool tty;            /* the command gets a terminal */
    /* For a command without a terminal of its own: the streams that are terminals outside, and
     * so inside. Bits of enum boot_side (wire/boot.h). */
    unsigned side;
    /* the size of the terminal; 0 without a terminal, or if it is unknown */
    unsigned rows, cols;
    bool safe_terminal; /* terminals get only the escape sequences of --terminal safe */
    bool runs_claude;
    bool
        converses; /* claude runs with its screen, so that the user can resume what it begins */
};

/* The user inside the sandbox. */
struct plan_user {
    uint64_t uid, gid;
    const char *name;
    const char *home;
    const char *tz;      /* "Europe/Berlin"; NULL: unknown */
    unsigned nice;       /* of the command: 0 to 19 */
    struct strv ignored; /* the signals that the command ignores, as "USR1" */
    unsigned umask;
    struct strv limits; /* resource limits of the command (base/rlimits.h) */
    /* Supplementary groups: "GID", "GID:NAME", or a path inside, which means the group that
     * owns it there. A native sandbox needs none, because its processes keep those of cco. */
    struct strv groups;
    struct strv dirs; /* directories that init makes and gives to the user; parents first */
};

struct plan_files {
    struct plan_mount *mounts; /* parents before children */
    size_t mount_count, mount_cap;
    struct plan_copy *copies;
    size_t copy_count, copy_cap;
    struct plan_link *links; /* links in the home to the project (home_links.c) */
    size_t link_count, link_cap;
    /* Directories and files of the user that the agent can write: physical paths. They are in
     * the ledger (trust/ledger.h) before the sandbox starts. */
    struct strv writable;
    /* Directories of claude's data and of cco's that the agent can write: paths of this
     * machine. The audit examines them as well, because the project can lead programs there. */
    struct strv kept;
};

/* The files of a session whose engine does not see this machine's files. Empty otherwise. */
struct plan_remote {
    struct plan_tree *trees;
    size_t tree_count, tree_cap;
    struct plan_file *files;
    size_t file_count, file_cap;
    struct plan_link *links;
    size_t link_count, link_cap;
    struct strv left_out; /* texts for the user that say what the sandbox does not get */
    const char *key_file; /* the file inside that init overwrites with a new key; NULL: none */
};

struct plan_env {
    struct plan_var *vars; /* sorted by name */
    size_t count, cap;
    bool hides_dotenv; /* the project's .env is hidden, so its variables are left out */
    /* the host's variables that claude reads (plan/passed.h) and that do not pass */
    struct strv left_out;
};

enum plan_network_mode {
    PLAN_NET_HOST,   /* the network of the engine's machine */
    PLAN_NET_BRIDGE, /* a network of its own with access to others */
    PLAN_NET_NONE,   /* no network */
    PLAN_NET_OWN     /* the network of the container in which cco runs */
};

struct plan_network {
    enum plan_network_mode mode;
    /* of PLAN_NET_OWN: the mode in the engine's words; otherwise NULL */
    const char *engine_mode;
    const char *why;
    bool host_gateway; /* the sandbox gets the name host.docker.internal */
    const struct opts_port *ports;
    size_t port_count;
};

/* 0 means that no limit exists, also because the engine cannot limit it. */
struct plan_limits {
    uint64_t pids;      /* processes and threads */
    uint64_t memory;    /* bytes */
    uint64_t nano_cpus; /* 1e9 is one processor */
    uint64_t shm;       /* size of /dev/shm in bytes; 0: half of the machine's memory */
};

/* The rights of the sandbox beyond the default confinement. */
struct plan_privileges {
    bool sudo;         /* neither no_new_privs nor an empty bounding set */
    bool allow_userns; /* the sandbox may create user namespaces */
    bool subids;       /* native only: map the user's ranges of subordinate ids */
};

/* The trust in the project. The items are in the facts. */
struct plan_trust {
    enum trust_state state;
    /* The session leaves out what the items are about: variables of .env that need trust, and
     * all files of the project that claude obeys. Claude asks its own question about the
     * directory. */
    bool safe;
};

/* Further properties of a container. Unused in a native sandbox. */
struct plan_container {
    bool podman; /* the engine is Podman, which takes mounts and the host's name differently */
    bool kept;   /* cco removes the container at the end; otherwise the engine does */
    /* "host" leaves an engine's remapped user namespace; "keep-id" (Podman) maps the user's ids
     * to themselves, so that files keep their owner; NULL: the engine's default. */
    const char *userns;
    struct strv cap_add; /* the capabilities that init needs until it drops all of them */
    struct plan_label *labels;
    size_t label_count, label_cap;
};

/* A sandbox made from this machine's own files. If only Landlock confines it, the home is in
 * run_dir. A mount with a target in the home is then a symbolic link; any other mount is a path
 * that the sandbox may use at its own place. */
struct plan_native {
    const struct fact_native *facts; /* NULL in a container */
    const char *temp_dir;            /* of SANDBOX_LANDLOCK_ONLY: TMPDIR; otherwise NULL */
};

/* The login with which the session starts, on the host. */
struct plan_login {
    enum login_source source;
    bool with_refresh; /* the sandbox may renew the login */
    const char *path;  /* of a login in a file; otherwise NULL */
    /* The path of the copy inside, if init has made it and overwrites it with a renewed login;
     * NULL: there is no copy, or the copy is a file of this machine. */
    const char *inside;
};

struct plan {
    /* The name of session and container: cco-NAME with --name, otherwise cco-<directory>-<4
     * hex>. */
    const char *name;
    enum sandbox_kind kind;
    struct plan_image image;
    struct plan_command command;
    struct plan_user user;
    struct plan_files files;
    struct plan_remote remote;
    struct plan_env env;
    struct plan_trust trust;
    struct plan_network network;
    struct plan_limits limits;
    struct plan_privileges privileges;
    struct plan_container container;
    struct plan_native native;
    struct plan_login login;
    const char *ssh_agent; /* the socket of the host's ssh agent; NULL: none is used */
    const char *run_dir;   /* the session's private directory on the host */
    /* The paths of the user's files that the session does not get, because an agent could
     * decide what they lead to. */
    struct fact_untrusted *unshared;
    size_t unshared_count, unshared_cap;
    struct strv warnings;   /* for the user */
    struct missing missing; /* what the session lacks: facts.missing, and what the plan adds */
};

/* Returns true if a session may have this name: 1 to LIMIT_NAME bytes that are letters or
 * digits of ASCII, '.', '_' or '-'. */
bool plan_name_is_valid(struct str name);

/* Returns true if cco makes the sandbox itself, without an engine: SANDBOX_NATIVE or
 * SANDBOX_LANDLOCK_ONLY. */
bool plan_is_native(const struct plan *p);

/* Returns the path of the session's directory inside the sandbox: PLAN_RUN_DIR, or run_dir if
 * nothing can be mounted. */
const char *plan_inner_dir(const struct plan *p);

/* Overwrites *p with the plan for these options and facts. The plan shares strings and arrays
 * with o and f, and allocates the rest from a; all three must live as long as the plan. Returns
 * 0 on success and -1 on error. ERR_USAGE or ERR_REFUSED, with a hint, means that the project,
 * a path or an option is not possible; ERR_NOT_FOUND means that this machine lacks something
 * that an option needs. After an error only p->kind, p->name and p->run_dir are valid. Never
 * blocks. */
int plan_build(const struct opts *o, const struct facts *f, struct arena *a, struct plan *p,
               struct err *e);

/* Returns why the directory `dir` cannot be the project: a sentence about "it" or its parts, in
 * lower case and without a full stop, in the arena or static. NULL: it can be. The members of
 * *f about the home and the directories of claude and cco must be set. */
const char *project_refusal(const struct facts *f, const char *dir, struct arena *a);

/* Returns why a sandbox must not see the physical path `path` unless the user names it: it is,
 * contains or is in a place of the home with keys, logins or passwords. NULL: it may see it.
 * f->home, f->home_physical, f->homes and f->home_places must be set. */
const char *project_secrets(const struct facts *f, const char *path);

/* Checks the invariants of a finished plan. `f` has the facts from which it was built.
 *
 *   - Targets are unique, absolute and clean; parents come before children.
 *   - No target hides /, /proc, /sys, /dev, the run directory or init.
 *   - No source is inside the project, except for the project itself and paths with a file id.
 *   - The host's claude directory is never mounted or sent as a whole. Only its shared entries
 *     are writable. The login itself is never mounted or sent.
 *   - No variable occurs twice, and none whose name looks like a secret has a fixed value.
 *   - If the project is not trusted, no variable of its .env decides what runs.
 *   - A native sandbox uses nothing of an engine, and shows no more of this machine than
 *     programs.
 *
 * Returns 0 if all hold. Otherwise returns -1 with ERR_REFUSED, which names the invariant and
 * the path; that is a bug of plan_build(). Never blocks. */
int plan_check(const struct plan *p, const struct facts *f, struct err *e);

/* Appends the whole plan to out as indented JSON with a newline at the end. The same plan gives
 * the same bytes. Returns 0 on success and -1 with ERR_LIMIT if out would exceed its maximum;
 * out then contains a part that is of no use. Never blocks. */
int plan_print(const struct plan *p, const struct facts *f, struct buf *out, struct err *e);

/* Returns the word for the source of a login, as the JSON of commands has it: "api_key". */
const char *plan_login_source(enum login_source source);

#endif
