/* SPDX-License-Identifier: MIT */
/* Inside of the audit: what git's own files can do. Most of what git writes into its
 * configuration in ordinary work (branches, remotes, the user's name) executes nothing, so that
 * its change is not worth a line. Pure. */
#ifndef HOST_AUDIT_GIT_H
#define HOST_AUDIT_GIT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/str.h"
#include "host/git_config.h"

/* A file or directory that a configuration names. */
struct audit_git_named {
    const char *name; /* with the words of the configuration; may begin with "~/" */
    bool included;    /* by include.path or includeIf.*.path: it is a configuration, too */
    bool is_dir;      /* git runs the files in it (core.hooksPath) */
    bool is_repo;     /* git fetches from this repository or pushes to it */
};

struct audit_git_names {
    struct audit_git_named *v;
    size_t count;
    size_t cap;
};

/* Returns true if the variable can neither make git execute something nor lead it to another
 * file. This is a list of variables that are known to be harmless: every other one counts.
 * `depth` is the number of directories between the configuration and the root of the project;
 * core.worktree of a submodule may go up that far. git-config(1). */
bool audit_git_harmless(const struct git_config_item *item, unsigned depth);

/* Examines the text of a git configuration; `depth` is as above. Writes the SHA-256, in hex, of
 * all variables that are not harmless, in their order. If there are none, `digest` becomes "".
 * If git would refuse the text, the digest is that of the whole text. Adds to *names the files
 * that such variables may name: each word of their values that could be a path; and the
 * repositories of this machine that harmless variables name, because git runs their hooks. */
void audit_git_config(struct str text, unsigned depth, struct arena *a, char digest[SHA256_HEX],
                      struct audit_git_names *names);

/* Writes the SHA-256 of the lines of git-rebase-todo that execute a command; "" if there are
 * none. git-rebase(1), "exec". */
void audit_git_rebase(struct str text, char digest[SHA256_HEX]);

/* Returns the path that a `.git` file names, in the arena; NULL if it names none.
 * gitrepository-layout(5). */
const char *audit_git_file(struct str text, struct arena *a);

#endif
