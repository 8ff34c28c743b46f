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
 * make" (Podman), "[4/9] RUN make" or "[name 4/9] RUN make" (BuildKit).
 *
 * The classic builder and Podman count all instructions of the file. BuildKit counts RUN, COPY,
 * ADD and WORKDIR in each stage, and its FROM unless that names another stage or "scratch".
 *
 * Returns 0 if `step` has none of these forms, if `text` has no instruction of that number, or
 * if no FROM stands before the instruction. For BuildKit, also returns 0 if the stage in `text`
 * has another number of steps, or another instruction in that place. For the other builders,
 * neither is compared. */
size_t dockerfile_before(struct str text, struct str step);

/* Returns true if the Dockerfile `text` declares ARG `name` in any stage. Of an ARG instruction
 * that is continued on other lines, only the first line is examined. */
bool dockerfile_has_arg(struct str text, const char *name);

#endif
