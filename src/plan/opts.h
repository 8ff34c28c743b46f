/* SPDX-License-Identifier: MIT */
/* What the user asked for: an input of the plan. Filled by cli's parser, plain data in one arena. */
#ifndef PLAN_OPTS_H
#define PLAN_OPTS_H

#include <stdbool.h>

#include "base/list.h"

enum opts_command {
    CMD_CLAUDE,
    CMD_SHELL,
    CMD_INFO,
    CMD_SESSIONS,
    CMD_ATTACH,
    CMD_STOP,
    CMD_CLEANUP,
    CMD_BACKUP_CREDS,
    CMD_RESTORE_CREDS,
    CMD_HELP,
    CMD_VERSION
};

enum opts_network { NETWORK_AUTO, NETWORK_HOST, NETWORK_BRIDGE, NETWORK_NONE };

struct opts {
    enum opts_command command;
    struct strv args; /* claude's arguments, or the words behind a command: byte for byte */
    bool claude_subcommand; /* args lead to one of claude's own subcommands */
    bool chose_permissions; /* args say themselves how claude treats permissions */
    struct strv env;        /* "K=V" or "K", in the order given */
    struct strv packages;   /* single names, sorted, without duplicates */
    const char *image;      /* --image; NULL: cco's own */
    enum opts_network network;
    const char *name;        /* --name; NULL: made up */
    const char *detach_keys; /* NULL: the default */
    const char *record;      /* a file to be made; NULL: none */
    bool detach;             /* start in the background */
    bool read_only;          /* attach: only look on */
    bool wait;               /* attach: only wait for the end */
    bool
        allow_oauth_refresh; /* the sandbox gets the refresh token; what it renews comes back */
    bool strict;             /* exit 3 where the agent changed what the host may execute */
    bool rebuild;
    bool dry_run;
    bool timing;
    bool yes;
    bool quiet;
    bool verbose;
    bool json; /* of info, sessions and backup-creds */
    bool all;  /* cleanup --all */
    bool list; /* backup-creds --list */
};

#endif
