/* SPDX-License-Identifier: MIT */
#include "term/relay_io.h"

#include "pty.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <signal.h>

static bool is_nonblocking(int fd)
{
    return (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0;
}

static void pipes_never_block(void)
{
    struct relay_in in;
    struct relay_out out;
    struct buf b;
    int fds[2];
    size_t total = 0;

    ok(pipe(fds) == 0, "a pipe is made");
    buf_init(&b, 10);
    relay_in_open(&in, fds[0]);
    relay_out_open(&out, fds[1], 1 << 20);
    ok(in.own && out.own && !is_nonblocking(fds[0]) && !is_nonblocking(fds[1]),
       "a pipe is opened again, and the flags of the given descriptors do not change");
    is_int((long long)relay_in_read(&in, &b), 0, "reading an empty pipe does not block");
    ok(!in.ended, "an empty pipe has not ended");
    for (int i = 0; i < 3000; i++) {
        (void)buf_add(&out.queue, "0123456789012345678901234567890123456789", 40);
    }
    relay_out_flush(&out);
    relay_out_flush(&out);
    ok(out.queue.len > 0 && !out.broken, "writing to a full pipe does not block");
    is_int((long long)relay_in_read(&in, &b), 10, "no more is read than fits");
    is_int((long long)relay_in_read(&in, &b), 0, "a full buffer reads nothing");
    while (out.queue.len > 0 || total == 0) {
        buf_reset(&b);
        total += relay_in_read(&in, &b);
        relay_out_flush(&out);
    }
    ok(true, "the queue is written when a reader makes room");
    relay_out_close(&out);
    (void)close(fds[1]);
    while (!in.ended) {
        buf_reset(&b);
        (void)relay_in_read(&in, &b);
    }
    ok(true, "the input ends when its writer closes the pipe");
    relay_in_close(&in);
    (void)close(fds[0]);
    buf_release(&b);
}

static void an_output_without_a_reader_is_broken(void)
{
    struct relay_out out;
    int fds[2];

    ok(pipe(fds) == 0 && close(fds[0]) == 0, "a pipe without a reader is made");
    relay_out_open(&out, fds[1], 100);
    (void)buf_add(&out.queue, "x", 1);
    relay_out_flush(&out);
    ok(out.broken && out.queue.len == 0,
       "an output without a reader is broken, and its queue is dropped");
    relay_out_close(&out);
    (void)close(fds[1]);
}

static void regular_files_are_used_directly(void)
{
    struct relay_out out;
    int fd = open(in_tmp("f"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    relay_out_open(&out, fd, 100);
    ok(!out.own && out.bulk, "a regular file is not opened again, and takes any amount");
    (void)buf_add(&out.queue, "text", 4);
    relay_out_flush(&out);
    is_str(get_file(in_tmp("f")), "text", "a regular file is written at once");
    relay_out_close(&out);
    (void)close(fd);
    fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    relay_out_open(&out, fd, 100);
    (void)buf_add(&out.queue, "text", 4);
    relay_out_flush(&out);
    ok(out.broken && out.errnum == ENOSPC, "a full disk is reported as ENOSPC");
    relay_out_close(&out);
    (void)close(fd);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    pipes_never_block();
    an_output_without_a_reader_is_broken();
    regular_files_are_used_directly();
    tmpdir_remove();
    return done_testing();
}
