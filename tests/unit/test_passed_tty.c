/* SPDX-License-Identifier: MIT */
/* A client's terminal in the server's hands; with a server and a client: test_attach_client.c.
 */
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
    ok(!passed_tty_is(&l), "none");
    is_int(passed_tty_open(&l, dup(p.slave), str_c("ctrl-\\,d"), &e), 0, "one");
    ok(passed_tty_is(&l) && !passed_tty_read(&l, 1, &typed) && typed.len == 0 && !l.ended,
       "nothing is typed: nobody waits");
    (void)!write(p.master, "ab\034", 3);
    ok(!passed_tty_read(&l, 1, &typed), "keys");
    is_mem(buf_data(&typed), typed.len, "ab", 2, "are for the command, but a held one");
    (void)!write(p.master, "d", 1);
    ok(passed_tty_read(&l, 2, &typed), "with the next it detaches");
    (void)relay_out_add(&l.out, str_c("out"));
    is_mem(got, (size_t)read(p.master, got, sizeof(got)), "out", 3,
           "output is written at once");
    (void)buf_add_c(&l.out.queue, "later");
    (void)!write(p.master, "\034", 1);
    (void)passed_tty_read(&l, 3, &typed);
    passed_tty_hold(&l);
    ok(l.held && l.out.queue.len == 0 && l.keys.deadline_ms < 0, "held, nothing is left to do");
    (void)close(p.master);
    (void)passed_tty_read(&l, 4, &typed);
    ok(l.ended, "a terminal that hangs up has ended");
    passed_tty_close(&l);
    passed_tty_close(&l);
    ok(!passed_tty_is(&l), "closed");
    ok(passed_tty_open(&l, dup(p.slave), str_c("nonsense"), &e) < 0 && e.kind == ERR_USAGE,
       "keys that are none: %s", e.text);
    passed_tty_close(&l);
    (void)close(p.slave);
    buf_release(&typed);
    return done_testing();
}
