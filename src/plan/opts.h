/* SPDX-License-Identifier: MIT */
/* What the user asked for: an input of the plan. Filled by cli's parser, plain data in one arena. */
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
    CMD_BACKUP_CREDS,
    CMD_RESTORE_CREDS,
    CMD_SELF_UPDATE,
    CMD_COMPLETION,
    CMD_HELP,
    CMD_VERSION
};

/* Which way files travel where the engine does not see them. */
enum opts_sync { OPTS_SYNC_AUTO, OPTS_SYNC_NONE, OPTS_SYNC_PUSH, OPTS_SYNC_BOTH };

/* Every engine. The row of X(NAME, name) is the object name_engine (engine/engine.h), and --engine accepts the name. */
#define OPTS_ENGINES(X)                                                                        \
    X(DOCKER, docker)                                                                          \
    X(NATIVE, native)
#define OPTS_ENGINE_VALUE(NAME, name) ENGINE_##NAME,
enum opts_engine { ENGINE_AUTO, OPTS_ENGINES(OPTS_ENGINE_VALUE) };
#undef OPTS_ENGINE_VALUE

enum opts_network { NETWORK_AUTO, NETWORK_HOST, NETWORK_BRIDGE, NETWORK_NONE };

enum opts_access {
    ACCESS_WRITE,
    ACCESS_READ,
    ACCESS_HIDE,
    ACCESS_OUTPUT /* a file to be written, made if it is missing */
};

/* A path of the host that was named on the command line, in the configuration, or in an argument for claude. */
struct opts_path {
    const char *path; /* as it was written, without a ":ro" or ":rw" of cco's */
    enum opts_access access;
    const char *option; /* what named it, for messages: "--ro" */
    bool pass_on;       /* claude is told that it may use this directory */
    bool of_claude;     /* an argument for claude named it */
    bool optional;      /* where it is missing, there is nothing to do: not cco's to judge */
};

/* A port of the sandbox that is reachable from outside. */
struct opts_port {
    const char *ip; /* where the host listens */
    unsigned host, inside;
    const char *protocol; /* "tcp", "udp" */
};

struct opts {
    enum opts_command command;
    struct strv args; /* claude's arguments, or the words behind a command: byte for byte */
    bool claude_subcommand; /* args lead to one of claude's own subcommands */
    bool chose_permissions; /* args say themselves how claude treats permissions */
    const char *help_of;    /* of CMD_HELP: a command's words, or "man"; NULL: all */
    struct strv
        misspelled; /* pairs: an option that went to claude, and cco's that is like it */
    const char *config_file; /* whose defaults are in here; NULL: none */
    struct strv env;         /* "K=V" or "K", in the order given */
    /* image */
    struct strv packages;   /* single names, sorted, without duplicates */
    struct strv build_args; /* "K=V", the last of each K counts */
    const char *base;       /* --base; NULL: not said */
    const char *image;      /* --image; NULL: cco's own */
    bool rebuild;
    /* files */
    struct opts_path *paths; /* in the order given */
    size_t path_count, path_cap;
    bool docker;   /* the engine's socket */
    bool ssh_keys; /* private keys, read-only */
    /* network and limits */
    enum opts_network network;
    struct opts_port *ports;
    size_t port_count, port_cap;
    uint64_t memory;    /* bytes; 0: no limit */
    uint64_t nano_cpus; /* 1e9 is one processor; 0: no limit */
    uint64_t pids;      /* 0: the default */
    bool sudo;          /* root inside can be had */
    /* session */
    const char *name;        /* --name; NULL: made up */
    const char *detach_keys; /* NULL: the default */
    const char *record;      /* a file to be made; NULL: none */
    bool detach;             /* start in the background */
    bool read_only;          /* attach: only look on */
    bool wait;               /* attach: only wait for the end */
    bool
        allow_oauth_refresh; /* the sandbox gets the refresh token; what it renews comes back */
    bool strict;             /* exit 3 where the agent changed what the host may execute */
    bool disable_background_tasks; /* of claude's */
    /* cco itself */
    bool dry_run;
    bool timing;
    bool yes;
    bool quiet;
    bool verbose;
    bool json;  /* for machines */
    bool all;   /* cleanup, image prune */
    bool list;  /* backup-creds --list */
    bool check; /* self-update --check */
    enum opts_engine engine;
    bool require_full; /* --require full: without namespaces nothing runs */
    bool allow_userns; /* --allow-userns: the sandbox may make user namespaces */
    bool subids;       /* --subids: the user's ranges of ids too, by newuidmap(1) */
    bool insecure;     /* an engine may be reached over plain tcp:// beyond this machine */
    /* a project that has to be sent */
    enum opts_sync sync;
    bool sync_all; /* what git ignores, too */
};

#endif
