/* SPDX-License-Identifier: MIT */
#include "cli/progress_line.h"

#include "base/hash.h"
#include "base/num.h"
#include "cli/units.h"

#include <stdio.h>
#include <string.h>

/* The fewest cells for a name and a detail, because a shorter text would mean nothing; and the
 * size of a name with the number of parts */
enum { NAME_CELLS = 12, DETAIL_CELLS = 10, PARTS_MAX = PROGRESS_LAYER_NAME_MAX + 32 };

/* Characters that a terminal may show as wide: those with the property East Asian Wide or
 * Fullwidth (Unicode Standard Annex #11), and the whole blocks that contain emoji. */
static const struct {
    unsigned from, to;
} wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a}, {0x23e9, 0x23f3},
    {0x25fd, 0x25fe},   {0x2600, 0x27bf},   {0x2b1b, 0x2b55}, {0x2e80, 0xa4cf},
    {0xa960, 0xa97c},   {0xac00, 0xd7a3},   {0xf900, 0xfaff}, {0xfe10, 0xfe19},
    {0xfe30, 0xfe6f},   {0xff01, 0xff60},   {0xffe0, 0xffe6}, {0x16fe0, 0x1b2ff},
    {0x1f000, 0x1faff}, {0x20000, 0x3fffd},
};

/* Returns the code point of the well-formed UTF-8 sequence s of `len` bytes. */
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

/* Returns the length of the longest start of s that fits into *cells cells. Sets *cells to the
 * number of cells that it fills. */
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

static uint64_t sum_of(uint64_t a, uint64_t b)
{
    uint64_t sum = 0;

    return u64_add(a, b, &sum) ? sum : UINT64_MAX;
}

void progress_layers_reset(struct progress_layers *t)
{
    *t = (struct progress_layers){0};
}

static void copy(char out[PROGRESS_LAYER_NAME_MAX], const char *text, size_t len)
{
    if (len > PROGRESS_LAYER_NAME_MAX - 1) {
        len = PROGRESS_LAYER_NAME_MAX - 1;
        len -= str_utf8_cut(str_n(text, len));
    }
    memcpy(out, text, len);
    out[len] = '\0';
}

/* Returns the index of the verb of a name, and adds the verb if it is new. The verb is the text
 * before the last blank, or the whole name. Returns PROGRESS_VERBS_MAX if there is no room for
 * it. */
static size_t verb_of(struct progress_layers *t, const char *name)
{
    const char *blank = strrchr(name, ' ');
    char verb[PROGRESS_LAYER_NAME_MAX];

    copy(verb, name, blank != NULL && blank != name ? (size_t)(blank - name) : strlen(name));
    for (size_t i = 0; i < t->verb_count; i++) {
        if (strcmp(t->verbs[i], verb) == 0) {
            return i;
        }
    }
    if (t->verb_count < PROGRESS_VERBS_MAX) {
        memcpy(t->verbs[t->verb_count++], verb, sizeof(verb));
        return t->verb_count - 1;
    }
    return PROGRESS_VERBS_MAX;
}

static struct progress_layer *find(struct progress_layers *t, uint64_t key)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->items[i].key == key) {
            return &t->items[i];
        }
    }
    return NULL;
}

static struct progress_layer *add(struct progress_layers *t, const char *name)
{
    size_t verb = t->count < PROGRESS_LAYERS_MAX ? verb_of(t, name) : PROGRESS_VERBS_MAX;

    if (verb == PROGRESS_VERBS_MAX) {
        return NULL;
    }
    t->items[t->count] = (struct progress_layer){.key = hash_fnv1a(str_c(name)), .verb = verb};
    return &t->items[t->count++];
}

static bool is_missing(const struct progress_layer *item)
{
    return !item->over && (item->total == 0 || item->current < item->total);
}

/* Returns the index of the first verb that has an incomplete item. If all items are complete,
 * sets *over and returns the index of the last verb, or PROGRESS_VERBS_MAX if there is none. */
static size_t verb_shown(const struct progress_layers *t, bool *over)
{
    size_t first = PROGRESS_VERBS_MAX;

    for (size_t i = 0; i < t->count; i++) {
        if (is_missing(&t->items[i]) && t->items[i].verb < first) {
            first = t->items[i].verb;
        }
    }
    *over = first == PROGRESS_VERBS_MAX;
    return *over && t->verb_count > 0 ? t->verb_count - 1 : first;
}

static struct progress_sum sum_up(const struct progress_layers *t)
{
    struct progress_sum sum = {.what = "", .over = true};
    size_t verb = verb_shown(t, &sum.over);
    bool all_known = true;

    for (size_t i = 0; i < t->count; i++) {
        const struct progress_layer *item = &t->items[i];

        if (item->verb == verb) {
            sum.items++;
            sum.current = sum_of(sum.current, item->current);
            sum.total = sum_of(sum.total, item->total);
            all_known = all_known && (item->total > 0 || item->over);
        }
    }
    if (!all_known) {
        sum.total = 0;
    }
    if (sum.items > 0) {
        sum.what = t->verbs[verb];
    }
    return sum;
}

static void take_sample(struct progress_layers *t, uint64_t bytes, int64_t now_ms)
{
    size_t n = t->sample_count;

    if (n > 0 && now_ms - t->samples[n - 1].at_ms < PROGRESS_SAMPLE_MS) {
        return;
    }
    if (n == PROGRESS_SAMPLES) {
        n--;
        memmove(&t->samples[0], &t->samples[1], n * sizeof(t->samples[0]));
    }
    t->samples[n] = (struct progress_sample){now_ms, bytes};
    t->sample_count = n + 1;
}

static void set(struct progress_layer *item, uint64_t current, uint64_t total)
{
    if (current == 0 && total == 0) {
        item->over = true;
        item->current = item->total > 0 ? item->total : item->current;
        item->total = item->current;
        return;
    }
    item->total = total > 0 ? total : item->total;
    item->current = item->total > 0 && current > item->total ? item->total : current;
}

void progress_layers_note(struct progress_layers *t, const char *name, uint64_t current,
                          uint64_t total, int64_t now_ms)
{
    struct progress_layer *item = find(t, hash_fnv1a(str_c(name)));
    bool over = false;
    size_t shown;

    if (item == NULL) {
        item = current == 0 && total == 0 ? NULL : add(t, name);
    }
    if (item == NULL) {
        return;
    }
    set(item, current, total);
    copy(t->name, name, strlen(name));
    shown = verb_shown(t, &over);
    if (shown != t->shown) {
        t->shown = shown;
        t->sample_count = 0;
    }
    take_sample(t, sum_up(t).current, now_ms);
}

/* Returns the bytes per second between the first sample and now_ms, so that the rate of a
 * stalled transfer decreases. Returns 0 if it is not known. */
static uint64_t rate(const struct progress_layers *t, uint64_t current, int64_t now_ms)
{
    int64_t ms;

    if (t->sample_count == 0 || current < t->samples[0].bytes) {
        return 0;
    }
    ms = now_ms - t->samples[0].at_ms;
    if (ms < PROGRESS_RATE_MS) {
        return 0;
    }
    /* The number of bytes times 1000 could overflow. */
    return (current - t->samples[0].bytes) / (uint64_t)ms * 1000 +
           (current - t->samples[0].bytes) % (uint64_t)ms * 1000 / (uint64_t)ms;
}

struct progress_sum progress_layers_sum(const struct progress_layers *t, int64_t now_ms)
{
    struct progress_sum sum = sum_up(t);

    if (sum.items == 1 && t->count == 1) {
        sum.what = t->name;
    }
    sum.rate = sum.over ? 0 : rate(t, sum.current, now_ms);
    return sum;
}

int64_t progress_sum_left(const struct progress_sum *s)
{
    uint64_t left;

    if (s->rate == 0 || s->total <= s->current) {
        return -1;
    }
    left = (s->total - s->current) / s->rate;
    return left < INT32_MAX ? (int64_t)left : -1;
}

/* Adds as much of s as fits into `cells` cells. Returns the number of cells that it fills. */
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

/* Writes the name of the transfer, with the number of its items if there are several. */
static const char *parts(const struct progress_sum *s, char out[PARTS_MAX])
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

static void fill(const struct progress_sum *s, struct fields *f)
{
    int64_t left = progress_sum_left(s);
    char text[UNITS_MAX];

    *f = (struct fields){.text = {""}};
    (void)snprintf(f->text[FIELD_SIZE], sizeof(f->text[0]), "%s",
                   s->total > 0 ? units_part(s->current, s->total, text)
                                : units_bytes(s->current, text));
    if (s->rate > 0) {
        (void)snprintf(f->text[FIELD_RATE], sizeof(f->text[0]), "%s/s",
                       units_bytes(s->rate, text));
    }
    if (left >= 0) {
        (void)snprintf(f->text[FIELD_LEFT], sizeof(f->text[0]), "%s left",
                       units_time(left, text));
    }
}

/* Chooses the fields that fit, the most important one first. Returns the number of cells that
 * are left for the name. */
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

static unsigned percent(const struct progress_sum *s)
{
    /* For a total that is too large to be multiplied, dividing it by 100 is exact enough. */
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
