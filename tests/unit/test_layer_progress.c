/* SPDX-License-Identifier: MIT */
#include "cli/layer_progress.h"

#include "tap.h"

static struct layer_progress t;

static void is_sum(int64_t now, const char *what, size_t items, uint64_t current,
                   uint64_t total)
{
    struct layer_progress_sum s = layer_progress_sum(&t, now);

    is_str(s.what, what, what);
    is_int((long long)s.items, (long long)items, "items");
    is_int((long long)s.current, (long long)current, "bytes");
    is_int((long long)s.total, (long long)total, "of");
}

static void layers(void)
{
    layer_progress_reset(&t);
    layer_progress_note(&t, "Downloading aa", 10, 100, 0);
    layer_progress_note(&t, "Downloading bb", 20, 300, 0);
    is_sum(0, "Downloading", 2, 30, 400);
    layer_progress_note(&t, "Downloading aa", 0, 0, 0);
    layer_progress_note(&t, "Extracting aa", 5, 100, 0);
    is_sum(0, "Downloading", 2, 120, 400);
    ok(!layer_progress_sum(&t, 0).over, "one is behind: the first verb stays");
    layer_progress_note(&t, "Downloading bb", 300, 300, 0);
    is_sum(0, "Extracting", 1, 5, 100);
    layer_progress_note(&t, "Extracting aa", 999, 100, 0);
    is_sum(0, "Extracting", 1, 100, 100);
    ok(layer_progress_sum(&t, 0).over, "all of it is there");
    layer_progress_note(&t, "Downloading cc", 0, 0, 0);
    is_sum(0, "Extracting", 1, 100, 100);
    layer_progress_note(&t, "Downloading cc", 1, 0, 0);
    is_sum(0, "Downloading", 3, 401, 0);
}

static void speed(void)
{
    struct layer_progress_sum s;

    layer_progress_reset(&t);
    layer_progress_note(&t, "cco-0.2.0", 0, 10000, 1000);
    layer_progress_note(&t, "cco-0.2.0", 500, 10000, 1500);
    ok(layer_progress_sum(&t, 1500).rate == 0, "no rate of half a second");
    layer_progress_note(&t, "cco-0.2.0", 1000, 10000, 2000);
    s = layer_progress_sum(&t, 2000);
    is_str(s.what, "cco-0.2.0", "a single one has its name");
    is_int((long long)s.rate, 1000, "bytes in a second");
    is_int(layer_progress_left(&s), 9, "seconds left");
    s = layer_progress_sum(&t, 11000);
    is_int((long long)s.rate, 100, "a stalled one gets slower");
    for (int64_t at = 2000; at <= 60000; at += 100) {
        layer_progress_note(&t, "cco-0.2.0", 1000 + (uint64_t)at / 1000, 10000, at);
    }
    s = layer_progress_sum(&t, 60000);
    is_int((long long)s.rate, 1, "the rate is that of the last seconds");
    layer_progress_note(&t, "cco-0.2.0", 10000, 10000, 60100);
    s = layer_progress_sum(&t, 60100);
    ok(s.over && s.rate == 0 && layer_progress_left(&s) == -1, "nothing is left");
    s = (struct layer_progress_sum){.rate = 1, .total = UINT64_MAX};
    is_int(layer_progress_left(&s), -1, "longer than anybody waits");
}

static void limits(void)
{
    char name[300];

    layer_progress_reset(&t);
    is_sum(0, "", 0, 0, 0);
    ok(layer_progress_sum(&t, 0).over, "nothing is transferred");
    for (int i = 0; i < 100; i++) {
        (void)snprintf(name, sizeof(name), "get %d", i);
        layer_progress_note(&t, name, UINT64_MAX / 2, UINT64_MAX, 0);
    }
    is_sum(0, "get", LAYER_PROGRESS_MAX, UINT64_MAX, UINT64_MAX);
    layer_progress_reset(&t);
    for (int i = 0; i < 20; i++) {
        (void)snprintf(name, sizeof(name), "verb%d x", i);
        layer_progress_note(&t, name, 1, 2, 0);
    }
    is_sum(0, "verb0", 1, 1, 2);
    layer_progress_reset(&t);
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    memcpy(name + LAYER_PROGRESS_NAME_MAX - 2, "\xc3\xa9", 2);
    layer_progress_note(&t, name, 1, 2, 0);
    is_int((long long)strlen(layer_progress_sum(&t, 0).what), LAYER_PROGRESS_NAME_MAX - 2,
           "a long name is cut between characters");
    layer_progress_note(&t, "", 1, 2, 0);
    layer_progress_note(&t, " x", 1, 2, 0);
    is_int((long long)layer_progress_sum(&t, 0).items, 1, "names without a verb are verbs");
}

int main(void)
{
    layers();
    speed();
    limits();
    return done_testing();
}
