/* SPDX-License-Identifier: MIT */
/* A part of the audit: the directories that a snapshot has seen. It keeps a hash of the path of
 * each directory below the trees, except those that are compared as a whole. If two paths have
 * the same hash, a new directory can count as an old one. The audit then prints more lines, and
 * never fewer. The functions never block. */
#ifndef HOST_AUDIT_DIRS_H
#define HOST_AUDIT_DIRS_H

#include "host/audit_walk.h"

/* Records the directory `name` in the current directory. After AUDIT_DIRS_MAX of them, the list
 * is marked as incomplete. */
void audit_note_dir(struct audit_walk *w, const char *name);

/* Sorts the list, after the last audit_note_dir(). */
void audit_finish_dirs(struct audit_walk *w);

/* Returns true if the directory of the file `path`, which is not the project itself, certainly
 * did not exist when the snapshot was taken. Pure. */
bool audit_dir_is_new(const struct audit *before, const char *path);

#endif
