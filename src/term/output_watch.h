/* SPDX-License-Identifier: MIT */
/* Notes what the bytes that went to a terminal may have left there: modes, colours, character
 * sets, an incomplete sequence, and queries that the terminal may not have answered yet.
 * term/tty_reset.h undoes it, and term/tty_drain.h waits for the answers. A mark is also set in
 * cases of doubt, because a needless reset does no harm. Pure. */
#ifndef TERM_OUTPUT_WATCH_H
#define TERM_OUTPUT_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "term/sequence.h"

/* What the bytes contained. */
enum output_mark {
    OUTPUT_SEQUENCES = 1 << 0,  /* an escape sequence, or SO or SI */
    OUTPUT_MODES = 1 << 1,      /* modes of CSI h and l, and the keypad's */
    OUTPUT_EMULATION = 1 << 2,  /* VT52 or Tektronix mode */
    OUTPUT_CHARSETS = 1 << 3,   /* G2, G3, or the right half of the code */
    OUTPUT_CODING = 1 << 4,     /* ESC %: another coding than UTF-8 */
    OUTPUT_MARGINS = 1 << 5,    /* a scroll region, or margins */
    OUTPUT_ORIGIN = 1 << 6,     /* origin mode */
    OUTPUT_COLOURS = 1 << 7,    /* the terminal's own colours (OSC 4, 10, 11 ...) */
    OUTPUT_PALETTE = 1 << 8,    /* OSC P of the Linux console */
    OUTPUT_CONSOLE = 1 << 9,    /* CSI ] of the Linux console */
    OUTPUT_KEYBOARD = 1 << 10,  /* modifyOtherKeys */
    OUTPUT_CURSOR = 1 << 11,    /* the cursor's shape */
    OUTPUT_PROTECTED = 1 << 12, /* protected characters */
    OUTPUT_SIZES = 1 << 13,     /* double width or height */
    OUTPUT_SYNC = 1 << 14,      /* synchronized output, begun by DCS */
    OUTPUT_FONT = 1 << 15,      /* OSC 50 */
    OUTPUT_MOVED = 1 << 16,     /* the cursor was moved upwards, or to a place on the screen */
    OUTPUT_ALL = (1 << 17) - 1
};

enum {
    OUTPUT_WATCH_CONTENT = 512, /* bytes of a sequence that are looked at */
    OUTPUT_WATCH_MODES = 17,    /* modes that are reset only if they were set */
    /* The number of bytes after which a query is taken to be answered. A pty holds less. */
    OUTPUT_WATCH_RECENT = 1 << 20
};

/* The DEC private modes that are reset only if they were set, because the terminal may have
 * other defaults, or does something when they are reset. */
extern const unsigned output_watch_modes[OUTPUT_WATCH_MODES];

/* The initial state is zero. It holds no resource. */
struct output_watch {
    struct sequence_parser parser;
    char held[OUTPUT_WATCH_CONTENT];
    unsigned marks;               /* of enum output_mark */
    bool set[OUTPUT_WATCH_MODES]; /* whether each of output_watch_modes is set */
    bool alternate;               /* the alternate screen is shown */
    unsigned reports;  /* the modes that are set in which the terminal sends reports by itself
                          (the mouse, focus, size, colours), one bit each */
    bool midline;      /* text was written behind the last line feed */
    unsigned kitty[2]; /* kitty's keyboard flags that were pushed, on the main and the alternate
                          screen */
    bool queried;      /* a query was written */
    uint64_t since;    /* bytes behind the last query */
};

/* Takes bytes that were written to the terminal. */
void output_watch(struct output_watch *w, struct str bytes);

/* Returns true if the terminal may be in another state than before: if there was an escape
 * sequence, complete or not. */
bool output_watch_touched(const struct output_watch *w);

/* Returns true if the terminal may still send answers or reports: if one of the last
 * OUTPUT_WATCH_RECENT bytes belongs to a query, or if a mode for reports is set. */
bool output_watch_expects_answers(const struct output_watch *w);

#endif
