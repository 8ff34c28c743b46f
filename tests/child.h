/* SPDX-License-Identifier: MIT */
/* Child processes of a test, in which it can change what holds for the whole process. */
#ifndef TESTS_CHILD_H
#define TESTS_CHILD_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Waits for the child. Returns its exit status, or 512 + 128 plus the number of the signal that killed
 * it: also the lowest eight bits of that are not 0. */
__attribute__((unused)) static int status_of(pid_t pid)
{
    int status = 0;

    (void)waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 512 + 128 + WTERMSIG(status);
}

/* Runs f() in a child, whose exit status is the result of f(). Returns as status_of(). */
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
