/* SPDX-License-Identifier: MIT */
/* Inside of the plan room: the parts that plan_build() puts together. */
#ifndef PLAN_BUILD_H
#define PLAN_BUILD_H

#include "plan/plan.h"

struct builder {
    const struct opts *o;
    const struct facts *f;
    struct arena *a;
    struct plan *p;
};

/* ERR_REFUSED where the project must not be given to an agent; says why and what to do. */
int project_check(const struct builder *b, struct err *e);

/* Mounts, staged copies and the directories that init makes. */
int mounts_build(struct builder *b, struct err *e);

/* The sandbox's environment, by reference, sorted by name, each name once. */
void env_build(struct builder *b);

/* A variable with a value that is no secret; replaces one of the same name. */
void env_fixed(struct builder *b, const char *name, const char *value);

#endif
