/* SPDX-License-Identifier: MIT */
/* Reads listings. Properties: paths are valid and in order, and writing the entries again gives
 * the same bytes. */
#include "fuzz.h"

#include "base/limits.h"
#include "wire/synclist.h"

#include <stdlib.h>
#include <string.h>

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct synclist_r r;
    struct synclist_w w;
    struct buf again;
    struct buf before;
    struct err e = {0};
    size_t used = 0;

    (void)step; /* the reader takes a whole listing */
    buf_init(&again, LIMIT_SYNC_LISTING);
    buf_init(&before, LIMIT_SYNC_PATH);
    synclist_r_init(&r, in);
    synclist_w_init(&w, &again);
    while (synclist_next(&r, &e) == 0 && r.has) {
        struct err why = {0};

        if (sync_path_check(buf_str(&r.path), &why) < 0 ||
            (r.count > 1 && sync_path_cmp(buf_str(&before), buf_str(&r.path)) >= 0) ||
            synclist_add(&w, buf_str(&r.path), &r.entry, &why) < 0) {
            abort();
        }
        buf_reset(&before);
        (void)buf_add_str(&before, buf_str(&r.path));
        used = in.len - r.in.len;
        (void)buf_addf(out, "%zu %u %o %llu %lld\n", r.path.len, (unsigned)r.entry.type,
                       r.entry.mode, (unsigned long long)r.entry.size,
                       (long long)r.entry.mtime);
    }
    if (again.len != used || (used > 0 && memcmp(buf_data(&again), in.p, used) != 0)) {
        abort();
    }
    (void)buf_addf(out, "%s\n", e.kind == ERR_NONE ? "end" : "refused");
    synclist_r_release(&r);
    synclist_w_release(&w);
    buf_release(&again);
    buf_release(&before);
}
