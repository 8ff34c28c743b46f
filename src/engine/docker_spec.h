/* SPDX-License-Identifier: MIT */
/* A plan as the body of POST /containers/create. A function of its arguments only, golden-tested. */
#ifndef ENGINE_DOCKER_SPEC_H
#define ENGINE_DOCKER_SPEC_H

#include "base/buf.h"
#include "base/err.h"
#include "plan/facts.h"
#include "plan/plan.h"

/* Adds the JSON body. ERR_USAGE for a path that is not UTF-8: JSON, and so the engine, cannot name
 * it; and for one that Podman cannot be told of (a colon together with a comma, a quote or a newline). */
int spec_create(const struct plan *p, struct buf *out, struct err *e);

#endif
