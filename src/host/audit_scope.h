/* SPDX-License-Identifier: MIT */
/* Inside of the audit: what the audit of a session examines. */
#ifndef HOST_AUDIT_SCOPE_H
#define HOST_AUDIT_SCOPE_H

#include "host/audit.h"

/* Adds a directory that the session can write: an absolute, physical path. A directory in a
 * tree that was added before is not added. The first tree must be the project. */
void audit_scope_add_tree(struct audit_scope *scope, struct arena *a, const char *path,
                          bool is_git);

/* Finds the user's start-up files (AUDIT_SECTION_HOME of the table) that are in one of the
 * trees, or are found through one, below the absolute path `home`; and the directories of
 * `search` (the value of PATH; NULL: none) for which that is true. Adds each as a lead. The
 * strings live in the arena. Only links and directories of the home are looked at, a limited
 * number of each. */
void audit_scope_add_leads(struct audit_scope *scope, struct arena *a, const char *home,
                           const char *search);

#endif
