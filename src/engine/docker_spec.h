/* SPDX-License-Identifier: MIT */
/* Writes a plan as the body of POST /containers/create. Pure; tested by golden files. */
#ifndef ENGINE_DOCKER_SPEC_H
#define ENGINE_DOCKER_SPEC_H

#include "base/buf.h"
#include "base/err.h"
#include "plan/facts.h"
#include "plan/plan.h"

/* Adds the JSON body to `out`. Returns 0 on success and -1 on error. ERR_USAGE means a path
 * that is not UTF-8, which JSON cannot express, or a path that Podman's API cannot express (a
 * colon together with a comma, a quote or a newline). ERR_LIMIT means that the body exceeds
 * out's maximum. After an error, `out` holds a part. */
int spec_create(const struct plan *p, struct buf *out, struct err *e);

#endif
