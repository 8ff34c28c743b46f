/* SPDX-License-Identifier: MIT */
#include "net/wait.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/sig.h"
#include "tap.h"

#include <poll.h>
#include <unistd.h>

int main(void)
{
    struct net_wait w = {.deadline_ms = clock_ms() + 20};
    struct sig sig = {.fd = -1};
    struct err e = {0};
    int fds[2];

    is_int(fd_pipe(fds, &e), 0, "a pipe is made");
    ok(net_wait(&w, fds[0], POLLIN, &e) < 0 && e.kind == ERR_TIMEOUT,
       "a deadline ends the wait");
    e = (struct err){0};
    w.deadline_ms = 0;
    ok(net_wait(&w, fds[0], POLLIN, &e) < 0 && e.kind == ERR_TIMEOUT,
       "a deadline in the past ends the wait");
    is_int(net_wait(&w, fds[1], POLLOUT, &e), 0,
           "a ready descriptor is reported although the deadline has passed");
    ok(write(fds[1], "x", 1) == 1, "a byte is written");
    w.deadline_ms = -1;
    is_int(net_wait(&w, fds[0], POLLIN, &e), 0,
           "a wait without a deadline returns when the byte arrives");
    is_int(sig_open(&sig, &e), 0, "sig_open() succeeds");
    w.sig = &sig;
    (void)kill(getpid(), SIGWINCH);
    is_int(net_wait(&w, fds[0], POLLIN, &e), 0, "SIGWINCH does not end the wait");
    ok(read(fds[0], &(char){0}, 1) == 1, "the byte is read");
    (void)kill(getpid(), SIGTERM);
    e = (struct err){0};
    ok(net_wait(&w, fds[0], POLLIN, &e) < 0 && e.kind == ERR_CANCELED && e.code == SIGTERM,
       "SIGTERM ends the wait: %s", e.text);
    fd_close(&fds[1]);
    is_int(net_wait(&w, fds[0], POLLIN, &e), 0, "a hang-up counts as ready");
    fd_close(&fds[0]);
    sig_close(&sig);
    return done_testing();
}
