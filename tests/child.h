/* SPDX-License-Identifier: MIT */
/* Child processes of a test, in which it can change properties of the whole process. */
#ifndef TESTS_CHILD_H
#define TESTS_CHILD_H

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Waits for the child. Returns its exit status, or 512 + 128 plus the number of the signal that
 * killed it. The lowest eight bits of that are not 0 either. */
__attribute__((unused)) static int status_of(pid_t pid)
{
    int status = 0;

    (void)waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 512 + 128 + WTERMSIG(status);
}

/* Runs f() in a child, whose exit status is the result of f(). Returns what status_of()
 * returns. */
__attribute__((unused)) static int in_child(int (*f)(void))
{
    pid_t pid;

    (void)fflush(stdout);
    pid = fork();
    if (pid == 0) {
        _exit(f());
    }
    return status_of(pid);
}

/* Makes a system call of this process fail with this errno from now on, if the low half of its
 * argument at `offset` of struct seccomp_data is not 0. Returns true on success. */
__attribute__((unused)) static bool make_call_fail_if(unsigned nr, size_t offset,
                                                      unsigned errnum)
{
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offset),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | errnum),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof(steps) / sizeof(steps[0]), steps};

    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

/* Makes a system call of this process fail with this errno from now on, with any arguments.
 * Returns true on success. */
__attribute__((unused)) static bool make_call_fail(unsigned nr, unsigned errnum)
{
    return make_call_fail_if(nr, offsetof(struct seccomp_data, arch), errnum); /* never 0 */
}

/* Opens the path, and closes it again. Returns 0 on success and the errno on error. */
__attribute__((unused)) static int open_error(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);

    if (fd >= 0) {
        (void)close(fd);
        return 0;
    }
    return errno;
}

#endif
