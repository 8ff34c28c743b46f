/* SPDX-License-Identifier: MIT */
#include "cli/transfers.h"

#include <string.h>

/* FNV-1a: tells a pull's layers apart. */
static uint64_t key_of(const char *name)
{
    uint64_t h = 0xcbf29ce484222325U;

    for (size_t i = 0; name[i] != '\0'; i++) {
        h ^= (unsigned char)name[i];
        (void)__builtin_mul_overflow(h, 0x100000001b3U, &h); /* modulo 2^64 is meant */
    }
    return h;
}

static uint64_t sum_of(uint64_t a, uint64_t b)
{
    uint64_t sum = 0;

    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

void transfers_reset(struct transfers *t)
{
    *t = (struct transfers){0};
}

static void copy(char out[TRANSFERS_NAME_MAX], const char *text, size_t len)
{
    if (len > TRANSFERS_NAME_MAX - 1) {
        len = TRANSFERS_NAME_MAX - 1;
        len -= str_utf8_cut(str_n(text, len));
    }
    memcpy(out, text, len);
    out[len] = '\0';
}

/* The number of the verb: what stands before the last blank, or the whole name. TRANSFERS_VERBS: no room for it. */
static size_t verb_of(struct transfers *t, const char *name)
{
    const char *blank = strrchr(name, ' ');
    char verb[TRANSFERS_NAME_MAX];

    copy(verb, name, blank != NULL && blank != name ? (size_t)(blank - name) : strlen(name));
    for (size_t i = 0; i < t->verb_count; i++) {
        if (strcmp(t->verbs[i], verb) == 0) {
            return i;
        }
    }
    if (t->verb_count < TRANSFERS_VERBS) {
        memcpy(t->verbs[t->verb_count++], verb, sizeof(verb));
        return t->verb_count - 1;
    }
    return TRANSFERS_VERBS;
}

static struct transfer_item *find(struct transfers *t, uint64_t key)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->items[i].key == key) {
            return &t->items[i];
        }
    }
    return NULL;
}

static struct transfer_item *add(struct transfers *t, const char *name)
{
    size_t verb = t->count < TRANSFERS_MAX ? verb_of(t, name) : TRANSFERS_VERBS;

    if (verb == TRANSFERS_VERBS) {
        return NULL;
    }
    t->items[t->count] = (struct transfer_item){.key = key_of(name), .verb = verb};
    return &t->items[t->count++];
}

static bool is_missing(const struct transfer_item *item)
{
    return !item->over && (item->total == 0 || item->current < item->total);
}

/* The verb whose turn it is; *over tells that none is. */
static size_t verb_shown(const struct transfers *t, bool *over)
{
    size_t first = TRANSFERS_VERBS;

    for (size_t i = 0; i < t->count; i++) {
        if (is_missing(&t->items[i]) && t->items[i].verb < first) {
            first = t->items[i].verb;
        }
    }
    *over = first == TRANSFERS_VERBS;
    return *over && t->verb_count > 0 ? t->verb_count - 1 : first;
}

static struct transfers_sum sum_up(const struct transfers *t)
{
    struct transfers_sum sum = {.what = "", .over = true};
    size_t verb = verb_shown(t, &sum.over);
    bool all_known = true;

    for (size_t i = 0; i < t->count; i++) {
        const struct transfer_item *item = &t->items[i];

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

static void take_sample(struct transfers *t, uint64_t bytes, int64_t now_ms)
{
    size_t n = t->sample_count;

    if (n > 0 && now_ms - t->samples[n - 1].at_ms < TRANSFERS_SAMPLE_MS) {
        return;
    }
    if (n == TRANSFERS_SAMPLES) {
        n--;
        memmove(&t->samples[0], &t->samples[1], n * sizeof(t->samples[0]));
    }
    t->samples[n] = (struct transfer_sample){now_ms, bytes};
    t->sample_count = n + 1;
}

static void set(struct transfer_item *item, uint64_t current, uint64_t total)
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

void transfers_note(struct transfers *t, const char *name, uint64_t current, uint64_t total,
                    int64_t now_ms)
{
    struct transfer_item *item = find(t, key_of(name));
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

/* From the first sample until now: what has stalled gets slower and slower. */
static uint64_t rate(const struct transfers *t, uint64_t current, int64_t now_ms)
{
    int64_t ms;

    if (t->sample_count == 0 || current < t->samples[0].bytes) {
        return 0;
    }
    ms = now_ms - t->samples[0].at_ms;
    if (ms < TRANSFERS_RATE_MS) {
        return 0;
    }
    /* A thousand times as many bytes may not fit. */
    return (current - t->samples[0].bytes) / (uint64_t)ms * 1000 +
           (current - t->samples[0].bytes) % (uint64_t)ms * 1000 / (uint64_t)ms;
}

struct transfers_sum transfers_sum(const struct transfers *t, int64_t now_ms)
{
    struct transfers_sum sum = sum_up(t);

    if (sum.items == 1 && t->count == 1) {
        sum.what = t->name;
    }
    sum.rate = sum.over ? 0 : rate(t, sum.current, now_ms);
    return sum;
}

int64_t transfers_left(const struct transfers_sum *s)
{
    uint64_t left;

    if (s->rate == 0 || s->total <= s->current) {
        return -1;
    }
    left = (s->total - s->current) / s->rate;
    return left < INT32_MAX ? (int64_t)left : -1;
}
