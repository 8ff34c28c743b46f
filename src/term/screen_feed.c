/* SPDX-License-Identifier: MIT */
/* Feeds the screen: stores bytes, and parses them later, in slices, or never. */
#include "term/screen_state.h"

#include "base/clock.h"

#include <string.h>

enum {
    ESCAPE_TAIL = 32, /* the longest end of the pending bytes that may be a cut sequence */
    SLICE = 256,      /* bytes that are parsed between two readings of the clock */
    SLICE_HUGE = 64,  /* the same for a screen of more than CELLS_HUGE cells */
    CELLS_HUGE = 20000
};

/* Returns the length of the UTF-8 character at the start of `in`, 0 if it is cut by the end,
 * and -1 if the bytes are not valid. */
static int char_len(struct str in)
{
    unsigned char c = (unsigned char)in.p[0];
    size_t len = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;

    if (len == 0) {
        return -1;
    }
    for (size_t i = 1; i < len; i++) {
        if (i == in.len) {
            return 0;
        }
        if (((unsigned char)in.p[i] & 0xc0) != 0x80) {
            return -1;
        }
    }
    return (int)len;
}

bool screen_is_behind(const struct screen *s)
{
    return s->pending.len > str_utf8_cut(buf_str(&s->pending));
}

void screen_answer_to(struct screen *s, struct buf *out)
{
    if (s->answers != out) {
        /* Earlier queries were answered already: by a terminal, or into the buffer before. */
        screen_update(s);
        s->answers = out;
    }
}

/* Returns the length of the SGR sequence at the start of `in`, and 0 if none exists or if it
 * is incomplete. */
static size_t sgr_len(struct str in)
{
    size_t n = 2;

    if (in.len < 3 || in.p[1] != '[') {
        return 0;
    }
    while (n < in.len &&
           ((in.p[n] >= '0' && in.p[n] <= '9') || in.p[n] == ';' || in.p[n] == ':')) {
        n++;
    }
    return n < in.len && in.p[n] == 'm' ? n + 1 : 0;
}

/* Returns how many bytes at the start of `in` are plain: text, tabs, bells, line ends that are
 * CR LF, and SGR sequences. `before` is the byte in front of `in`. */
static size_t plain_len(struct str in, char before)
{
    size_t i = 0;

    while (i < in.len) {
        unsigned char c = (unsigned char)in.p[i];
        char last = i > 0 ? in.p[i - 1] : before;

        if ((c >= 0x20 && c != 0x7f) || c == '\t' || c == '\a' || c == '\r' ||
            (c == '\n' && last == '\r')) {
            i++;
        } else if (c == '\033') {
            size_t len = sgr_len(str_drop(in, i));

            if (len == 0) {
                return i;
            }
            i += len;
        } else {
            return i;
        }
    }
    return i;
}

/* Continues to find out whether all pending bytes are plain. A sequence that is cut by their
 * end may still become plain, so it does not count. */
static void look_ahead(struct screen *s)
{
    struct str rest = str_drop(buf_str(&s->pending), s->checked);
    char before = s->checked > 0 ? rest.p[-1] : '\0';

    if (s->plain) {
        s->checked += plain_len(rest, before);
        s->plain = s->checked + ESCAPE_TAIL >= s->pending.len;
    }
}

/* Returns true if pending lines that will scroll out of the scrollback need not be parsed,
 * because they change nothing else. */
static bool may_skip(const struct screen *s)
{
    const VTermState *st = s->state;

    return s->plain && s->vt->parser.state == NORMAL && !s->vt->parser.in_esc &&
           !st->mode.alt_screen && !st->mode.leftrightmargin && st->scrollregion_top == 0 &&
           st->scrollregion_bottom == -1;
}

size_t screen_room(const struct screen *s)
{
    size_t max = may_skip(s) ? SCREEN_PENDING_MAX : SCREEN_EAGER_MAX;

    return s->pending.len < max ? max - s->pending.len : 0;
}

/* Returns where the last `lines` lines of `in` begin, and 0 if there are fewer. */
static size_t tail_start(struct str in, size_t lines)
{
    size_t at = in.len;

    while (at > 0 && lines > 0) {
        const char *lf = memrchr(in.p, '\n', at - 1);

        if (lf == NULL) {
            return 0;
        }
        at = (size_t)(lf - in.p) + 1;
        lines--;
    }
    return lines == 0 ? at : 0;
}

/* Gives only the SGR sequences of plain text to the emulator, because they colour the text
 * behind. */
static void feed_sgr(struct screen *s, struct str in)
{
    const char *esc;

    while (in.len > 0 && (esc = memchr(in.p, '\033', in.len)) != NULL) {
        size_t len;

        in = str_drop(in, (size_t)(esc - in.p));
        len = sgr_len(in);
        (void)vterm_input_write(s->vt, in.p, len);
        in = str_drop(in, len > 0 ? len : 1);
    }
}

/* Drops bytes at the front of the pending ones. */
static void forget(struct screen *s, size_t bytes)
{
    buf_drop(&s->pending, bytes);
    s->checked -= bytes < s->checked ? bytes : s->checked;
}

/* Drops pending plain lines that are followed by more lines than the screen and the scrollback
 * hold. Only the effect of their colours remains. Returns true if this has made at least a
 * quarter of the pending bytes free. */
static bool skip_lost_lines(struct screen *s)
{
    struct str in = buf_str(&s->pending);
    size_t start = 0;

    if (may_skip(s)) {
        start = tail_start(in, (size_t)s->state->rows + SCREEN_SCROLLBACK + 2);
        feed_sgr(s, str_n(in.p, start));
        forget(s, start);
    }
    return start >= in.len / 4 && start > 0;
}

/* Lets the emulator parse bytes. */
static void give(struct screen *s, const char *text, size_t len)
{
    screen_note_fed(s, text, len);
    (void)vterm_input_write(s->vt, text, len);
}

/* Lets the emulator parse one slice of the pending bytes. Passes complete characters only,
 * replaces invalid bytes, and separates ASCII from everything else, because libvterm chooses a
 * decoder by the first byte of each piece. Returns false if nothing was parsed, because at most
 * an incomplete character is left. */
static bool take_slice(struct screen *s)
{
    static const char replacement[3] = "\357\277\275";
    size_t slice = s->state->rows * s->state->cols > CELLS_HUGE ? SLICE_HUGE : SLICE;
    struct str in = buf_str(&s->pending);
    char text[3 * SLICE + 4];
    size_t len = 0;
    size_t used = 0;
    bool ascii = true;

    while (used < slice && used < in.len) {
        int n = char_len(str_drop(in, used));

        if (n == 0) {
            break;
        }
        if (ascii != (n == 1)) {
            ascii = !ascii;
            give(s, text, len);
            len = 0;
        }
        if (n < 0) {
            memcpy(text + len, replacement, sizeof(replacement));
            len += sizeof(replacement);
            used++;
        } else {
            memcpy(text + len, in.p + used, (size_t)n);
            len += (size_t)n;
            used += (size_t)n;
        }
    }
    give(s, text, len);
    forget(s, used);
    return used > 0;
}

/* Ends a run of slices. If all pending bytes are parsed, the next ones are taken for plain
 * again. */
static void up_to_date(struct screen *s)
{
    vterm_screen_flush_damage(s->cells);
    if (screen_is_behind(s)) {
        return;
    }
    if (s->pending.len == 0) {
        buf_release(&s->pending);
    }
    s->plain = true;
    s->checked = 0;
}

void screen_step(struct screen *s)
{
    int64_t until = clock_us() + SCREEN_STEP_US;

    (void)skip_lost_lines(s);
    while (take_slice(s) && clock_us() < until) {
    }
    up_to_date(s);
}

void screen_update(struct screen *s)
{
    (void)skip_lost_lines(s);
    while (take_slice(s)) {
    }
    up_to_date(s);
}

void screen_feed(struct screen *s, struct str bytes)
{
    bool asks = s->answers != NULL && bytes.len > 0 && memchr(bytes.p, '\033', bytes.len);

    while (bytes.len > 0) {
        size_t room = buf_room(&s->pending);
        size_t len = bytes.len < room ? bytes.len : room;

        (void)buf_add(&s->pending, bytes.p, len); /* fits: len is at most the room */
        bytes = str_drop(bytes, len);
        look_ahead(s);
        if (buf_room(&s->pending) == 0 && !skip_lost_lines(s)) {
            screen_update(s);
        }
    }
    if (asks) {
        screen_update(s);
    }
}
