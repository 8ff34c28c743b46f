/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "wire/buildkit.h"

#include <stdlib.h>

static void inside(struct str in, struct str view)
{
    if (view.len > 0 && (view.p < in.p || view.p + view.len > in.p + in.len)) {
        abort();
    }
}

/* Property: the texts of an event are inside the message. */
void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct buildkit_iter it;
    struct buildkit_event ev = {0};
    struct err e = {0};

    (void)step;
    buildkit_init(&it, in);
    while (buildkit_next(&it, &ev, &e)) {
        inside(in, ev.digest);
        inside(in, ev.name);
        inside(in, ev.text);
        (void)buf_addf(out, "%d %zu %zu %zu %d%d%d %lld %lld\n", (int)ev.kind, ev.digest.len,
                       ev.name.len, ev.text.len, ev.cached, ev.started, ev.completed,
                       (long long)ev.current, (long long)ev.total);
    }
    (void)buf_addf(out, "%d", (int)e.kind);
}
