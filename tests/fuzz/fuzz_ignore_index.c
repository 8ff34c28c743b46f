/* SPDX-License-Identifier: MIT */
/* The input is one byte with the kind of the repository, and an index. Every name that is read,
 * and each directory around it, must be found, and the names must be sorted. */
#include "fuzz.h"

#include "sync/ignore_index.h"

#include <stdlib.h>

static struct str name_at(const struct ignore_index *ix, size_t i)
{
    return str_n(buf_data(&ix->names) + ix->v[i].at, ix->v[i].len);
}

static void check_name(const struct ignore_index *ix, struct str name)
{
    struct ignore_index_range all = ignore_index_all(ix);

    if (!ignore_index_has(ix, all, name, false)) {
        abort();
    }
    for (size_t i = 0; i < name.len; i++) {
        struct str dir = str_n(name.p, i);

        if (name.p[i] == '/') {
            struct ignore_index_range below = ignore_index_below(ix, all, dir);

            if (!ignore_index_has(ix, all, dir, true) ||
                !ignore_index_has(ix, below, name, false) || below.from >= below.to) {
                abort();
            }
        }
    }
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct err e = {0};
    struct ignore_index ix;
    unsigned kind = in.len > 0 ? (unsigned char)in.p[0] : 0;
    size_t hash_size = (kind & 1U) != 0 ? GIT_SHA256_SIZE : GIT_SHA1_SIZE;

    (void)step;
    ignore_index_init(&ix, (kind & 2U) != 0);
    if (ignore_index_read(&ix, str_drop(in, 1), hash_size, &e) < 0) {
        (void)buf_add_c(out, e.text);
        return;
    }
    ignore_index_sort(&ix);
    for (size_t i = 0; i < ix.count; i++) {
        struct str name = name_at(&ix, i);

        if (i > 0 && str_cmp(name_at(&ix, i - 1), name) > 0) {
            abort();
        }
        check_name(&ix, name);
        (void)buf_add_str(out, name);
        (void)buf_add_byte(out, '\n');
    }
    ignore_index_release(&ix);
}
