/* SPDX-License-Identifier: MIT */
#include "session/ssh_agent.h"

#include "base/fd.h"
#include "base/unix_socket.h"
#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"
#include "wire/frame.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static int pair[2];

static ssize_t read_nothing(struct session *s, char *p, size_t room, bool *ended, struct err *e)
{
    (void)s, (void)p, (void)room, (void)ended, (void)e;
    return 0;
}

static const struct session_ops no_ops;
static const struct session_ops engine_ops = {.read = read_nothing};
static const struct session_ops *ops = &no_ops;

/* Passes the agent of p. Returns the number of bytes that arrive, and sets *fd to the
 * descriptor that comes with them (-1: none). */
static ssize_t pass(const char *agent, bool wrapped, char *bytes, size_t room, int *fd)
{
    static struct ledger no_trees;
    static struct facts f;
    struct plan p = {.ssh_agent = agent};
    struct session s = {.ops = ops, .fd = pair[0], .wrapped = wrapped};
    int fds[UNIX_SOCKET_FDS_MAX] = {-1, -1, -1, -1};
    ssize_t got;

    f.trees = &no_trees;
    f.state_dir = tmpdir;
    f.ssh_agent.path = agent;
    ssh_agent_pass(&p, &f, &s);
    got = unix_socket_recv(pair[1], bytes, room, fds);
    *fd = fds[0];
    return got;
}

/* Returns true if exactly these bytes arrive. */
static bool reads(int fd, const char *want, size_t len)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    char got[64];

    return poll(&p, 1, 5000) == 1 && fd_read(fd, got, sizeof(got)) == (ssize_t)len &&
           memcmp(got, want, len) == 0;
}

int main(void)
{
    struct err e = {0};
    char bytes[64];
    int listener;
    int fd = -1;
    int peer;
    struct pollfd wait = {.events = POLLIN};

    tmpdir_make();
    ok(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) == 0,
       "a line is made");
    listener = unix_socket_listen(in_tmp("agent"), 0600, &e);
    wait.fd = listener;
    is_int(pass(in_tmp("agent"), false, bytes, sizeof(bytes), &fd), FRAME_HEAD,
           "one frame is sent");
    ok(bytes[0] == FRAME_AGENT && fd >= 0, "the frame AGENT carries a descriptor");
    peer = unix_socket_accept(listener, &e);
    fd_close(&peer); /* it was only a question whether an agent is there */
    ok(fd_write(fd, "\0\0\0\1\x0b", 5) == 5 && poll(&wait, 1, 5000) == 1 &&
           (peer = unix_socket_accept(listener, &e)) >= 0 && reads(peer, "\0\0\0\1\x0b", 5),
       "a request on the descriptor reaches the agent");
    fd_close(&fd);
    fd_close(&peer);
    ok(pass(NULL, false, bytes, sizeof(bytes), &fd) < 0, "a plan without an agent: nothing");
    ok(pass(in_tmp("agent"), true, bytes, sizeof(bytes), &fd) < 0,
       "a line that the engine carries: nothing");
    ops = &engine_ops;
    ok(pass(in_tmp("agent"), false, bytes, sizeof(bytes), &fd) < 0,
       "a line that the engine reads: nothing");
    ops = &no_ops;
    ok(pass(in_tmp("other"), false, bytes, sizeof(bytes), &fd) < 0,
       "an agent that has ended: nothing");
    fd_close(&listener);
    fd_close(&pair[0]);
    fd_close(&pair[1]);
    tmpdir_remove();
    return done_testing();
}
