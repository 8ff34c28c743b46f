/* SPDX-License-Identifier: MIT */
/* The inside of the screen, for the screen_*.c files only: its state, and the functions that
 * these files share. Includes libvterm's internal header, because its public one does not give
 * access to the modes and to the main screen. The library is pinned by digest. */
#ifndef TERM_SCREEN_STATE_H
#define TERM_SCREEN_STATE_H

#include "term/screen.h"

#include <vterm_internal.h>

enum {
    SCREEN_TITLE_MAX = 512,
    SCREEN_KITTY_MAX = 8, /* the depth of a stack of kitty's keyboard flags */
    SCREEN_EXTRA_MODES = 8,
    SCREEN_TAIL_MAX = 1024, /* longer than each escape sequence that is not a string like OSC */
    SCREEN_LINES_BYTES = 8 << 20 /* text of all lines that scrolled out */
};

/* A line that scrolled out. */
struct screen_line {
    char *text; /* the line with its colours, to be written from column 0 on; NULL: empty */
    size_t len;
};

struct screen {
    VTerm *vt; /* the emulator; the next two point into it */
    VTermState *state;
    VTermScreen *cells;
    /* libvterm's own handlers, which ours call for everything that they do not handle. */
    const VTermParserCallbacks *inner;
    void *inner_data;
    struct buf pending; /* bytes that are not parsed yet */
    /* Only text, whole lines and colours were found in the first `checked` bytes of `pending`;
     * the other bytes are not examined yet, or are a sequence that is cut. false: something
     * else was found. */
    bool plain;
    size_t checked;
    struct buf *answers;       /* borrowed; NULL: queries are not answered */
    struct screen_line *lines; /* a ring of SCREEN_SCROLLBACK lines that scrolled out */
    size_t first, count;       /* the oldest line in the ring, and how many there are */
    size_t lines_bytes;        /* the sum of their lengths */
    struct buf scratch;        /* the line that is being drawn */
    /* The last bytes that the emulator was given. screen_add_partial() finds in them the
     * beginning of a sequence that is not complete. */
    char tail[SCREEN_TAIL_MAX];
    size_t tail_len;
    char title[SCREEN_TITLE_MAX];
    size_t title_len;
    char coming[SCREEN_TITLE_MAX]; /* the received part of a title that is not complete */
    size_t coming_len;
    bool peeking;          /* libvterm is switched to the main screen, but the program is not */
    int mouse;             /* the mouse mode, as VTERM_PROP_MOUSE: 0 to 3; 0: off */
    unsigned cursor_style; /* the n of CSI n SP q; 0: the terminal's own */
    bool extra[SCREEN_EXTRA_MODES]; /* whether each of screen_extra_modes is set */
    unsigned modify_keys;           /* modifyOtherKeys: the n of CSI > 4 ; n m */
    /* Stacks of kitty's keyboard flags, of the main and of the alternate screen. */
    unsigned kitty[2][SCREEN_KITTY_MAX];
    size_t kitty_depth[2]; /* how many flags each stack holds */
};

/* The DEC private modes that libvterm does not know. screen.extra has the same order. */
extern const unsigned screen_extra_modes[SCREEN_EXTRA_MODES];

/* The attributes of a cell that SGR sets. */
struct look {
    VTermScreenCellAttrs attrs;
    VTermColor fg, bg;
};

/* Keeps bytes that the emulator is given now in the tail. */
void screen_note_fed(struct screen *s, const char *bytes, size_t len);

/* Adds to `out` the beginning of an escape sequence or a character that the program has not
 * completed yet. */
void screen_add_partial(const struct screen *s, struct buf *out);

/* screen_look_of() returns the look of a cell. screen_add_look() adds the SGR sequence that
 * sets a look, after a reset. screen_add_text() adds the characters of a cell, or a space. */
struct look screen_look_of(const VTermScreenCell *c);
void screen_add_look(struct buf *out, const struct look *l);
void screen_add_text(struct buf *out, const VTermScreenCell *c);

/* Returns true if an untouched cell looks the same as this one. */
bool screen_is_blank(const VTermScreenCell *c);

/* Adds `count` cells to `out` as a line that begins at column 0. The line sets the attributes
 * that it needs, and resets them at its end. Blank cells at the end are left out unless they
 * have a colour. */
void screen_draw_line(const VTermScreenCell *cells, int count, struct buf *out);

#endif
