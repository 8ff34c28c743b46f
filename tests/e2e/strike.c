/* SPDX-License-Identifier: MIT */
/* Runs a program and sends it a signal right after its Nth system call, for tests of what a
 * crash leaves behind: `strike [OPTIONS] N SIGNAL -- PROGRAM [ARGS...]`, with SIGNAL as a
 * number, KILL or TERM.
 *
 *   --all          counts every call; else those that change files, locks or processes
 *   --from TEXT    counts from the first call on (it is number 1) that opens, renames, links,
 * removes or makes a path with TEXT in it
 *   --report FILE  where the last line goes; else standard error
 *
 * The program is traced (ptrace(2)); what it forks is not, and its calls do not count. A call
 * counts when it has returned, with success or an error; the signal arrives before the program
 * sees that. After any other signal than KILL the program goes on, no longer traced, to its
 * end. The N that is too large is how calls are counted: `strike 1000000 KILL -- ...`.
 *
 * Exit status: 0 the program ended by itself before, 1 it was struck, 2 nothing could be run.
 * The line: "calls=N struck=NUMBER status=exit:S" or "status=signal:S", NUMBER the system
 * call's (-1: not struck). Linux 5.3 or later, on any architecture: the kernel is asked for
 * calls and their arguments. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NO_CALL = -1, NO_PATH = -1, PAGE = 4096, PATH_BYTES = 8192 };

struct call {
    long number;
    int paths[2]; /* which arguments are paths; NO_PATH */
};

/* The calls that change files, locks or processes. Not every architecture has every call. */
static const struct call calls[] = {
#ifdef __NR_open
    {__NR_open, {0, NO_PATH}},
    {__NR_creat, {0, NO_PATH}},
    {__NR_rename, {0, 1}},
    {__NR_link, {0, 1}},
    {__NR_symlink, {0, 1}},
    {__NR_unlink, {0, NO_PATH}},
    {__NR_mkdir, {0, NO_PATH}},
    {__NR_rmdir, {0, NO_PATH}},
    {__NR_chmod, {0, NO_PATH}},
    {__NR_chown, {0, NO_PATH}},
    {__NR_lchown, {0, NO_PATH}},
    {__NR_mknod, {0, NO_PATH}},
    {__NR_fork, {NO_PATH, NO_PATH}},
    {__NR_vfork, {NO_PATH, NO_PATH}},
#endif
#ifdef __NR_renameat
    {__NR_renameat, {1, 3}},
#endif
    {__NR_openat, {1, NO_PATH}},
    {__NR_renameat2, {1, 3}},
    {__NR_linkat, {1, 3}},
    {__NR_symlinkat, {0, 2}},
    {__NR_unlinkat, {1, NO_PATH}},
    {__NR_mkdirat, {1, NO_PATH}},
    {__NR_mknodat, {1, NO_PATH}},
    {__NR_fchmodat, {1, NO_PATH}},
    {__NR_fchownat, {1, NO_PATH}},
    {__NR_utimensat, {1, NO_PATH}},
    {__NR_truncate, {0, NO_PATH}},
    {__NR_execve, {0, NO_PATH}},
    {__NR_write, {NO_PATH, NO_PATH}},
    {__NR_writev, {NO_PATH, NO_PATH}},
    {__NR_pwrite64, {NO_PATH, NO_PATH}},
    {__NR_sendfile, {NO_PATH, NO_PATH}},
    {__NR_copy_file_range, {NO_PATH, NO_PATH}},
    {__NR_ftruncate, {NO_PATH, NO_PATH}},
    {__NR_fallocate, {NO_PATH, NO_PATH}},
    {__NR_fchmod, {NO_PATH, NO_PATH}},
    {__NR_fchown, {NO_PATH, NO_PATH}},
    {__NR_fsync, {NO_PATH, NO_PATH}},
    {__NR_fdatasync, {NO_PATH, NO_PATH}},
    {__NR_flock, {NO_PATH, NO_PATH}},
    {__NR_close, {NO_PATH, NO_PATH}}, /* gives a lock back */
    {__NR_clone, {NO_PATH, NO_PATH}},
#ifdef __NR_clone3
    {__NR_clone3, {NO_PATH, NO_PATH}},
#endif
    {__NR_kill, {NO_PATH, NO_PATH}},
    {__NR_wait4, {NO_PATH, NO_PATH}},
};

struct strike {
    bool all;
    const char *from; /* NULL: from the start */
    const char *report;
    unsigned long when;
    int signal;
    pid_t pid;
    bool executed;       /* the program's execve has succeeded */
    bool counting;       /* and --from was met */
    long entered;        /* the call that it is in; NO_CALL */
    unsigned long count; /* calls that returned */
    long struck;         /* the call after which the signal was sent */
};

static int fail(const char *what)
{
    (void)fprintf(stderr, "strike: %s: %s\n", what, strerror(errno));
    return 2;
}

static const struct call *find_call(long number)
{
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        if (calls[i].number == number) {
            return &calls[i];
        }
    }
    return NULL;
}

/* A string of the program's memory; page by page, since what follows its last one may be
 * unmapped. */
static void read_string(pid_t pid, uint64_t address, char out[PATH_BYTES])
{
    size_t len = 0;

    while (len < PATH_BYTES - 1) {
        size_t piece = PAGE - (size_t)((address + len) % PAGE);
        struct iovec there;
        struct iovec here;
        ssize_t got;

        piece = piece < PATH_BYTES - 1 - len ? piece : PATH_BYTES - 1 - len;
        here = (struct iovec){.iov_base = out + len, .iov_len = piece};
        there =
            (struct iovec){.iov_base = (void *)(uintptr_t)(address + len), .iov_len = piece};
        got = process_vm_readv(pid, &here, 1, &there, 1, 0);
        if (got <= 0 || memchr(out + len, '\0', (size_t)got) != NULL) {
            len += got > 0 ? (size_t)got : 0;
            break;
        }
        len += (size_t)got;
    }
    out[len] = '\0';
}

static bool names(const struct strike *s, const struct call *call, const uint64_t args[6])
{
    char *path = malloc(PATH_BYTES);
    bool found = false;

    for (size_t i = 0; path != NULL && call != NULL && i < 2 && !found; i++) {
        if (call->paths[i] != NO_PATH) {
            read_string(s->pid, args[call->paths[i]], path);
            found = strstr(path, s->from) != NULL;
        }
    }
    free(path);
    return found;
}

/* At a stop before or after a system call. True where it is time to strike. */
static bool is_time(struct strike *s)
{
    struct __ptrace_syscall_info info;
    const struct call *call;

    if (ptrace(PTRACE_GET_SYSCALL_INFO, s->pid, sizeof(info), &info) < 0) {
        return false;
    }
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
        s->entered = (long)info.entry.nr;
        if (s->executed && !s->counting) {
            s->counting = names(s, find_call(s->entered), info.entry.args);
        }
        return false;
    }
    if (info.op != PTRACE_SYSCALL_INFO_EXIT || s->entered == NO_CALL) {
        return false;
    }
    call = find_call(s->entered);
    if (!s->counting || (call == NULL && !s->all)) {
        return false;
    }
    s->count++;
    s->struck = s->count == s->when ? s->entered : NO_CALL;
    return s->struck != NO_CALL;
}

static int wait_for(pid_t pid, int *status)
{
    pid_t got;

    do {
        got = waitpid(pid, status, __WALL);
    } while (got < 0 && errno == EINTR);
    return got == pid ? 0 : -1;
}

static bool stops(int signal)
{
    return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

/* Lets the program run to the next stop and looks at it, until it is over or struck. Its
 * status. */
static int follow(struct strike *s, int *status)
{
    while (wait_for(s->pid, status) == 0 && WIFSTOPPED(*status)) {
        int signal = WSTOPSIG(*status);
        int event = *status >> 16;
        int deliver = 0;
        long rc;

        if (signal == (SIGTRAP | 0x80)) {
            if (is_time(s)) {
                (void)kill(s->pid, s->signal);
                (void)ptrace(PTRACE_DETACH, s->pid, NULL, NULL);
                return wait_for(s->pid, status);
            }
        } else if (event == PTRACE_EVENT_EXEC && !s->executed) {
            /* The rest of this execve is not the program's. */
            s->executed = true;
            s->counting = s->from == NULL;
            s->entered = NO_CALL;
        } else if (event == 0) {
            deliver = signal;
        }
        rc = event == PTRACE_EVENT_STOP && stops(signal)
                 ? ptrace(PTRACE_LISTEN, s->pid, NULL, NULL)
                 : ptrace(PTRACE_SYSCALL, s->pid, NULL, (void *)(intptr_t)deliver);
        if (rc < 0 && errno != ESRCH) {
            return -1;
        }
    }
    return WIFSTOPPED(*status) ? -1 : 0;
}

/* The program, once the other side traces it. */
static void run(char *const argv[], int go)
{
    char byte;

    if (read(go, &byte, 1) == 1) {
        (void)execvp(argv[0], argv);
        (void)fail(argv[0]);
    }
    _exit(127);
}

static int start(struct strike *s, char *const argv[])
{
    const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    int go[2];

    if (pipe2(go, O_CLOEXEC) < 0) {
        return fail("pipe");
    }
    s->pid = fork();
    if (s->pid < 0) {
        return fail("fork");
    }
    if (s->pid == 0) {
        (void)close(go[1]);
        run(argv, go[0]);
    }
    (void)close(go[0]);
    /* Stopped first, so that no call of the program is missed: a seized one runs on. */
    if (ptrace(PTRACE_SEIZE, s->pid, NULL, (void *)options) < 0 ||
        ptrace(PTRACE_INTERRUPT, s->pid, NULL, NULL) < 0) {
        (void)kill(s->pid, SIGKILL);
        return fail("ptrace");
    }
    if (write(go[1], "", 1) != 1) {
        return fail("pipe");
    }
    (void)close(go[1]);
    return 0;
}

static int report(const struct strike *s, int status)
{
    FILE *out = s->report != NULL ? fopen(s->report, "we") : stderr;

    if (out == NULL) {
        return fail(s->report);
    }
    (void)fprintf(out, "calls=%lu struck=%ld status=%s:%d\n", s->count, s->struck,
                  WIFEXITED(status) ? "exit" : "signal",
                  WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
    if (out != stderr && fclose(out) != 0) {
        return fail(s->report);
    }
    return s->struck != NO_CALL ? 1 : 0;
}

static int signal_of(const char *name)
{
    if (strcmp(name, "KILL") == 0 || strcmp(name, "SIGKILL") == 0) {
        return SIGKILL;
    }
    return strcmp(name, "TERM") == 0 || strcmp(name, "SIGTERM") == 0
               ? SIGTERM
               : (int)strtol(name, NULL, 10);
}

/* The index of the program's name; 0 where the words make no sense. */
static int options(struct strike *s, int argc, char **argv)
{
    int i = 1;

    while (i < argc && strncmp(argv[i], "--", 2) == 0) {
        if (strcmp(argv[i], "--all") == 0) {
            s->all = true;
        } else if (strcmp(argv[i], "--from") == 0 && i + 1 < argc) {
            s->from = argv[++i];
        } else if (strcmp(argv[i], "--report") == 0 && i + 1 < argc) {
            s->report = argv[++i];
        } else {
            return 0;
        }
        i++;
    }
    if (argc - i < 4 || strcmp(argv[i + 2], "--") != 0) {
        return 0;
    }
    s->when = strtoul(argv[i], NULL, 10);
    s->signal = signal_of(argv[i + 1]);
    return s->when > 0 && s->signal > 0 ? i + 3 : 0;
}

int main(int argc, char **argv)
{
    struct strike s = {.entered = NO_CALL, .struck = NO_CALL};
    int program = options(&s, argc, argv);
    int status = 0;
    int rc;

    if (program == 0) {
        (void)fprintf(stderr, "usage: strike [--all] [--from TEXT] [--report FILE] N SIGNAL -- "
                              "PROGRAM [ARGS...]\n");
        return 2;
    }
    rc = start(&s, argv + program);
    if (rc != 0) {
        return rc;
    }
    if (follow(&s, &status) < 0) {
        rc = fail("wait");
        (void)kill(s.pid, SIGKILL);
        return rc;
    }
    return s.executed ? report(&s, status) : 2;
}
