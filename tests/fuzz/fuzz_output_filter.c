/* SPDX-License-Identifier: MIT */
/* Output of a hostile program, with --terminal safe: what the filter passes does not depend on
 * how the bytes were cut, consists of whole sequences that pass again, and is unchanged by a
 * second filter. The watch sees the same in any pieces. */
#include "fuzz.h"

#include "term/output_filter.h"
#include "term/output_watch.h"

#include <stdlib.h>

/* Aborts if `text` has something that must not reach a terminal. */
static void check(struct str text)
{
    static char held[OUTPUT_FILTER_CONTENT];
    struct sequence_parser p = {.held = held, .held_max = sizeof(held)};
    struct sequence q;

    while (sequence_next(&p, &text, &q)) {
        if (!output_filter_passes(&q)) {
            abort();
        }
    }
    if (p.state != SEQUENCE_GROUND) {
        abort(); /* a sequence without its end */
    }
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct output_filter *f = calloc(1, sizeof(*f));
    struct output_watch *w = calloc(1, sizeof(*w));
    struct buf again;

    if (f == NULL || w == NULL) {
        abort();
    }
    while (in.len > 0) {
        const size_t len = step < in.len ? step : in.len;
        const size_t before = out->len;

        output_filter(f, str_n(in.p, len), out);
        if (out->overflowed || out->len - before > 2 * len + OUTPUT_FILTER_MORE) {
            abort();
        }
        output_watch(w, str_n(in.p, len));
        in = str_drop(in, len);
    }
    check(buf_str(out));
    buf_init(&again, 2 * out->len + OUTPUT_FILTER_MORE);
    *f = (struct output_filter){0};
    output_filter(f, buf_str(out), &again);
    if (str_cmp(buf_str(&again), buf_str(out)) != 0 && f->parser.lead == 0) {
        abort();
    }
    buf_release(&again);
    (void)buf_addf(out, "%u %d %u %d %u %u %d", w->marks, w->alternate, w->reports, w->midline,
                   w->kitty[0], w->kitty[1], output_watch_expects_answers(w));
    free(f);
    free(w);
}
