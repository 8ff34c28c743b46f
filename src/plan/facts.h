/* SPDX-License-Identifier: MIT */
/* What is true of this machine, this project and this engine at this moment: the other input of
 * the plan. host and engine fill it in, and the plan reads nothing else. Plain data in one
 * arena. All paths are absolute; "physical" means without symbolic links (realpath). It
 * contains no secret: variables are known by name, and login files by path. */
#ifndef PLAN_FACTS_H
#define PLAN_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"

/* How a sandbox is made. */
enum sandbox_kind {
    SANDBOX_LOCAL_CONTAINER,  /* by an engine that sees this machine's files */
    SANDBOX_REMOTE_CONTAINER, /* by an engine that does not: cco sends and fetches the files */
    SANDBOX_NATIVE,           /* by cco, with namespaces, from this machine's own files */
    SANDBOX_LANDLOCK_ONLY     /* by cco, without namespaces */
};

enum fact_type { FACT_MISSING, FACT_FILE, FACT_DIR, FACT_OTHER };

struct fact_path {
    const char *path;     /* as looked up */
    const char *physical; /* NULL if it is missing */
    enum fact_type type;  /* of what the path leads to */
};

/* One entry of claude's state directory on the host. The names come from claude_state[]
 * (plan/claude_state.h), in its order. */
struct fact_state {
    enum fact_type type;
    const char *physical;
};

/* What an entry of opts->paths leads to. */
struct fact_option_path {
    const char *target;   /* the path, absolute and clean, by its text alone */
    const char *physical; /* NULL if it is missing */
    enum fact_type type;
    bool by_link;   /* a link in the project leads out of it, which an agent may have made */
    const char *id; /* base/file_id.h */
    const char *parent; /* of a missing path: its physical directory; NULL: missing too */
};

/* In the order in which claude looks. */
enum login_source {
    LOGIN_NONE,
    LOGIN_CLOUD,       /* Bedrock, Vertex, Foundry variables */
    LOGIN_AUTH_TOKEN,  /* ANTHROPIC_AUTH_TOKEN */
    LOGIN_API_KEY,     /* ANTHROPIC_API_KEY */
    LOGIN_HELPER,      /* apiKeyHelper in the user's or the machine's settings */
    LOGIN_OAUTH_TOKEN, /* CLAUDE_CODE_OAUTH_TOKEN */
    LOGIN_KEYCHAIN,    /* claude's own item of the macOS Keychain */
    LOGIN_FILE         /* claude's own .credentials.json */
};

struct fact_login {
    enum login_source source;
    const char *path;   /* of a login in a file */
    const char *detail; /* for messages: a variable, a path, or "the Keychain item ..." */
    bool broken;        /* it exists but does not work, for the reason `why` */
    const char *why;
    int64_t expires_at_ms; /* 0: unknown or never */
    const char *next; /* of a broken one: the sentence that says what to do; NULL: run claude */
    bool can_refresh; /* it contains a refresh token */
    const char *helper; /* of LOGIN_HELPER: the command */
    /* The store (creds/store.h) of LOGIN_KEYCHAIN and LOGIN_FILE; of LOGIN_NONE the store that
     * claude would use. `program` is NULL if the store is a file. */
    const char *dir; /* claude's directory that belongs to it */
    const char *program, *service, *account;
    char *const *env; /* for program: HOME, PATH, USER */
};

struct fact_dotenv {
    const char *key;
    bool copies_host; /* the line is `KEY` alone */
};

/* What the engine is and can do here. The verb `probe` of its row fills it in
 * (engine/engine.h): Docker's from /_ping, /version and /info. */
struct fact_engine {
    const char *address; /* unix:///var/run/docker.sock */
    const char *name;    /* "Docker 20.10.24", for messages */
    unsigned api_minor;  /* of the API version that cco uses: 1.N */
    /* The sandboxes that this engine makes. It is never SANDBOX_LANDLOCK_ONLY: plan_build()
     * makes that of SANDBOX_NATIVE if native.no_namespaces is set. */
    enum sandbox_kind kind;
    bool podman;
    bool rootless;
    bool userns_remap;
    bool desktop;           /* in a virtual machine: Docker Desktop, OrbStack, Colima */
    bool host_network_real; /* --network host reaches this machine's localhost */
    bool buildkit;          /* POST /build?version=2 works */
    bool no_seccomp;        /* the engine has no default seccomp profile */
    bool pids_limit;        /* the engine can limit the number of processes */
    bool live_restore;      /* containers keep running while the engine restarts */
    bool no_memory_limit;   /* the engine cannot limit memory: rootless without cgroup v2 */
    bool no_cpu_limit;
    const char *no_limit_why; /* why it cannot limit something; NULL: unknown */
    const char *socket;       /* for --docker, as the engine sees paths; NULL: none */
    uint64_t socket_gid;      /* the group that may use it */
    const char *arch;         /* as images name it: "amd64", "arm64"; NULL: unknown */
    const char *remote_why;   /* for messages: "the engine is reached over ssh" */
    /* The paths of this machine that a remote engine has too. One can be below another. */
    const struct fact_path_map *path_maps;
    size_t path_map_count;
    /* If cco runs in a container of the engine: the network mode that joins its network, and
     * the mode of the user namespace that gives its ids the same meaning ("": the engine's
     * default). Otherwise NULL. */
    const char *own_network, *own_userns;
};

/* A directory or file of this machine that a remote engine's machine has as well. */
struct fact_path_map {
    const char *local_path;
    const char *remote_path; /* NULL: the engine has the directory above, but not this path */
    bool is_dir;
    bool read_only; /* the sandbox must not write to it by this path */
};

/* The image that the session will run in. Texts are NULL if the image does not have them. */
struct fact_image {
    bool present;
    const char *id;
    const char *digest;         /* label cco.digest: hash of all inputs of cco's own image */
    const char *inputs;         /* label cco.inputs: hash of the inputs without certificates */
    const char *packages;       /* label cco.packages: names, separated by blanks */
    const char *init_digest;    /* label cco.init: SHA-256 of the cco inside */
    const char *path_env;       /* PATH of its configuration */
    const char *arch, *os;      /* "amd64", "linux" */
    const char *claude_version; /* engine_claude_version() */
    int64_t created;            /* seconds since 1970; 0: unknown */
    uint64_t size;              /* bytes; 0: unknown */
};

/* An entry of the root directory of this machine that a native sandbox shows: a directory with
 * programs, or a link. */
struct fact_top {
    const char *name;
    const char *link; /* its target; NULL: it is a directory */
    bool idmapped;    /* an id-mapped mount gives its files to nobody: files that only root may
                       * read    cannot be read */
};

/* A program that claude needs. */
struct fact_program {
    const char *path; /* physical: a file, or a directory with all its content */
    bool is_dir;
    bool shared; /* it is in one of the directories that are shown anyway */
    /* The link by which it was found, and the file that this leads to; NULL: it was found at
     * `path`. */
    const char *link, *target;
};

/* A path that only some users may read. */
struct fact_hidden {
    const char *path;
    bool is_dir;
};

/* A range of user or group ids. */
struct fact_range {
    uint64_t first, count;
};

/* For a native sandbox. */
struct fact_native {
    struct fact_top *tops; /* sorted */
    size_t top_count;
    const struct fact_top *run_links; /* of /run, to the programs of systems with a store */
    size_t run_link_count;
    bool adds_user; /* /etc/passwd has no user of this name and home, and can be replaced */
    const struct fact_hidden *hidden; /* below /etc; the sandbox could read it: host/probe.h */
    size_t hidden_count;
    const char *resolv_conf; /* the target of /etc/resolv.conf, if it is not in tops; or NULL */
    const char *claude;      /* the program, as it was found; NULL: there is none */
    const struct fact_program *programs; /* not in tops: claude, the files beside it, node */
    size_t program_count;
    const char *path_env; /* PATH */
    /* Only with --subids: the programs that write the maps (NULL: missing), and the ranges of
     * /etc/subuid and /etc/subgid. */
    const char *newuidmap, *newgidmap;
    const struct fact_range *subuids, *subgids;
    size_t subuid_count, subgid_count;
    /* Why no engine is used although the user did not ask for that: the result of the search,
     * and what would help. NULL if the user chose --engine native. */
    const char *no_engine;
    const char *no_engine_next;
    /* Why this machine refuses namespaces to the user, as far as that is known before the
     * start; NULL: it allows them. */
    const char *no_namespaces;
    unsigned landlock_abi; /* known if no_namespaces is set */
};

struct facts {
    /* user and project */
    uint64_t uid, gid;
    const char *user;
    const char *home; /* $HOME as given */
    const char *home_physical;
    const char *cwd_physical;
    const char *cwd_id; /* base/file_id.h */
    const char *git_common_id;
    const char *git_common_dir; /* of a standard worktree that points back; otherwise NULL */
    /* directories of claude and of cco */
    const char *claude_dir;       /* ~/.claude or $CLAUDE_CONFIG_DIR; physical if it exists */
    struct fact_path claude_json; /* ~/.claude.json or $CLAUDE_CONFIG_DIR/.claude.json */
    const char *project_key;      /* a file name, different for each project: "app-1a2b3c4d" */
    const char *owner_key;        /* different for each user and machine: 8 hex digits */
    const char *data_dir;         /* ${XDG_DATA_HOME:-~/.local/share}/cco */
    const char *config_dir;       /* ${XDG_CONFIG_HOME:-~/.config}/cco */
    const char *state_dir;        /* ${XDG_STATE_HOME:-~/.local/state}/cco */
    const char *runtime_dir;      /* $XDG_RUNTIME_DIR/cco, or /tmp/cco-UID */
    struct fact_state *claude_state; /* claude_state_count entries */
    struct fact_path gitconfig, git_config_dir, known_hosts;
    struct fact_path ssh_agent;            /* the socket of a running agent */
    struct fact_path ssh_dir;              /* ~/.ssh */
    struct fact_option_path *option_paths; /* opts->paths, in their order */
    size_t option_path_count;
    struct fact_path *ca_files; /* of NODE_EXTRA_CA_CERTS and friends, see ca_names */
    const char *const *ca_names;
    size_t ca_count;
    /* environment */
    struct strv env_names; /* of the host's environment, sorted */
    struct fact_dotenv *dotenv;
    size_t dotenv_count;
    /* The paths above that are in the project, or are reached through a link in it, which an
     * agent may have made. Written as above; entries of claude's state are below claude_dir. */
    struct strv by_project;
    struct strv warnings; /* for the user, one line each */
    const char *tz;       /* "Europe/Berlin"; NULL: unknown */
    /* terminal */
    bool stdin_tty, stdout_tty;
    unsigned rows, cols;
    /* cco itself */
    const char *version;
    const char *exe;        /* the running binary */
    const char *exe_digest; /* identifies this build: base/build_id.h, or its SHA-256 */
    const char *random;     /* 16 hex digits, for names */
    int64_t now_ms;         /* wall clock */
    struct fact_login login;
    /* image identity */
    const char *base;         /* FROM; "debian:trixie-slim" */
    const char *image_digest; /* hash of all inputs of cco's own image, 64 hex digits */
    const char *image_inputs; /* hash of the inputs without this machine's certificates */
    const char *image_ref;    /* the own image that exists; NULL: cco:DIGEST, with 12 digits */
    struct fact_engine engine;
    struct fact_image image;
    struct fact_native native;
};

#endif
