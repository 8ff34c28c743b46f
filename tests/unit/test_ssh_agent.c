/* SPDX-License-Identifier: MIT */
#include "session/ssh_agent.h"

#include "base/fd.h"
#include "base/unix_socket.h"
#include "tap.h"
#include "tmpdir.h"
#include "wire/frame.h"

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
    struct plan p = {.ssh_agent = agent};
    struct session s = {.ops = ops, .fd = pair[0], .wrapped = wrapped};
    int fds[UNIX_SOCKET_FDS_MAX] = {-1, -1, -1, -1};
    ssize_t got;

    ssh_agent_pass(&p, &s);
    got = unix_socket_recv(pair[1], bytes, room, fds);
    *fd = fds[0];
    return got;
}

int main(void)
{
    struct err e = {0};
    char bytes[64];
    int listener;
    int fd = -1;
    int peer;

    tmpdir_make();
    ok(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) == 0,
       "a line is made");
    listener = unix_socket_listen(in_tmp("agent"), 0600, &e);
    is_int(pass(in_tmp("agent"), false, bytes, sizeof(bytes), &fd), FRAME_HEAD,
           "one frame is sent");
    ok(bytes[0] == FRAME_AGENT && fd >= 0, "the frame AGENT carries a descriptor");
    peer = unix_socket_accept(listener, &e);
    ok(fd_write(fd, "x", 1) == 1 && fd_read(peer, bytes, 1) == 1 && bytes[0] == 'x',
       "the descriptor is a connection to the agent");
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
