/* SPDX-License-Identifier: MIT */
/* The engine that is no engine: a sandbox out of the kernel's own means, made by this process. The plan is the same, and so
 * are init, the line to it, and the session that the relay sees. */
#ifndef NATIVE_NATIVE_H
#define NATIVE_NATIVE_H

#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sig.h"
#include "plan/facts.h"
#include "plan/plan.h"
#include "tty/session.h"

/* A running sandbox, known by its init. */
struct native {
    struct session session; /* first: the relay gets this address */
    pid_t pid;              /* of init, as this process sees it */
    int pidfd;              /* -1: closed */
    bool ours;              /* a child of this process */
    bool bare; /* in no pid namespace of its own: its end is not that of all it has started */
};

/* Makes the sandbox and starts init in it, with `line` as its line, which is closed here. What cannot be made as the plan has it is an error: ERR_REFUSED
 * where this machine does not let the user have namespaces. Returns once init is at work; blocks for some milliseconds. */
int native_start(struct native *n, const struct plan *p, int line, const struct sig *sig,
                 struct err *e);

/* Waits until init greets on `line`, our end, which the session then has; some seconds at most, and signals end it. */
int native_greet(struct native *n, int line, const char *secret, struct sig *sig,
                 struct err *e);

/* Takes up one whose cco has gone: `pid` and `started` (proc_pid_stat(5), field 22) tell which. ERR_NOT_FOUND. */
int native_adopt(struct native *n, pid_t pid, uint64_t started, struct err *e);

/* When the process was started; 0 where there is none. */
uint64_t native_started(pid_t pid);

/* Ends it, with everything in it. */
int native_kill(struct native *n, struct err *e);

struct native *native_new(void);
void native_free(struct native *n); /* accepts NULL */

void native_close(struct native *n);

#endif
