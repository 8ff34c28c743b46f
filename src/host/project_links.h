/* SPDX-License-Identifier: MIT */
/* Finds links in the project that lead out of it, and therefore to nothing in a sandbox. */
#ifndef HOST_PROJECT_LINKS_H
#define HOST_PROJECT_LINKS_H

#include "base/arena.h"
#include "plan/facts.h"

enum {
    PROJECT_LINKS_NAMES = 2000, /* count of the names of a directory that are examined */
    PROJECT_LINKS_MAX = 16      /* count of the links that are found */
};

/* Sets f->project_links to the links directly in the project, and in the working directory if
 * that is another one, whose targets exist outside of the project: pairs of the link's path and
 * of its physical target. Links named ".git" are left out. Only looks: what the links lead to
 * is neither read nor shared. Blocks only as file systems do. */
void project_links_probe(struct arena *a, struct facts *f);

#endif
