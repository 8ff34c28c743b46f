/* SPDX-License-Identifier: MIT */
/* A client's terminal that the server uses. test_attach_client.c tests it with a server and a
 * client. */
#include "term/passed_tty.h"

#include "base/fd.h"
#include "pty.h"
#include "tap.h"

#include <string.h>

int main(void)
{
    struct pty p = pty_new(24, 80);
    struct termios raw;
    struct passed_tty l;
    struct buf typed;
    struct err e = {0};
    char got[16];

    (void)tcgetattr(p.slave, &raw);
    cfmakeraw(&raw);
    (void)tcsetattr(p.slave, TCSANOW, &raw);
    buf_init(&typed, PASSED_TTY_READ + KEYS_HELD_MAX);
    passed_tty_init(&l);
    ok(!passed_tty_is(&l), "no terminal is passed at first");
    is_int(passed_tty_open(&l, dup(p.slave), str_c("ctrl-\\,d"), &e), 0,
           "a terminal is opened");
    ok(passed_tty_is(&l) && !passed_tty_read(&l, 1, &typed) && typed.len == 0 && !l.ended,
       "reading does not block while nothing is typed");
    (void)!write(p.master, "ab\034", 3);
    ok(!passed_tty_read(&l, 1, &typed), "keys do not detach by themselves");
    is_mem(buf_data(&typed), typed.len, "ab", 2,
           "typed keys are for the command, but the first key of the sequence is held");
    (void)!write(p.master, "d", 1);
    ok(passed_tty_read(&l, 2, &typed), "the second key of the sequence detaches");
    (void)relay_out_add(&l.out, str_c("out"));
    is_mem(got, (size_t)read(p.master, got, sizeof(got)), "out", 3,
           "output is written to the terminal at once");
    (void)buf_add_c(&l.out.queue, "later");
    (void)!write(p.master, "\034", 1);
    (void)passed_tty_read(&l, 3, &typed);
    passed_tty_hold(&l);
    ok(l.held && l.out.queue.len == 0 && l.keys.deadline_ms < 0,
       "holding drops the queue and the held keys");
    (void)close(p.master);
    (void)passed_tty_read(&l, 4, &typed);
    ok(l.ended, "a terminal that hung up has ended");
    passed_tty_close(&l);
    passed_tty_close(&l);
    ok(!passed_tty_is(&l),
       "a closed terminal is in the initial state, and closing it twice is allowed");
    ok(passed_tty_open(&l, dup(p.slave), str_c("nonsense"), &e) < 0 && e.kind == ERR_USAGE,
       "a sequence that is not valid is refused: %s", e.text);
    passed_tty_close(&l);
    (void)close(p.slave);
    buf_release(&typed);
    return done_testing();
}
