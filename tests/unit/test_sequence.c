/* SPDX-License-Identifier: MIT */
#include "term/sequence.h"

#include "base/buf.h"
#include "tap.h"

#include <stdlib.h>

enum { HELD_MAX = 64 };

static struct buf out;
static char held[HELD_MAX];

/* Describes the pieces of `in`, which comes `step` bytes at a time. Pieces of text are joined,
 * because cutting the input cuts them. */
static void describe(struct str in, size_t step)
{
    struct sequence_parser p = {.held = held, .held_max = sizeof(held)};
    struct sequence q;
    bool in_text = false;

    buf_reset(&out);
    while (in.len > 0) {
        struct str part = str_n(in.p, step < in.len ? step : in.len);

        in = str_drop(in, part.len);
        while (sequence_next(&p, &part, &q)) {
            if (q.kind != SEQUENCE_TEXT || !in_text) {
                (void)buf_addf(&out, "<%c%s", "TCES$"[q.kind], q.whole ? "" : "!");
                if (q.kind == SEQUENCE_STRING) {
                    (void)buf_addf(&out, "%c", q.string);
                }
                (void)buf_add_c(&out, ":");
            }
            in_text = q.kind == SEQUENCE_TEXT;
            (void)buf_add_str(&out, q.bytes);
        }
        if (part.len > 0) {
            abort(); /* the parser must use up its input */
        }
    }
}

static void every_split_gives_the_same_pieces(void)
{
    static const struct {
        const char *name, *in, *want;
    } samples[] = {
        {"text", "hello", "<T:hello"},
        {"controls", "a\r\n\bb\177", "<T:a<C:\r<C:\n<C:\b<T:b<C:\177"},
        {"an escape sequence", "\0337x", "<E:7<T:x"},
        {"with an intermediate byte", "\033(0x", "<E:(0<T:x"},
        {"CSI", "\033[1;31mx", "<S:1;31m<T:x"},
        {"CSI with everything", "\033[?1;2$px", "<S:?1;2$p<T:x"},
        {"a control in CSI", "\033[1\n;2H", "<C:\n<S:1;2H"},
        {"CAN ends CSI", "\033[1\030H", "<C:\030<T:H"},
        {"ESC begins again", "\033[1\033[2H", "<S:2H"},
        {"OSC with BEL", "\033]0;t\ax", "<$]:0;t<T:x"},
        {"OSC with ST", "\033]0;t\033\\x", "<$]:0;t<T:x"},
        {"OSC with the C1 control ST", "\033]0;t\234x", "<$]:0;t<T:x"},
        {"OSC with ST in UTF-8", "\033]0;t\302\234x", "<$]:0;t<T:x"},
        {"a character with the byte of ST in OSC", "\033]0;\303\234\ax", "<$]:0;\303\234<T:x"},
        {"DCS is not ended by BEL", "\033Pq\ax\033\\", "<$P:q\ax"},
        {"APC, PM and SOS", "\033_a\033\\\033^b\033\\\033Xc\033\\", "<$_:a<$^:b<$X:c"},
        {"the title of screen", "\033kt\033\\", "<$k:t"},
        {"CAN ends a string", "\033_a\030x", "<$!_:a<T:x"},
        {"ESC ends a string", "\033_a\033[1mx", "<$!_:a<S:1m<T:x"},
        {"8-bit CSI", "\2331mx", "<S:1m<T:x"},
        {"8-bit CSI in UTF-8", "\302\2331mx", "<S:1m<T:x"},
        {"8-bit OSC", "\2350;t\234x", "<$]:0;t<T:x"},
        {"NEL", "a\205b", "<T:a<E:E<T:b"},
        {"UTF-8", "\303\233m\342\202\254\360\237\230\200.",
         "<T:\303\233m\342\202\254\360\237\230\200."},
        {"U+00A0 to U+00BF", "\302\240\302\277", "<T:\302\240\302\277"},
        {"an overlong C1 control", "\340\202\2331m", "<T:\340<E:B<S:1m"},
        {"a C1 control in a character beyond U+10FFFF", "\364\2331m", "<T:\364<S:1m"},
        {"a lead byte without more", "\302x\302", "<T:\302x"},
        {"a lead byte before ESC", "\302\033[1m", "<T:\302<S:1m"},
        {"two lead bytes", "\302\302\2331m", "<T:\302<S:1m"},
        {"a byte of 8 bits ends CSI", "\033[1\303\233x", "<T:\303\233x"},
        {"nothing of an incomplete sequence", "a\033[1", "<T:a"},
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        const struct str in = str_c(samples[i].in);

        describe(in, in.len);
        is_mem(buf_data(&out), out.len, samples[i].want, strlen(samples[i].want),
               samples[i].name);
        for (size_t step = 1; step < in.len; step++) {
            describe(in, step);
            if (str_cmp(buf_str(&out), str_c(samples[i].want)) != 0) {
                is_mem(buf_data(&out), out.len, samples[i].want, strlen(samples[i].want),
                       "the same in pieces");
            }
        }
    }
}

static void long_content_is_cut(void)
{
    struct sequence_parser p = {.held = held, .held_max = sizeof(held)};
    struct sequence q = {.kind = SEQUENCE_TEXT};
    struct str in = str_c("\033]");
    static char filler[HELD_MAX + 1];

    memset(filler, 'x', sizeof(filler));
    (void)sequence_next(&p, &in, &q);
    in = str_n(filler, sizeof(filler));
    ok(!sequence_next(&p, &in, &q) && in.len == 0, "a long string is taken as it comes");
    in = str_c("\ay");
    ok(sequence_next(&p, &in, &q) && q.kind == SEQUENCE_STRING && !q.whole &&
           q.bytes.len == HELD_MAX,
       "a string that is too long is cut, and is not whole");
    ok(sequence_next(&p, &in, &q) && q.kind == SEQUENCE_TEXT && str_eq_c(q.bytes, "y"),
       "its end is found all the same");
}

static void parameters_are_read(void)
{
    struct sequence_csi c;

    is_int(sequence_number(str_c("12;;7"), 0), 12, "the first number");
    is_int(sequence_number(str_c("12;;7"), 1), -1, "an empty number");
    is_int(sequence_number(str_c("12;;7"), 2), 7, "the last number");
    is_int(sequence_number(str_c("12;;7"), 3), -1, "a missing number");
    is_int(sequence_number(str_c("4:3;1"), 0), 4, "a number with a part behind it");
    is_int(sequence_number(str_c("99999999999999999999"), 0), SEQUENCE_NUMBER_MAX,
           "a number that is too large");
    ok(sequence_csi(str_c("0;10:9 q"), &c) && c.leader == '\0' &&
           str_eq_c(c.numbers, "0;10:9") && str_eq_c(c.between, " ") && c.final == 'q',
       "the parts of a CSI sequence without a leader");
    ok(sequence_csi(str_c("?25;1$p"), &c) && c.leader == '?' && str_eq_c(c.numbers, "25;1") &&
           str_eq_c(c.between, "$") && c.final == 'p',
       "a CSI sequence is split");
    ok(!sequence_csi(str_c("1?2h"), &c) && !sequence_csi(str_c("1$2h"), &c) &&
           !sequence_csi(str_c(""), &c),
       "other forms are refused");
}

int main(void)
{
    buf_init(&out, 1 << 16);
    every_split_gives_the_same_pieces();
    long_content_is_cut();
    parameters_are_read();
    buf_release(&out);
    return done_testing();
}
