/* SPDX-License-Identifier: MIT */
/* Init's end of the line, over both carriers. */
#include "init/line.h"

#include "child.h"
#include "line.h"
#include "tap.h"
#include "tmpdir.h"

#include <signal.h>

static struct boot boot;
static struct peer peer;

/* Starts a child that plays init: it opens the line and passes a pipe, or sends some bytes if
 * the line cannot pass descriptors. `in` and `out` become its standard streams unless they are
 * -1. `other` is the test's end. Its exit status is 0 on success. */
static pid_t init_child(int in, int out, int other)
{
    pid_t pid = fork();

    if (pid == 0) {
        fd_close(&other); /* otherwise the line would not end with the test's end */
        struct line l;
        struct err e = {0};
        int fds[2];
        int status = 0;

        line_init(&l);
        if (in >= 0 && (dup2(in, 0) < 0 || dup2(out, 1) < 0)) {
            _exit(9);
        }
        if (line_open(&l, &boot, &e) < 0) {
            _exit(8);
        }
        status = l.rows == 33 && l.cols == 99 ? 0 : 7;
        if (l.can_pass && (l.agent < 0 || fd_write(l.agent, "a", 1) != 1)) {
            _exit(5);
        }
        if (l.can_pass) {
            if (fd_pipe(fds, &e) < 0 || line_pass(&l, 't', fds, 1, &e) < 0 || !l.passed ||
                fd_write(fds[1], "x", 1) != 1) {
                _exit(6);
            }
        } else {
            (void)frame_add(&l.tx, FRAME_OUTPUT, str_c("text"));
            line_drain(&l, 5000);
        }
        line_close(&l);
        _exit(status);
    }
    return pid;
}

static bool has_text(const struct peer *f)
{
    return f->out.len == 4;
}

int main(void)
{
    struct err e = {0};
    char got = 0;
    int pair[2];
    int listener;
    pid_t pid;

    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    boot = (struct boot){.line = in_tmp("line"), .secret = "secret", .key = "key"};
    listener = unix_socket_listen(in_tmp("line"), 0600, &e);
    pid = init_child(-1, -1, -1);
    struct pollfd p = {.fd = listener, .events = POLLIN};

    (void)poll(&p, 1, 5000);
    peer_init(&peer, unix_socket_accept(listener, &e));
    ok(peer_until(&peer, peer_greeted), "init connects to the socket of the boot file");
    is_str(peer.secret, "secret", "the greeting contains the secret");
    ok(fd_pipe(pair, &e) == 0 &&
           unix_socket_send(peer.fd, "\x16\0\0\0\0\0\0\0", FRAME_HEAD, &pair[1], 1, &e) == 0,
       "cco passes the ssh agent before its answer");
    fd_close(&pair[1]);
    peer_answer(&peer, 33, 99);
    ok(read(pair[0], &got, 1) == 1 && got == 'a', "init has the descriptor of the ssh agent");
    fd_close(&pair[0]);
    ok(peer_until(&peer, peer_passed) && peer.fds[0] >= 0, "init passes a descriptor");
    ok(fd_read(peer.fds[0], &got, 1) == 1 && got == 'x', "the passed descriptor can be read");
    is_int(status_of(pid), 0, "init gets the size in cco's answer");
    peer_release(&peer);
    fd_close(&listener);
    (void)unlink(in_tmp("line"));
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0) {
        abort();
    }
    pid = init_child(pair[1], pair[1], pair[0]);
    fd_close(&pair[1]);
    peer_init(&peer, pair[0]);
    ok(peer_until(&peer, peer_greeted), "without a listener init uses its standard streams");
    peer_answer(&peer, 33, 99);
    ok(peer_until(&peer, has_text), "the standard streams carry frames to cco");
    is_int(status_of(pid), 0, "the standard streams carry frames to init");
    peer_release(&peer);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0) {
        abort();
    }
    pid = init_child(pair[1], pair[1], pair[0]);
    fd_close(&pair[1]);
    fd_close(&pair[0]);
    is_int(status_of(pid), 8, "a line that ends before the answer is an error");
    tmpdir_remove();
    return done_testing();
}
