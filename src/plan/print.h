/* SPDX-License-Identifier: MIT */
/* Inside of the plan room: parts of plan_print(). */
#ifndef PLAN_PRINT_H
#define PLAN_PRINT_H

#include "plan/plan.h"
#include "wire/json.h"

/* The member "native". */
void print_native(struct json_w *w, const struct plan *p);

#endif
