/* SPDX-License-Identifier: MIT */
/* Inside of the audit: the part of a file's content that matters, as a digest. */
#ifndef HOST_AUDIT_CONTENT_H
#define HOST_AUDIT_CONTENT_H

#include "host/audit_walk.h"

/* Reads the regular file `fd` (-1: it could not be opened) as the rule of `entry` demands
 * (enum audit_content), and sets the digest of `entry`, or `harmless`. If it cannot be read,
 * the kind becomes AUDIT_UNREADABLE. If too few bytes may still be hashed, the digest stays
 * empty. `dir` is the physical directory of the file. Files that a configuration of git names
 * are added to w->named. `fd` stays open. */
void audit_content(struct audit_walk *w, int fd, const char *dir, struct audit_entry *entry);

/* Reads the configuration of git at `path`, which the user controls, and adds the files that it
 * names to w->named. A file that cannot be read is ignored. */
void audit_content_of_user(struct audit_walk *w, const char *path);

#endif
