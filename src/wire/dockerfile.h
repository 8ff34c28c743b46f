/* SPDX-License-Identifier: MIT */
/* Finds the instruction of a Dockerfile to which a build step belongs. Reads only as much of
 * the syntax (https://docs.docker.com/reference/dockerfile/) as that needs: continued lines,
 * comments, the escape directive, heredocs and stages. Pure. */
#ifndef WIRE_DOCKERFILE_H
#define WIRE_DOCKERFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* Returns the offset in bytes at which the instruction of the step begins in the Dockerfile
 * `text`. A build of the bytes before it gives the last state before that step. `step` is the
 * name that the builder prints: "Step 7/12 : RUN make" (the classic builder), "STEP 7/12: RUN
 * make" (Podman), "[4/9] RUN make" or "[name 4/9] RUN make" (BuildKit, which counts, in each
 * stage, the instructions that change files). Returns 0 if `step` has none of these forms, if
 * the number of steps or the instruction in `text` does not match it, or if no FROM stands
 * before the instruction. */
size_t dockerfile_before(struct str text, struct str step);

/* Returns true if the Dockerfile `text` declares ARG `name` in any stage. Of an ARG instruction
 * that is continued on other lines, only the first line is examined. */
bool dockerfile_has_arg(struct str text, const char *name);

#endif
