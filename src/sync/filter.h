/* SPDX-License-Identifier: MIT */
/* Which paths of a tree are not synchronized: what git ignores there and does not track, and
 * what the user hides. The rules are git's own (gitignore(5)): .gitignore of every directory,
 * info/exclude, core.excludesFile, core.ignoreCase; a tracked file is never skipped; .git
 * itself never is. Repositories below the root (submodules, clones) are trees like any other,
 * .git included, with their own rules instead of those around them.
 *
 * What git would read of a directory is read when something in it is first asked about, and
 * kept: later changes of it are not seen. An index that cannot be read (damaged, of a version
 * nobody knows, too large) counts as tracking everything: nothing is skipped that might be
 * tracked. Patterns and indexes may be hostile: time and memory are bounded, and the worst they
 * can do is to have a path skipped or not. Nothing is written, no program is run. Blocks as
 * local file systems do. */
#ifndef SYNC_FILTER_H
#define SYNC_FILTER_H

#include <stdbool.h>

#include "base/err.h"

struct sync_filter;

/* The filter of the tree at `root` (absolute), which root_fd holds open and keeps holding: it
 * is borrowed. `home` is where git looks for the user's settings, `config_home` is
 * $XDG_CONFIG_HOME; both may be NULL. NULL without an error where the tree has no .git that a
 * repository belongs to: then nothing is skipped. NULL with the error where root_fd cannot be
 * read. */
struct sync_filter *sync_filter_open(int root_fd, const char *root, const char *home,
                                     const char *config_home, struct err *e);

/* From now on `path` (relative to the root, clean) and what is below it is skipped, whatever
 * git says. *f may be NULL: then it becomes a filter that knows nothing else. */
void sync_filter_hide(struct sync_filter **f, const char *path);

/* For a walker that has read a directory's names already: tells which of ".gitignore" and
 * ".git" are among them, before anything in it is asked about. `path` is relative, "" for the
 * root; `fd` is the open directory and is used during this call only. Without it the filter
 * looks for itself, in four system calls per directory. */
enum { SYNC_HAS_IGNORE = 1, SYNC_HAS_GIT = 2 };
void sync_filter_enter(struct sync_filter *f, const char *path, int fd, unsigned has);

/* True where `path` (relative, clean, not empty) is to be left out; is_dir: it is a directory
 * itself, no link to one. In any order, but quickest with a directory's entries in a row. What
 * is below a skipped directory is skipped. NULL skips nothing. */
bool sync_filter_skips(struct sync_filter *f, const char *path, bool is_dir);

void sync_filter_free(struct sync_filter *f); /* accepts NULL */

#endif
