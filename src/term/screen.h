/* SPDX-License-Identifier: MIT */
/* The emulated screen: computes what a terminal shows from the bytes that were sent to it, so
 * that another terminal can be made to show the same at any time. It knows the main and the
 * alternate screen, the last lines that scrolled out of the main screen, the cursor, the pen,
 * modes, margins and the title. This header hides libvterm, and adds what libvterm lacks: the
 * main screen while the alternate one is shown, mode 47, kitty's keyboard flags,
 * modifyOtherKeys, and some modes.
 *
 * Bytes are stored at once and parsed later: when the screen is drawn, or when screen_step() or
 * screen_update() is called. Lines that have scrolled out of the scrollback by then are never
 * parsed, so that a flood of text costs little. A hostile program can send other bytes that are
 * expensive to parse. Therefore the caller feeds the screen no more than screen_room(), and
 * lets it catch up in steps, so that nothing else has to wait.
 *
 * Does no I/O and never blocks, except that screen_step() reads the clock. Running out of
 * memory aborts the program. */
#ifndef TERM_SCREEN_H
#define TERM_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

enum {
    SCREEN_SCROLLBACK = 2000,     /* lines that scrolled out; fewer if they exceed 8 MiB */
    SCREEN_PENDING_MAX = 1 << 20, /* bytes that wait to be parsed */
    SCREEN_EAGER_MAX = 64 << 10,  /* the same if each of these bytes may be expensive */
    SCREEN_ANSWERS_MAX = 4096, /* bytes of answers that a caller of screen_answer_to() keeps */
    SCREEN_SIZE_MAX = 1000,    /* rows, and columns; a larger size is cut to this */
    /* The most bytes that screen_draw() adds for a screen of SCREEN_SIZE_MAX squared. */
    SCREEN_DRAW_MAX = 200 << 20,
    SCREEN_STEP_US = 4000 /* how long screen_step() parses */
};

struct screen;

/* Makes an empty screen of this size, which the caller frees. 0 rows become 24, 0 columns
 * become 80, and 1 column becomes 2. Never returns NULL. */
struct screen *screen_new(unsigned rows, unsigned cols);

/* Frees the screen. Accepts NULL. */
void screen_free(struct screen *s);

/* Stores bytes that the program has written. Parses earlier bytes if the buffer has no room for
 * all of them, and parses everything at once if terminal queries are to be answered and `bytes`
 * may contain one. */
void screen_feed(struct screen *s, struct str bytes);

/* Parses everything that was fed, and then changes the size, with the limits of
 * screen_new(). */
void screen_resize(struct screen *s, unsigned rows, unsigned cols);

/* Returns how many more bytes the screen should be fed before it has caught up. */
size_t screen_room(const struct screen *s);

/* screen_is_behind() returns true if bytes wait to be parsed; the beginning of an incomplete
 * UTF-8 character does not count. screen_update() parses all of them. screen_step() parses for
 * about SCREEN_STEP_US. The functions below call screen_update() first. */
bool screen_is_behind(const struct screen *s);
void screen_update(struct screen *s);
void screen_step(struct screen *s);

/* Adds to `out` the bytes that make an ANSI terminal of the same size show this screen,
 * independently of what the terminal showed before. If `scrollback`, the lines that scrolled
 * out come in front of them. Returns 0 on success. Returns -1 if they do not fit;
 * out->overflowed is set then, and `out` holds a part. A maximum of SCREEN_DRAW_MAX is always
 * enough. */
int screen_draw(struct screen *s, bool scrollback, struct buf *out);

/* Like screen_draw() without the lines that scrolled out, for a terminal of `rows` rows and
 * `cols` columns that is smaller than the screen: shows the part of the screen with the cursor,
 * as far as possible from the top left, on the alternate screen of the terminal. The modes that
 * change what the terminal sends are not set. */
int screen_draw_part(struct screen *s, unsigned rows, unsigned cols, struct buf *out);

/* Adds to `out` the bytes that move the cursor of a terminal that shows this screen to a new
 * line under the text. Adds nothing if the cursor is at the start of an empty line under the
 * text, unless `always`. The terminal must have no margins and no origin mode. While the
 * alternate screen is shown, only a line break is added: the main screen follows, with its own
 * cursor. */
void screen_go_below(struct screen *s, bool always, struct buf *out);

/* From this call on, parsing adds the answers of a terminal to the program's queries to `out`,
 * because programs also ask while no terminal is attached. An answer that does not fit is
 * dropped. `out` is borrowed until the next call. NULL means that queries are not answered,
 * which is the initial state. Bytes that were fed before are parsed with the earlier
 * setting. */
void screen_answer_to(struct screen *s, struct buf *out);

#endif
