/* SPDX-License-Identifier: MIT */
#include "term/output_watch.h"

#include "base/buf.h"
#include "tap.h"

#include <stdlib.h>

static struct output_watch w;

/* Watches `text`, in pieces of `step` bytes. */
static void watch(const char *text, size_t step)
{
    struct str in = str_c(text);

    w = (struct output_watch){0};
    while (in.len > 0) {
        const size_t len = step < in.len ? step : in.len;

        output_watch(&w, str_n(in.p, len));
        in = str_drop(in, len);
    }
}

static void marks_are_set(void)
{
    static const struct {
        const char *name, *in;
        unsigned marks;
    } samples[] = {
        {"text", "hello\r\n\t\303\274", 0},
        {"a colour", "\033[31m", OUTPUT_SEQUENCES},
        {"shift out", "\016", OUTPUT_SEQUENCES},
        {"a mode", "\033[?25l", OUTPUT_SEQUENCES | OUTPUT_MODES},
        {"the keypad", "\033=", OUTPUT_SEQUENCES | OUTPUT_MODES},
        {"VT52", "\033[?2l", OUTPUT_SEQUENCES | OUTPUT_MODES | OUTPUT_EMULATION},
        {"a mode behind others", "\033[?25;38h",
         OUTPUT_SEQUENCES | OUTPUT_MODES | OUTPUT_EMULATION},
        {"G2", "\033*0", OUTPUT_SEQUENCES | OUTPUT_CHARSETS},
        {"the right half", "\033~", OUTPUT_SEQUENCES | OUTPUT_CHARSETS},
        {"another coding", "\033%@", OUTPUT_SEQUENCES | OUTPUT_CODING},
        {"a scroll region", "\033[2;3r", OUTPUT_SEQUENCES | OUTPUT_MARGINS | OUTPUT_MOVED},
        {"margins", "\033[2;3s", OUTPUT_SEQUENCES | OUTPUT_MARGINS | OUTPUT_MOVED},
        {"origin mode", "\033[?6h",
         OUTPUT_SEQUENCES | OUTPUT_MODES | OUTPUT_ORIGIN | OUTPUT_MOVED},
        {"colours of the terminal", "\033]11;#000000\a", OUTPUT_SEQUENCES | OUTPUT_COLOURS},
        {"the palette of the Linux console", "\033]P0000000\030",
         OUTPUT_SEQUENCES | OUTPUT_PALETTE},
        {"commands of the Linux console", "\033[8]", OUTPUT_SEQUENCES | OUTPUT_CONSOLE},
        {"modifyOtherKeys", "\033[>4;2m", OUTPUT_SEQUENCES | OUTPUT_KEYBOARD},
        {"the cursor's shape", "\033[2 q", OUTPUT_SEQUENCES | OUTPUT_CURSOR},
        {"protected text", "\033[1\"q", OUTPUT_SEQUENCES | OUTPUT_PROTECTED},
        {"double height", "\033#3", OUTPUT_SEQUENCES | OUTPUT_SIZES},
        {"synchronized output", "\033P=1s\033\\", OUTPUT_SEQUENCES | OUTPUT_SYNC},
        {"a font", "\033]50;x\a", OUTPUT_SEQUENCES | OUTPUT_FONT},
        {"moving up", "\033[H", OUTPUT_SEQUENCES | OUTPUT_MOVED},
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        bool same = true;

        for (size_t step = strlen(samples[i].in); step > 0; step--) {
            watch(samples[i].in, step);
            same = same && w.marks == samples[i].marks;
        }
        ok(same, "%s, cut anywhere", samples[i].name);
    }
    watch("\033_never ended", 1);
    ok(w.marks == 0 && output_watch_touched(&w), "an incomplete string touches the terminal");
    watch("\033", 1);
    ok(output_watch_touched(&w), "so does a single ESC");
    watch("text\n", 1);
    ok(!output_watch_touched(&w), "text does not");
}

static void queries_are_recognized(void)
{
    static const char *const queries[] = {"\005",
                                          "\033Z",
                                          "\033[c",
                                          "\033[>c",
                                          "\033[=c",
                                          "\033[0c",
                                          "\033[5n",
                                          "\033[6n",
                                          "\033[?6n",
                                          "\033[21t",
                                          "\033[18t",
                                          "\033[>q",
                                          "\033[?u",
                                          "\033[?2026$p",
                                          "\033[4$p",
                                          "\033[x",
                                          "\033[1;1;1*y",
                                          "\033]11;?\a",
                                          "\033]4;1;?\033\\",
                                          "\033]52;c;?\a",
                                          "\033]1337;x\a",
                                          "\033P$qm\033\\",
                                          "\033P+q544e\234",
                                          "\033_Gi=1,a=q;AA\033\\",
                                          "\033[?1004h",
                                          "\033[?2048h",
                                          "\033[?1000r",
                                          "\233"
                                          "6n",
                                          "\302\233"
                                          "6n"};
    static const char *const others[] = {"text",
                                         "\033[31m",
                                         "\033[2J\033[H",
                                         "\033[?25l",
                                         "\033[?2026h",
                                         "\033]0;t\a",
                                         "\033(B",
                                         "\033[>1u",
                                         "\033[<u",
                                         "\033[>4;1m",
                                         "\033[2 q",
                                         "\033[!p",
                                         "\033]8;;https://x?y\a",
                                         "\033]11;#000\a",
                                         "\033]104\a",
                                         "\033[1;2r",
                                         "\033[b"};

    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        bool good = true;

        for (size_t step = strlen(queries[i]); step > 0; step--) {
            watch(queries[i], step);
            good = good && output_watch_expects_answers(&w);
        }
        ok(good, "query %zu is recognized, cut anywhere", i);
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        watch(others[i], 1);
        ok(!output_watch_expects_answers(&w), "sequence %zu is not a query", i);
    }
}

/* Checks which DEC private modes set a member of w that `is` reads; `want` has a blank behind
 * each. */
static void modes_set(const char *name, bool (*is)(void), const char *want)
{
    struct buf got;
    char text[32];

    buf_init(&got, 1 << 16);
    for (int n = 0; n < 10000; n++) {
        (void)snprintf(text, sizeof(text), "\033[?%dh", n);
        watch(text, sizeof(text));
        (void)(is() ? buf_addf(&got, "%d ", n) : 0);
    }
    is_str(buf_c(&got), want, name);
    buf_release(&got);
}

static bool has_reports(void)
{
    return w.reports != 0;
}

static bool is_alternate(void)
{
    return w.alternate;
}

static bool has_margins(void)
{
    return (w.marks & OUTPUT_MARGINS) != 0;
}

static bool has_moved(void)
{
    return (w.marks & OUTPUT_MOVED) != 0;
}

static void modes_are_known(void)
{
    modes_set("modes for reports", has_reports, "9 1000 1001 1002 1003 1004 2031 2048 5522 ");
    modes_set("modes for the alternate screen", is_alternate, "47 1047 1049 ");
    modes_set("modes with margins", has_margins, "3 69 ");
    modes_set("modes that move the cursor", has_moved, "3 6 47 69 1047 1049 ");
}

static void queries_become_old(void)
{
    static char filler[OUTPUT_WATCH_RECENT];

    memset(filler, 'x', sizeof(filler));
    watch("\033[6n", 4);
    output_watch(&w, str_n(filler, sizeof(filler) - 1));
    ok(output_watch_expects_answers(&w), "a query is recent for a while");
    output_watch(&w, str_c("y"));
    ok(!output_watch_expects_answers(&w), "and then it is taken to be answered");
    watch("\033[?1003h", 8);
    output_watch(&w, str_n(filler, sizeof(filler)));
    ok(output_watch_expects_answers(&w), "reports may come while the mouse is reported");
    output_watch(&w, str_c("\033[?1003l"));
    ok(!output_watch_expects_answers(&w), "and not after that");
    watch("\033[c\033[>q ends here", 1);
    ok(w.since == strlen(" ends here"), "bytes behind the last query are counted");
}

static void state_is_followed(void)
{
    watch("\033[?1049h\033[>1u\033[>1u", 3);
    ok(w.alternate && w.kitty[1] == 2 && w.kitty[0] == 0,
       "the alternate screen has its own flags of kitty's");
    output_watch(&w, str_c("\033[<1u\033[?1049l\033[>5u"));
    ok(!w.alternate && w.kitty[1] == 1 && w.kitty[0] == 1, "pops are counted");
    output_watch(&w, str_c("\033[<u\033[<9u"));
    is_int(w.kitty[0], 0, "a pop takes one, or what is there");
    watch("\033[?2031h\033[?1007h\033[?2031l", 1);
    {
        size_t set = 0;

        for (size_t i = 0; i < OUTPUT_WATCH_MODES; i++) {
            set += w.set[i] ? 1U : 0U;
            ok(!w.set[i] || output_watch_modes[i] == 1007, "mode %u is known",
               output_watch_modes[i]);
        }
        is_int((long long)set, 1, "modes that were reset do not count");
    }
    watch("a\r\n", 1);
    ok(!w.midline, "a line feed ends the line");
    watch("a\r\nb", 1);
    ok(w.midline, "text behind it begins a line");
    watch("a\r", 1);
    ok(w.midline, "a carriage return leaves text in the line");
    watch("\033[?1049h\033[>1u\033c", 1);
    ok(!w.alternate && w.kitty[1] == 0 && (w.marks & OUTPUT_MODES) != 0,
       "RIS resets the screen and kitty's flags, and marks stay");
}

int main(void)
{
    marks_are_set();
    queries_are_recognized();
    modes_are_known();
    queries_become_old();
    state_is_followed();
    return done_testing();
}
