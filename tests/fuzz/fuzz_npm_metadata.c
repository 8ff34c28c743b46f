/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "wire/npm_metadata.h"
#include "wire/version.h"

#include <stdlib.h>

/* Properties: what is found has a version that can be the name of a directory, and an
 * address. */
void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    const struct npm_wanted w = {.name = "@anthropic-ai/claude-code", .key = &npm_key};
    struct npm_version found = {0};
    struct arena a = {0};
    struct err e = {0};
    struct version v;

    (void)step;
    if (npm_metadata_find(in, &w, &a, &found, &e) == 0) {
        if (!version_parse(str_c(found.version), &v) || found.tarball == NULL ||
            str_contains(str_c(found.version), "/")) {
            abort();
        }
        (void)buf_addf(out, "%s %s %d", found.version, found.tarball, (int)found.signature);
    } else {
        (void)buf_addf(out, "%d", (int)e.kind);
    }
    arena_release(&a);
}
