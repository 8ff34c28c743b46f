/* SPDX-License-Identifier: MIT */
/* The command that init runs: on a pseudo-terminal of its own, or on three pipes. A process group of its
 * own in a session that init leads, so that keys like Ctrl-C reach the command and its children, not
 * init, and job control works inside. */
#ifndef INIT_JOB_H
#define INIT_JOB_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sig.h"
#include "wire/boot.h"
#include "wire/frame.h"

struct job {
    const struct boot *boot; /* borrowed */
    pid_t pid;               /* -1 before the start */
    int terminal;            /* the master; -1 without a terminal */
    int slave;               /* held until the end: no hang-up while programs come and go */
    int in, out, err; /* our ends of the pipes; of a terminal: in and out are the master */
    bool stopped_from_outside; /* TSTP came by signal: CONT will too */
    bool ended;
    struct frame_exit exit; /* valid once it has ended; its text is in `why` */
    struct err why;         /* of a command that could not be started */
    uint64_t oom_kills;     /* of the container before the start */
};

void job_init(struct job *j, const struct boot *b);

/* Makes the terminal, which becomes init's controlling one, or the pipes. */
int job_open(struct job *j, struct err *e);

/* Starts the command. Where that fails the job has ended, with the status that shells have for it and the
 * reason: no error. */
void job_start(struct job *j, struct arena *a, const struct sig *sig);

/* Passes a signal on to the whole process group. TSTP stops it, whatever it catches. */
void job_signal(struct job *j, int signo);

/* Takes every child that ended or stopped. True where the command has stopped itself. */
bool job_reap(struct job *j);

/* Ends everything that runs beside init and `spare` (init/sweep.h), and waits until it has: afterwards the streams come
 * to their end. */
void job_sweep(struct job *j, pid_t spare);

void job_close(struct job *j);

#endif
