/* SPDX-License-Identifier: MIT */
/* Signals as a descriptor: blocked first thing, read from one signalfd(2) in the loop. No
 * handlers. A child must call sig_restore() between fork and exec. */
#ifndef BASE_SIG_H
#define BASE_SIG_H

#include <signal.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct sig {
    int fd;         /* readable when a signal waits; -1 when closed */
    sigset_t saved; /* the mask we were started with */
};

/* Blocks HUP INT QUIT TERM USR1 USR2 WINCH CHLD TSTP CONT PIPE ALRM (TTOU TTIN stay default)
 * and opens the descriptor. SIGPIPE is ignored through the mask: writes give EPIPE. A signal
 * that was ignored when we started (nohup) stays ignored and is not delivered. */
int sig_open(struct sig *s, struct err *e);

/* The next pending signal's number, 0 where none waits. Never blocks. */
int sig_next(struct sig *s);

/* Like sig_next, with what signalfd tells: the sender's pid (0: kernel or another pid
 * namespace) in *pid. */
int sig_next_from(struct sig *s, int *pid);

/* Stops this process, with `group` its whole process group, as a terminal's Ctrl-Z does, until
 * SIGCONT; returns at once where nobody could continue it (an orphaned process group, TSTP
 * ignored). setpgid(2). */
void sig_stop(bool group);

/* The mask and dispositions a new program expects. Async-signal-safe. */
void sig_restore(const struct sig *s);

/* What others ignore (nohup HUP, a shell's background jobs INT and QUIT) as a program expects
 * it that shall end by it. Async-signal-safe. */
void sig_usual(void);

void sig_close(struct sig *s);

/* "TERM" for SIGTERM, without the "SIG"; NULL for a number without a name. */
const char *sig_name(int signo);

/* The other way round; 0 for a name that is none. */
int sig_number(struct str name);

#endif
