/* SPDX-License-Identifier: MIT */
#include "term/tty_reset.h"

#include <string.h>
#include <unistd.h>

/* One sequence, and the marks of output_watch that it undoes. */
struct row {
    unsigned marks;
    const char *bytes;
};

/* Sources: ECMA-48; xterm's ctlseqs; console_codes(4). "Linux" below means the console of
 * kernels that print the last byte of sequences with intermediate bytes; such sequences are
 * only written if the program has written some, too. */
static const struct row rows[] = {
    /* Leaves xterm's Tektronix mode, and VT52 mode. */
    {OUTPUT_EMULATION, "\033\003\033<"},
    /* CAN ends an incomplete sequence, and ST an incomplete string. */
    {OUTPUT_ALL, "\030\033\\"},
    {OUTPUT_SYNC, "\033P=2s\033\\"},
    /* Colours and attributes of the text; ASCII in G0 and G1; G0 is used. */
    {OUTPUT_ALL, "\033[0m\033(B\033)B\017"},
    {OUTPUT_CODING, "\033%G"},
    {OUTPUT_CHARSETS, "\033*B\033+B\033}"},
    /* The mouse, focus reports, bracketed paste, synchronized output, cursor and keypad keys,
     * reverse video, insert, line feed and autowrap modes; the cursor is visible. */
    {OUTPUT_MODES, "\033[?1000l\033[?1002l\033[?1003l\033[?1004l\033[?1005l\033[?1006l"
                   "\033[?1015l\033[?2004l\033[?2026l\033[?1l\033>\033[?5l\033[4l\033[20l"
                   "\033[?7h\033[?25h"},
    /* Resetting margins moves the cursor. */
    {OUTPUT_MARGINS, "\0337\033[?69l\033[r\0338"},
    /* Resetting origin mode moves the cursor to the top, and DECRC (above) may set it again. */
    {OUTPUT_ORIGIN, "\033[?6l\033[9999B"},
    {OUTPUT_KEYBOARD, "\033[>4m"},
    {OUTPUT_CURSOR, "\033[0 q"},
    {OUTPUT_PROTECTED, "\033[0\"q\033W"},
    {OUTPUT_SIZES, "\033#5"},
    {OUTPUT_PALETTE, "\033]R\033\\"},
    /* White on black as the Linux console's own colours; shows a screen that was blanked. */
    {OUTPUT_CONSOLE, "\033[0;37;40m\033[8]\033[13]\033[0m"},
    {OUTPUT_COLOURS, "\033]104\033\\\033]105\033\\\033]110\033\\\033]111\033\\\033]112\033\\"
                     "\033]113\033\\\033]114\033\\\033]117\033\\\033]119\033\\"},
    {OUTPUT_FONT, "\033]50;#0\033\\"},
};

/* The marks that tty_reset_any() undoes: not those whose sequences some terminals show, or that
 * replace a choice of the user's (such as colours that the shell has set). */
enum {
    ANY = OUTPUT_SEQUENCES | OUTPUT_MODES | OUTPUT_KEYBOARD | OUTPUT_CURSOR | OUTPUT_COLOURS |
          OUTPUT_MARGINS
};

/* Leaves the alternate screen, and begins a line. */
static const char any_end[] = "\033[?1049l\r\n";

static void add_rows(unsigned marks, struct buf *out)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        (void)buf_add_c(out, (rows[i].marks & marks) != 0 ? rows[i].bytes : "");
    }
}

void tty_reset(const struct output_watch *w, struct buf *out)
{
    if (!output_watch_touched(w)) {
        return;
    }
    add_rows(w->marks | OUTPUT_SEQUENCES, out);
    for (size_t i = 0; i < OUTPUT_WATCH_MODES; i++) {
        if (w->set[i]) {
            (void)buf_addf(out, "\033[?%ul", output_watch_modes[i]);
        }
    }
    if (w->alternate) {
        if (w->kitty[1] > 0) {
            (void)buf_addf(out, "\033[<%uu", w->kitty[1]);
        }
        (void)buf_add_c(out, "\033[?1049l\033[0m\033(B");
    }
    if (w->kitty[0] > 0) {
        (void)buf_addf(out, "\033[<%uu", w->kitty[0]);
    }
}

void tty_reset_any(struct buf *out)
{
    add_rows(ANY, out);
    (void)buf_add_c(out, any_end);
}

void tty_reset_screen(struct buf *out)
{
    add_rows(OUTPUT_SEQUENCES | OUTPUT_MODES | OUTPUT_MARGINS | OUTPUT_ORIGIN, out);
}

void tty_reset_text(const struct output_watch *w, struct buf *out)
{
    if (w == NULL || output_watch_touched(w)) {
        (void)buf_add_c(out, "\030\033\\\033[0m\033(B\017");
    }
}

void tty_reset_write(int fd)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if ((rows[i].marks & ANY) != 0) {
            (void)!write(fd, rows[i].bytes, strlen(rows[i].bytes));
        }
    }
    (void)!write(fd, any_end, sizeof(any_end) - 1);
}
