/* SPDX-License-Identifier: MIT */
/* The parts of plan_print(). Pure. Errors are sticky in the writer. */
#ifndef PLAN_PRINT_H
#define PLAN_PRINT_H

#include "plan/plan.h"
#include "wire/json.h"

/* Writes the member "native" of the plan's JSON object. p is a native sandbox. */
void print_native(struct json_w *w, const struct plan *p);

/* Writes the member "missing" of an object: the items of the list. */
void print_missing(struct json_w *w, const struct missing *m);

#endif
