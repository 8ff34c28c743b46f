/* SPDX-License-Identifier: MIT */
/* Why this machine refuses namespaces to the user, in words, and what the user can do about it.
 * One table maps the operation that failed, its errno and the kernel's settings to a reason and
 * an advice. sysctl(8) user.*, kernel.*; docker-run(1)
 * --security-opt. */
#ifndef NATIVE_USERNS_ERROR_H
#define NATIVE_USERNS_ERROR_H

#include "base/arena.h"
#include "base/err.h"

/* The operation that was refused: the code of an ERR_REFUSED of native/ns.h and native/root.h.
 */
enum userns_error_of {
    USERNS_ERROR_NONE,
    USERNS_ERROR_CLONE,
    USERNS_ERROR_MAP,
    USERNS_ERROR_MOUNT,
    USERNS_ERROR_PROC
};

struct userns_error {
    const char *why;  /* "user.max_user_namespaces is 0" */
    const char *next; /* a command, or an option of one; NULL: no advice is known */
};

/* Turns *e into an ERR_REFUSED with the code `what` if it is an ERR_SYS whose errno means that
 * the kernel, a security module or a filter forbids `what`. Any other error stays as it is.
 * ENOSPC is a refusal only if a setting allows no namespaces at all: otherwise an agent could
 * use up all namespaces, and the next session would get a weaker sandbox; *e then gets a hint.
 * Returns -1. */
int userns_error_mark(struct err *e, enum userns_error_of what);

/* Explains an error that userns_error_mark() has turned into an ERR_REFUSED. Reads the kernel's
 * settings below `root`, which is "" except in tests. The strings are static or live in the
 * arena. */
void userns_error_explain(const struct err *e, const char *root, struct arena *a,
                          struct userns_error *out);

#endif
