/* SPDX-License-Identifier: MIT */
/* Draws the screen: writes the escape sequences of ECMA-48 and of xterm's ctlseqs that bring a
 * terminal into a known state. */
#include "term/screen_state.h"
#include "term/tty_reset.h"

#include <stdlib.h>
#include <string.h>

enum { TAB_WIDTH = 8 };

/* Gets a cell with the attributes that the program wrote. libvterm inverts `reverse` on a
 * screen in reverse video (DECSCNM); this function inverts it back. */
static void get_cell(const struct screen *s, VTermPos pos, VTermScreenCell *cell)
{
    (void)vterm_screen_get_cell(s->cells, pos, cell);
    cell->attrs.reverse = cell->attrs.reverse != s->state->mode.screen;
}

/* Draws one row of the screen. `cells` has room for the cells of a row. */
static void draw_row(const struct screen *s, int row, VTermScreenCell *cells, struct buf *out)
{
    const VTermLineInfo *info = vterm_state_get_lineinfo(s->state, row);
    VTermPos pos = {.row = row};

    for (pos.col = 0; pos.col < s->state->cols; pos.col++) {
        get_cell(s, pos, &cells[pos.col]);
    }
    if (info->doubleheight != 0) {
        (void)buf_add_c(out, info->doubleheight == 1 ? "\033#3" : "\033#4");
    } else if (info->doublewidth != 0) {
        (void)buf_add_c(out, "\033#6");
    }
    screen_draw_line(cells, info->doublewidth != 0 ? s->state->cols / 2 : s->state->cols, out);
}

/* Draws the lines that scrolled out (if `scrollback`), and then all rows of the screen. The
 * cursor is at the top left before. */
static void draw_lines(struct screen *s, bool scrollback, VTermScreenCell *cells,
                       struct buf *out)
{
    for (size_t i = 0; scrollback && i < s->count; i++) {
        const struct screen_line *line = &s->lines[(s->first + i) % SCREEN_SCROLLBACK];

        (void)buf_add(out, line->text, line->len);
        (void)buf_add_c(out, "\r\n");
    }
    for (int row = 0; row < s->state->rows; row++) {
        draw_row(s, row, cells, out);
        (void)buf_add_c(out, row + 1 < s->state->rows ? "\r\n" : "");
    }
}

/* Switches libvterm's cells to the main screen, so that draw_row() sees it, and back to the
 * alternate one. libvterm's own way to switch would erase the alternate screen. */
static void peek(struct screen *s, bool main_screen)
{
    VTermValue alt = {.boolean = !main_screen};

    s->peeking = main_screen;
    (void)s->state->callbacks->settermprop(VTERM_PROP_ALTSCREEN, &alt, s->state->cbdata);
    s->state->lineinfo = s->state->lineinfos[main_screen ? 0 : 1];
}

static void set_cursor(struct buf *out, VTermPos pos)
{
    (void)buf_addf(out, "\033[%d;%dH", pos.row + 1, pos.col + 1);
}

static struct look look_of_pen(const struct VTermPen *p)
{
    return (struct look){
        .attrs = {.bold = p->bold,
                  .underline = p->underline,
                  .italic = p->italic,
                  .blink = p->blink,
                  .reverse = p->reverse,
                  .conceal = p->conceal,
                  .strike = p->strike,
                  .font = p->font,
                  .small = p->small,
                  .baseline = p->baseline},
        .fg = p->fg,
        .bg = p->bg,
    };
}

static void add_mode(struct buf *out, bool set, const char *sequence)
{
    if (set) {
        (void)buf_add_c(out, sequence);
    }
}

/* Designates the character sets (line drawing, UK) that the program has chosen. */
static void draw_charsets(const struct screen *s, struct buf *out)
{
    const VTermEncoding *drawing = vterm_lookup_encoding(ENC_SINGLE_94, '0');
    const VTermEncoding *uk = vterm_lookup_encoding(ENC_SINGLE_94, 'A');

    for (int i = 0; i < 4; i++) {
        const VTermEncoding *enc = s->state->encoding[i].enc;

        if (enc == drawing || enc == uk) {
            (void)buf_addf(out, "\033%c%c", "()*+"[i], enc == drawing ? '0' : 'A');
        }
    }
    add_mode(out, s->state->gl_set == 1, "\016");
}

/* Sets the tab stops, unless there is one at every eighth column. */
static void draw_tabs(const struct screen *s, struct buf *out)
{
    bool usual = true;

    for (int col = 0; col < s->state->cols; col++) {
        bool is_set = (s->state->tabstops[col >> 3] >> (col & 7) & 1) != 0;

        usual = usual && is_set == (col % TAB_WIDTH == 0);
    }
    if (usual) {
        return;
    }
    (void)buf_add_c(out, "\033[3g");
    for (int col = 0; col < s->state->cols; col++) {
        if ((s->state->tabstops[col >> 3] >> (col & 7) & 1) != 0) {
            (void)buf_addf(out, "\033[1;%dH\033H", col + 1);
        }
    }
}

/* Sets modifyOtherKeys and kitty's flags. */
static void draw_keyboard(const struct screen *s, struct buf *out)
{
    int which = s->state->mode.alt_screen ? 1 : 0;

    if (s->modify_keys > 0) {
        (void)buf_addf(out, "\033[>4;%um", s->modify_keys);
    }
    for (size_t i = 0; i < s->kitty_depth[which]; i++) {
        (void)buf_addf(out, "\033[>%uu", s->kitty[which][i]);
    }
}

static void draw_modes(const struct screen *s, struct buf *out)
{
    static const char *const mouse[] = {"", "\033[?1000h", "\033[?1002h", "\033[?1003h"};
    const VTermState *st = s->state;

    draw_keyboard(s, out);
    draw_tabs(s, out);
    draw_charsets(s, out);
    if (s->title_len > 0) {
        (void)buf_addf(out, "\033]2;%.*s\033\\", (int)s->title_len, s->title);
    }
    add_mode(out, st->mode.cursor, "\033[?1h");
    add_mode(out, st->mode.screen, "\033[?5h");
    add_mode(out, !st->mode.autowrap, "\033[?7l");
    add_mode(out, st->mode.keypad, "\033=");
    add_mode(out, st->mode.insert, "\033[4h");
    add_mode(out, st->mode.newline, "\033[20h");
    add_mode(out, st->mode.bracketpaste, "\033[?2004h");
    add_mode(out, st->mode.report_focus, "\033[?1004h");
    (void)buf_add_c(out, mouse[s->mouse >= 0 && s->mouse <= 3 ? s->mouse : 0]);
    add_mode(out, st->mouse_protocol == MOUSE_UTF8, "\033[?1005h");
    add_mode(out, st->mouse_protocol == MOUSE_SGR, "\033[?1006h");
    add_mode(out, st->mouse_protocol == MOUSE_RXVT, "\033[?1015h");
    for (size_t i = 0; i < SCREEN_EXTRA_MODES; i++) {
        if (s->extra[i]) {
            (void)buf_addf(out, "\033[?%uh", screen_extra_modes[i]);
        }
    }
    if (s->cursor_style > 0) {
        (void)buf_addf(out, "\033[%u q", s->cursor_style);
    }
}

/* Sets the margins, the cursor and the pen. This comes last, because everything else moves the
 * cursor. */
static void draw_cursor(const struct screen *s, VTermScreenCell *cells, struct buf *out)
{
    const VTermState *st = s->state;
    VTermPos pos = st->pos;
    struct look pen = look_of_pen(&st->pen);

    if (st->mode.leftrightmargin) {
        (void)buf_addf(out, "\033[?69h\033[%d;%ds", st->scrollregion_left + 1,
                       SCROLLREGION_RIGHT(st));
    }
    if (st->scrollregion_top != 0 || st->scrollregion_bottom > -1) {
        (void)buf_addf(out, "\033[%d;%dr", st->scrollregion_top + 1, SCROLLREGION_BOTTOM(st));
    }
    if (st->mode.origin) {
        (void)buf_add_c(out, "\033[?6h");
        pos.row -= st->scrollregion_top;
    }
    if (st->at_phantom) {
        /* The cursor is behind the last column. A terminal only gets into that state if a
         * character is written to the last column. */
        VTermPos last = {.row = st->pos.row, .col = st->cols - 1};

        get_cell(s, last, cells);
        if (cells->chars[0] == (uint32_t)-1 && last.col > 0) {
            last.col--;
            get_cell(s, last, cells);
        }
        struct look look = screen_look_of(cells);

        last.row = pos.row;
        set_cursor(out, last);
        screen_add_look(out, &look);
        screen_add_text(out, cells);
    } else {
        set_cursor(out, pos);
    }
    screen_add_look(out, &pen);
    add_mode(out, !st->mode.cursor_visible, "\033[?25l");
}

int screen_draw(struct screen *s, bool scrollback, struct buf *out)
{
    VTermScreenCell *cells;

    screen_update(s);
    cells = calloc((size_t)s->state->cols, sizeof(*cells));
    if (cells == NULL) {
        abort();
    }
    tty_reset_screen(out);
    (void)buf_add_c(out, "\033[?1049l\033[0m");
    if (scrollback) {
        /* Moves the text that the new client's terminal showed before into its own
         * scrollback. */
        (void)buf_addf(out, "\033[%d;1H", s->state->rows);
        for (int row = 0; row < s->state->rows; row++) {
            (void)buf_add_byte(out, '\n');
        }
    }
    (void)buf_add_c(out, "\033[H\033[2J");
    if (s->state->mode.alt_screen) {
        struct look pen = look_of_pen(&s->state->saved.pen);

        peek(s, true);
        draw_lines(s, scrollback, cells, out);
        peek(s, false);
        set_cursor(out, s->state->saved.pos);
        screen_add_look(out, &pen);
        (void)buf_add_c(out, "\033[?1049h\033[0m\033[H\033[2J");
        draw_lines(s, false, cells, out);
    } else {
        draw_lines(s, scrollback, cells, out);
    }
    draw_modes(s, out);
    draw_cursor(s, cells, out);
    screen_add_partial(s, out);
    free(cells);
    return out->overflowed ? -1 : 0;
}

/* Draws `count` cells of a row from column `left` on. A wide character of which only one half
 * is in this part becomes a space. */
static void draw_row_part(const struct screen *s, int row, int left, VTermScreenCell *cells,
                          int count, struct buf *out)
{
    VTermPos pos = {.row = row};

    for (int i = 0; i < count; i++) {
        pos.col = left + i;
        get_cell(s, pos, &cells[i]);
        if ((i == 0 && cells[i].chars[0] == (uint32_t)-1) ||
            (i == count - 1 && cells[i].width > 1)) {
            cells[i].chars[0] = 0;
            cells[i].width = 1;
        }
    }
    screen_draw_line(cells, count, out);
}

int screen_draw_part(struct screen *s, unsigned rows, unsigned cols, struct buf *out)
{
    const VTermState *st;
    VTermScreenCell *cells;
    int height;
    int width;
    int top;
    int left;

    screen_update(s);
    st = s->state;
    height = rows < (unsigned)st->rows ? (int)rows : st->rows;
    width = cols < (unsigned)st->cols ? (int)cols : st->cols;
    top = st->pos.row < height ? 0 : st->pos.row - height + 1;
    left = st->pos.col < width ? 0 : st->pos.col - width + 1;
    cells = calloc((size_t)st->cols, sizeof(*cells));
    if (cells == NULL) {
        abort();
    }
    tty_reset_screen(out);
    (void)buf_add_c(out, "\033[?1049h\033[0m\033[?25l\033[?7l");
    add_mode(out, st->mode.screen, "\033[?5h");
    for (int row = 0; row < height; row++) {
        set_cursor(out, (VTermPos){.row = row});
        (void)buf_add_c(out, "\033[2K");
        draw_row_part(s, top + row, left, cells, width, out);
    }
    (void)buf_add_c(out, "\033[J");
    set_cursor(out, (VTermPos){.row = st->pos.row - top, .col = st->pos.col - left});
    add_mode(out, st->mode.cursor_visible, "\033[?25h");
    free(cells);
    return out->overflowed ? -1 : 0;
}

/* Returns true if a row has nothing but blank cells. */
static bool is_empty_row(const struct screen *s, int row)
{
    VTermPos pos = {.row = row};
    VTermScreenCell cell;

    for (; pos.col < s->state->cols; pos.col++) {
        get_cell(s, pos, &cell);
        if (!screen_is_blank(&cell)) {
            return false;
        }
    }
    return true;
}

void screen_go_below(struct screen *s, bool always, struct buf *out)
{
    const VTermState *st = s->state;
    int last;

    screen_update(s);
    if (st->mode.alt_screen) {
        (void)buf_add_c(out, "\r\n");
        return;
    }
    last = st->rows - 1;
    while (last > st->pos.row && is_empty_row(s, last)) {
        last--;
    }
    if (last > st->pos.row) {
        (void)buf_addf(out, "\033[%dB", last - st->pos.row);
    }
    if (always || last > st->pos.row || st->pos.col > 0 || !is_empty_row(s, last)) {
        (void)buf_add_c(out, "\r\n");
    }
}
