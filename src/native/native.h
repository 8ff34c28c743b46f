/* SPDX-License-Identifier: MIT */
/* A sandbox that this process makes with the kernel's own means, without an engine. The plan,
 * init, the line to init and the session that the relay sees are the same as with an engine. */
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

/* A running sandbox, identified by its init. */
struct native {
    struct session session; /* the first member: the relay gets this address */
    pid_t pid;              /* of init, in this process's pid namespace */
    int pidfd;              /* -1: closed */
    bool ours;              /* init is a child of this process */
    const char *group;      /* of native/cgroup.h, removed at the end; borrowed; NULL: none */
    bool landlock_only; /* there is no pid namespace: init's end does not end what the command
                           started */
};

struct native_how {
    int line; /* init's end of its line */
    const char
        *group;   /* the control group for the sandbox, borrowed; NULL: that of this process */
    int idmap;    /* of idmap_open(), borrowed; -1: no tree is id-mapped (fact_top.idmapped) */
    int listener; /* where a later cco adopts the session (init/adopt_listener.h): bound and
                     non-blocking; -1: nowhere */
};

/* Makes the sandbox and starts init in it. Closes `how->line` and `how->listener` in this
 * process. A sandbox without a terminal is killed when this process dies. A sandbox with a
 * terminal survives this process from the moment at which init runs. Returns 0 once init is at
 * work, and -1 on error: ERR_REFUSED if this machine refuses namespaces to the user. What the
 * plan contains and the machine cannot do is always an error. Blocks for some milliseconds;
 * signals end it. */
int native_start(struct native *n, const struct plan *p, const struct native_how *how,
                 struct sig *sig, struct err *e);

/* Waits until init greets on `line`, this side's end, which then belongs to the session.
 * Returns 0 on success and -1 on error. Blocks for ten seconds at most; signals end it. */
int native_greet(struct native *n, int line, const char *secret, struct sig *sig,
                 struct err *e);

/* Returns when the process was started, in clock ticks since the machine's boot
 * (proc_pid_stat(5), field 22), and 0 if there is no such process or if it has ended. */
uint64_t native_started(pid_t pid);

/* Returns true if the init with this pid and this start time still runs. */
bool native_lives(uint64_t pid, uint64_t started);

/* Converts a result of native_started() to seconds since 1970. Returns 0 if that is not
 * possible. */
int64_t native_since(uint64_t started);

/* Opens a sandbox that another process has made, in order to end or adopt it. Returns 0 on
 * success and -1 on error: ERR_NOT_FOUND if it has ended; n is closed then. */
int native_hold(struct native *n, uint64_t pid, uint64_t started, struct err *e);

/* Adopts the sandbox that native_hold() has opened: connects to init at `path`, checks that the
 * peer is init, and sends the session's key. Afterwards the session has a line on which init
 * has greeted. Returns 0 on success and -1 on error: ERR_REFUSED if another process listens at
 * `path`. Blocks like native_greet(). */
int native_adopt(struct native *n, const char *path, const char *key, struct sig *sig,
                 struct err *e);

/* Kills the sandbox with everything in it. Returns 0 once nothing of it runs any more, and -1
 * on error: ERR_TIMEOUT after ten seconds. */
int native_kill(struct native *n, struct err *e);

struct native *native_new(void);
void native_free(struct native *n); /* accepts NULL */

void native_close(struct native *n);

#endif
