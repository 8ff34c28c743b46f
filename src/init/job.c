/* SPDX-License-Identifier: MIT */
#include "init/job.h"

#include "base/buf.h"
#include "base/exit_status.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/num.h"
#include "base/proctree.h"
#include "base/pty.h"
#include "base/rlimits.h"
#include "init/confinement.h"
#include "init/drop.h"
#include "init/setup.h"
#include "init/side_terminal.h"
#include "init/sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { EVENTS_MAX = 4096, SWEEP_MS = 10000 };

/* Why the child could not run the command. The child sends this through a pipe, which a
 * successful exec closes. */
struct start_failure {
    int status;
    struct err err;
};

void job_init(struct job *j, const struct boot *b)
{
    *j = (struct job){.boot = b, .pid = -1, .terminal = -1, .slave = -1};
    j->in = j->out = j->err = -1;
}

/* Returns how often the kernel has killed a process of this sandbox because memory ran out
 * (cgroup v2 and v1), and 0 if that is not known. */
static uint64_t count_oom_kills(void)
{
    static const char *const files[] = {"/sys/fs/cgroup/memory.events",
                                        "/sys/fs/cgroup/memory/memory.oom_control"};
    uint64_t count = 0;

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct err ignored = {0};
        struct buf text;
        struct str rest;
        struct str line = {0};
        int fd = file_open(files[i], O_RDONLY, 0, &ignored);
        char *p;
        ssize_t got;

        buf_init(&text, EVENTS_MAX);
        p = buf_reserve(&text, EVENTS_MAX);
        got = fd < 0 ? -1 : fd_read(fd, p, EVENTS_MAX);
        fd_close(&fd);
        rest = str_n(p, got > 0 ? (size_t)got : 0);
        while (rest.len > 0) {
            (void)str_cut(&rest, '\n', &line);
            if (str_starts(line, "oom_kill ")) {
                (void)str_u64(str_drop(line, 9), 10, UINT64_MAX, &count);
            }
        }
        buf_release(&text);
    }
    return count;
}

static int open_terminal(struct job *j, struct err *e)
{
    const struct boot *b = j->boot;

    if (pty_open(&j->terminal, &j->slave, e) < 0) {
        return -1;
    }
    (void)setsid(); /* fails if init is a session leader already, because of the engine */
    /* If only the input is the side terminal, nothing reads what programs write to it. So it is
     * not made the controlling terminal then. */
    if (b->side != BOOT_SIDE_IN && ioctl(j->slave, TIOCSCTTY, 0) < 0) {
        return err_sys(e, "make a controlling terminal");
    }
    /* The user owns the terminal, because programs also open it by its name. A failure is not
     * an error: /dev/pts may be read-only. */
    (void)!fchown(j->slave, (uid_t)b->uid, (gid_t)-1);
    if (b->side != 0) {
        side_terminal_prepare(j->slave);
    } else {
        j->in = j->out = j->terminal;
    }
    return 0;
}

/* Returns whether the stream `i` is the side terminal. */
static bool is_side(const struct job *j, int i)
{
    return (j->boot->side >> i & 1) != 0;
}

/* Returns whether the bytes of the stream `i` go through the side terminal. Those of error come
 * with those of output, if both are the terminal. */
static bool goes_aside(const struct job *j, int i)
{
    return is_side(j, i) && !(i == STDERR_FILENO && is_side(j, STDOUT_FILENO));
}

/* Makes the three pipes. `command_ends` are the command's ends. For a stream that goes through
 * the side terminal, init's end is a duplicate of the master. */
static int open_pipes(struct job *j, int command_ends[3], struct err *e)
{
    int *ours[3] = {&j->in, &j->out, &j->err};

    for (int i = 0; i < 3; i++) {
        int fds[2] = {-1, -1};

        if (goes_aside(j, i)) {
            *ours[i] = fcntl(j->terminal, F_DUPFD_CLOEXEC, 0);
            if (*ours[i] < 0) {
                return err_sys(e, "duplicate a terminal");
            }
            continue;
        }
        if (fd_pipe(fds, e) < 0) {
            return -1;
        }
        *ours[i] = fds[i == 0 ? 1 : 0];
        command_ends[i] = fds[i == 0 ? 0 : 1];
        if (fd_nonblock(*ours[i], e) < 0) {
            return -1;
        }
    }
    return 0;
}

int job_open(struct job *j, struct err *e)
{
    j->oom_kills = count_oom_kills();
    return j->boot->tty || j->boot->side != 0 ? open_terminal(j, e) : 0;
}

/* Returns the command's arguments. The name of a login shell begins with "-". */
static char **make_argv(const struct boot *b, struct arena *a)
{
    size_t first = b->login_shell ? 1 : 0;
    char **argv = arena_array(a, b->argv.count + first + 1, sizeof(*argv));

    if (b->login_shell) {
        argv[0] = arena_printf(a, "-%s", strrchr(setup_shell(b), '/') + 1);
    }
    for (size_t i = first; i < b->argv.count; i++) {
        argv[i] = arena_strdup(a, b->argv.v[i]);
    }
    return argv;
}

static char **make_env(const struct boot *b, struct arena *a)
{
    char **env = arena_array(a, b->env.count + 1, sizeof(*env));

    for (size_t i = 0; i < b->env.count; i++) {
        env[i] = arena_strdup(a, b->env.v[i]);
    }
    return env;
}

/* Runs in the child. Makes the terminal or the pipes the child's standard streams. */
static int own_streams(const struct job *j, const int command_ends[3], struct err *e)
{
    for (int i = 0; i < 3; i++) {
        if (dup2(j->boot->tty || is_side(j, i) ? j->slave : command_ends[i], i) < 0) {
            return err_sys(e, "standard streams");
        }
    }
    return 0;
}

/* Runs in the child. Makes the child a process group of its own, in the foreground of the
 * terminal. SIGTTOU is blocked, because tcsetpgrp(3) would stop a background process
 * otherwise. */
static void own_group(const struct job *j)
{
    sigset_t ttou;

    (void)sigemptyset(&ttou);
    (void)sigaddset(&ttou, SIGTTOU);
    (void)sigprocmask(SIG_BLOCK, &ttou, NULL); /* sig_restore() unblocks it */
    (void)setpgid(0, 0);
    if (j->slave >= 0) {
        (void)tcsetpgrp(j->slave, getpid());
    }
}

/* Returns true if the program's file exists. ENOENT then means that its interpreter is
 * missing. */
static bool is_there(const char *program, struct arena *a)
{
    const char *path = getenv("PATH");
    struct str rest = str_c(path != NULL ? path : "");

    if (strchr(program, '/') != NULL) {
        return access(program, F_OK) == 0;
    }
    while (rest.len > 0) {
        struct str dir = {0};

        (void)str_cut(&rest, ':', &dir);
        if (access(arena_printf(a, "%.*s/%s", dir.len > 0 ? (int)dir.len : 1,
                                dir.len > 0 ? dir.p : ".", program),
                   F_OK) == 0) {
            return true;
        }
    }
    return false;
}

/* Runs in the child. Prints a line for each program that an option needs and that is not there.
 */
static void name_wanted(const struct boot *b, struct arena *a)
{
    for (size_t i = 0; i < b->wanted.count; i++) {
        struct str text = str_c(b->wanted.v[i]);
        struct str program = {0};

        (void)str_cut(&text, ' ', &program);
        if (!is_there(arena_str(a, program), a)) {
            const char *line = arena_printf(a, "%.*s\n", (int)text.len, text.p);

            (void)fd_write(STDERR_FILENO, line, strlen(line)); /* the command runs anyway */
        }
    }
}

/* Describes why exec failed. Returns the status that shells use for it. */
static int why_not_run(const char *program, struct arena *a, struct err *e)
{
    int failed = errno;

    if ((failed == ENOENT || failed == ENOTDIR) && is_there(program, a)) {
        (void)err_set(
            e, ERR_NOT_FOUND,
            "%s: the file exists, but the interpreter or loader that it needs does not",
            program);
        return EXIT_CANNOT_RUN;
    }
    errno = failed;
    (void)err_sys(e, "%s", program);
    return failed == ENOENT || failed == ENOTDIR ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN;
}

/* Runs in the child. Lets the kernel kill the child when init ends, because without a pid
 * namespace nothing else does. Init may have ended already, which is an error. */
static int end_with_init(const struct job *j, pid_t init, struct err *e)
{
    if (!j->boot->landlock_only) {
        return 0;
    }
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0) {
        return err_sys(e, "set the signal for the end of init");
    }
    return getppid() != init ? err_set(e, ERR_EOF, "init has ended") : 0;
}

/* Runs in the child. Sets the umask, the nice value and the resource limits. If the sandbox has
 * only one user ID, the limit of core files stays as drop_privileges() has set it. */
static int own_limits(const struct boot *b, struct err *e)
{
    for (size_t i = 0; i < b->limits.count; i++) {
        if (b->single && str_starts(str_c(b->limits.v[i]), "core ")) {
            continue;
        }
        if (rlimits_set(b->limits.v[i], e) < 0) {
            return -1;
        }
    }
    /* To be nicer needs no privilege. A sandbox that is nicer already stays so. */
    if (b->nice > 0 && getpriority(PRIO_PROCESS, 0) < (int)b->nice) {
        (void)setpriority(PRIO_PROCESS, 0, (int)b->nice);
    }
    (void)umask((mode_t)b->umask);
    return 0;
}

/* Runs in the child. Returns only if the command could not be started, with the reason. */
static int become_command(const struct job *j, const int command_ends[3], struct arena *a,
                          const struct sig *sig, struct err *e)
{
    const struct boot *b = j->boot;
    char **argv = make_argv(b, a);
    char **env = make_env(b, a);

    own_group(j);
    if (own_streams(j, command_ends, e) < 0 || drop_privileges(b, e) < 0 ||
        own_limits(b, e) < 0 || confinement_apply(b, e) < 0) {
        return EXIT_CCO;
    }
    if (chdir(b->workdir) < 0) {
        (void)err_sys(e, "%s", b->workdir);
        return EXIT_CANNOT_RUN;
    }
    name_wanted(b, a);
    sig_ignore(&b->ignored);
    sig_restore(sig);
    if (b->login_shell) {
        (void)execve(setup_shell(b), argv, env);
    } else {
        (void)execvpe(argv[0], argv, env);
    }
    return why_not_run(b->login_shell ? setup_shell(b) : argv[0], a, e);
}

/* Ends the job, because the command could not be started. */
static void not_started(struct job *j, int status)
{
    j->ended = true;
    j->exit = (struct frame_exit){status, FRAME_NOT_STARTED, 0, str_c(j->why.text)};
}

void job_start(struct job *j, struct arena *a, const struct sig *sig)
{
    struct start_failure failure = {0};
    int command_ends[3] = {-1, -1, -1};
    int fds[2] = {-1, -1};
    const pid_t init = getpid();
    ssize_t got;

    if (fd_pipe(fds, &j->why) < 0 ||
        (!j->boot->tty && open_pipes(j, command_ends, &j->why) < 0)) {
        not_started(j, EXIT_CCO);
        goto out;
    }
    j->pid = fork();
    if (j->pid == 0) {
        failure.status = end_with_init(j, init, &failure.err) < 0
                             ? EXIT_CCO
                             : become_command(j, command_ends, a, sig, &failure.err);
        (void)fd_write(fds[1], &failure, sizeof(failure));
        _exit(failure.status);
    }
    if (j->pid < 0) {
        (void)err_sys(&j->why, "fork");
        not_started(j, EXIT_CCO);
        goto out;
    }
    (void)setpgid(j->pid, j->pid); /* the child does this too, because either may run first */
    fd_close(&fds[1]);
    got = fd_read(fds[0], &failure, sizeof(failure));
    if (got == (ssize_t)sizeof(failure)) {
        j->why = failure.err;
        not_started(j, failure.status);
    }
out:
    fd_close(&fds[0]);
    fd_close(&fds[1]);
    for (int i = 0; i < 3; i++) {
        fd_close(&command_ends[i]);
    }
}

void job_signal(struct job *j, int signo)
{
    if (j->pid <= 0 || j->ended) {
        return;
    }
    if (signo == SIGTSTP) {
        j->stopped_from_outside = true;
        signo = SIGSTOP;
    } else if (signo == SIGCONT) {
        j->stopped_from_outside = false;
    }
    if (kill(-j->pid, signo) < 0) {
        (void)kill(j->pid, signo);
    }
}

/* Notes the end of the command from a status of waitpid(2). */
static void take_end(struct job *j, int status)
{
    j->ended = true;
    if (WIFEXITED(status)) {
        j->exit = (struct frame_exit){WEXITSTATUS(status), FRAME_EXITED, 0, {NULL, 0}};
        return;
    }
    j->exit = (struct frame_exit){
        EXIT_SIGNAL + WTERMSIG(status), FRAME_SIGNALED, WTERMSIG(status), {NULL, 0}};
    if (WTERMSIG(status) == SIGKILL && count_oom_kills() > j->oom_kills) {
        j->exit.reason = FRAME_OUT_OF_MEMORY;
    }
}

bool job_reap(struct job *j)
{
    bool stopped = false;
    int status = 0;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0) {
        if (pid != j->pid) {
            continue;
        }
        if (WIFSTOPPED(status)) {
            stopped = !j->stopped_from_outside;
        } else if (!j->ended) {
            take_end(j, status);
        }
    }
    return stopped;
}

void job_sweep(struct job *j, pid_t spare)
{
    if (j->boot->landlock_only) {
        (void)proctree_kill(getpid(), SWEEP_MS); /* fails if a process cannot be killed */
    } else {
        sweep(spare);
    }
    fd_close(&j->slave);
}

void job_close(struct job *j)
{
    if (j->boot->tty) {
        j->in = j->out = -1; /* both are j->terminal, which is closed below */
    }
    fd_close(&j->terminal);
    fd_close(&j->slave);
    fd_close(&j->in);
    fd_close(&j->out);
    fd_close(&j->err);
}
