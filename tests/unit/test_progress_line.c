/* SPDX-License-Identifier: MIT */
#include "cli/progress_line.h"

#include "tap.h"

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
    ok(fits, "no line is longer than its terminal is wide");
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

/* Wide characters count two cells; without UTF-8 nothing beyond ASCII is written. */
static void letters(void)
{
    struct progress_line l = step;

    l.detail = "";
    l.what = "\xe6\xbc\xa2\xe5\xad\x97 caf\xc3\xa9 \xf0\x9f\x9a\x80!";
    is_line(&l, 79, "1m05s \xe6\xbc\xa2\xe5\xad\x97 caf\xc3\xa9 \xf0\x9f\x9a\x80!");
    is_line(&l, 9, "1m05s \xe6\xbc\xa2");
    is_line(&l, 10, "1m05s \xe6\xbc\xa2\xe5\xad\x97");
    is_str(line(&l, 79, false), "1m05s ?? caf? ?!", "a terminal without UTF-8");
    is_int((long long)progress_cut("\xff\xff\xff", 2), 2, "what is no UTF-8 is a cell each");
    is_int((long long)progress_cut("abc", 9), 3, "what fits is whole");
}

static void is_plain(const struct progress_line *l, const char *want)
{
    struct buf out;

    buf_init(&out, 2048);
    progress_plain(l, &out);
    is_str(buf_c(&out), want, want);
    buf_release(&out);
}

int main(void)
{
    struct progress_line l = pull;

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
