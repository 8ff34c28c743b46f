/* SPDX-License-Identifier: MIT */
/* Writes a plan as the body of POST /containers/create (Engine API, ContainerCreate). Pure. The
 * golden files tests/plan/CASE/create.json contain what it writes. */
#ifndef ENGINE_DOCKER_SPEC_H
#define ENGINE_DOCKER_SPEC_H

#include "base/buf.h"
#include "base/err.h"
#include "plan/facts.h"
#include "plan/plan.h"

/* Adds the JSON body to `out`. The container of the plan runs `PLAN_INIT_PATH init` as root,
 * and init gives that up for the user's ids. Returns 0 on success and -1 on error. ERR_USAGE
 * means that the plan has a path that is not UTF-8, which JSON cannot express, or a path that
 * Podman's API cannot express: the path of a tmpfs with a colon, and the paths of another mount
 * if they contain a colon and also a comma, a quote or a line break. ERR_LIMIT means that the
 * body exceeds the maximum of `out`. After an error, `out` contains a part of the body. */
int spec_create(const struct plan *p, struct buf *out, struct err *e);

#endif
