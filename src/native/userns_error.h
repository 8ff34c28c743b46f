/* SPDX-License-Identifier: MIT */
/* Explains to the user why this machine refuses namespaces, and what can be done about it. One
 * table maps the operation that failed, its errno and the kernel's settings to a reason and to
 * advice. sysctl(8), user.* and kernel.*; docker-run(1), --security-opt. */
#ifndef NATIVE_USERNS_ERROR_H
#define NATIVE_USERNS_ERROR_H

#include "base/arena.h"
#include "base/err.h"

/* The operation that was refused. This is the `code` of an ERR_REFUSED of native/ns.h and
 * native/root.h. */
enum userns_error_of {
    USERNS_ERROR_NONE,  /* none: the error was not set by userns_error_mark() */
    USERNS_ERROR_CLONE, /* making namespaces */
    USERNS_ERROR_MAP,   /* writing the maps of ids */
    USERNS_ERROR_MOUNT, /* the first mount in a new mount namespace */
    USERNS_ERROR_PROC   /* mounting a new /proc */
};

struct userns_error {
    const char *why;  /* the reason, such as "user.max_user_namespaces is 0"; never NULL */
    const char *next; /* a command, or an option of one, that helps; NULL: none is known */
};

/* Changes the kind of *e to ERR_REFUSED and its code to `what`, if *e is an ERR_SYS whose errno
 * means that the kernel, a security module or a filter forbids `what`. Any other error is a
 * fault and stays unchanged, because only a refusal may lead to a weaker sandbox.
 *
 * ENOSPC is a refusal only if a setting of the kernel allows no namespaces at all. Otherwise
 * all namespaces are in use, which an agent could bring about to get a weaker sandbox for the
 * next session; *e then stays an ERR_SYS and gets a hint. May read the kernel's settings.
 * Always returns -1. */
int userns_error_mark(struct err *e, enum userns_error_of what);

/* Explains *e, an error that userns_error_mark() has changed to ERR_REFUSED. Reads the kernel's
 * settings below `root`, which is "" except in tests. Always fills *out: without a known
 * reason, `why` is the text of *e. The strings are static or live in the arena. */
void userns_error_explain(const struct err *e, const char *root, struct arena *a,
                          struct userns_error *out);

#endif
