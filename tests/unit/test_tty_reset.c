/* SPDX-License-Identifier: MIT */
/* tests/e2e/test_terminal_end.py looks at the screen after each kind of sequence. */
#include "term/tty_reset.h"

#include "pty.h"
#include "tap.h"

#include <string.h>

static struct output_watch w;
static struct buf out;

static void after(const char *text)
{
    w = (struct output_watch){0};
    output_watch(&w, str_c(text));
    buf_reset(&out);
    tty_reset(&w, &out);
}

static bool has(const char *bytes)
{
    return str_contains(buf_str(&out), bytes);
}

static void only_what_happened_is_undone(void)
{
    after("text\r\nmore\t\303\274");
    is_int((long long)out.len, 0, "text needs no reset");
    after("\033[31mred\033[0m");
    is_mem(buf_data(&out), out.len, "\030\033\\\033[0m\033(B\033)B\017", 14,
           "colours need a short one");
    after("\033_never ended");
    ok(str_starts(buf_str(&out), "\030\033\\"), "an incomplete string is ended first");
    after("\033[?25l");
    ok(has("\033[?25h") && !has("\033[r") && !has("\033]"), "modes are reset");
    after("\033[?2026h");
    ok(has("\033[?2026l"), "synchronized output is ended");
    after("\033[2;3r");
    ok(has("\0337\033[?69l\033[r\0338"), "margins are reset, and the cursor stays");
    after("\033[?6h");
    ok(has("\033[?6l\033[9999B"), "origin mode is reset, and the cursor is at the bottom");
    after("\033]11;black\a");
    ok(has("\033]104\033\\") && has("\033]110\033\\") && has("\033]111\033\\"),
       "the terminal's own colours are reset");
    after("\033[?2l");
    ok(str_starts(buf_str(&out), "\033\003\033<"), "VT52 mode is left first");
    after("\033P=1s\033\\");
    ok(has("\033P=2s\033\\"), "synchronized output that DCS began is ended");
    after(
        "\033%@\033*0\033~\033#3\033[1\"q\033[4 q\033[>4;1m\033]50;x\a\033[8]\033]P0000000\a");
    ok(has("\033%G") && has("\033*B") && has("\033#5") && has("\033[0\"q") && has("\033[0 q") &&
           has("\033[>4m") && has("\033]50;#0\033\\") && has("\033[8]") && has("\033]R\033\\"),
       "the rest is undone as well");
    after("\033[?1007h\033[?2031h\033[?2031l");
    ok(has("\033[?1007l") && !has("\033[?2031l"),
       "modes with other defaults only if they are set");
    after("\033[>1u\033[?1049h\033[>1u\033[>5u");
    ok(has("\033[<2u\033[?1049l") && has("\033[<1u"),
       "the alternate screen is left, and each screen's flags of kitty's are popped");
    after("\033[?1049h\033[?1049l");
    ok(!has("1049"), "a screen that was left already is not left again");
}

static void nothing_clears_the_screen(void)
{
    static const char *const clearing[] = {"\033c", "\033[2J", "\033[3J", "\033[J", "\033[?3"};
    struct buf all;

    buf_init(&all, 3 * TTY_RESET_MAX);
    w = (struct output_watch){.marks = OUTPUT_ALL, .alternate = true, .kitty = {1, 1}};
    memset(w.set, 1, sizeof(w.set));
    tty_reset(&w, &all);
    ok(all.len <= TTY_RESET_MAX, "the whole reset fits");
    tty_reset_any(&all);
    tty_reset_screen(&all);
    for (size_t i = 0; i < sizeof(clearing) / sizeof(clearing[0]); i++) {
        ok(!str_contains(buf_str(&all), clearing[i]), "sequence %zu is not there", i);
    }
    buf_release(&all);
}

static void unknown_states_are_reset(void)
{
    struct pty p = pty_new(24, 80);
    struct termios raw;
    char got[TTY_RESET_MAX];
    size_t len = 0;
    ssize_t n;

    buf_reset(&out);
    tty_reset_any(&out);
    ok(str_starts(buf_str(&out), "\030\033\\") && has("\033[?1049l") && has("\033]111\033\\") &&
           str_ends(buf_str(&out), "\r\n"),
       "a terminal in an unknown state is reset, with the cursor in a new line");
    ok(!has("\033*B") && !has("\"q") && !has("\033[8]"),
       "sequences that some terminals show are left out");
    (void)tcgetattr(p.slave, &raw);
    cfmakeraw(&raw);
    (void)tcsetattr(p.slave, TCSANOW, &raw);
    tty_reset_write(p.slave);
    while (len < out.len && (n = read(p.master, got + len, sizeof(got) - len)) > 0) {
        len += (size_t)n;
    }
    is_mem(got, len, buf_data(&out), out.len, "the same is written after a crash");
    pty_close(&p);
    buf_reset(&out);
    tty_reset_text(NULL, &out);
    ok(has("\033[0m") && !has("?"), "for text, no modes are changed");
    w = (struct output_watch){0};
    buf_reset(&out);
    tty_reset_text(&w, &out);
    is_int((long long)out.len, 0, "and after text nothing is needed");
}

int main(void)
{
    buf_init(&out, TTY_RESET_MAX);
    only_what_happened_is_undone();
    nothing_clears_the_screen();
    unknown_states_are_reset();
    buf_release(&out);
    return done_testing();
}
