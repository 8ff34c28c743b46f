/* SPDX-License-Identifier: MIT */
/* The command that init runs, on a new pseudo-terminal or on three pipes. It is a process group
 * in a session that init leads, so that keys like Ctrl-C reach the command and its children and
 * not init, and job control works inside. */
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
    int slave; /* kept open until the end, so that there is no hang-up while no program has it
                  open */
    int in, out, err; /* init's ends of the pipes; with a terminal, in and out are the master */
    bool stopped_from_outside; /* TSTP came as a signal, so CONT will come as one */
    bool ended;
    struct frame_exit exit; /* valid once it has ended; its text is in `why` */
    struct err why;         /* why the command could not be started */
    uint64_t oom_kills;     /* the container's count before the start */
};

void job_init(struct job *j, const struct boot *b);

/* Makes the pipes, or the terminal, which becomes init's controlling terminal. Returns 0 on
 * success and -1 on error. */
int job_open(struct job *j, struct err *e);

/* Starts the command. If that fails, the job has ended, with the status that shells use for it
 * and with the reason. */
void job_start(struct job *j, struct arena *a, const struct sig *sig);

/* Sends a signal to the whole process group. TSTP stops it even if it catches that signal. */
void job_signal(struct job *j, int signo);

/* Waits for every child that ended or stopped. Returns true if the command has stopped itself.
 * Does not block. */
bool job_reap(struct job *j);

/* Kills everything that runs except init and `spare` (init/sweep.h), and waits for it.
 * Afterwards the streams reach their end. */
void job_sweep(struct job *j, pid_t spare);

void job_close(struct job *j);

#endif
