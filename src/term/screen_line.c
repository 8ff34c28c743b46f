/* SPDX-License-Identifier: MIT */
/* Writes cells as text with SGR sequences (ECMA-48 8.3.117, and the additions of xterm and
 * kitty). */
#include "term/screen_state.h"

static void add_utf8(struct buf *out, uint32_t c)
{
    char p[STR_UTF8_MAX];

    (void)buf_add(out, p, str_utf8_put(c, p)); /* screen_draw() checks whether out overflowed */
}

static bool same_color(VTermColor a, VTermColor b)
{
    bool a_default = VTERM_COLOR_IS_DEFAULT_FG(&a) || VTERM_COLOR_IS_DEFAULT_BG(&a);
    bool b_default = VTERM_COLOR_IS_DEFAULT_FG(&b) || VTERM_COLOR_IS_DEFAULT_BG(&b);

    return a_default || b_default ? a_default == b_default : vterm_color_is_equal(&a, &b) != 0;
}

static bool same_look(const struct look *a, const struct look *b)
{
    const VTermScreenCellAttrs *x = &a->attrs;
    const VTermScreenCellAttrs *y = &b->attrs;

    return x->bold == y->bold && x->underline == y->underline && x->italic == y->italic &&
           x->blink == y->blink && x->reverse == y->reverse && x->conceal == y->conceal &&
           x->strike == y->strike && x->font == y->font && x->small == y->small &&
           x->baseline == y->baseline && same_color(a->fg, b->fg) && same_color(a->bg, b->bg);
}

static void add_color(struct buf *out, VTermColor c, bool background)
{
    unsigned base = background ? 40 : 30;

    if (VTERM_COLOR_IS_DEFAULT_FG(&c) || VTERM_COLOR_IS_DEFAULT_BG(&c)) {
        return;
    }
    if (VTERM_COLOR_IS_RGB(&c)) {
        (void)buf_addf(out, ";%u;2;%u;%u;%u", base + 8, c.rgb.red, c.rgb.green, c.rgb.blue);
    } else if (c.indexed.idx < 8) {
        (void)buf_addf(out, ";%u", base + c.indexed.idx);
    } else if (c.indexed.idx < 16) {
        (void)buf_addf(out, ";%u", base + 60 + c.indexed.idx - 8);
    } else {
        (void)buf_addf(out, ";%u;5;%u", base + 8, c.indexed.idx);
    }
}

void screen_add_look(struct buf *out, const struct look *l)
{
    static const char *const underline[] = {"", ";4", ";21", ";4:3"};
    const VTermScreenCellAttrs *a = &l->attrs;

    (void)buf_add_c(out, "\033[0");
    (void)buf_add_c(out, a->bold ? ";1" : "");
    (void)buf_add_c(out, a->italic ? ";3" : "");
    (void)buf_add_c(out, underline[a->underline]);
    (void)buf_add_c(out, a->blink ? ";5" : "");
    (void)buf_add_c(out, a->reverse ? ";7" : "");
    (void)buf_add_c(out, a->conceal ? ";8" : "");
    (void)buf_add_c(out, a->strike ? ";9" : "");
    if (a->font > 0) {
        (void)buf_addf(out, ";%u", 10U + a->font);
    }
    if (a->small) {
        (void)buf_add_c(out, a->baseline == VTERM_BASELINE_RAISE ? ";73" : ";74");
    }
    add_color(out, l->fg, false);
    add_color(out, l->bg, true);
    (void)buf_add_byte(out, 'm');
}

struct look screen_look_of(const VTermScreenCell *c)
{
    return (struct look){c->attrs, c->fg, c->bg};
}

void screen_add_text(struct buf *out, const VTermScreenCell *c)
{
    if (c->chars[0] == 0) {
        (void)buf_add_byte(out, ' ');
        return;
    }
    for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && c->chars[i] != 0; i++) {
        add_utf8(out, c->chars[i]);
    }
}

bool screen_is_blank(const VTermScreenCell *c)
{
    static const VTermColor none = {.type = VTERM_COLOR_DEFAULT_BG};

    return (c->chars[0] == 0 || c->chars[0] == ' ') && !c->attrs.reverse &&
           !c->attrs.underline && !c->attrs.strike && same_color(c->bg, none);
}

void screen_draw_line(const VTermScreenCell *cells, int count, struct buf *out)
{
    struct look now = {.fg = {.type = VTERM_COLOR_DEFAULT_FG},
                       .bg = {.type = VTERM_COLOR_DEFAULT_BG}};
    bool changed = false;

    while (count > 0 && screen_is_blank(&cells[count - 1])) {
        count--;
    }
    for (int i = 0; i < count; i++) {
        struct look look = screen_look_of(&cells[i]);

        if (cells[i].chars[0] == (uint32_t)-1) {
            continue; /* the right half of a wide character */
        }
        if (!same_look(&look, &now)) {
            screen_add_look(out, &look);
            now = look;
            changed = true;
        }
        screen_add_text(out, &cells[i]);
    }
    if (changed) {
        (void)buf_add_c(out, "\033[0m");
    }
}
