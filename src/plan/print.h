/* SPDX-License-Identifier: MIT */
/* Inside of the plan room: the parts of plan_print(). Pure. */
#ifndef PLAN_PRINT_H
#define PLAN_PRINT_H

#include "plan/plan.h"
#include "wire/json.h"

/* Writes the member "native" of the plan's JSON object. p is a native sandbox. Errors are
 * sticky in w. */
void print_native(struct json_w *w, const struct plan *p);

#endif
