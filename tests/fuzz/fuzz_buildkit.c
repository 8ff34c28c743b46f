/* SPDX-License-Identifier: MIT */
/* buildkit_next(): ends, and all views lie inside of the message. */
#include "fuzz.h"

#include "wire/buildkit.h"

#include <stdlib.h>

static void add_view(struct str in, struct str v, struct buf *out)
{
    if (v.len > 0 && (v.p < in.p || v.len > in.len || (size_t)(v.p - in.p) > in.len - v.len)) {
        abort();
    }
    (void)buf_addf(out, " %zu:", v.len);
    (void)buf_add_str(out, v);
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct buildkit_iter it;
    struct buildkit_event ev = {0};
    struct err e = {0};

    (void)step;
    buildkit_init(&it, in);
    for (size_t left = it.rest.len; buildkit_next(&it, &ev, &e); left = it.rest.len) {
        if (it.rest.len >= left || ev.kind > BUILDKIT_WARNING || ev.current < 0 ||
            ev.total < 0 || ev.stream > 2) {
            abort();
        }
        (void)buf_addf(out, "%d %d%d%d %lld/%lld %u", (int)ev.kind, (int)ev.cached,
                       (int)ev.started, (int)ev.completed, (long long)ev.current,
                       (long long)ev.total, ev.stream);
        add_view(in, ev.digest, out);
        add_view(in, ev.name, out);
        add_view(in, ev.text, out);
        (void)buf_add_byte(out, '\n');
    }
    if (e.kind != ERR_NONE && e.kind != ERR_FORMAT) {
        abort();
    }
    if (it.rest.len > 0 || buildkit_next(&it, &ev, &e)) {
        abort(); /* the end stays the end */
    }
    (void)buf_addf(out, "end %d", (int)e.kind);
}
