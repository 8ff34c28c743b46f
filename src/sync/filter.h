/* SPDX-License-Identifier: MIT */
/* Decides which paths of a tree are not synchronized: those that git ignores and does not
 * track, and those that the user hides. The rules are git's own (gitignore(5)): the .gitignore
 * of every directory, info/exclude, core.excludesFile and core.ignoreCase. A tracked file is
 * never skipped, and neither is .git itself. A repository below the root (a submodule, a clone)
 * is synchronized like any other directory, including its .git; inside it, its own rules apply
 * instead of those of the repository around it.
 *
 * The git files of a directory are read when the filter is first asked about a path in that
 * directory. Later changes of these files have no effect. If an index cannot be read (it is
 * damaged, too large, or of an unknown version), everything counts as tracked, so that no
 * tracked file is ever skipped. Patterns and indexes may be hostile: time and memory are
 * bounded, and the worst effect is that a path is skipped or not. The filter writes no files
 * and runs no program. The functions block for as long as the file system does. */
#ifndef SYNC_FILTER_H
#define SYNC_FILTER_H

#include <stdbool.h>

#include "base/err.h"

struct sync_filter;

/* Opens the filter of the tree at `root`, an absolute path. root_fd is the open tree; it is
 * borrowed until sync_filter_free(). `home` is the directory with the user's git settings, and
 * `config_home` is $XDG_CONFIG_HOME; both may be NULL. All strings are copied. Returns the
 * filter, which the caller frees with sync_filter_free(). Returns NULL and leaves *e unchanged
 * if the tree has no .git or its .git does not belong to a repository; nothing is skipped then.
 * Returns NULL and sets *e if root_fd cannot be read (ERR_SYS). */
struct sync_filter *sync_filter_open(int root_fd, const char *root, const char *home,
                                     const char *config_home, struct err *e);

/* Makes the filter skip `path` (relative to the root, clean; copied) and everything below it,
 * whatever git's rules say. If *f is NULL, *f becomes a new filter without other rules. */
void sync_filter_hide(struct sync_filter **f, const char *path);

/* Informs the filter which of ".gitignore" and ".git" a directory contains. This only saves
 * time: without this call the filter makes four system calls to find out. A caller that has
 * read the names of the directory calls this before it asks about a path in it. `path` is
 * relative; "" is the root. `fd` is the open directory and is used during this call only. `has`
 * is a combination of SYNC_HAS_IGNORE and SYNC_HAS_GIT. Does nothing if f is NULL. */
enum { SYNC_HAS_IGNORE = 1, SYNC_HAS_GIT = 2 };
void sync_filter_enter(struct sync_filter *f, const char *path, int fd, unsigned has);

/* Returns true if `path` (relative, clean, not empty) must not be synchronized. `is_dir` is
 * true if it is a directory and not a link to one. Everything below a skipped directory is
 * skipped. Any order of paths is allowed; it is fastest to ask about the entries of a directory
 * one after the other. A NULL filter skips nothing. */
bool sync_filter_skips(struct sync_filter *f, const char *path, bool is_dir);

void sync_filter_free(struct sync_filter *f); /* accepts NULL */

#endif
