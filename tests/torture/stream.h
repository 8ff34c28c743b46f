/* SPDX-License-Identifier: MIT */
/* The output of a program, made so that the place of any part of it can be recognized, and the
 * check of what a terminal gets of it.
 *
 * The output consists of records. A record is CR LF BEL {number}{number}, followed by a filler
 * of text, valid and invalid UTF-8, colours and tabs. The relay shows a terminal that comes
 * later a screen, which contains the numbers as well, but never the BEL. So the BEL
 * distinguishes live bytes from a screen. Wherever a screen ends and live bytes begin, one of
 * the two numbers is complete. */
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
    RECORD_MARK = 3, /* bytes before the first number */
    RECORD_HEAD = RECORD_MARK + 2 * NUMBER_LEN,
    FILLER_MAX = 2000,
    /* The bytes that put a terminal back into the state that a shell expects are fewer. */
    TAIL_MAX = 512,
    TEXT_MAX = 8 << 20 /* of consecutive screens */
};

#define CLEAR "\033[2J" /* every screen begins with it, and the stream never contains it */

struct stream {
    struct buf bytes;
    struct buf starts; /* the places of the records in `bytes`: uint32_t each */
    size_t count;      /* of records */
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
        default: /* no braces, because only the numbers have them */
            (void)buf_add_byte(b, (unsigned char)(' ' + rng_below(rng, '{' - ' ')));
            break;
        }
    }
}

static void stream_make(struct stream *s, struct rng *rng, size_t len)
{
    buf_init(&s->bytes, len + (1 << 20));
    buf_init(&s->starts, len);
    /* Set a mode (bracketed paste), so that the relay has something to reset at the end. */
    (void)buf_add_c(&s->bytes, "\033[?2004h");
    for (s->count = 0;; s->count++) {
        uint32_t at = (uint32_t)s->bytes.len;

        (void)buf_add(&s->starts, &at, sizeof(at));
        (void)buf_addf(&s->bytes, "\r\n\a{%08zu}{%08zu}", s->count, s->count);
        if (s->bytes.len >= len) {
            break; /* nothing follows, so that the last number stays on the screen */
        }
        add_filler(&s->bytes, rng);
    }
    s->count++;
}

/* Returns the end of the numbers of the first record that starts at or after `at`, and writes
 * its number to *record. A program that pauses there has the numbers on its screen. */
static size_t stream_pause(const struct stream *s, size_t at, size_t *record)
{
    size_t i = 0;

    while (i + 1 < s->count && stream_start(s, i) < at) {
        i++;
    }
    *record = i;
    return stream_start(s, i) + RECORD_HEAD;
}

/* The check of what one terminal gets. */
struct view {
    const struct stream *s;
    bool live;   /* it gets the output directly, and has all of it up to `at` */
    bool strict; /* it must not get a screen again */
    /* The place up to which its screen showed the output when everything was quiet. The live
     * bytes must continue exactly there. 0: no such place. */
    size_t pause;
    size_t at;       /* the place in the output up to which it was live last */
    struct buf text; /* the bytes since then: screens */
    size_t looked;   /* number of bytes of `text` that were searched for numbers */
    size_t shown;    /* the greatest number in `text` plus 1; 0: none */
    bool screen;     /* `text` contains the beginning of a screen */
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

/* Searches the new text for the first live record. Returns the place after its first number in
 * the text and writes the number to *record; returns 0 if none exists yet. The numbers before
 * it belong to a screen and are counted in `shown`. */
static size_t view_search(struct view *v, size_t *record)
{
    const char *p = buf_data(&v->text);

    for (; v->looked + NUMBER_LEN <= v->text.len; v->looked++) {
        if (memcmp(p + v->looked, CLEAR, sizeof(CLEAR) - 1) == 0) {
            v->shown = 0; /* a new screen, which may replace a screen that was not complete */
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

/* Checks the step from a screen to the live record after it, whose number ends at `end` of the
 * text. Nothing may be missing in between, and nothing may come twice. Returns NULL, or what is
 * wrong. */
static const char *view_jump(struct view *v, size_t record, size_t end)
{
    size_t at = record < v->s->count ? stream_start(v->s, record) : 0;

    if (at == 0 || at + RECORD_MARK < v->at) {
        return "got a record out of order";
    }
    if (v->strict) {
        return "kept up but misses output";
    }
    if (!v->screen) {
        return "misses output and did not get a screen";
    }
    if (v->pause > 0) {
        const char *bytes = buf_data(&v->s->bytes) + v->pause;
        size_t len = at + RECORD_MARK + NUMBER_LEN > v->pause
                         ? at + RECORD_MARK + NUMBER_LEN - v->pause
                         : 0;

        if (len == 0 || end < len || memcmp(buf_data(&v->text) + end - len, bytes, len) != 0) {
            return "kept up but misses output after its screen";
        }
        v->strict = true;
        v->pause = 0;
    }
    if (v->shown > 0 && record != v->shown) {
        return record < v->shown ? "got output that its screen had already"
                                 : "misses output between its screen and the live bytes";
    }
    v->at = at + RECORD_MARK + NUMBER_LEN;
    v->live = true;
    v->screen = false;
    v->looked = v->shown = 0;
    return NULL;
}

/* Checks more bytes that the terminal has got. Returns NULL, or what is wrong. */
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
            return "got more bytes than any screen has";
        }
        record = 0;
        size_t end = view_search(v, &record);

        if (v->strict && v->text.len > TAIL_MAX) {
            return "kept up but misses output";
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

/* Returns true if the terminal has got, or its screen shows, everything up to `at`, which is
 * the end of the numbers of `record`. */
static bool view_has(const struct view *v, size_t at, size_t record)
{
    return v->at == at || (!v->live && v->shown == record + 1);
}

/* From now on every byte must arrive. To be called when everything is quiet and the terminal
 * has got, or shows, everything up to `at`. */
static void view_follow(struct view *v, size_t at)
{
    v->strict = v->live;
    v->pause = v->live ? 0 : at;
    v->at = at;
}

/* From now on the terminal may fall behind. */
static void view_let_go(struct view *v)
{
    v->strict = false;
    v->pause = 0;
}

static bool view_keeps_up(const struct view *v)
{
    return v->strict || v->pause > 0;
}

/* Returns byte `k` of what is typed at the terminal with this id. The upper four bits are the
 * id. The first terminal also types the first key of the detach sequence, but never the whole
 * sequence. */
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
