/* SPDX-License-Identifier: MIT */
/* As much of a Dockerfile as it takes to find an instruction by the name that builders give its
 * step (https://docs.docker.com/reference/dockerfile/): continued lines, comments, the escape
 * directive, heredocs, stages. Pure. */
#ifndef WIRE_DOCKERFILE_H
#define WIRE_DOCKERFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* How much of `text` stands before the instruction that a step is: what is built from these
 * bytes is the last state before it. Steps are named "Step 7/12 : RUN make" (classic builder),
 * "STEP 7/12: RUN make" (Podman), or
 * "[4/9] RUN make", "[name 4/9] ..." (BuildKit, which counts in a stage what changes files). 0
 * where no instruction is meant, where it cannot be told which one, or where no FROM stands
 * before it. */
size_t dockerfile_before(struct str text, struct str step);

/* Whether it declares ARG `name` anywhere. */
bool dockerfile_has_arg(struct str text, const char *name);

#endif
