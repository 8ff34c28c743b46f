/* SPDX-License-Identifier: MIT */
/* The options: an input of the plan. cli fills them from the configuration file, the
 * environment and the command line, and checks each value by itself. cli/features.h refuses an
 * option for which the engine has no feature, and the plan refuses an option that this machine
 * or project does not permit. Plain data in one arena; the initial state {0} has no option
 * set. */
#ifndef PLAN_OPTS_H
#define PLAN_OPTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"

enum opts_command {
    CMD_CLAUDE,
    CMD_SHELL,
    CMD_INFO,
    CMD_IMAGE_BUILD,
    CMD_IMAGE_PULL,
    CMD_IMAGE_SAVE,
    CMD_IMAGE_LOAD,
    CMD_IMAGE_LIST,
    CMD_IMAGE_PRUNE,
    CMD_SESSIONS,
    CMD_ATTACH,
    CMD_STOP,
    CMD_SYNC,
    CMD_CLEANUP,
    CMD_TRUST,
    CMD_BACKUP_CREDS,
    CMD_RESTORE_CREDS,
    CMD_SELF_UPDATE,
    CMD_UNINSTALL,
    CMD_COMPLETION,
    CMD_HELP,
    CMD_VERSION
};

/* In which directions cco synchronizes directories with the machine of a remote engine. */
enum opts_sync {
    OPTS_SYNC_AUTO, /* like OPTS_SYNC_BOTH */
    OPTS_SYNC_NONE,
    OPTS_SYNC_PUSH, /* only to the engine's machine */
    OPTS_SYNC_BOTH
};

/* Every engine as X(NAME, name): its row is the object name_engine (engine/engine.h), its value
 * is ENGINE_NAME, and --engine accepts the name. ENGINE_AUTO searches for an engine. */
#define OPTS_ENGINES(X)                                                                        \
    X(DOCKER, docker)                                                                          \
    X(NATIVE, native)
#define OPTS_ENGINE_VALUE(NAME, name) ENGINE_##NAME,
/* Which escape sequences of the command reach terminals: all, or those of --terminal safe. */
enum opts_terminal { OPTS_TERMINAL_FULL, OPTS_TERMINAL_SAFE };

enum opts_engine { ENGINE_AUTO, OPTS_ENGINES(OPTS_ENGINE_VALUE) };
#undef OPTS_ENGINE_VALUE

enum opts_network { NETWORK_AUTO, NETWORK_HOST, NETWORK_BRIDGE, NETWORK_NONE };

/* The treatment of a project whose files would run, set or reach something
 * (trust/trust_project.h), as long as the user has not decided about it. */
enum opts_trust {
    OPTS_TRUST_ASK,    /* asks on a terminal; otherwise like OPTS_TRUST_NEVER */
    OPTS_TRUST_ALWAYS, /* uses the files, without remembering that */
    OPTS_TRUST_NEVER   /* starts without the files */
};

/* The access of the sandbox to a path. */
enum opts_access {
    ACCESS_WRITE,
    ACCESS_READ,
    ACCESS_HIDE,  /* the sandbox does not see it */
    ACCESS_OUTPUT /* a file that the command writes; created if it is missing */
};

/* A path of the host that an option, the configuration file or an argument for claude names. */
struct opts_path {
    const char *path; /* as written, without the ":ro" or ":rw" that cco reads */
    enum opts_access access;
    const char *option; /* the option that names it, for messages: "--ro" */
    bool pass_on;       /* pass it on to claude as a directory that it may use */
    bool of_claude;     /* an argument for claude names it */
    /* Ignore it if it is missing: claude reports that itself, or the path is in the
     * configuration file, which serves every project. */
    bool optional;
};

/* A port of the sandbox that is reachable from outside. */
struct opts_port {
    const char *ip;        /* the address at which the host listens */
    unsigned host, inside; /* the ports on the host and in the sandbox */
    const char *protocol;  /* "tcp" or "udp" */
};

struct opts {
    enum opts_command command;
    struct strv args; /* claude's arguments, or the words after a command, byte for byte */
    bool claude_subcommand; /* args run one of claude's own subcommands */
    bool chose_permissions; /* args contain an option about claude's permissions */
    const char *help_of;    /* of CMD_HELP: the words of a command, or "man"; NULL: all */
    /* Pairs: an option that is passed on to claude, and the option of cco that it resembles. */
    struct strv misspelled;
    /* The options on the command line, as bits of option_bit() (cli/options.h); the others are
     * configured. For messages. */
    uint64_t given;
    uint64_t ignored; /* configured options that the chosen engine cannot have, as bits */
    const char *config_file; /* the configuration file that was read; NULL: none */
    struct strv env;         /* "K=V" or "K", in the order given */
    size_t env_configured;   /* so many of them, the first, are in the configuration file */
    /* image */
    struct strv packages;   /* single names, sorted, without duplicates */
    struct strv build_args; /* "K=V", one for each K */
    const char *base;       /* FROM; NULL: the default */
    const char *image;      /* NULL: cco's own image */
    bool rebuild;
    const char *claude_version; /* native: the version that cco fetches; NULL: the newest */
    /* files */
    struct opts_path *paths; /* in the order given */
    size_t path_count, path_cap;
    bool here;     /* the project is the current directory alone */
    bool docker;   /* give the engine's socket to the sandbox */
    bool ssh_keys; /* mount the private keys, read-only */
    bool gpg;      /* let gpg-agent sign */
    bool caches;   /* keep the caches of build tools for this project */
    /* network and limits */
    enum opts_network network;
    struct opts_port *ports;
    size_t port_count, port_cap;
    uint64_t memory;    /* bytes; 0: no limit */
    uint64_t nano_cpus; /* 1e9 is one processor; 0: no limit */
    uint64_t pids;      /* 0: the default */
    uint64_t shm_size;  /* bytes of /dev/shm; 0: the default */
    bool sudo;          /* the user inside can become root */
    /* session */
    /* As written, with or without "cco-", and any bytes but control characters; claude gets it,
     * too. NULL: cco chooses one. */
    const char *name;
    const char *detach_keys; /* NULL: the default */
    bool no_start_line;      /* do not print where a session runs (session/start_line.h) */
    enum opts_terminal terminal;
    const char *record;       /* the file in which the session is recorded; NULL: none */
    bool detach;              /* start in the background */
    bool read_only;           /* attach: send no input */
    bool wait;                /* attach: wait for the end without a terminal */
    bool allow_oauth_refresh; /* give the refresh token to the sandbox, which may renew it */
    bool strict;              /* exit 3 if the agent changed what the host may execute */
    bool disable_background_tasks; /* claude's background tasks */
    /* cco itself */
    bool dry_run;
    enum opts_trust trust; /* of a project that runs something */
    bool timing;
    bool yes;
    bool quiet;
    bool verbose;
    bool json;
    bool remove; /* --remove of trust */
    bool all;    /* --all of cleanup, stop, uninstall and image prune */
    bool list;   /* --list of backup-creds and trust */
    bool check;  /* --check of self-update */
    enum opts_engine engine;
    /* The setting that chose the engine, for messages: "CCO_ENGINE=native", "engine = native in
     * FILE". NULL: the command line, or nothing. */
    const char *engine_by;
    bool require_full; /* --require full: fail if there are no namespaces */
    bool allow_userns; /* the sandbox may create user namespaces */
    bool subids;       /* map the user's subordinate ids too, with newuidmap(1) */
    bool insecure;     /* the engine may be reached over plain tcp:// on another machine */
    /* remote engines */
    enum opts_sync sync;
    bool sync_all; /* also synchronize what git ignores */
};

#endif
