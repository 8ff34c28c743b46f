/* SPDX-License-Identifier: MIT */
/* What a terminal shows, known from the bytes that were sent to it, so that another terminal can be made to
 * show the same at any time: both screens, the last SCREEN_SCROLLBACK lines that scrolled out, cursor, pen,
 * modes, margins, title. The one header behind which libvterm is; what that lacks is added here: the main
 * screen while the alternate one is shown, mode 47, kitty's keyboard flags, modifyOtherKeys, some modes.
 *
 * Bytes are taken in at once but looked at late: when somebody wants to see the screen, when screen_step() or
 * screen_update() is called. Lines that scrolled out beyond recall by then are never looked at, so that a flood of
 * text costs little. Other bytes may cost a lot each, if somebody means harm: whoever feeds the screen asks
 * screen_room() first, and lets it catch up in steps, so that nothing else has to wait. No I/O. */
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

/* How many more bytes it should be fed before it has caught up. */
size_t screen_room(const struct screen *s);

/* True where bytes wait to be looked at; screen_update() looks at them all, screen_step() for about SCREEN_STEP_US.
 * Everything below settles it first. */
bool screen_is_behind(const struct screen *s);
void screen_update(struct screen *s);
void screen_step(struct screen *s);

/* Adds what makes an ANSI terminal of the same size show this, whatever it showed before; with the lines that
 * scrolled out in front if asked to. -1 with out overflowed where it does not fit: SCREEN_DRAW_MAX always does. */
int screen_draw(struct screen *s, bool scrollback, struct buf *out);

/* Adds what leaves a terminal that shows this as a shell expects it: main screen, no modes; nothing where that
 * is so already. With `below` the cursor goes to a new line under what is shown. */
void screen_leave(struct screen *s, bool below, struct buf *out);

/* The same for a terminal of which nothing is known any more. */
void screen_abandon(struct buf *out);

/* Where no terminal is attached programs still ask it things: what the terminal would say is added to `out`
 * by screen_update() and screen_feed() from now on. NULL: nobody answers. */
void screen_answer_to(struct screen *s, struct buf *out);

#endif
