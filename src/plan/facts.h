/* SPDX-License-Identifier: MIT */
/* What is true of this machine, this project, this engine, at this moment: the other input of the
 * plan. host and engine fill it; the plan reads nothing else. Plain data in one arena. All paths
 * are absolute; "physical" means without symbolic links (realpath). No secret is ever in here:
 * variables are known by name, login files by path. */
#ifndef PLAN_FACTS_H
#define PLAN_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"

/* How a sandbox is made. */
enum sandbox_kind {
    SANDBOX_LOCAL_CONTAINER, /* by an engine that sees this machine's files */
    SANDBOX_REMOTE_CONTAINER, /* by an engine that does not see them: cco sends and fetches files */
    SANDBOX_NATIVE,           /* by cco, with namespaces, from this machine's own files */
    SANDBOX_LANDLOCK_ONLY     /* by cco, where namespaces are not allowed: Landlock and the
                               * system-call filter confine the command */
};

enum fact_type { FACT_MISSING, FACT_FILE, FACT_DIR, FACT_OTHER };

struct fact_path {
    const char *path;     /* as looked up */
    const char *physical; /* NULL where it is missing */
    enum fact_type type;  /* of what the path leads to */
};

/* One name of claude's state directory, looked up in the host's. The names come from
 * claude_state[] (plan/claude_state.h), in its order. */
struct fact_state {
    enum fact_type type;
    const char *physical;
};

/* What an entry of opts->paths leads to. */
struct fact_option_path {
    const char *target;   /* the path, absolute and clean, by its text alone */
    const char *physical; /* NULL: missing */
    enum fact_type type;
    bool
        by_link; /* it leads out of the project by a link in it, which an agent may have made */
    const char *id;     /* base/file_id.h */
    const char *parent; /* of what is missing: its directory, physical; NULL: missing too */
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
    const char *path; /* of a file: where it is */
    const char
        *detail; /* for messages: the variable's name, the path, "the Keychain item ..." */
    bool broken; /* it is there but no login that works; why says so */
    const char *why;
    int64_t expires_at_ms; /* 0: unknown or never */
    const char *next;      /* what to do where it is broken, a sentence; NULL: run claude */
    bool can_refresh;      /* it holds a refresh token */
    const char *helper;    /* of LOGIN_HELPER: the command */
    /* the store (creds/store.h), of LOGIN_KEYCHAIN and LOGIN_FILE; of LOGIN_NONE where claude would put one */
    const char *dir;                         /* claude's directory that goes with it */
    const char *program, *service, *account; /* of the Keychain; program NULL: it is the file */
    char *const *env;                        /* for program: HOME, PATH, USER */
};

struct fact_dotenv {
    const char *key;
    bool copies_host; /* `KEY` alone */
};

/* From the engine: /_ping, /version, /info. */
struct fact_engine {
    const char *address; /* unix:///var/run/docker.sock */
    const char *name;    /* "Docker 20.10.24", for messages */
    unsigned api_minor;  /* the one we speak: 1.N */
    /* What this engine makes. SANDBOX_NATIVE means that there is no engine; plan_build() decides between it and
     * SANDBOX_LANDLOCK_ONLY, which never stands here. */
    enum sandbox_kind kind;
    bool podman;
    bool rootless;
    bool userns_remap;
    bool desktop;           /* a virtual machine: Docker Desktop, OrbStack, Colima */
    bool host_network_real; /* --network host reaches this machine's localhost */
    bool buildkit;          /* POST /build?version=2 works */
    bool no_seccomp;        /* the engine has no default seccomp profile */
    bool pids_limit;        /* the engine can limit the number of processes */
    bool live_restore; /* it goes on where it is restarted, and its containers run meanwhile */
    const char *no_limit_why; /* NULL: nothing is known */
    bool no_memory_limit;     /* it cannot limit these: rootless without cgroup v2 */
    bool no_cpu_limit;
    const char *os_type; /* "linux" */
    const char *socket;  /* where --docker finds it, as the engine sees paths; NULL: nowhere */
    uint64_t socket_gid; /* the group that may use it */
    const char *arch;    /* as images name it: "amd64", "arm64"; NULL: not told */
    const char
        *remote_why; /* of a remote one: "the engine is reached over ssh", for messages */
    const struct fact_path_map *path_maps; /* map_count; none overlaps another but below it */
    size_t path_map_count;
    /* Where cco runs in a container of the engine: the network mode that joins its network, and the mode of the user
     * namespace that gives its ids the same meaning ("": the engine's own way). NULL elsewhere. */
    const char *own_network, *own_userns;
};

/* A directory or file of this machine that a remote engine's machine has as well. */
struct fact_path_map {
    const char *local_path;
    const char
        *remote_path; /* NULL: the engine does not have it, though it has what surrounds it */
    bool is_dir;
    bool read_only; /* the sandbox must not write to it by this path */
};

/* Of the image the session will run in. Texts are NULL where it does not tell. */
struct fact_image {
    bool present;
    const char *id;
    const char *digest;         /* label cco.digest: all inputs of an image of cco's */
    const char *inputs;         /* label cco.inputs: the same but for certificates */
    const char *packages;       /* label cco.packages: names with blanks between */
    const char *init_digest;    /* label cco.init: SHA-256 of the cco inside */
    const char *path_env;       /* PATH of its configuration */
    const char *arch, *os;      /* "amd64", "linux" */
    const char *claude_version; /* engine_claude_version() */
    int64_t created;            /* seconds since 1970; 0: not told */
    uint64_t size;              /* bytes; 0: not told */
};

/* What stands at the top of this machine's files: a directory with programs, or a link. */
struct fact_top {
    const char *name;
    const char *link; /* where it leads; NULL: a directory */
    bool idmapped;    /* nobody owns its files inside: what only root may read, nobody may */
};

struct fact_program {
    const char *path; /* physical: a file, or a directory with all that is in it */
    bool is_dir;
    bool shared; /* it is in one of the directories that are there anyway */
    const char *link,
        *target; /* where it was found, and the file that this leads to; NULL: there itself */
};

struct fact_hidden {
    const char *path;
    bool is_dir;
};

/* Of numbers of users or groups. */
struct fact_range {
    uint64_t first, count;
};

/* For a sandbox out of this machine's own files. */
struct fact_native {
    struct fact_top *tops; /* sorted */
    size_t top_count;
    const struct fact_top
        *run_links; /* of /run, where systems out of a store have their programs */
    size_t run_link_count;
    bool
        adds_user; /* /etc/passwd does not have the user with this name and this home, and can be replaced */
    const struct fact_hidden
        *hidden; /* what not everybody may read in /etc, and the sandbox could: probe.h */
    size_t hidden_count;
    const char *resolv_conf; /* where /etc/resolv.conf leads, outside of these; NULL: inside */
    const char *claude;      /* the program, as it was found; NULL: there is none */
    const struct fact_program *
        programs; /* what claude needs and is not in these: itself, the files beside it, node */
    size_t program_count;
    const char *path_env; /* PATH */
    /* Of --subids, where it was asked for: who writes the maps (NULL: not there), and the ranges of /etc/subuid and
     * /etc/subgid. */
    const char *newuidmap, *newgidmap;
    const struct fact_range *subuids, *subgids;
    size_t subuid_count, subgid_count;
    const char *
        no_engine; /* why none is used, though the user did not say so: what its search came to; NULL: he did */
    const char *no_engine_next; /* what would help */
    const char *
        no_namespaces; /* why this machine does not let the user have them, as far as that is known by now; NULL: it may */
    unsigned landlock_abi; /* known where no_namespaces is */
};

struct facts {
    /* who and where */
    uint64_t uid, gid;
    const char *user;
    const char *home; /* $HOME as given */
    const char *home_physical;
    const char *cwd; /* as the user sees it: $PWD where it leads to the same place */
    const char *cwd_physical;
    const char *cwd_id; /* which directory it is: base/file_id.h */
    const char *git_common_id;
    const char *git_common_dir; /* of a standard worktree that points back; NULL: none to add */
    /* directories of claude and of cco */
    const char
        *claude_dir; /* the host's ~/.claude, or $CLAUDE_CONFIG_DIR; physical if it is there */
    struct fact_path claude_json; /* ~/.claude.json or $CLAUDE_CONFIG_DIR/.claude.json */
    const char *project_key; /* tells this project from others: "app-1a2b3c4d", a file name */
    const char *owner_key;   /* tells this user of this machine from others: 8 hex digits */
    const char *data_dir;    /* ${XDG_DATA_HOME:-~/.local/share}/cco */
    const char *config_dir;  /* ${XDG_CONFIG_HOME:-~/.config}/cco */
    const char *state_dir;   /* ${XDG_STATE_HOME:-~/.local/state}/cco */
    const char *runtime_dir; /* $XDG_RUNTIME_DIR/cco, or /tmp/cco-UID */
    struct fact_state *claude_state; /* claude_state_count entries */
    struct fact_path gitconfig, git_config_dir, known_hosts,
        ssh_agent;                         /* the agent's socket, live */
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
    struct strv
        by_project; /* those of the above that are found by way of the project, or in it: an agent may have
                               made the links. As they stand there; of claude's state, in claude_dir */
    struct strv warnings; /* lines for the user, found while probing */
    const char *tz;       /* "Europe/Berlin"; NULL: unknown */
    /* terminal */
    bool stdin_tty, stdout_tty;
    unsigned rows, cols;
    /* cco itself */
    const char *version;
    const char *exe; /* the running binary */
    const char
        *exe_digest; /* tells this build from others: base/build_id.h, or the SHA-256 of it */
    const char *random; /* 16 hex digits, for names */
    int64_t now_ms;     /* wall clock */
    struct fact_login login;
    /* image identity */
    const char *base;         /* FROM; "debian:trixie-slim" */
    const char *image_digest; /* of all inputs of cco's own image, 64 hex */
    const char *image_inputs; /* the same but for the certificates of this machine */
    const char *
        image_ref; /* the image of cco's that serves; NULL: "cco:" and 12 digits of the digest */
    struct fact_engine engine;
    struct fact_image image;
    struct fact_native native;
};

#endif
