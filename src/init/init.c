/* SPDX-License-Identifier: MIT */
#include "init/init.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/sig.h"
#include "init/drop.h"
#include "init/setup.h"
#include "wire/boot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { EXIT_INIT = 125, EXIT_CANNOT_RUN = 126, EXIT_NOT_FOUND = 127 };

/* Why the child could not run the command; comes through a pipe that exec closes. */
struct start_failure {
    int status;
    struct err err;
};

struct init {
    struct arena arena;
    struct boot boot;
    struct sig sig;
    pid_t child;
    bool stopped_from_outside; /* TSTP or STOP came by signal: CONT will too */
};

static int read_boot(struct init *in, const char *path, struct err *e)
{
    struct buf text;
    int rc;

    buf_init(&text, LIMIT_BOOT);
    rc = file_read(path, &text, e);
    if (rc == 0) {
        rc = boot_decode(buf_str(&text), &in->arena, &in->boot, e);
    }
    buf_wipe(&text);
    return rc;
}

/* Before the command can ask: no engine call is early enough on every engine. */
static void set_size(const struct boot *b)
{
    struct winsize size = {.ws_row = (unsigned short)b->rows,
                           .ws_col = (unsigned short)b->cols};

    if (b->tty && b->rows > 0 && b->cols > 0) {
        (void)ioctl(STDIN_FILENO, TIOCSWINSZ, &size);
    }
}

/* The environment's PATH, where execvpe() looks: the parent's is not the command's. */
static void take_path(const struct boot *b)
{
    for (size_t i = 0; i < b->env.count; i++) {
        if (strncmp(b->env.v[i], "PATH=", 5) == 0) {
            (void)setenv("PATH", b->env.v[i] + 5, 1);
        }
    }
}

static char **make_argv(struct init *in)
{
    struct boot *b = &in->boot;
    size_t first = b->login_shell ? 1 : 0;
    char **argv = arena_array(&in->arena, b->argv.count + first + 1, sizeof(*argv));

    if (b->login_shell) {
        argv[0] = arena_printf(&in->arena, "-%s", strrchr(setup_shell(b), '/') + 1);
    }
    for (size_t i = first; i < b->argv.count; i++) {
        argv[i] = arena_strdup(&in->arena, b->argv.v[i]);
    }
    return argv;
}

/* A process group of its own in the foreground of the terminal that init leads: keys like Ctrl-C reach
 * the command and its children, not init, and job control works inside. */
static void own_group(const struct init *in)
{
    (void)setpgid(0, 0);
    if (in->boot.tty) {
        (void)tcsetpgrp(STDIN_FILENO, getpid()); /* SIGTTOU is blocked here */
    }
}

/* In the child. Comes back only with the reason why the command did not start. */
static int become_command(struct init *in, char **argv, struct err *e)
{
    const struct boot *b = &in->boot;
    char **env = arena_array(&in->arena, b->env.count + 1, sizeof(*env));
    sigset_t ttou;

    for (size_t i = 0; i < b->env.count; i++) {
        env[i] = arena_strdup(&in->arena, b->env.v[i]);
    }
    (void)sigemptyset(&ttou);
    (void)sigaddset(&ttou, SIGTTOU);
    (void)sigprocmask(SIG_BLOCK, &ttou, NULL);
    own_group(in);
    if (drop_privileges(b, e) < 0) {
        return EXIT_INIT;
    }
    if (chdir(b->workdir) < 0) {
        (void)err_sys(e, "%s", b->workdir);
        return EXIT_CANNOT_RUN;
    }
    sig_restore(&in->sig);
    if (b->login_shell) {
        (void)execve(setup_shell(b), argv, env);
    } else {
        (void)execvpe(argv[0], argv, env);
    }
    (void)err_sys(e, "%s", b->login_shell ? setup_shell(b) : argv[0]);
    return errno == ENOENT || errno == ENOTDIR ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN;
}

/* 0 when the command runs, else the exit status, its reason said. */
static int start(struct init *in)
{
    struct start_failure failure = {0};
    struct err e = {0};
    char **argv = make_argv(in);
    int fds[2] = {-1, -1};
    ssize_t got;

    if (fd_pipe(fds, &e) < 0) {
        log_error("init: %s", e.text);
        return EXIT_INIT;
    }
    in->child = fork();
    if (in->child == 0) {
        fd_close(&fds[0]);
        failure.status = become_command(in, argv, &failure.err);
        (void)fd_write(fds[1], &failure, sizeof(failure));
        _exit(failure.status);
    }
    fd_close(&fds[1]);
    if (in->child < 0) {
        fd_close(&fds[0]);
        log_error("init: fork: %s", strerror(errno));
        return EXIT_INIT;
    }
    (void)setpgid(in->child, in->child); /* whoever comes first */
    got = fd_read(fds[0], &failure, sizeof(failure));
    fd_close(&fds[0]);
    if (got == (ssize_t)sizeof(failure)) {
        log_error("%s", failure.err.text);
        return failure.status;
    }
    return 0;
}

static void forward(struct init *in, int signo)
{
    switch (signo) {
    case SIGTSTP:
        in->stopped_from_outside = true;
        (void)kill(-in->child, SIGSTOP);
        return;
    case SIGCONT:
        in->stopped_from_outside = false;
        break;
    default:
        break;
    }
    if (kill(-in->child, signo) < 0) {
        (void)kill(in->child, signo);
    }
}

/* Every child that ended or stopped; the command's status once it has ended, -1 before. */
static int reap(struct init *in)
{
    int result = -1;
    int status = 0;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0) {
        if (pid != in->child) {
            continue;
        }
        if (WIFSTOPPED(status)) {
            /* Nobody inside could ever continue it. */
            if (!in->stopped_from_outside) {
                (void)kill(-in->child, SIGCONT);
            }
        } else if (WIFEXITED(status)) {
            result = WEXITSTATUS(status);
        } else if (WIFSIGNALED(status)) {
            result = 128 + WTERMSIG(status);
        }
    }
    return result;
}

static int attend(struct init *in)
{
    struct pollfd fd = {.fd = in->sig.fd, .events = POLLIN};
    int status = -1;

    while (status < 0) {
        int signo;

        (void)poll(&fd, 1, -1);
        while ((signo = sig_next(&in->sig)) != 0) {
            if (signo == SIGCHLD) {
                int ended = reap(in);

                status = ended >= 0 ? ended : status;
            } else if (signo != SIGWINCH) { /* the kernel tells the foreground group itself */
                forward(in, signo);
            }
        }
    }
    return status;
}

int init_main(int argc, char **argv)
{
    struct init in = {.sig = {.fd = -1}, .child = -1};
    struct err e = {0};
    int status;

    /* Nothing inside may trace init or read its memory: it holds every variable. */
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    if (argc != 2 || sig_open(&in.sig, &e) < 0 || read_boot(&in, argv[1], &e) < 0) {
        log_error("init: %s", argc != 2 ? "usage: init FILE" : e.text);
        return EXIT_INIT;
    }
    set_size(&in.boot);
    if (setup_user(&in.boot, &e) < 0) {
        log_error("init: %s", e.text);
        return EXIT_INIT;
    }
    take_path(&in.boot);
    status = start(&in);
    if (status == 0) {
        status = attend(&in);
    }
    sig_close(&in.sig);
    arena_release(&in.arena);
    return status;
}
