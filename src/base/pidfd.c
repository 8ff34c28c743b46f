/* SPDX-License-Identifier: MIT */
#include "base/pidfd.h"

#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

/* These system call numbers are the same on every architecture. The headers of musl 1.2.3 do
 * not define all of them. */
enum { NR_PIDFD_SEND_SIGNAL = 424, NR_PIDFD_OPEN = 434 };

int pidfd_of(pid_t pid)
{
    return (int)syscall(NR_PIDFD_OPEN, pid, 0);
}

int pidfd_kill(int fd)
{
    return (int)syscall(NR_PIDFD_SEND_SIGNAL, fd, SIGKILL, NULL, 0);
}
