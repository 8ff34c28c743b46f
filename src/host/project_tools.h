/* SPDX-License-Identifier: MIT */
/* Finds what tools have noted in the project about places outside of it: the Python of a
 * virtual environment, and the store of pnpm. The files belong to the project, so agents could
 * have written them: they are only read in part, and what they name is neither read nor shared.
 */
#ifndef HOST_PROJECT_TOOLS_H
#define HOST_PROJECT_TOOLS_H

#include "base/arena.h"
#include "plan/facts.h"

/* The bytes of such a file that are read at most. */
enum { PROJECT_TOOLS_BYTES = 1 << 16 };

/* Sets f->venvs from the directories .venv and venv, and f->pnpm_stores from
 * node_modules/.modules.yaml, of the project and of the working directory. Leaves out what does
 * not exist on this machine, because it does not work outside either, and a directory that is
 * no store of pnpm. Blocks only as file systems do. */
void project_tools_probe(struct arena *a, struct facts *f);

#endif
