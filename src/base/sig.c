/* SPDX-License-Identifier: MIT */
#include "base/sig.h"

#include "base/fd.h"

#include <errno.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

static const struct {
    int number;
    const char *name;
} names[] = {
    {SIGHUP, "HUP"},     {SIGINT, "INT"},   {SIGQUIT, "QUIT"}, {SIGILL, "ILL"},
    {SIGTRAP, "TRAP"},   {SIGABRT, "ABRT"}, {SIGBUS, "BUS"},   {SIGFPE, "FPE"},
    {SIGKILL, "KILL"},   {SIGUSR1, "USR1"}, {SIGSEGV, "SEGV"}, {SIGUSR2, "USR2"},
    {SIGPIPE, "PIPE"},   {SIGALRM, "ALRM"}, {SIGTERM, "TERM"}, {SIGCHLD, "CHLD"},
    {SIGCONT, "CONT"},   {SIGSTOP, "STOP"}, {SIGTSTP, "TSTP"}, {SIGTTIN, "TTIN"},
    {SIGTTOU, "TTOU"},   {SIGURG, "URG"},   {SIGXCPU, "XCPU"}, {SIGXFSZ, "XFSZ"},
    {SIGWINCH, "WINCH"},
};

static const int watched[] = {
    SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH,
    SIGCHLD, SIGTSTP, SIGCONT, SIGPIPE, SIGALRM, SIGXFSZ,
};
enum { WATCHED = sizeof(watched) / sizeof(watched[0]) };

/* An ignored CHLD does not count, because its default action is to ignore it anyway and cco
 * must read it in any case. The other signals may have been ignored by the program that started
 * cco: nohup ignores HUP, and `trap "" PIPE` in a shell ignores PIPE. */
static bool is_ignored(int signo)
{
    struct sigaction action;

    return signo != SIGCHLD && sigaction(signo, NULL, &action) == 0 &&
           action.sa_handler == SIG_IGN;
}

int sig_open(struct sig *s, struct err *e)
{
    sigset_t mask;

    s->fd = -1;
    (void)sigemptyset(&mask);
    for (size_t i = 0; i < WATCHED; i++) {
        if (!is_ignored(watched[i])) {
            (void)sigaddset(&mask, watched[i]);
        }
    }
    if (sigprocmask(SIG_BLOCK, &mask, &s->saved) < 0) {
        return err_sys(e, "block signals");
    }
    s->fd = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
    if (s->fd < 0) {
        return err_sys(e, "signalfd");
    }
    return 0;
}

int sig_next_from(struct sig *s, int *pid)
{
    struct signalfd_siginfo info;

    if (s->fd < 0 || fd_read(s->fd, &info, sizeof(info)) != (ssize_t)sizeof(info)) {
        return 0;
    }
    *pid = (int)info.ssi_pid;
    return (int)info.ssi_signo;
}

int sig_next(struct sig *s)
{
    int pid = 0;

    return sig_next_from(s, &pid);
}

void sig_stop(bool group)
{
    sigset_t stop;
    sigset_t before;

    (void)sigemptyset(&stop);
    (void)sigaddset(&stop, SIGTSTP);
    (void)kill(group ? 0 : getpid(), SIGTSTP);
    (void)sigprocmask(SIG_UNBLOCK, &stop, &before); /* the process stops here */
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
}

bool sig_stop_in_background(void)
{
    const struct timespec now = {0};
    sigset_t set;

    if (is_ignored(SIGTTOU)) {
        return false;
    }
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGCONT);
    (void)sigtimedwait(&set, NULL, &now); /* forgets the last one: the next one is awaited */
    (void)kill(0, SIGTTOU);               /* the process stops here */
    return sigpending(&set) == 0 && sigismember(&set, SIGCONT) == 1;
}

int sig_pending_end(void)
{
    static const int ends[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    sigset_t set;

    if (sigpending(&set) < 0) {
        return 0;
    }
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (sigismember(&set, ends[i]) == 1) {
            return ends[i];
        }
    }
    return 0;
}

void sig_restore(const struct sig *s)
{
    (void)sigprocmask(SIG_SETMASK, &s->saved, NULL);
}

void sig_restore_but_pipe(const struct sig *s)
{
    sigset_t mask = s->saved;

    (void)sigaddset(&mask, SIGPIPE);
    (void)sigprocmask(SIG_SETMASK, &mask, NULL);
}

void sig_usual(void)
{
    static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM};
    const struct sigaction usual = {.sa_handler = SIG_DFL};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        (void)sigaction(numbers[i], &usual, NULL);
    }
}

void sig_on_crash(void (*handler)(int signo))
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    struct sigaction action = {.sa_handler = handler, .sa_flags = (int)SA_RESETHAND};

    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++) {
        (void)sigaction(crashes[i], &action, NULL);
    }
}

void sig_close(struct sig *s)
{
    fd_close(&s->fd);
}

void sig_ignored(struct strv *out, struct arena *a)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].number != SIGURG && is_ignored(names[i].number)) {
            strv_add(out, a, names[i].name);
        }
    }
}

void sig_ignore(const struct strv *signals)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};

    for (size_t i = 0; i < signals->count; i++) {
        const int signo = sig_number(str_c(signals->v[i]));

        if (signo > 0) {
            (void)sigaction(signo, &ignore, NULL);
        }
    }
}

const char *sig_name(int signo)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].number == signo) {
            return names[i].name;
        }
    }
    return NULL;
}

int sig_number(struct str name)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq_c(name, names[i].name)) {
            return names[i].number;
        }
    }
    return 0;
}
