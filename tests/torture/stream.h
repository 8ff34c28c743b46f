/* SPDX-License-Identifier: MIT */
/* What a program writes, made so that any part of it tells where it belongs, and what a
 * terminal must have got of it. A record is CR LF BEL {number}{number} and a filler of text,
 * UTF-8 good and bad, colours, tabs. A screen that is shown to a newcomer has the numbers too,
 * but never the BEL: thus live bytes are told from it. Wherever a screen ends and live bytes
 * begin, one of the two numbers is whole. */
#ifndef TESTS_TORTURE_STREAM_H
#define TESTS_TORTURE_STREAM_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "torture/spoil.h"

enum {
    RECORD_DIGITS = 8,
    NUMBER_LEN = RECORD_DIGITS + 2,
    RECORD_MARK = 3, /* before the first number */
    RECORD_HEAD = RECORD_MARK + 2 * NUMBER_LEN,
    FILLER_MAX = 2000,
    TAIL_MAX = 512,    /* what leaves a terminal as a shell expects it is shorter */
    TEXT_MAX = 8 << 20 /* of screens in a row */
};

#define CLEAR "\033[2J" /* with it each screen begins; in the stream it never is */

struct stream {
    struct buf bytes;
    struct buf starts; /* of records: uint32_t each */
    size_t count;
};

static size_t stream_start(const struct stream *s, size_t record)
{
    uint32_t at;

    memcpy(&at, buf_data(&s->starts) + record * sizeof(at), sizeof(at));
    return at;
}

static void add_filler(struct buf *b, struct rng *rng)
{
    size_t len = rng_len(rng, FILLER_MAX);

    for (size_t end = b->len + len; b->len < end;) {
        switch (rng_below(rng, 40)) {
        case 0:
            (void)buf_addf(b, "\033[%zu;38;5;%zum", rng_below(rng, 8), rng_below(rng, 256));
            break;
        case 1:
            (void)buf_add_c(b, "\xe2\x9c\x93\xf0\x9f\x98\x80\xc3\xa9");
            break;
        case 2:
            (void)buf_add_byte(b, (unsigned char)(0x80 + rng_below(rng, 0x80)));
            break;
        case 3:
            (void)buf_add_c(b, rng_one_in(rng, 2) ? "\033[7m" : "\033[K\t");
            break;
        default: /* no braces: they are the records' */
            (void)buf_add_byte(b, (unsigned char)(' ' + rng_below(rng, '{' - ' ')));
            break;
        }
    }
}

static void stream_make(struct stream *s, struct rng *rng, size_t len)
{
    buf_init(&s->bytes, len + (1 << 20));
    buf_init(&s->starts, len);
    /* A mode, so that there is something to leave at the end. */
    (void)buf_add_c(&s->bytes, "\033[?2004h");
    for (s->count = 0;; s->count++) {
        uint32_t at = (uint32_t)s->bytes.len;

        (void)buf_add(&s->starts, &at, sizeof(at));
        (void)buf_addf(&s->bytes, "\r\n\a{%08zu}{%08zu}", s->count, s->count);
        if (s->bytes.len >= len) {
            break; /* the last number stays on the screen */
        }
        add_filler(&s->bytes, rng);
    }
    s->count++;
}

/* The end of a record's numbers at or behind this place: where a program pauses, they are on
 * the screen. */
static size_t stream_pause(const struct stream *s, size_t at, size_t *record)
{
    size_t i = 0;

    while (i + 1 < s->count && stream_start(s, i) < at) {
        i++;
    }
    *record = i;
    return stream_start(s, i) + RECORD_HEAD;
}

/* A terminal, as far as it can be checked. */
struct view {
    const struct stream *s;
    bool live;   /* it is told what the program writes, and has all of it up to `at` */
    bool strict; /* the screen must not come anew */
    size_t
        pause; /* 0, or what its screen showed when all was quiet: it must go on right there */
    size_t at; /* how far it got, when it was live last */
    struct buf text; /* since then: screens */
    size_t looked;   /* so much of it was looked at for numbers */
    size_t shown;    /* one more than the greatest of them; 0: none */
    bool screen;     /* there is one in it */
};

static void view_init(struct view *v, const struct stream *s, bool live)
{
    buf_release(&v->text);
    *v = (struct view){.s = s, .live = live};
    buf_init(&v->text, TEXT_MAX);
}

static bool number_at(const char *p, size_t *n)
{
    *n = 0;
    for (int i = 1; i <= RECORD_DIGITS; i++) {
        if (p[i] < '0' || p[i] > '9') {
            return false;
        }
        *n = *n * 10 + (size_t)(p[i] - '0');
    }
    return p[0] == '{' && p[RECORD_DIGITS + 1] == '}';
}

/* Looks at new text for the first live record: the place behind its number in the text; 0 where
 * there is none yet. Everything before it was shown: `shown` tells how much. */
static size_t view_search(struct view *v, size_t *record)
{
    const char *p = buf_data(&v->text);

    for (; v->looked + NUMBER_LEN <= v->text.len; v->looked++) {
        if (memcmp(p + v->looked, CLEAR, sizeof(CLEAR) - 1) == 0) {
            v->shown = 0; /* a screen, maybe in place of another one that it never got to see */
            v->screen = true;
        }
        if (p[v->looked] != '{' || !number_at(p + v->looked, record)) {
            continue;
        }
        if (v->looked > 0 && p[v->looked - 1] == '\a') {
            return v->looked + NUMBER_LEN;
        }
        v->shown = *record + 1 > v->shown ? *record + 1 : v->shown;
    }
    return 0;
}

/* From a screen to what followed it, a record's number that ends at `end` of the text: nothing
 * may be missing in between, nothing come twice. */
static const char *view_jump(struct view *v, size_t record, size_t end)
{
    size_t at = record < v->s->count ? stream_start(v->s, record) : 0;

    if (at == 0 || at + RECORD_MARK < v->at) {
        return "was shown a record out of order";
    }
    if (v->strict) {
        return "kept up and misses output";
    }
    if (!v->screen) {
        return "misses output and is not shown the screen";
    }
    if (v->pause > 0) {
        const char *bytes = buf_data(&v->s->bytes) + v->pause;
        size_t len = at + RECORD_MARK + NUMBER_LEN > v->pause
                         ? at + RECORD_MARK + NUMBER_LEN - v->pause
                         : 0;

        if (len == 0 || end < len || memcmp(buf_data(&v->text) + end - len, bytes, len) != 0) {
            return "kept up and misses output behind its screen";
        }
        v->strict = true;
        v->pause = 0;
    }
    if (v->shown > 0 && record != v->shown) {
        return record < v->shown ? "got output that its screen has already"
                                 : "misses output between its screen and what followed";
    }
    v->at = at + RECORD_MARK + NUMBER_LEN;
    v->live = true;
    v->screen = false;
    v->looked = v->shown = 0;
    return NULL;
}

/* More bytes on this terminal. NULL, or what is wrong. */
static const char *view_take(struct view *v, const char *p, size_t len)
{
    const char *bytes = buf_data(&v->s->bytes);

    while (len > 0) {
        size_t record = 0;
        size_t used;
        const char *why;

        if (v->live) {
            for (used = 0; used < len && v->at < v->s->bytes.len && p[used] == bytes[v->at];) {
                used++;
                v->at++;
            }
            p += used;
            len -= used;
            v->live = len == 0;
            continue;
        }
        used = v->text.len;
        if (buf_add(&v->text, p, len) < 0) {
            return "was shown more than any screen has";
        }
        record = 0;
        size_t end = view_search(v, &record);

        if (v->strict && v->text.len > TAIL_MAX) {
            return "kept up and misses output";
        }
        if (end == 0) {
            return NULL;
        }
        p += end - used;
        len -= end - used;
        why = view_jump(v, record, end);
        if (why != NULL) {
            return why;
        }
        buf_reset(&v->text);
    }
    return NULL;
}

/* Whether it has, or shows, everything up to here: the end of this record's number. */
static bool view_has(const struct view *v, size_t at, size_t record)
{
    return v->at == at || (!v->live && v->shown == record + 1);
}

/* All is quiet, and it has or shows everything: from here on every byte must come. */
static void view_follow(struct view *v, size_t at)
{
    v->strict = v->live;
    v->pause = v->live ? 0 : at;
    v->at = at;
}

/* It may fall behind from here on. */
static void view_let_go(struct view *v)
{
    v->strict = false;
    v->pause = 0;
}

static bool view_keeps_up(const struct view *v)
{
    return v->strict || v->pause > 0;
}

/* Byte `k` of what is typed at the terminal with this id, which its upper half tells. The first
 * terminal types the first key of the detach sequence as well, and never the whole sequence. */
enum { FIRST_ID = 6, DETACH_KEY = 0x1c };

static unsigned char typed_at(uint64_t seed, unsigned id, size_t k)
{
    uint64_t h = rng_mix(seed + id * 0x10001U + k * 0x9e3779b97f4a7c15U);
    unsigned char c = (unsigned char)(id << 4 | (h & 15));

    if (id != FIRST_ID) {
        return c;
    }
    if ((h >> 8) % 64 == 0) {
        return DETACH_KEY;
    }
    return c == 'd' && k > 0 && typed_at(seed, id, k - 1) == DETACH_KEY ? 'e' : c;
}

#endif
