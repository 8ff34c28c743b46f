/* SPDX-License-Identifier: MIT */
/* The engine that is no engine: a sandbox out of the kernel's own means, made by this process. The plan is the same, and so
 * are init, the line to it, and the session that the relay sees. */
#ifndef NATIVE_NATIVE_H
#define NATIVE_NATIVE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sig.h"
#include "plan/facts.h"
#include "plan/plan.h"
#include "term/session.h"

/* A running sandbox, known by its init. */
struct native {
    struct session session; /* first: the relay gets this address */
    pid_t pid;              /* of init, as this process sees it */
    int pidfd;              /* -1: closed */
    bool ours;              /* a child of this process */
    const char *group;      /* of native/cgroup.h, removed with this; borrowed; NULL: none */
    bool
        landlock_only; /* in no pid namespace of its own: its end is not that of all it has started */
};

struct native_how {
    int line;          /* init's end of its line */
    const char *group; /* the control group it runs in, borrowed; NULL: ours */
    int idmap; /* of idmap_open(), borrowed; -1: nothing is masked (fact_top.idmapped) */
    int listener; /* where a later cco comes (init/adopt_listener.h): bound and non-blocking; -1: none may */
};

/* Makes the sandbox and starts init in it, which gets what is in `how`; that is closed here. One without a terminal ends with
 * this process, however that ends; one with a terminal from before the command's start on lives without it. What cannot be made as the plan has it is an error: ERR_REFUSED
 * where this machine does not let the user have namespaces. Returns once init is at work; blocks for some milliseconds. */
int native_start(struct native *n, const struct plan *p, const struct native_how *how,
                 struct sig *sig, struct err *e);

/* Waits until init greets on `line`, our end, which the session then has; some seconds at most, and signals end it. */
int native_greet(struct native *n, int line, const char *secret, struct sig *sig,
                 struct err *e);

/* When the process was started, in ticks since this machine was (proc_pid_stat(5), field 22); 0 where there is none. */
uint64_t native_started(pid_t pid);

/* Whether the init that was noted so is there. */
bool native_lives(uint64_t pid, uint64_t started);

/* What native_started() tells as seconds since 1970; 0: it cannot be told. */
int64_t native_since(uint64_t started);

/* Has hold of one that this process did not make, to end it or to adopt it. ERR_NOT_FOUND where it has ended; n is
 * closed then. */
int native_hold(struct native *n, uint64_t pid, uint64_t started, struct err *e);

/* Becomes the cco of what native_hold() has hold of: calls init at `path`, where nobody but init is spoken to, and proves
 * itself by the key. The session has a line then, on which init has greeted. ERR_REFUSED where somebody else listens. */
int native_adopt(struct native *n, const char *path, const char *key, struct sig *sig,
                 struct err *e);

/* Ends it, with everything in it: nothing runs any more when this returns. Waits for some seconds; ERR_TIMEOUT. */
int native_kill(struct native *n, struct err *e);

struct native *native_new(void);
void native_free(struct native *n); /* accepts NULL */

void native_close(struct native *n);

#endif
