/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "engine/image_progress_stream.h"
#include "progress.h"

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct noted noted;
    struct progress_stream *s;
    struct err e = {0};
    int rc = 0;

    noted_init(&noted);
    s = progress_stream_new(&noted.progress);
    while (rc == 0 && in.len > 0) {
        struct str piece = str_n(in.p, in.len < step ? in.len : step);

        rc = progress_stream_in(s, piece, &e);
        in = str_drop(in, piece.len);
    }
    if (rc == 0) {
        rc = progress_stream_end(s, &e);
    }
    (void)buf_addf(out, "%d %d ", rc, (int)e.kind);
    (void)buf_add_str(out, buf_str(&noted.text));
    buf_release(&noted.text);
    progress_stream_free(s);
}
