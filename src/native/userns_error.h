/* SPDX-License-Identifier: MIT */
/* Why this machine does not let the user have namespaces, in words, and what changes that: from what failed, and from the
 * kernel's own settings. sysctl(8) user.*, kernel.*; docker-run(1) --security-opt. */
#ifndef NATIVE_USERNS_ERROR_H
#define NATIVE_USERNS_ERROR_H

#include "base/arena.h"
#include "base/err.h"

/* What was not allowed: the code of an ERR_REFUSED of native/ns.h and native/root.h. */
enum userns_error_of {
    USERNS_ERROR_NONE,
    USERNS_ERROR_CLONE,
    USERNS_ERROR_MAP,
    USERNS_ERROR_MOUNT,
    USERNS_ERROR_PROC
};

struct userns_error {
    const char *why;  /* "user.max_user_namespaces is 0" */
    const char *next; /* a command, or an option of one; NULL: nothing is known */
};

/* Makes an ERR_REFUSED of an ERR_SYS whose errno is one by which the kernel, a module of its, or a filter forbids
 * something; leaves any other as it is. What only lacks room is none, unless a setting leaves no room at all: an agent could
 * use it up to get the next session a weaker sandbox. Returns -1. */
int userns_error_mark(struct err *e, enum userns_error_of what);

/* Of an error so marked. Reads below `root`, "" but in tests; strings live in the arena. */
void userns_error_explain(const struct err *e, const char *root, struct arena *a,
                          struct userns_error *out);

#endif
