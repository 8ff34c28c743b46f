/* SPDX-License-Identifier: MIT */
#include "cli/progress_line.h"

#include "base/num.h"
#include "cli/units.h"

#include <stdio.h>
#include <string.h>

/* A name or a detail of less says nothing. */
enum { NAME_CELLS = 12, DETAIL_CELLS = 10, PARTS_MAX = LAYER_PROGRESS_NAME_MAX + 32 };

/* Unicode's East Asian Wide and Fullwidth, and blocks that hold emoji, as whole blocks (UAX #11). */
static const struct {
    unsigned from, to;
} wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a}, {0x23e9, 0x23f3},
    {0x25fd, 0x25fe},   {0x2600, 0x27bf},   {0x2b1b, 0x2b55}, {0x2e80, 0xa4cf},
    {0xa960, 0xa97c},   {0xac00, 0xd7a3},   {0xf900, 0xfaff}, {0xfe10, 0xfe19},
    {0xfe30, 0xfe6f},   {0xff01, 0xff60},   {0xffe0, 0xffe6}, {0x16fe0, 0x1b2ff},
    {0x1f000, 0x1faff}, {0x20000, 0x3fffd},
};

/* Of a well-formed sequence. */
static unsigned code_point(const char *s, size_t len)
{
    unsigned c = (unsigned char)s[0];

    c = len == 1 ? c : c & (0xffU >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        c = (c << 6) | ((unsigned char)s[i] & 0x3fU);
    }
    return c;
}

static size_t cells_of(const char *s, size_t len)
{
    unsigned c = code_point(s, len);

    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
        if (c >= wide[i].from && c <= wide[i].to) {
            return 2;
        }
    }
    return 1;
}

/* The end of the part of s that fills at most *cells, which becomes what it fills. */
static size_t measure(const char *s, size_t *cells)
{
    const size_t all = strlen(s);
    size_t used = 0;
    size_t i = 0;

    while (i < all) {
        size_t len = str_utf8_len(str_n(s + i, all - i));
        size_t own = len == 0 ? 1 : cells_of(s + i, len);

        if (used + own > *cells) {
            break;
        }
        used += own;
        i += len == 0 ? 1 : len;
    }
    *cells = used;
    return i;
}

size_t progress_cut(const char *s, size_t cells)
{
    return measure(s, &cells);
}

/* Adds what fits; returns how many cells that fills. */
static size_t add_text(struct buf *out, const char *s, size_t cells, bool utf8)
{
    size_t used = cells;
    size_t len = measure(s, &used);

    if (utf8) {
        (void)buf_add(out, s, len);
        return used;
    }
    used = 0;
    for (size_t i = 0; i < len;) {
        size_t n = str_utf8_len(str_n(s + i, len - i));

        (void)buf_add_byte(out, n == 1 ? (unsigned char)s[i] : '?');
        used++;
        i += n == 0 ? 1 : n;
    }
    return used;
}

/* The name of what is transferred. */
static const char *parts(const struct layer_progress_sum *s, char out[PARTS_MAX])
{
    if (s->items > 1) {
        (void)snprintf(out, PARTS_MAX, "%s (%zu parts)", s->what, s->items);
    } else {
        (void)snprintf(out, PARTS_MAX, "%s", s->what);
    }
    return out;
}

enum { FIELD_SIZE, FIELD_RATE, FIELD_LEFT, FIELDS };

struct fields {
    char text[FIELDS][2 * UNITS_MAX]; /* "": not known */
    bool shown[FIELDS];
};

static void fill(const struct layer_progress_sum *s, struct fields *f)
{
    int64_t left = layer_progress_left(s);
    char text[UNITS_MAX];
    char bytes[BYTES_TEXT];

    *f = (struct fields){.text = {""}};
    bytes_text(s->current, bytes);
    (void)snprintf(f->text[FIELD_SIZE], sizeof(f->text[0]), "%s",
                   s->total > 0 ? units_part(s->current, s->total, text) : bytes);
    if (s->rate > 0) {
        bytes_text(s->rate, bytes);
        (void)snprintf(f->text[FIELD_RATE], sizeof(f->text[0]), "%s/s", bytes);
    }
    if (left >= 0) {
        (void)snprintf(f->text[FIELD_LEFT], sizeof(f->text[0]), "%s left",
                       units_time(left, text));
    }
}

/* What matters most gets its place first. Returns the cells that are left for the name. */
static size_t choose(struct fields *f, size_t cells)
{
    static const int order[FIELDS] = {FIELD_LEFT, FIELD_SIZE, FIELD_RATE};

    for (int i = 0; i < FIELDS; i++) {
        size_t len = strlen(f->text[order[i]]);

        if (len > 0 && cells < NAME_CELLS + len + 2) {
            break;
        }
        if (len > 0) {
            f->shown[order[i]] = true;
            cells -= len + 2;
        }
    }
    return cells;
}

static unsigned percent(const struct layer_progress_sum *s)
{
    /* Of what is too large to be multiplied, a hundredth is fine enough. */
    return (unsigned)(s->total > UINT64_MAX / 100 ? s->current / (s->total / 100)
                                                  : s->current * 100 / s->total);
}

static void add_transfer(const struct progress_line *l, size_t cells, bool utf8,
                         struct buf *out)
{
    char name[PARTS_MAX];
    struct fields f;

    fill(&l->sum, &f);
    cells = choose(&f, cells);
    (void)add_text(out, parts(&l->sum, name), cells, utf8);
    for (int i = 0; i < FIELDS; i++) {
        if (f.shown[i]) {
            (void)buf_addf(out, "  %s", f.text[i]);
        }
    }
}

static bool is_transfer(const struct progress_line *l)
{
    return l->sum.items > 0 && !l->sum.over;
}

static void add_step(const struct progress_line *l, size_t cells, bool utf8, struct buf *out)
{
    const bool both = l->detail[0] != '\0' && cells >= NAME_CELLS + DETAIL_CELLS + 3;

    cells -= add_text(out, l->what, both ? cells / 2 : cells, utf8);
    if (both) {
        (void)buf_add_c(out, " | ");
        (void)add_text(out, l->detail, cells - 3, utf8);
    }
}

void progress_line(const struct progress_line *l, size_t cells, bool utf8, struct buf *out)
{
    char lead[UNITS_MAX + 8];
    char time[UNITS_MAX];
    size_t len;

    if (is_transfer(l) && l->sum.total > 0) {
        (void)snprintf(lead, sizeof(lead), "%3u%% ", percent(&l->sum));
    } else {
        (void)snprintf(lead, sizeof(lead), "%s ", units_time(l->elapsed_s, time));
    }
    len = add_text(out, lead, cells, true);
    if (len >= cells) {
        return;
    }
    if (is_transfer(l)) {
        add_transfer(l, cells - len, utf8, out);
    } else {
        add_step(l, cells - len, utf8, out);
    }
}

void progress_plain(const struct progress_line *l, struct buf *out)
{
    char name[PARTS_MAX];
    char time[UNITS_MAX];
    struct fields f;
    const char *comma = ": ";

    if (!is_transfer(l)) {
        (void)buf_addf(out, "%s: %s", l->what, units_time(l->elapsed_s, time));
        if (l->detail[0] != '\0') {
            (void)buf_addf(out, ", %s", l->detail);
        }
        return;
    }
    fill(&l->sum, &f);
    (void)buf_add_c(out, parts(&l->sum, name));
    if (l->sum.total > 0) {
        (void)buf_addf(out, ": %u%%", percent(&l->sum));
        comma = ", ";
    }
    for (int i = 0; i < FIELDS; i++) {
        if (f.text[i][0] != '\0') {
            (void)buf_addf(out, "%s%s", comma, f.text[i]);
            comma = ", ";
        }
    }
}
