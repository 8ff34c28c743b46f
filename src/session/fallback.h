/* SPDX-License-Identifier: MIT */
/* Where this machine does not let the user have namespaces: a sandbox of Landlock and the filter of system calls alone
 * (plan->bare), if the user has not said that it has to be the full one. */
#ifndef SESSION_FALLBACK_H
#define SESSION_FALLBACK_H

#include <stdbool.h>

struct session_context;
struct err;
struct plan;

/* Whether it was for that that the sandbox of this plan could not be made. */
bool fallback_is_due(const struct plan *p, const struct err *e);

/* Notes in the facts why, for the plan that is to be made of them next, and *e is empty afterwards. -1: *e tells why nothing
 * weaker may take its place, and what to do: --require full, or no Landlock either. */
int fallback_choose(struct session_context *ctx, struct err *e);

/* The same for a plan that is only shown: tries whether it would be due. Anything else that fails there is a warning. */
int fallback_foresee(struct session_context *ctx, struct err *e);

#endif
