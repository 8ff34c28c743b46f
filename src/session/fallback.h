/* SPDX-License-Identifier: MIT */
/* Chooses the weaker sandbox (SANDBOX_LANDLOCK_ONLY: Landlock and the system-call filter,
 * without namespaces) if this machine does not allow the user to make namespaces. --require
 * full forbids it. */
#ifndef SESSION_FALLBACK_H
#define SESSION_FALLBACK_H

#include <stdbool.h>

struct err;
struct plan;
struct session_context;

/* Returns whether `e` is the error of a native sandbox of this plan that could not be made
 * because namespaces are not allowed. */
bool fallback_is_due(const struct plan *p, const struct err *e);

/* Changes the facts so that the next plan has the weaker sandbox, and resets e, which must be
 * an error for which fallback_is_due() returns true. In ctx->facts->native it sets
 * no_namespaces to the reason in `e`, landlock_abi to the version of this kernel, `idmapped` of
 * all `tops` to false (without mounts, no idmap is possible), and the list of hidden files.
 * Returns 0 on success. Returns -1 with ERR_REFUSED and a hint if the weaker sandbox cannot be
 * used:
 * --require full is set, or the kernel has no Landlock either; of the facts only landlock_abi
 * has then changed. */
int fallback_choose(struct session_context *ctx, struct err *e);

/* Finds out in advance whether a plan needs the weaker sandbox, for a plan that is only
 * printed. If the engine is native, the function tries to make namespaces, which takes some
 * milliseconds, and calls fallback_choose() if this machine does not allow them. It prints any
 * other error as a warning and resets e. With another engine it does nothing and returns 0.
 * Otherwise returns 0 on success and -1 on error, as fallback_choose() does. */
int fallback_foresee(struct session_context *ctx, struct err *e);

#endif
