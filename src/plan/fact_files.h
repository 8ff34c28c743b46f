/* SPDX-License-Identifier: MIT */
/* Facts about files of the user: where a path leads, and the files to which the user's set-up
 * of claude and git leads. Plain data, a part of the facts (plan/facts.h). */
#ifndef PLAN_FACT_FILES_H
#define PLAN_FACT_FILES_H

#include <stdbool.h>

enum fact_type { FACT_MISSING, FACT_FILE, FACT_DIR, FACT_OTHER };

struct fact_path {
    const char *path;     /* the path that was looked up */
    const char *physical; /* NULL if it is missing */
    enum fact_type type;  /* of the object to which the path leads; links are followed */
};

/* A link in a directory of claude's set-up that leads out of the directory, or a file that the
 * user's instructions import. */
struct fact_claude_link {
    /* `path` is the link, which leads to a file or a directory, or the imported path, which
     * leads to a file. */
    struct fact_path found;
    const char *at; /* the path in a sandbox to which the text of the link or import leads */
    /* A link, or an import, that somebody else can have made, so it is only named. */
    bool is_foreign;
};

/* A program or file that a command of the user's settings of claude names (hooks, the status
 * line, helpers), and a file that a server of .claude.json names. */
struct fact_setup_use {
    const char *what; /* the command, for messages: "the hook PreToolUse", "statusLine" */
    /* Claude asks this command whether it may go on. If the command cannot run, claude goes on.
     */
    bool is_guard;
    bool is_program; /* the command cannot run without it; otherwise a file that it names */
    bool by_name;    /* a program that was found in PATH */
    bool is_server;  /* an MCP server of .claude.json, which can need more than it names */
    /* The word of the command, for messages. Names an unknown variable if `found` has no
     * path. */
    const char *word;
    /* `path` is the path as the command has it, and NULL if it has an expansion whose value is
     * not known. */
    struct fact_path found;
    /* If the program is a script: the program after "#!" if it is in the home; otherwise
     * NULL. */
    const char *interpreter;
};

/* A file or directory of the user that the sandbox gets read-only without being asked. */
struct fact_brought {
    struct fact_path file; /* FACT_FILE: the sandbox gets a copy; or FACT_DIR */
    const char *target;    /* its path in the sandbox */
    const char *why;       /* for the plan */
};

/* An editor of this machine that has the project open. */
struct fact_ide {
    const char *path; /* the file with its token (host/ide.h) */
    const char *port; /* at localhost, in digits */
    const char *name; /* "VS Code"; for messages */
};

/* The files of gpg's home that the sandbox gets: the public keys in both forms, and which of
 * them the user trusts. */
enum { FACT_GPG_FILES = 3 };
extern const char *const fact_gpg_files[FACT_GPG_FILES];

/* What gpg needs to sign in the sandbox; only set with --gpg (host/gpg_agent.h). */
struct fact_gpg {
    const char *home; /* gpg's home: $GNUPGHOME or ~/.gnupg */
    struct fact_path files[FACT_GPG_FILES];
    struct fact_path agent; /* the socket of the running agent for restricted clients */
};

/* The login of a cloud provider in files. Empty if the login is not LOGIN_CLOUD, or if
 * variables are enough. */
struct fact_cloud {
    /* The names of the sections of AWS's files that claude uses, separated by line breaks:
     * profiles, and "sso-session NAME"; NULL: none. They are in these two files. */
    const char *profiles;
    struct fact_path aws_config, aws_credentials;
    /* The file with the token by which the profile logs in. */
    struct fact_path aws_token;
    bool token_is_sso;       /* by SSO (creds/sso_token.h); otherwise a web identity token */
    struct fact_path google; /* a file with credentials of Google Cloud */
    const char *google_at;   /* its path in a sandbox */
    /* No login is in variables or files, but this is a machine of the provider: it can have a
     * role, which its metadata service gives to every program. */
    bool by_machine;
    /* Why claude cannot log in inside, a sentence without a full stop, and the next step. NULL:
     * no reason is known. */
    const char *why, *next;
};

#endif
