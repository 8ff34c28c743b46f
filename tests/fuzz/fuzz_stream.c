/* SPDX-License-Identifier: MIT */
/* stream_in(): the same progress in the same order, whatever the pieces. */
#include "fuzz.h"

#include "engine/stream.h"

#include <stdlib.h>

struct recorder {
    struct progress progress; /* first: the calls get its address */
    struct buf *out;
};

static struct buf *out_of(struct progress *p)
{
    return ((struct recorder *)p)->out;
}

static void add(struct buf *out, struct str s)
{
    (void)buf_addf(out, " %zu:", s.len);
    (void)buf_add_str(out, s);
}

static void on_step(struct progress *p, struct str name, bool cached)
{
    (void)buf_add_c(out_of(p), cached ? "\ncached" : "\nstep");
    add(out_of(p), name);
}

static void on_done(struct progress *p, struct str name, struct str failed)
{
    (void)buf_add_c(out_of(p), "\ndone");
    add(out_of(p), name);
    add(out_of(p), failed);
}

static void on_output(struct progress *p, struct str name, struct str bytes)
{
    (void)buf_add_c(out_of(p), "\noutput");
    add(out_of(p), name);
    add(out_of(p), bytes);
}

static void on_transfer(struct progress *p, struct str name, uint64_t current, uint64_t total)
{
    (void)buf_addf(out_of(p), "\ntransfer %llu/%llu", (unsigned long long)current,
                   (unsigned long long)total);
    add(out_of(p), name);
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct recorder r = {{on_step, on_done, on_output, on_transfer}, out};
    struct stream *s = stream_new(&r.progress);
    struct err e = {0};
    int rc = 0;

    while (in.len > 0 && rc == 0) {
        size_t n = in.len < step ? in.len : step;

        rc = stream_in(s, str_n(in.p, n), &e);
        in = str_drop(in, n);
    }
    if (rc == 0) {
        rc = stream_end(s, &e);
    }
    if ((rc < 0) != (e.kind != ERR_NONE)) {
        abort();
    }
    (void)buf_addf(out, "\nend %d %d %s", rc, (int)e.kind, e.text);
    stream_free(s);
}
