/* SPDX-License-Identifier: MIT */
/* Inside of the audit: opens files of a hostile tree, and records single paths. */
#ifndef HOST_AUDIT_READ_H
#define HOST_AUDIT_READ_H

#include "host/audit_walk.h"

/* Opens a name of the directory `dir` for reading, without following a link, as a descriptor of
 * the caller. Returns -1 with errno on error; if descriptors or memory have run out, w->fatal
 * is set as well. openat(2). */
int audit_open(struct audit_walk *w, int dir, const char *name, int flags);

/* Opens an absolute, physical path that lies in one of the trees: the tree, and then component
 * by component, because O_NOFOLLOW applies only to the last component of a path. Returns a
 * descriptor of the caller, and -1 with errno on error. */
int audit_open_physical(struct audit_walk *w, const char *path, int flags);

/* Returns the tree that contains the absolute, clean path, and NULL if none does. */
const struct audit_tree *audit_tree_of(const struct audit_scope *scope, const char *path);

/* Returns an absolute path as messages show it, in the arena: relative to the project if it is
 * in it. "." is the project. */
const char *audit_shown(const struct audit_scope *scope, struct arena *a, const char *path);

/* Returns `path` without links, in the arena; NULL if it cannot be resolved. */
const char *audit_physical(struct arena *a, const char *path);

/* Records that a directory exceeds a limit, if none has been recorded before. `name` is a name
 * in the current directory, or NULL for that directory itself. */
void audit_overflow(struct audit_walk *w, const char *name);

/* Adds an entry for `name` in the current directory (NULL: for that directory itself). Returns
 * it, and NULL if the snapshot is full or the path too long, which is recorded. */
struct audit_entry *audit_add(struct audit_walk *w, const char *name, unsigned rule);

/* Records that a name in the current directory cannot be examined (NULL: that directory
 * itself). `dir` is its descriptor. */
void audit_unreadable(struct audit_walk *w, int dir, const char *name);

/* Records a name of the current directory, whose descriptor is `dir`, with its content. A link
 * is recorded with the content to which it leads, if that is in one of the trees. */
void audit_record(struct audit_walk *w, int dir, const char *name, unsigned rule,
                  const struct stat *st);

/* Records a lead: the path outside of the trees, and what it leads to. */
void audit_record_lead(struct audit_walk *w, const char *shown, const char *path,
                       unsigned rule);

/* Notes a regular file with several hard links. */
void audit_note_links(struct audit_walk *w, const struct stat *st, const char *where);

/* Moves the files that have more hard links than the walk has found to w->out->linked. */
void audit_finish_links(struct audit_walk *w);

#endif
