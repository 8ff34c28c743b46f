/* SPDX-License-Identifier: MIT */
/* Decides which paths of a tree are not synchronized: those that git ignores and does not
 * track, and those that the user hides. The rules are git's own (gitignore(5)): the .gitignore
 * of every directory, info/exclude, core.excludesFile and core.ignoreCase. A tracked file is
 * never skipped, and neither is .git itself. A repository below the root (a submodule, a clone)
 * is synchronized like any other directory, including its .git, with its own rules instead of
 * those around it.
 *
 * The git files of a directory are read when something in that directory is first asked about.
 * Later changes of them are not seen. An index that cannot be read (damaged, too large, of an
 * unknown version) counts as tracking everything, so that nothing is skipped that might be
 * tracked. Patterns and indexes may be hostile: time and memory are bounded, and the worst
 * effect is that a path is skipped or not. Nothing is written and no program is run. Blocks as
 * local file systems do.'' */
#ifndef SYNC_FILTER_H
#define SYNC_FILTER_H

#include <stdbool.h>

#include "base/err.h"

struct sync_filter;

/* Opens the filter of the tree at `root`, an absolute path. root_fd is the open tree; it is
 * borrowed until sync_filter_free(). git looks for the user's settings in `home`; `config_home`
 * is $XDG_CONFIG_HOME; both may be NULL. Returns NULL and no error if the tree's .git does not
 * belong to a repository: then nothing is skipped. Returns NULL and an error if root_fd cannot
 * be read. */
struct sync_filter *sync_filter_open(int root_fd, const char *root, const char *home,
                                     const char *config_home, struct err *e);

/* Skips `path` (relative to the root, clean) and everything below it from now on, whatever git
 * says. If *f is NULL, it becomes a filter without other rules. */
void sync_filter_hide(struct sync_filter **f, const char *path);

/* Tells the filter which of ".gitignore" and ".git" a directory contains, if the caller has
 * read its names already and has not asked about anything in it. `path` is relative; "" is the
 * root. `fd` is the open directory and is used during this call only. Without this call the
 * filter looks itself, which takes four system calls per directory. */
enum { SYNC_HAS_IGNORE = 1, SYNC_HAS_GIT = 2 };
void sync_filter_enter(struct sync_filter *f, const char *path, int fd, unsigned has);

/* Returns true if `path` (relative, clean, not empty) is to be left out. is_dir says that it is
 * a directory and not a link to one. Any order of paths is allowed; asking about a directory's
 * entries in a row is fastest. Everything below a skipped directory is skipped. A NULL filter
 * skips nothing. */
bool sync_filter_skips(struct sync_filter *f, const char *path, bool is_dir);

void sync_filter_free(struct sync_filter *f); /* accepts NULL */

#endif
