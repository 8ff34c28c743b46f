/* SPDX-License-Identifier: MIT */
/* Finds out whether an agent could have written a program or file that a shell command names.
 */
#ifndef CREDS_HELPER_WORDS_H
#define CREDS_HELPER_WORDS_H

#include "base/arena.h"
#include "trust/ledger.h"

/* Returns the first existing file which the command names and to which the way leads through
 * one of the trees, in the arena, and NULL if there is none. Words that contain a slash are
 * paths, relative to `home`; "~/", "$HOME/" and "${HOME}/" at their beginning are replaced.
 * Words without a slash are looked up in PATH. The command is split at blanks and at the
 * characters that separate words in a shell; a path that the command computes is not found.
 * Blocks only as the file system does. */
const char *helper_untrusted(const char *command, char *const *env, const char *home,
                             const struct ledger *trees, struct arena *a);

#endif
