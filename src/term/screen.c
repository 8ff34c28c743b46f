/* SPDX-License-Identifier: MIT */
#include "term/screen_state.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_DEFAULT = 24, COLS_DEFAULT = 80, LINE_MAX_BYTES = 256 << 10 };

const unsigned screen_extra_modes[SCREEN_EXTRA_MODES] = {1007, 1016, 1035, 1036,
                                                         1039, 2027, 2031, 2048};

static void *allocate(size_t count, size_t size)
{
    void *p = calloc(count, size);

    if (p == NULL) {
        abort();
    }
    return p;
}

/* Frees the oldest line that scrolled out. There must be one. */
static void drop_oldest_line(struct screen *s)
{
    struct screen_line *line = &s->lines[s->first];

    s->lines_bytes -= line->len;
    free(line->text);
    *line = (struct screen_line){NULL, 0};
    s->first = (s->first + 1) % SCREEN_SCROLLBACK;
    s->count--;
}

/* libvterm calls this when a line scrolls out: keeps it as text, and drops the oldest lines if
 * the buffer is full. */
static int on_push_line(int cols, const VTermScreenCell *cells, void *user)
{
    struct screen *s = user;
    struct screen_line *line;

    buf_reset(&s->scratch);
    screen_draw_line(cells, cols, &s->scratch);
    while (s->count > 0 && (s->count == SCREEN_SCROLLBACK ||
                            s->lines_bytes + s->scratch.len > SCREEN_LINES_BYTES)) {
        drop_oldest_line(s);
    }
    line = &s->lines[(s->first + s->count++) % SCREEN_SCROLLBACK];
    *line = (struct screen_line){NULL, s->scratch.len};
    s->lines_bytes += line->len;
    if (line->len > 0) {
        line->text = allocate(1, line->len);
        memcpy(line->text, buf_data(&s->scratch), line->len);
    }
    return 1;
}

/* libvterm calls this when the program clears the scrollback (CSI 3 J). */
static int on_clear_lines(void *user)
{
    struct screen *s = user;

    while (s->count > 0) {
        drop_oldest_line(s);
    }
    return 1;
}

/* Collects the title, and sets it once it is complete. Removes control characters, because they
 * could end the sequence that draws the title. */
static void take_title(struct screen *s, const VTermStringFragment *part)
{
    if (part->initial) {
        s->coming_len = 0;
    }
    for (size_t i = 0; i < part->len && s->coming_len < sizeof(s->coming); i++) {
        unsigned char c = (unsigned char)part->str[i];

        if (c >= 0x20 && c != 0x7f) {
            s->coming[s->coming_len++] = (char)c;
        }
    }
    if (part->final) {
        memcpy(s->title, s->coming, s->coming_len);
        s->title_len = s->coming_len;
    }
}

/* libvterm calls this when a property changes. While we peek at the main screen, the program
 * has not changed it. */
static int on_property(VTermProp prop, VTermValue *val, void *user)
{
    struct screen *s = user;

    if (s->peeking) {
        return 1;
    }
    if (prop == VTERM_PROP_TITLE) {
        take_title(s, &val->string);
    } else if (prop == VTERM_PROP_MOUSE) {
        s->mouse = val->number;
    }
    return 1;
}

static const VTermScreenCallbacks screen_callbacks = {
    .settermprop = on_property,
    .sb_pushline = on_push_line,
    .sb_clear = on_clear_lines,
};

/* Returns the argument at index i, or `otherwise` if it is missing. */
static long arg(const long *args, int count, int i, long otherwise)
{
    return i < count ? CSI_ARG_OR(args[i], otherwise) : otherwise;
}

/* Changes kitty's flags as CSI = given ; how u does: 1 replaces them, 2 sets some, 3 clears
 * some. */
static void set_kitty(unsigned *flags, unsigned given, long how)
{
    if (how == 2) {
        *flags |= given;
    } else if (how == 3) {
        *flags &= ~given;
    } else {
        *flags = given;
    }
}

/* Handles the sequences of kitty's keyboard protocol: CSI > flags u pushes flags, CSI < count u
 * pops, CSI = flags ; how u changes the top. */
static void take_kitty(struct screen *s, char leader, const long *args, int count)
{
    int which = s->state->mode.alt_screen ? 1 : 0;
    unsigned *stack = s->kitty[which];
    size_t *depth = &s->kitty_depth[which];
    unsigned first = (unsigned)arg(args, count, 0, 0) & 31U;
    size_t pops = (size_t)CSI_ARG_COUNT(arg(args, count, 0, 1));

    if (leader == '>' && *depth < SCREEN_KITTY_MAX) {
        stack[(*depth)++] = first;
    } else if (leader == '<') {
        *depth -= pops < *depth ? pops : *depth;
    } else if (leader == '=') {
        if (*depth == 0) {
            stack[(*depth)++] = 0;
        }
        set_kitty(&stack[*depth - 1], first, arg(args, count, 1, 1));
    }
}

/* Notes whether a mode that libvterm does not know is set. */
static void take_extra_mode(struct screen *s, long mode, bool set)
{
    for (size_t i = 0; i < SCREEN_EXTRA_MODES; i++) {
        if (mode == (long)screen_extra_modes[i]) {
            s->extra[i] = set;
        }
    }
}

/* Handles CSI ? ... h and CSI ? ... l (set and reset DEC private modes). Passes the modes to
 * libvterm one at a time, with 1047 instead of 47, which libvterm does not know. */
static void take_modes(struct screen *s, const long *args, int count, char command)
{
    for (int i = 0; i < count; i++) {
        long one = CSI_ARG(args[i]) == 47 ? 1047 : args[i];

        take_extra_mode(s, CSI_ARG(args[i]), command == 'h');
        (void)s->inner->csi("?", &one, 1, NULL, command, s->inner_data);
    }
}

/* Handles the sequences that libvterm does not know, and REP, which it handles wrongly. Returns
 * true if libvterm must not see the sequence. */
static bool take_ours(struct screen *s, char lead, const long *args, int count, char command)
{
    switch (command) {
    case 'h':
    case 'l':
        if (lead == '?') {
            take_modes(s, args, count, command);
        }
        return lead == '?';
    case 'u':
        if (lead == '>' || lead == '<' || lead == '=') {
            take_kitty(s, lead, args, count);
        }
        return lead != '\0' && lead != '?';
    case 'm':
        if (lead == '>' && arg(args, count, 0, 0) == 4) {
            s->modify_keys = (unsigned)arg(args, count, 1, 0) & 3U;
        }
        return lead == '>';
    case 'b': /* REP, which would never end without a character to repeat */
        return lead == '\0' && s->state->combine_width < 1;
    default:
        return false;
    }
}

/* libvterm's parser calls this for each CSI sequence. It runs before libvterm's own handler, so
 * that it also sees the sequences that the handler ignores. */
static int on_csi(const char *leader, const long args[], int argcount, const char *intermed,
                  char command, void *user)
{
    struct screen *s = user;
    char lead = '\0';
    char between = '\0';

    if (leader != NULL) {
        lead = leader[0];
    }
    if (intermed != NULL) {
        between = intermed[0];
    }
    if (between == ' ' && command == 'q') {
        s->cursor_style = (unsigned)arg(args, argcount, 0, 0) & 7U;
    }
    if (between == '\0' && take_ours(s, lead, args, argcount, command)) {
        return 1;
    }
    return s->inner->csi(leader, args, argcount, intermed, command, s->inner_data);
}

static int on_text(const char *bytes, size_t len, void *user)
{
    struct screen *s = user;

    return s->inner->text(bytes, len, s->inner_data);
}

static int on_control(unsigned char control, void *user)
{
    struct screen *s = user;

    return s->inner->control(control, s->inner_data);
}

static int on_escape(const char *bytes, size_t len, void *user)
{
    struct screen *s = user;

    if (len == 1 && bytes[0] == 'c') { /* RIS resets the terminal */
        memset(s->extra, 0, sizeof(s->extra));
        s->modify_keys = 0;
        s->cursor_style = 0;
        s->kitty_depth[0] = s->kitty_depth[1] = 0;
        s->title_len = 0;
    }
    return s->inner->escape(bytes, len, s->inner_data);
}

static int on_osc(int command, VTermStringFragment part, void *user)
{
    struct screen *s = user;

    return s->inner->osc(command, part, s->inner_data);
}

static int on_dcs(const char *command, size_t len, VTermStringFragment part, void *user)
{
    struct screen *s = user;

    return s->inner->dcs(command, len, part, s->inner_data);
}

static int on_resize(int rows, int cols, void *user)
{
    struct screen *s = user;

    return s->inner->resize(rows, cols, s->inner_data);
}

static const VTermParserCallbacks parser_callbacks = {
    .text = on_text,
    .control = on_control,
    .escape = on_escape,
    .csi = on_csi,
    .osc = on_osc,
    .dcs = on_dcs,
    .resize = on_resize,
};

/* libvterm calls this with its answers to the program's queries. */
static void on_answer(const char *p, size_t len, void *user)
{
    struct screen *s = user;

    if (s->answers != NULL && buf_room(s->answers) >= len) {
        (void)buf_add(s->answers, p, len); /* fits */
    }
}

/* Returns a size that libvterm accepts; `otherwise` if the size is not known. */
static int rows_of(unsigned n, int otherwise)
{
    return n == 0 ? otherwise : n > SCREEN_SIZE_MAX ? SCREEN_SIZE_MAX : (int)n;
}

/* Returns at least two columns, because libvterm needs a place for the other half of a wide
 * character. */
static int cols_of(unsigned n)
{
    return n == 1 ? 2 : rows_of(n, COLS_DEFAULT);
}

struct screen *screen_new(unsigned rows, unsigned cols)
{
    struct screen *s = allocate(1, sizeof(*s));

    buf_init(&s->pending, SCREEN_PENDING_MAX);
    s->plain = true;
    buf_init(&s->scratch, LINE_MAX_BYTES);
    s->lines = allocate(SCREEN_SCROLLBACK, sizeof(*s->lines));
    s->vt = vterm_new(rows_of(rows, ROWS_DEFAULT), cols_of(cols));
    if (s->vt == NULL) {
        abort();
    }
    vterm_set_utf8(s->vt, 1);
    vterm_output_set_callback(s->vt, on_answer, s);
    s->state = vterm_obtain_state(s->vt);
    s->cells = vterm_obtain_screen(s->vt);
    vterm_screen_set_callbacks(s->cells, &screen_callbacks, s);
    vterm_screen_set_damage_merge(s->cells, VTERM_DAMAGE_SCREEN);
    vterm_screen_enable_altscreen(s->cells, 1);
    vterm_screen_reset(s->cells, 1);
    /* Otherwise the cursor is hidden when a program leaves an alternate screen that it has not
     * entered. */
    s->state->saved.mode.cursor_visible = 1;
    s->state->saved.mode.cursor_blink = 1;
    s->inner = s->vt->parser.callbacks;
    s->inner_data = s->vt->parser.cbdata;
    vterm_parser_set_callbacks(s->vt, &parser_callbacks, s);
    return s;
}

void screen_free(struct screen *s)
{
    if (s != NULL) {
        (void)on_clear_lines(s);
        free(s->lines);
        vterm_free(s->vt);
        buf_release(&s->pending);
        buf_release(&s->scratch);
        free(s);
    }
}

static int within(int n, int count)
{
    return n < 0 ? 0 : n >= count ? count - 1 : n;
}

void screen_resize(struct screen *s, unsigned rows, unsigned cols)
{
    VTermState *st = s->state;

    screen_update(s);
    /* Some sequences leave the cursor outside of the screen; libvterm would abort the
     * program. */
    st->pos.row = within(st->pos.row, st->rows);
    st->pos.col = within(st->pos.col, st->cols);
    vterm_set_size(s->vt, rows_of(rows, ROWS_DEFAULT), cols_of(cols));
    vterm_screen_flush_damage(s->cells);
}
