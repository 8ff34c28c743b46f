/* SPDX-License-Identifier: MIT */
/* A command for tests of the relay: a child process that plays init, and a session that belongs
 * to it. */
#ifndef TESTS_RELAY_H
#define TESTS_RELAY_H

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/limits.h"
#include "base/pty.h"
#include "line.h"
#include "term/relay.h"

struct command {
    struct session session; /* the first member: the functions below get its address */
    int line;               /* the child's end of the line; the test closes it after the fork */
    pid_t pid;              /* the child; -1 before the test forks */
    int end_after; /* turns of the loop until the engine reports the end; -1: it never does */
};

static int command_prepare(struct session *s, struct pollfd *fds)
{
    struct command *c = (struct command *)s;

    for (int i = 0; i < SESSION_POLL_MAX; i++) {
        fds[i] = (struct pollfd){.fd = -1};
    }
    return c->end_after >= 0 && !s->ended ? 10 : -1;
}

static int command_dispatch(struct session *s, const struct pollfd *fds, struct err *e)
{
    struct command *c = (struct command *)s;

    (void)fds;
    (void)e;
    if (c->end_after >= 0 && c->end_after-- == 0) {
        s->ended = true;
    }
    return 0;
}

static const struct session_ops command_ops = {.prepare = command_prepare,
                                               .dispatch = command_dispatch};

/* Writes bytes inside of a log frame of the engine, for this stream (wire/stdcopy.h). */
__attribute__((unused)) static void wrap_write(int fd, int stream, const void *p, size_t len)
{
    unsigned char head[8] = {(unsigned char)stream,
                             0,
                             0,
                             0,
                             (unsigned char)(len >> 24),
                             (unsigned char)(len >> 16),
                             (unsigned char)(len >> 8),
                             (unsigned char)len};
    struct err e = {0};

    (void)fd_write_all(fd, head, sizeof(head), &e);
    (void)fd_write_all(fd, p, len, &e);
}

/* Makes a command and the line to it. The test forks the child itself. */
__attribute__((unused)) static void command_new(struct command *c, bool tty, bool wrapped)
{
    int fds[2];
    struct err e = {0};

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
        abort();
    }
    *c = (struct command){
        .session = {.ops = &command_ops, .fd = fds[0], .wrapped = wrapped, .tty = tty},
        .line = fds[1],
        .pid = -1,
        .end_after = -1};
    stdcopy_init(&c->session.wrap);
    buf_init(&c->session.early, LIMIT_RELAY_BUFFER);
    (void)fd_nonblock(fds[0], &e);
}

/* Closes the line and kills the child. */
__attribute__((unused)) static void command_free(struct command *c)
{
    fd_close(&c->session.fd);
    fd_close(&c->line);
    buf_release(&c->session.early);
    if (c->pid > 0) {
        (void)kill(c->pid, SIGKILL);
        (void)waitpid(c->pid, NULL, 0);
    }
}

/* Makes *r an attached relay between the command and these descriptors. */
__attribute__((unused)) static void relay_make(struct relay *r, struct command *c,
                                               struct sig *sig, int in, int out, int err)
{
    *r = (struct relay){.session = &c->session,
                        .sig = sig,
                        .in = in,
                        .out = out,
                        .err = err,
                        .forward_input = true,
                        .attached = true};
    r->keys.deadline_ms = -1;
}

/* Sends one frame as init. */
__attribute__((unused)) static void command_say(const struct command *c, enum frame_type type,
                                                const char *p, size_t len)
{
    struct buf b;
    struct err e = {0};

    buf_init(&b, 1 << 20);
    (void)frame_add(&b, type, str_n(p, len));
    if (c->session.wrapped) {
        wrap_write(c->line, 1, buf_data(&b), b.len);
    } else {
        (void)fd_write_all(c->line, buf_data(&b), b.len, &e);
    }
    buf_release(&b);
}

/* Sends PASS of this kind with descriptors, as init. */
__attribute__((unused)) static void command_pass(const struct command *c, char kind,
                                                 const int *fds, size_t count)
{
    char frame[9] = {FRAME_PASS, 0, 0, 0, 0, 0, 0, 1, kind};
    struct err e = {0};

    (void)unix_socket_send(c->line, frame, sizeof(frame), fds, count, &e);
}

/* Sends the exit frame, as init. */
__attribute__((unused)) static void command_exit(const struct command *c, int status,
                                                 enum frame_reason reason)
{
    const char end[3] = {(char)status, (char)reason, 0};

    command_say(c, FRAME_EXIT, end, sizeof(end));
}

/* Runs in the child. Reads frames until a frame of this type has come, and stores it in *f.
 * Returns false if the line ends before or a frame is not valid. */
__attribute__((unused)) static bool command_await(const struct command *c, struct buf *rx,
                                                  enum frame_type type, struct frame *f)
{
    struct err e = {0};

    for (;;) {
        struct str in = buf_str(rx);
        int got = frame_next(&in, f, &e);
        ssize_t n;

        if (got == 1) {
            buf_drop(rx, rx->len - in.len);
            if (f->type == type) {
                return true;
            }
            continue;
        }
        if (got < 0) {
            return false;
        }
        n = fd_read(c->line, buf_reserve(rx, 32 << 10), 32 << 10);
        if (n <= 0) {
            return false;
        }
        buf_commit(rx, (size_t)n);
    }
}

#endif
