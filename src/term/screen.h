/* SPDX-License-Identifier: MIT */
/* What a terminal shows, computed from the bytes that were sent to it, so that another terminal
 * can be made to show the same at any time: both screens, the last SCREEN_SCROLLBACK lines that
 * scrolled out, cursor, pen, modes, margins, title. This header hides libvterm, and adds what
 * that lacks: the main screen while the alternate one is shown, mode 47, kitty's keyboard
 * flags, modifyOtherKeys, some modes.
 *
 * Bytes are stored at once and parsed later: when the screen is drawn, or when screen_step() or
 * screen_update() is called. Lines that have scrolled out of the scrollback by then are never
 * parsed, so that a flood of text costs little. Other bytes may be expensive if a program means
 * harm: the caller asks screen_room() before it feeds the screen, and lets it catch up in
 * steps, so that nothing else has to wait. No I/O. */
#ifndef TERM_SCREEN_H
#define TERM_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

enum {
    SCREEN_SCROLLBACK = 2000,
    SCREEN_PENDING_MAX = 1 << 20,
    SCREEN_EAGER_MAX = 64 << 10, /* pending bytes of which each may cost much */
    SCREEN_ANSWERS_MAX = 4096,
    SCREEN_SIZE_MAX = 1000,      /* rows, columns */
    SCREEN_DRAW_MAX = 200 << 20, /* what screen_draw() adds at most, of a screen of that size */
    SCREEN_STEP_US = 4000
};

struct screen;

/* A size of 0 becomes 24x80. Never NULL. */
struct screen *screen_new(unsigned rows, unsigned cols);
void screen_free(struct screen *s); /* accepts NULL */

void screen_feed(struct screen *s, struct str bytes);
void screen_resize(struct screen *s, unsigned rows, unsigned cols);

/* Returns how many more bytes the screen should be fed before it has caught up. */
size_t screen_room(const struct screen *s);

/* Returns true if bytes wait to be parsed. screen_update() parses all of them, screen_step()
 * parses for about SCREEN_STEP_US. The functions below call screen_update() first. */
bool screen_is_behind(const struct screen *s);
void screen_update(struct screen *s);
void screen_step(struct screen *s);

/* Adds the bytes that make an ANSI terminal of the same size show this screen, whatever it
 * showed before, and in front of them the lines that scrolled out if `scrollback`. Returns 0 on
 * success, and -1 with out overflowed if they do not fit; a maximum of SCREEN_DRAW_MAX is
 * always enough. */
int screen_draw(struct screen *s, bool scrollback, struct buf *out);

/* Adds the bytes that restore a terminal that shows this screen to the state that a shell
 * expects: main screen, no modes. Adds nothing if the terminal is in that state. With `below`
 * the cursor moves to a new line under the text. */
void screen_leave(struct screen *s, bool below, struct buf *out);

/* The same for a terminal in an unknown state. */
void screen_abandon(struct buf *out);

/* From now on screen_update() and screen_feed() add a terminal's answers to queries of the
 * program to `out`, because programs also ask while no terminal is attached. NULL: queries are
 * not answered. */
void screen_answer_to(struct screen *s, struct buf *out);

#endif
