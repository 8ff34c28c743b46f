/* SPDX-License-Identifier: MIT */
/* Descriptors that refer to one process and never to another process that gets the same pid
 * later. pidfd_open(2), Linux 5.3. */
#ifndef BASE_PIDFD_H
#define BASE_PIDFD_H

#include <sys/types.h>

/* Returns a close-on-exec descriptor of the process `pid`, and -1 with errno on error. It
 * becomes readable when the process has ended. */
int pidfd_of(pid_t pid);

/* Kills the process of the descriptor `fd` with SIGKILL. Returns 0 on success, and -1 with
 * errno on error; ESRCH means that it has ended. pidfd_send_signal(2). */
int pidfd_kill(int fd);

#endif
