/* SPDX-License-Identifier: MIT */
#include "cli/layer_progress.h"

#include "base/hash.h"
#include "base/num.h"

#include <string.h>

static uint64_t sum_of(uint64_t a, uint64_t b)
{
    uint64_t sum = 0;

    return u64_add(a, b, &sum) ? sum : UINT64_MAX;
}

void layer_progress_reset(struct layer_progress *t)
{
    *t = (struct layer_progress){0};
}

static void copy(char out[LAYER_PROGRESS_NAME_MAX], const char *text, size_t len)
{
    if (len > LAYER_PROGRESS_NAME_MAX - 1) {
        len = LAYER_PROGRESS_NAME_MAX - 1;
        len -= str_utf8_cut(str_n(text, len));
    }
    memcpy(out, text, len);
    out[len] = '\0';
}

/* The number of the verb: what stands before the last blank, or the whole name. LAYER_PROGRESS_VERBS: no room for it. */
static size_t verb_of(struct layer_progress *t, const char *name)
{
    const char *blank = strrchr(name, ' ');
    char verb[LAYER_PROGRESS_NAME_MAX];

    copy(verb, name, blank != NULL && blank != name ? (size_t)(blank - name) : strlen(name));
    for (size_t i = 0; i < t->verb_count; i++) {
        if (strcmp(t->verbs[i], verb) == 0) {
            return i;
        }
    }
    if (t->verb_count < LAYER_PROGRESS_VERBS) {
        memcpy(t->verbs[t->verb_count++], verb, sizeof(verb));
        return t->verb_count - 1;
    }
    return LAYER_PROGRESS_VERBS;
}

static struct layer_item *find(struct layer_progress *t, uint64_t key)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->items[i].key == key) {
            return &t->items[i];
        }
    }
    return NULL;
}

static struct layer_item *add(struct layer_progress *t, const char *name)
{
    size_t verb = t->count < LAYER_PROGRESS_MAX ? verb_of(t, name) : LAYER_PROGRESS_VERBS;

    if (verb == LAYER_PROGRESS_VERBS) {
        return NULL;
    }
    t->items[t->count] = (struct layer_item){.key = hash_fnv1a(str_c(name)), .verb = verb};
    return &t->items[t->count++];
}

static bool is_missing(const struct layer_item *item)
{
    return !item->over && (item->total == 0 || item->current < item->total);
}

/* The verb whose turn it is; *over tells that none is. */
static size_t verb_shown(const struct layer_progress *t, bool *over)
{
    size_t first = LAYER_PROGRESS_VERBS;

    for (size_t i = 0; i < t->count; i++) {
        if (is_missing(&t->items[i]) && t->items[i].verb < first) {
            first = t->items[i].verb;
        }
    }
    *over = first == LAYER_PROGRESS_VERBS;
    return *over && t->verb_count > 0 ? t->verb_count - 1 : first;
}

static struct layer_progress_sum sum_up(const struct layer_progress *t)
{
    struct layer_progress_sum sum = {.what = "", .over = true};
    size_t verb = verb_shown(t, &sum.over);
    bool all_known = true;

    for (size_t i = 0; i < t->count; i++) {
        const struct layer_item *item = &t->items[i];

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

static void take_sample(struct layer_progress *t, uint64_t bytes, int64_t now_ms)
{
    size_t n = t->sample_count;

    if (n > 0 && now_ms - t->samples[n - 1].at_ms < LAYER_PROGRESS_SAMPLE_MS) {
        return;
    }
    if (n == LAYER_PROGRESS_SAMPLES) {
        n--;
        memmove(&t->samples[0], &t->samples[1], n * sizeof(t->samples[0]));
    }
    t->samples[n] = (struct layer_sample){now_ms, bytes};
    t->sample_count = n + 1;
}

static void set(struct layer_item *item, uint64_t current, uint64_t total)
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

void layer_progress_note(struct layer_progress *t, const char *name, uint64_t current,
                         uint64_t total, int64_t now_ms)
{
    struct layer_item *item = find(t, hash_fnv1a(str_c(name)));
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
static uint64_t rate(const struct layer_progress *t, uint64_t current, int64_t now_ms)
{
    int64_t ms;

    if (t->sample_count == 0 || current < t->samples[0].bytes) {
        return 0;
    }
    ms = now_ms - t->samples[0].at_ms;
    if (ms < LAYER_PROGRESS_RATE_MS) {
        return 0;
    }
    /* A thousand times as many bytes may not fit. */
    return (current - t->samples[0].bytes) / (uint64_t)ms * 1000 +
           (current - t->samples[0].bytes) % (uint64_t)ms * 1000 / (uint64_t)ms;
}

struct layer_progress_sum layer_progress_sum(const struct layer_progress *t, int64_t now_ms)
{
    struct layer_progress_sum sum = sum_up(t);

    if (sum.items == 1 && t->count == 1) {
        sum.what = t->name;
    }
    sum.rate = sum.over ? 0 : rate(t, sum.current, now_ms);
    return sum;
}

int64_t layer_progress_left(const struct layer_progress_sum *s)
{
    uint64_t left;

    if (s->rate == 0 || s->total <= s->current) {
        return -1;
    }
    left = (s->total - s->current) / s->rate;
    return left < INT32_MAX ? (int64_t)left : -1;
}
