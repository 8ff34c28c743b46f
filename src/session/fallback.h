/* SPDX-License-Identifier: MIT */
/* If this machine does not allow the user namespaces, a weaker sandbox takes the place of the
 * native one: Landlock and the system-call filter alone (SANDBOX_LANDLOCK_ONLY). --require full
 * forbids it. */
#ifndef SESSION_FALLBACK_H
#define SESSION_FALLBACK_H

#include <stdbool.h>

struct err;
struct plan;
struct session_context;

/* Returns whether `e` says that the sandbox of this plan could not be made because namespaces
 * are not allowed. */
bool fallback_is_due(const struct plan *p, const struct err *e);

/* Writes the reason of `e` into the facts, for the next plan, and resets e. Returns 0 on
 * success. Returns -1 if nothing weaker may be used: --require full is set, or there is no
 * Landlock either. e then says so, with a hint. */
int fallback_choose(struct session_context *ctx, struct err *e);

/* For a plan that is only printed. If the engine is native, tries to make namespaces, which
 * blocks for some milliseconds, and calls fallback_choose() if this machine does not allow
 * them. Another error is printed as a warning, and e is reset. Returns as fallback_choose();
 * with any other engine it does nothing and returns 0. */
int fallback_foresee(struct session_context *ctx, struct err *e);

#endif
