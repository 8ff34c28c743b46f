/* SPDX-License-Identifier: MIT */
/* tar_r_in(): the same entries and data, whatever the pieces; an accepted archive that the writer
 * takes reads the same when written again. */
#include "fuzz.h"

#include "wire/tar.h"

#include <stdlib.h>

enum { ARCHIVE_MAX = 4 << 20 };

struct run {
    struct tar_r reader;
    struct tar_w writer;
    struct buf *out;
    struct buf archive;
    uint64_t sum; /* of the current entry's data */
    uint64_t len;
    bool open;     /* an entry was begun */
    bool writable; /* the writer took all so far */
    int rc;
};

static void end_entry(struct run *r)
{
    if (r->open) {
        (void)buf_addf(r->out, " data %llu %llx\n", (unsigned long long)r->len,
                       (unsigned long long)r->sum);
    }
    r->open = false;
    r->sum = r->len = 0;
}

/* pax numbers that the reader takes end one before this. */
static bool is_mtime_extreme(const struct tar_entry *en)
{
    return en->mtime == INT64_MAX || en->mtime < -(INT64_MAX - 1);
}

static void on_entry(struct run *r)
{
    const struct tar_entry *en = &r->reader.entry;
    struct str path = en->path;
    struct err e = {0};

    if (path.len == 0 || en->mode > 07777 || en->mtime_ns > 999999999 ||
        (en->type != TAR_FILE && en->size > 0)) {
        abort();
    }
    r->open = true;
    r->writable = r->writable && !is_mtime_extreme(en);
    if (r->writable && tar_w_entry(&r->writer, en, &e) < 0) {
        if (e.kind != ERR_USAGE) {
            abort();
        }
        r->writable = false; /* an absolute path, or ".." */
    }
    if (en->type == TAR_DIR && str_ends(path, "/")) {
        path.len--; /* the writer adds it */
    }
    (void)buf_addf(r->out, "%c %o %llu:%llu %lld.%09u %llu %zu:", (int)en->type, en->mode,
                   (unsigned long long)en->uid, (unsigned long long)en->gid,
                   (long long)en->mtime, en->mtime_ns, (unsigned long long)en->size, path.len);
    (void)buf_add_str(r->out, path);
    (void)buf_addf(r->out, " -> %zu:", en->link.len);
    (void)buf_add_str(r->out, en->link);
}

static void on_data(struct run *r, struct str data)
{
    struct err e = {0};

    for (size_t i = 0; i < data.len; i++) {
        r->sum = ((r->sum << 5) | (r->sum >> 59)) ^ (unsigned char)data.p[i];
    }
    r->len += data.len;
    if (!r->open || r->len > r->reader.entry.size ||
        (r->writable && tar_w_data(&r->writer, data.p, data.len, &e) < 0)) {
        abort();
    }
}

static void feed(struct run *r, struct str piece)
{
    while (piece.len > 0 && r->rc == 0) {
        struct err e = {0};
        struct str data = {0};
        size_t used = 0;
        bool ready = false;

        r->rc = tar_r_in(&r->reader, piece, &used, &ready, &data, &e);
        if (used > piece.len || (r->rc == 0 && used == 0) || (ready && data.len > 0) ||
            (r->rc < 0) != (r->reader.state == TAR_FAILED)) {
            abort();
        }
        if (data.len > 0 && (data.p < piece.p || data.p + data.len > piece.p + used)) {
            abort();
        }
        if (ready) {
            end_entry(r);
            on_entry(r);
        }
        if (data.len > 0) {
            on_data(r, data);
        }
        piece = str_drop(piece, used);
    }
}

/* Reads an archive and, into r->archive, writes it. True where it is whole. */
static bool read_all(struct run *r, struct str in, size_t step, struct buf *out)
{
    struct err e = {0};

    *r = (struct run){.out = out, .writable = true};
    buf_init(&r->archive, ARCHIVE_MAX);
    tar_r_init(&r->reader);
    tar_w_init(&r->writer, &r->archive);
    while (in.len > 0 && r->rc == 0) {
        size_t n = in.len < step ? in.len : step;

        feed(r, str_n(in.p, n));
        in = str_drop(in, n);
    }
    end_entry(r);
    if (r->reader.state != TAR_END) {
        (void)buf_add_c(out, r->rc < 0 ? "failed" : "cut");
        return false;
    }
    if (r->writable && tar_w_end(&r->writer, &e) < 0) {
        abort();
    }
    (void)buf_add_c(out, "whole");
    return true;
}

static void release(struct run *r)
{
    tar_r_release(&r->reader);
    buf_release(&r->archive);
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct run first;
    struct run second;
    struct buf again;

    if (read_all(&first, in, step, out) && first.writable) {
        buf_init(&again, ARCHIVE_MAX);
        if (!read_all(&second, buf_str(&first.archive), step, &again) ||
            !str_eq(buf_str(&again), buf_str(out))) {
            abort();
        }
        release(&second);
        buf_release(&again);
    }
    release(&first);
}
