/* SPDX-License-Identifier: MIT */
/* The trust in projects, as a fact: what a project would run, set or reach at the start of a
 * session (trust/trust_items.h), and whether the user trusts it with that. These functions read
 * only, and block only as file systems do. */
#ifndef HOST_PROJECT_TRUST_H
#define HOST_PROJECT_TRUST_H

#include "base/arena.h"
#include "plan/facts.h"
#include "plan/opts.h"
#include "trust/trust_project.h"

/* Completes f->trust_items, to which host_probe() has added the items of .env, and sets
 * f->trust. Also reads the directories that options pass on to claude, and the directories
 * above the project that the sandbox will see, because claude reads some files there, too. To
 * be called after host_option_paths(). For a project without items, reads a few names only. */
void host_project_trust(const struct opts *o, struct arena *a, struct facts *f);

/* Returns what trust_project.h needs to know about the current project, after
 * host_project_trust(). `prompting` says whether claude will ask for permissions. The strings
 * live in `a` or in the facts. */
struct trust_project host_trust_project(const struct facts *f, bool prompting, struct arena *a);

/* Finds the items of another directory, which is physical, and sets *out to what
 * trust_project.h needs to know about it. Overwrites *t. */
void host_trust_other(const struct facts *f, const char *dir, struct arena *a,
                      struct trust_items *t, struct trust_project *out);

#endif
