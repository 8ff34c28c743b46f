/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "wire/bundle.h"

#include <stdlib.h>
#include <string.h>

/* Property: a manifest that was read can be written, and reading that gives the same. */
void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct arena a = {0};
    struct bundle b;
    struct bundle back;
    struct err e = {0};
    struct buf text;

    (void)step;
    buf_init(&text, 8 << 20);
    if (bundle_read(in, &a, &b, &e) == 0) {
        if (strncmp(b.tag + 4, b.digest, BUNDLE_TAG_DIGITS) != 0 || strlen(b.inputs) != 64 ||
            bundle_write(&b, 5, &text, &e) < 0 ||
            bundle_read(buf_str(&text), &a, &back, &e) < 0 || strcmp(b.tag, back.tag) != 0 ||
            strcmp(b.digest, back.digest) != 0 || strcmp(b.arch, back.arch) != 0 ||
            b.files[BUNDLE_IMAGE].size != back.files[BUNDLE_IMAGE].size ||
            strcmp(b.files[BUNDLE_CCO].sha256, back.files[BUNDLE_CCO].sha256) != 0) {
            abort();
        }
        (void)buf_addf(out, "%s %s", b.tag, b.arch);
    } else {
        (void)buf_addf(out, "%d", (int)e.kind);
    }
    buf_release(&text);
    arena_release(&a);
}
