/* SPDX-License-Identifier: MIT */
/* A session server in a child process, for tests. */
#ifndef TESTS_SERVER_H
#define TESTS_SERVER_H

#include "base/fd.h"
#include "child.h"
#include "term/session_server.h"
#include "tmpdir.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Starts a session server at the socket `sock` of the test's directory. The session shows
 * "hello". It ends with status 7 when it reads "q" or a client asks it to stop; the child then
 * exits with 0. Returns the pid of the child. */
__attribute__((unused)) static pid_t server(void)
{
    const struct session_server_info info = {"cco-t", "/p", "e", 5, false};
    struct session_server server;
    struct err e = {0};
    pid_t pid;

    if (session_server_open(&server, in_tmp("sock"), &info, &e) < 0) {
        abort();
    }
    pid = fork();
    if (pid != 0) {
        /* The child uses the listener, so closing the server must not remove the socket. */
        fd_close(&server.listener);
        session_server_close(&server);
        return pid;
    }
    struct buf input;
    const struct frame_exit how = {7, FRAME_EXITED, 0, {NULL, 0}};

    buf_init(&input, 1 << 20);
    session_server_output(&server, str_c("hello"));
    for (;;) {
        struct pollfd fds[SESSION_SERVER_POLL_MAX];
        struct session_server_asked asked = {.input = &input};

        (void)session_server_prepare(&server, fds, buf_room(&input));
        (void)poll(fds, session_server_slots(&server), 50);
        session_server_dispatch(&server, fds, &asked);
        if (asked.stop || (input.len > 0 && memchr(buf_data(&input), 'q', input.len) != NULL)) {
            (void)session_server_end(&server, &how, 0);
            session_server_close(&server);
            _exit(0);
        }
    }
}

#endif
