/* SPDX-License-Identifier: MIT */
/* The user's settings of git: ~/.gitconfig, the files of git's directory below
 * ${XDG_CONFIG_HOME:-~/.config}, and the files that they include and name. cco runs no git: it
 * reads the settings itself (host/git_config.h). git-config(1), "FILES", "Includes". */
#ifndef HOST_GIT_SETTINGS_H
#define HOST_GIT_SETTINGS_H

#include "base/arena.h"
#include "plan/facts.h"

enum {
    GIT_SETTINGS_VARIABLES = 256, /* the largest GIT_CONFIG_COUNT that is read */
    GIT_SETTINGS_DEPTH = 10       /* files that include each other: as in git */
};

/* Sets f->gitconfig, f->git_files, f->credential_helper and f->signing, which
 * git_signing_probe() completes, and adds to f->brought the files and directories that the
 * settings include or name and that git uses inside: other settings, ignored files, attributes,
 * hooks, templates, allowed signers and the public key that signs.
 *
 * - With GIT_CONFIG_GLOBAL in `env`, that file takes the place of ~/.gitconfig and of the
 *   settings in git's directory.
 * - The variables of GIT_CONFIG_COUNT count as well.
 * - A file that is included on the condition "gitdir" counts only if the condition can hold in
 *   the project.
 * - A file counts only if the ledger allows it (host/look.h). A file that contains passwords
 *   or a private key, or that is too large, does not count.
 *
 * f->project, f->home, f->trees and f->state_dir must be set. Strings are in the arena. Blocks
 * only as the file system does. */
void git_settings_probe(char *const *env, struct arena *a, struct facts *f);

#endif
