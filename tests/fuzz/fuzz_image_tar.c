/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "engine/image_tar.h"

#include <stdlib.h>
#include <string.h>

/* Names are clean, and entries where they are said to be. */
void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct image_tar t;
    struct err e = {0};
    int rc = 0;

    image_tar_init(&t);
    for (size_t at = 0; rc == 0 && at < in.len; at += step) {
        rc = image_tar_in(&t, str_n(in.p + at, in.len - at < step ? in.len - at : step), &e);
    }
    for (size_t i = 0; i < t.count; i++) {
        const struct image_tar_entry *en = &t.entries[i];

        if (en->name[0] == '/' || strstr(en->name, "..") == en->name || en->at > in.len ||
            en->at % TAR_BLOCK != 0) {
            abort();
        }
        (void)buf_addf(out, "%s %llu %llu ", en->name, (unsigned long long)en->at,
                       (unsigned long long)en->size);
    }
    (void)buf_addf(out, "%d", rc);
    image_tar_release(&t);
}
