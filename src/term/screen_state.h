/* SPDX-License-Identifier: MIT */
/* Inside of the screen: what screen.c keeps and screen_draw.c writes down. Includes libvterm's
 * internal header, for the modes and the main screen that its public one does not tell; the
 * library is pinned by digest. */
#ifndef TERM_SCREEN_STATE_H
#define TERM_SCREEN_STATE_H

#include "term/screen.h"

#include <vterm_internal.h>

enum {
    SCREEN_TITLE_MAX = 512,
    SCREEN_KITTY_MAX = 8,
    SCREEN_EXTRA_MODES = 8,
    SCREEN_TAIL_MAX = 1024,      /* more than sequences have that are no strings */
    SCREEN_LINES_BYTES = 8 << 20 /* of all lines that scrolled out, as text */
};

struct screen_line {
    char *text; /* with its colours, drawn from column 0; NULL: empty */
    size_t len;
};

struct screen {
    VTerm *vt;
    VTermState *state;
    VTermScreen *cells;
    const VTermParserCallbacks *inner; /* libvterm's own, behind ours */
    void *inner_data;
    struct buf pending;
    bool plain;     /* what is pending is text and whole lines, as far as it was looked at */
    size_t checked; /* how far that is */
    struct buf *answers;       /* borrowed; NULL: nobody answers */
    struct screen_line *lines; /* ring of SCREEN_SCROLLBACK */
    size_t first, count;
    size_t lines_bytes;         /* of them all */
    struct buf scratch;         /* a line that is being drawn */
    char tail[SCREEN_TAIL_MAX]; /* the last bytes that the emulator was given */
    size_t tail_len;
    char title[SCREEN_TITLE_MAX];
    size_t title_len;
    char coming[SCREEN_TITLE_MAX]; /* a title that is not whole yet */
    size_t coming_len;
    bool peeking; /* the main screen is looked at behind libvterm's back */
    int mouse;
    unsigned cursor_style; /* CSI n SP q; 0: the terminal's own */
    bool extra[SCREEN_EXTRA_MODES];
    unsigned modify_keys;                /* CSI > 4 ; n m */
    unsigned kitty[2][SCREEN_KITTY_MAX]; /* flags, of the main and the alternate screen */
    size_t kitty_depth[2];
};

/* DEC private modes that libvterm does not know; the index is that of `extra`. */
extern const unsigned screen_extra_modes[SCREEN_EXTRA_MODES];

/* What of a cell is set by SGR. */
struct look {
    VTermScreenCellAttrs attrs;
    VTermColor fg, bg;
};

/* Bytes that go to the emulator now. */
void screen_note_fed(struct screen *s, const char *bytes, size_t len);

/* Adds what the program has begun and not finished: the beginning of an escape sequence, of a
 * character. */
void screen_add_partial(const struct screen *s, struct buf *out);

struct look screen_look_of(const VTermScreenCell *c);
void screen_add_look(struct buf *out, const struct look *l);
void screen_add_text(struct buf *out, const VTermScreenCell *c);
bool screen_is_blank(const VTermScreenCell *c);

/* Draws `count` cells as a line from column 0 on, attributes set and reset inside; blanks at
 * the end are left out unless they have a colour. */
void screen_draw_line(const VTermScreenCell *cells, int count, struct buf *out);

#endif
