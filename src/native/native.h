/* SPDX-License-Identifier: MIT */
/* A sandbox that cco makes with the kernel's own means, without an engine. The plan, init, the
 * line to init and the session that the relay sees are the same as with an engine.
 *
 * The usual order is native_new(), native_start(), native_greet(); at the end native_kill() and
 * native_free(). Another cco that adopts the sandbox calls native_new(), native_hold() and
 * native_adopt() instead. Pids are those of the calling process's pid namespace. */
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

/* A sandbox, identified by its init. */
struct native {
    struct session session; /* the first member: the relay gets this address */
    pid_t pid;              /* of init; -1: there is none */
    int pidfd;              /* of init, owned; -1: closed */
    bool ours; /* init is a child of this process, and its status was not collected yet */
    /* The path of the sandbox's control group (native/cgroup.h), which native_close() removes.
     * The string is borrowed. NULL: there is none. */
    const char *group;
    /* The sandbox has no pid namespace: the end of init does not end the processes that the
     * command started. */
    bool landlock_only;
};

/* The arguments of a start, besides the plan. */
struct native_how {
    int line; /* init's end of its line; native_start() closes it */
    /* The path of the control group for the sandbox, borrowed. NULL: the sandbox stays in the
     * group of this process. */
    const char *group;
    int idmap; /* of idmap_open(), borrowed; -1: no tree is id-mapped (fact_top.idmapped) */
    /* The socket at which init waits for a cco that adopts the session (init/adopt_listener.h):
     * bound and non-blocking; native_start() closes it. -1: nobody can adopt the session. */
    int listener;
};

/* Makes the sandbox and starts init in it. Overwrites *n, and closes how->line and
 * how->listener in this process, also after an error.
 *
 * If the plan has no terminal, the sandbox is killed when this process dies; without
 * namespaces, init sees the end of its line and ends the sandbox itself. A sandbox with a
 * terminal survives this process from the moment at which init runs.
 *
 * Returns 0 once init runs, and -1 on error. ERR_REFUSED means that this machine refuses
 * namespaces to the user; the code is an enum userns_error_of. If the plan contains something
 * that the machine cannot do, that is always an error. After an error nothing of the sandbox
 * runs, and native_close() is still to be called. Blocks for some milliseconds, or as long as a
 * file server of the plan's paths does not answer; signals end it (ERR_CANCELED). */
int native_start(struct native *n, const struct plan *p, const struct native_how *how,
                 struct sig *sig, struct err *e);

/* Waits until init greets on `line`, the host's end of the line, which must be non-blocking.
 * `line` belongs to n->session afterwards, also after an error. `secret` is what init must know
 * from the boot file; NULL if no other process can be at the other end. Returns 0 on success
 * and -1 on error: ERR_EOF if init ended, ERR_REFUSED if the peer is not the session's init,
 * ERR_FORMAT if it sends something that is not a greeting. The sandbox still runs after an
 * error. Blocks for ten seconds at most (ERR_TIMEOUT); signals end it (ERR_CANCELED). */
int native_greet(struct native *n, int line, const char *secret, struct sig *sig,
                 struct err *e);

/* Returns when the process `pid` was started, in clock ticks since the machine's boot
 * (proc_pid_stat(5), field 22). Returns 0 if it does not exist or has ended, even if its status
 * was not collected yet. */
uint64_t native_started(pid_t pid);

/* Returns true if the process `pid` still runs and was started at `started`, a result of
 * native_started(). Returns false if `started` is 0. */
bool native_lives(uint64_t pid, uint64_t started);

/* Converts `started`, a result of native_started(), to seconds since 1970. Returns 0 if that is
 * not possible. */
int64_t native_since(uint64_t started);

/* Opens the sandbox whose init is the process `pid`, started at `started`, and which another
 * process has made. Afterwards it can be adopted or killed. Overwrites *n; n->group is NULL.
 * Returns 0 on success and -1 on error: ERR_NOT_FOUND if the sandbox has ended. After an error,
 * n is closed. Does not block. */
int native_hold(struct native *n, uint64_t pid, uint64_t started, struct err *e);

/* Adopts the sandbox that native_hold() has opened: connects to the socket `path`, checks that
 * init listens there, and sends `key`, the key of the session. Afterwards n->session has a line
 * on which init has greeted, and a terminal. Returns 0 on success and -1 on error: ERR_REFUSED
 * if another process listens at `path`, ERR_EOF if init does not accept the key or is ending,
 * and the other errors of native_greet(). The sandbox still runs after an error. Blocks for ten
 * seconds at most (ERR_TIMEOUT); signals end it (ERR_CANCELED). */
int native_adopt(struct native *n, const char *path, const char *key, struct sig *sig,
                 struct err *e);

/* Kills the sandbox with everything in it, and sets the end and the status of n->session.
 * Returns 0 once nothing of the sandbox runs any more, at once if it has ended already. Returns
 * -1 on error: ERR_TIMEOUT if init still exists ten seconds after it was killed, ERR_SYS if it
 * cannot be killed. Blocks until then. Without a pid namespace, the other processes are killed
 * first, which can take ten more seconds; processes that still run then are ignored. */
int native_kill(struct native *n, struct err *e);

/* Returns a closed sandbox on the heap, for native_free(). Aborts if memory is out. */
struct native *native_new(void);

/* Closes n as native_close() does, and frees it. Does nothing if n is NULL. */
void native_free(struct native *n);

/* Closes the descriptors of n and its line, and removes its control group with cgroup_remove().
 * That kills what still runs in the group. A sandbox without a group is not ended. A second
 * call does nothing. */
void native_close(struct native *n);

#endif
