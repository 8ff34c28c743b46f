/* SPDX-License-Identifier: MIT */
#include "cli/progress_line.h"

#include "tap.h"

#include <stdio.h>
#include <string.h>

static const struct progress_line pull = {
    .what = "pulling",
    .detail = "",
    .sum = {.what = "Downloading",
            .items = 7,
            .current = 56300000,
            .total = 124416000,
            .rate = 12100000},
    .elapsed_s = 4,
};
static const struct progress_line step = {
    .what = "[6/12] RUN apt-install bash nano",
    .detail = "Unpacking libfoo (1.2) ...",
    .sum = {.what = "", .over = true},
    .elapsed_s = 65,
};

static const char *line(const struct progress_line *l, size_t cells, bool utf8)
{
    static char text[2048];
    struct buf out;

    buf_init(&out, sizeof(text));
    progress_line(l, cells, utf8, &out);
    (void)snprintf(text, sizeof(text), "%s", buf_c(&out));
    buf_release(&out);
    return text;
}

static void is_line(const struct progress_line *l, size_t cells, const char *want)
{
    is_str(line(l, cells, true), want, want);
}

static void widths(void)
{
    static const struct progress_line *const all[] = {&pull, &step};
    bool fits = true;

    is_line(&pull, 79, " 45% Downloading (7 parts)  56.3 of 124.4 MB  12.1 MB/s  5s left");
    is_line(&pull, 59, " 45% Downloading (7 p  56.3 of 124.4 MB  12.1 MB/s  5s left");
    is_line(&pull, 50, " 45% Downloading (7 par  56.3 of 124.4 MB  5s left");
    is_line(&pull, 39, " 45% Downloading (7 parts)  5s left");
    is_line(&pull, 19, " 45% Downloading (7");
    is_line(&pull, 9, " 45% Down");
    is_line(&pull, 3, " 45");
    is_line(&pull, 0, "");
    is_line(&step, 79, "1m05s [6/12] RUN apt-install bash nano | Unpacking libfoo (1.2) ...");
    is_line(&step, 49, "1m05s [6/12] RUN apt-instal | Unpacking libfoo (1");
    is_line(&step, 29, "1m05s [6/12] RUN apt-install ");
    is_line(&step, 9, "1m05s [6/");
    for (size_t i = 0; i < 2; i++) {
        for (size_t cells = 0; cells < 200; cells++) {
            fits = fits && strlen(line(all[i], cells, true)) <= cells;
        }
    }
    ok(fits, "no line has more cells than the terminal");
}

static void unknown(void)
{
    struct progress_line l = pull;

    l.sum.total = 0;
    is_line(&l, 79, "4s Downloading (7 parts)  56.3 MB  12.1 MB/s");
    l.sum.rate = 0;
    l.sum.items = 1;
    l.sum.what = "saving cco:1a2b";
    is_line(&l, 79, "4s saving cco:1a2b  56.3 MB");
    l.sum.total = UINT64_MAX;
    l.sum.current = UINT64_MAX - 1;
    is_line(&l, 20, "100% saving cco:1a2b");
    l.sum.over = true;
    is_line(&l, 79, "4s pulling");
}

/* A wide character counts two cells. Without UTF-8 the line has only ASCII. */
static void letters(void)
{
    struct progress_line l = step;

    l.detail = "";
    l.what = "\xe6\xbc\xa2\xe5\xad\x97 caf\xc3\xa9 \xf0\x9f\x9a\x80!";
    is_line(&l, 79, "1m05s \xe6\xbc\xa2\xe5\xad\x97 caf\xc3\xa9 \xf0\x9f\x9a\x80!");
    is_line(&l, 9, "1m05s \xe6\xbc\xa2");
    is_line(&l, 10, "1m05s \xe6\xbc\xa2\xe5\xad\x97");
    is_str(line(&l, 79, false), "1m05s ?? caf? ?!", "without UTF-8, other characters become ?");
    is_int((long long)progress_cut("\xff\xff\xff", 2), 2,
           "a byte that is not UTF-8 counts one cell");
    is_int((long long)progress_cut("abc", 9), 3, "a text that fits is not cut");
}

static void is_plain(const struct progress_line *l, const char *want)
{
    struct buf out;

    buf_init(&out, 2048);
    progress_plain(l, &out);
    is_str(buf_c(&out), want, want);
    buf_release(&out);
}

static struct progress_layers t;

static void is_sum(int64_t now, const char *what, size_t items, uint64_t current,
                   uint64_t total)
{
    struct progress_sum s = progress_layers_sum(&t, now);

    is_str(s.what, what, what);
    is_int((long long)s.items, (long long)items, "the number of items");
    is_int((long long)s.current, (long long)current, "the bytes so far");
    is_int((long long)s.total, (long long)total, "the total");
}

static void layers(void)
{
    progress_layers_reset(&t);
    progress_layers_note(&t, "Downloading aa", 10, 100, 0);
    progress_layers_note(&t, "Downloading bb", 20, 300, 0);
    is_sum(0, "Downloading", 2, 30, 400);
    progress_layers_note(&t, "Downloading aa", 0, 0, 0);
    progress_layers_note(&t, "Extracting aa", 5, 100, 0);
    is_sum(0, "Downloading", 2, 120, 400);
    ok(!progress_layers_sum(&t, 0).over,
       "the first verb is shown while one of its items is incomplete");
    progress_layers_note(&t, "Downloading bb", 300, 300, 0);
    is_sum(0, "Extracting", 1, 5, 100);
    progress_layers_note(&t, "Extracting aa", 999, 100, 0);
    is_sum(0, "Extracting", 1, 100, 100);
    ok(progress_layers_sum(&t, 0).over, "all items are complete");
    progress_layers_note(&t, "Downloading cc", 0, 0, 0);
    is_sum(0, "Extracting", 1, 100, 100);
    progress_layers_note(&t, "Downloading cc", 1, 0, 0);
    is_sum(0, "Downloading", 3, 401, 0);
}

static void speed(void)
{
    struct progress_sum s;

    progress_layers_reset(&t);
    progress_layers_note(&t, "cco-0.2.0", 0, 10000, 1000);
    progress_layers_note(&t, "cco-0.2.0", 500, 10000, 1500);
    ok(progress_layers_sum(&t, 1500).rate == 0, "after half a second the rate is not known");
    progress_layers_note(&t, "cco-0.2.0", 1000, 10000, 2000);
    s = progress_layers_sum(&t, 2000);
    is_str(s.what, "cco-0.2.0", "a single item is shown with its name");
    is_int((long long)s.rate, 1000, "the rate is in bytes per second");
    is_int(progress_sum_left(&s), 9, "the remaining time is in seconds");
    s = progress_layers_sum(&t, 11000);
    is_int((long long)s.rate, 100, "the rate of a stalled transfer decreases");
    for (int64_t at = 2000; at <= 60000; at += 100) {
        progress_layers_note(&t, "cco-0.2.0", 1000 + (uint64_t)at / 1000, 10000, at);
    }
    s = progress_layers_sum(&t, 60000);
    is_int((long long)s.rate, 1, "the rate is that of the last seconds");
    progress_layers_note(&t, "cco-0.2.0", 10000, 10000, 60100);
    s = progress_layers_sum(&t, 60100);
    ok(s.over && s.rate == 0 && progress_sum_left(&s) == -1, "nothing is left");
    s = (struct progress_sum){.rate = 1, .total = UINT64_MAX};
    is_int(progress_sum_left(&s), -1, "a very long remaining time is not known");
}

static void limits(void)
{
    char name[300];

    progress_layers_reset(&t);
    is_sum(0, "", 0, 0, 0);
    ok(progress_layers_sum(&t, 0).over, "nothing is transferred");
    for (int i = 0; i < 100; i++) {
        (void)snprintf(name, sizeof(name), "get %d", i);
        progress_layers_note(&t, name, UINT64_MAX / 2, UINT64_MAX, 0);
    }
    is_sum(0, "get", PROGRESS_LAYERS_MAX, UINT64_MAX, UINT64_MAX);
    progress_layers_reset(&t);
    for (int i = 0; i < 20; i++) {
        (void)snprintf(name, sizeof(name), "verb%d x", i);
        progress_layers_note(&t, name, 1, 2, 0);
    }
    is_sum(0, "verb0", 1, 1, 2);
    progress_layers_reset(&t);
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    memcpy(name + PROGRESS_LAYER_NAME_MAX - 2, "\xc3\xa9", 2);
    progress_layers_note(&t, name, 1, 2, 0);
    is_int((long long)strlen(progress_layers_sum(&t, 0).what), PROGRESS_LAYER_NAME_MAX - 2,
           "a long name is cut between characters");
    progress_layers_note(&t, "", 1, 2, 0);
    progress_layers_note(&t, " x", 1, 2, 0);
    is_int((long long)progress_layers_sum(&t, 0).items, 1, "names without a verb are verbs");
}

int main(void)
{
    struct progress_line l = pull;

    layers();
    speed();
    limits();
    widths();
    unknown();
    letters();
    is_plain(&pull, "Downloading (7 parts): 45%, 56.3 of 124.4 MB, 12.1 MB/s, 5s left");
    is_plain(&step, "[6/12] RUN apt-install bash nano: 1m05s, Unpacking libfoo (1.2) ...");
    l.sum.total = 0;
    l.sum.rate = 0;
    is_plain(&l, "Downloading (7 parts): 56.3 MB");
    l = step;
    l.detail = "";
    is_plain(&l, "[6/12] RUN apt-install bash nano: 1m05s");
    return done_testing();
}
