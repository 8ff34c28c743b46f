/* SPDX-License-Identifier: MIT */
/* Inside of the audit: a path that grows and shrinks while a walk goes down and up. Pure. */
#ifndef HOST_AUDIT_PATH_H
#define HOST_AUDIT_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/limits.h"

/* {0} is the empty path. Any other one ends with a slash. */
struct audit_path {
    char text[LIMIT_PATH];
    size_t len;
};

/* Replaces the path by `text` and a slash. Returns false if it does not fit; the path is then
 * empty. */
bool audit_path_set(struct audit_path *p, const char *text);

/* Adds a name and a slash. Returns false if they do not fit; the path is then unchanged. */
bool audit_path_push(struct audit_path *p, const char *name);

/* Goes back to a length that the path has had. */
void audit_path_pop(struct audit_path *p, size_t len);

#endif
