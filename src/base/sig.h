/* SPDX-License-Identifier: MIT */
/* Signals as a descriptor. A program blocks its signals at the start and reads them from one
 * signalfd(2) in its loop. The only handler is that of sig_on_crash(). Because a child inherits
 * the mask, it must call sig_restore() between fork and exec. */
#ifndef BASE_SIG_H
#define BASE_SIG_H

#include <signal.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/list.h"
#include "base/str.h"

struct sig {
    int fd;         /* readable while a signal is pending; -1 if closed */
    sigset_t saved; /* the mask of this process before sig_open() */
};

/* Saves the mask, blocks HUP, INT, QUIT, TERM, USR1, USR2, WINCH, CHLD, TSTP, CONT, PIPE, ALRM
 * and XFSZ, and opens the descriptor. TTOU and TTIN are not blocked. Because SIGPIPE is
 * blocked, a write to a pipe or socket without a reader fails with EPIPE; because SIGXFSZ is
 * blocked, a write beyond the limit of a file's size (ulimit -f) fails with EFBIG. A signal
 * that is already ignored (nohup ignores HUP) stays ignored, is not blocked and is never read.
 * CHLD is an exception: it is blocked and read even if it was ignored. Returns 0 on success and
 * -1 on error (ERR_SYS); s->fd is then -1, and the signals may already be blocked. */
int sig_open(struct sig *s, struct err *e);

/* Takes the next pending signal. Returns its number, and 0 if none is pending or s is closed.
 * Never blocks. */
int sig_next(struct sig *s);

/* Like sig_next(). If there is a signal, also sets *pid to the pid of the process that sent it,
 * and to 0 if the kernel or a process outside this pid namespace sent it. */
int sig_next_from(struct sig *s, int *pid);

/* Stops this process as Ctrl-Z at a terminal does: with SIGTSTP. If `group`, stops its whole
 * process group. Returns after SIGCONT. Does not stop, and returns immediately, if SIGTSTP is
 * ignored or the process group is orphaned, so that no shell could continue it. setpgid(2). */
void sig_stop(bool group);

/* Stops this process and its process group as a terminal stops a background process that uses
 * it: with SIGTTOU. Returns true after SIGCONT. Returns false, without having stopped, if
 * SIGTTOU is ignored or the process group is orphaned, or if SIGCONT is ignored. */
bool sig_stop_in_background(void);

/* Returns the number of a pending HUP, INT, QUIT or TERM, which stays pending, and 0 if there
 * is none. */
int sig_pending_end(void);

/* Restores the mask that sig_open() saved. Dispositions are unchanged, because sig_open() does
 * not change any. Async-signal-safe. */
void sig_restore(const struct sig *s);

/* Like sig_restore(), but SIGPIPE stays blocked, so that a write to a pipe without a reader
 * still fails with EPIPE. A process calls it before it prints a result: a write that blocks
 * because nobody reads is not interrupted by a signal that is blocked. */
void sig_restore_but_pipe(const struct sig *s);

/* Sets HUP, INT, QUIT, PIPE and TERM to their default action, which ends the process. A child
 * calls it before exec if these signals must be able to end the new program: nohup ignores HUP,
 * a shell ignores INT and QUIT in its background jobs, and ignored signals stay ignored across
 * exec. Async-signal-safe. */
void sig_usual(void);

/* Calls `handler` if this program crashes (SEGV, BUS, ILL, FPE, ABRT). It may call only
 * async-signal-safe functions, and ends with raise(signo), which then has its usual effect.
 * signal-safety(7). */
void sig_on_crash(void (*handler)(int signo));

/* Closes the descriptor. The signals stay blocked. A second call does nothing. */
void sig_close(struct sig *s);

/* Appends the names of the signals that this process ignores, except CHLD and URG, whose
 * default is to be ignored as well. */
void sig_ignored(struct strv *out, struct arena *a);

/* Ignores the signals with these names. Unknown names have no effect. */
void sig_ignore(const struct strv *signals);

/* Returns the name of a signal without "SIG": "TERM" for SIGTERM. Returns NULL if the number
 * has no name here (real-time signals, for example). */
const char *sig_name(int signo);

/* Returns the number of the signal with a name of that form, and 0 if there is none. */
int sig_number(struct str name);

#endif
