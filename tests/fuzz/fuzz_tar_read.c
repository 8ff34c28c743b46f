/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "wire/tar.h"

#include <stdlib.h>

static void describe_entry(const struct tar_entry *en, struct buf *out)
{
    (void)buf_addf(out, "\n%d %llu %llu %llu %lld.%u %o ", (int)en->type,
                   (unsigned long long)en->size, (unsigned long long)en->uid,
                   (unsigned long long)en->gid, (long long)en->mtime, en->mtime_ns, en->mode);
    (void)buf_add_str(out, en->path);
    (void)buf_add_byte(out, '>');
    (void)buf_add_str(out, en->link);
}

/* Property: the writer can write an entry that was read, and reading that gives the same
 * entry. */
static void write_back(const struct tar_entry *en)
{
    struct tar_w w;
    struct tar_r r;
    struct buf tar;
    struct buf a;
    struct buf b;
    struct err e = {0};
    struct str in;

    buf_init(&tar, 1 << 20);
    buf_init(&a, 1 << 20);
    buf_init(&b, 1 << 20);
    tar_w_init(&w, &tar);
    tar_r_init(&r);
    if (en->path.len < 1000 && tar_w_entry(&w, en, &e) == 0) {
        bool ready = false;

        in = buf_str(&tar);
        while (in.len > 0 && !ready) {
            struct str data;
            size_t used = 0;

            if (tar_r_in(&r, in, &used, &ready, &data, &e) < 0 || used == 0) {
                abort();
            }
            in = str_drop(in, used);
        }
        describe_entry(en, &a);
        describe_entry(&r.entry, &b);
        if (!ready || (en->type != TAR_DIR && str_cmp(buf_str(&a), buf_str(&b)) != 0)) {
            abort();
        }
    }
    tar_r_release(&r);
    buf_release(&tar);
    buf_release(&a);
    buf_release(&b);
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct tar_r t;
    struct err e = {0};
    uint64_t sum = 0;
    int rc = 0;

    tar_r_init(&t);
    while (rc == 0 && in.len > 0 && t.state != TAR_END) {
        struct str piece = str_n(in.p, in.len < step ? in.len : step);
        struct str data;
        bool ready = false;
        size_t used = 0;

        rc = tar_r_in(&t, piece, &used, &ready, &data, &e);
        if (used > piece.len || (rc == 0 && used == 0) ||
            (data.len > 0 && (data.p < piece.p || data.p + data.len > piece.p + used))) {
            abort();
        }
        if (rc == 0 && ready) {
            describe_entry(&t.entry, out);
            write_back(&t.entry);
        }
        for (size_t i = 0; i < data.len; i++) {
            sum = (sum * 31 + (unsigned char)data.p[i]) & 0xffffffff;
        }
        in = str_drop(in, used);
    }
    if (rc < 0) {
        buf_reset(out);
        (void)buf_add_c(out, "failed");
    } else {
        (void)buf_addf(out, "\n%d %llu", (int)t.state, (unsigned long long)sum);
    }
    tar_r_release(&t);
}
