/* SPDX-License-Identifier: MIT */
/* A session's server for tests: a hub in a child process. */
#ifndef TESTS_SERVER_H
#define TESTS_SERVER_H

#include "base/fd.h"
#include "term/hub.h"
#include "tmpdir.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A session that shows "hello", ends with 7 when it reads "q" or is asked to stop. */
__attribute__((unused)) static pid_t server(void)
{
    const struct hub_info info = {"cco-t", "/p", "e", 5};
    struct hub hub;
    struct err e = {0};
    pid_t pid;

    if (hub_open(&hub, in_tmp("sock"), &info, &e) < 0) {
        abort();
    }
    pid = fork();
    if (pid != 0) {
        fd_close(&hub.listener); /* the child's */
        hub_close(&hub);
        return pid;
    }
    struct buf input;
    const struct frame_exit how = {7, FRAME_EXITED, 0, {NULL, 0}};

    buf_init(&input, 1 << 20);
    hub_output(&hub, str_c("hello"));
    for (;;) {
        struct pollfd fds[HUB_POLL_MAX];
        struct hub_asked asked = {.input = &input};

        (void)hub_prepare(&hub, fds, buf_room(&input));
        (void)poll(fds, hub_slots(&hub), 50);
        hub_dispatch(&hub, fds, &asked);
        if (asked.stop || (input.len > 0 && memchr(buf_data(&input), 'q', input.len) != NULL)) {
            (void)hub_end(&hub, &how, 0);
            hub_close(&hub);
            _exit(0);
        }
    }
}

__attribute__((unused)) static int status_of(pid_t pid)
{
    int status = 0;

    (void)waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
}

#endif
