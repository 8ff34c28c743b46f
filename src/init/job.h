/* SPDX-License-Identifier: MIT */
/* The job: the command that init runs, on a new pseudo-terminal or on three pipes. It is a
 * process group in a session that init leads, so that keys like Ctrl-C reach the command and
 * its children and not init, and so that job control works inside. */
#ifndef INIT_JOB_H
#define INIT_JOB_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sig.h"
#include "wire/boot.h"
#include "wire/frame.h"

/* The descriptors belong to the job; -1: not open. */
struct job {
    const struct boot *boot; /* borrowed */
    pid_t pid;               /* the command's process and process group; -1 before the start */
    int terminal; /* the master of the terminal or the side terminal; -1: there is none */
    /* The terminal's other end. Init keeps it open until the command has ended, because
     * otherwise the master would report a hang-up while no program has it open. */
    int slave;
    /* Init's ends of the pipes. With a terminal, in and out are the master, and err is -1. For
     * a stream that is the side terminal, a duplicate of its master. */
    int in, out, err;
    int64_t side_empty_ms; /* when its ended input was first seen to be all read; 0: not yet */
    bool side_ended;       /* the side terminal has got the end of the input */
    bool stopped_from_outside; /* by a TSTP of cco or the engine, which will send CONT */
    bool ended;                /* the command has ended, or could not be started */
    struct frame_exit exit; /* its end, valid once `ended`; the text of it points into `why` */
    struct err why;         /* why the command could not be started */
    /* How many processes of the sandbox the kernel had killed before the start, because memory
     * ran out. */
    uint64_t oom_kills;
};

/* Sets the initial state. b is borrowed until job_close(). */
void job_init(struct job *j, const struct boot *b);

/* Prepares the start. If the command gets a terminal or a side terminal, makes it, and makes it
 * init's controlling terminal. (job_start() makes the pipes.) Returns 0 on success and -1 on
 * error. */
int job_open(struct job *j, struct err *e);

/* Makes the pipes if no terminal exists, and starts the command: forks, gives up the
 * privileges, applies the confinement, and executes. Blocks until the exec has succeeded or
 * failed. If anything fails, the job has ended, with the status that shells use for it (126,
 * 127; 125 for init's own failures), and with the reason in `why`. `a` is for memory that the
 * child needs. `sig` is the open signal descriptor, whose mask the child restores. */
void job_start(struct job *j, struct arena *a, const struct sig *sig);

/* Sends a signal to the whole process group. Sends SIGSTOP instead of SIGTSTP, so that the
 * command stops even if it catches SIGTSTP. Does nothing if the command does not run. */
void job_signal(struct job *j, int signo);

/* Waits for every child of init that has ended or stopped, and notes the end of the command.
 * Returns true if the command has stopped itself. Does not block. */
bool job_reap(struct job *j);

/* Kills the processes that the command has left, and waits for them, so that the streams reach
 * their end: all processes of the sandbox except init and `spare` (init/sweep.h). Without
 * namespaces, kills only init's descendants, for ten seconds at most, and ignores `spare` and
 * processes that cannot be killed. Also closes j->slave. */
void job_sweep(struct job *j, pid_t spare);

/* Closes all descriptors. Does not end the command. */
void job_close(struct job *j);

#endif
