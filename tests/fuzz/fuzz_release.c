/* SPDX-License-Identifier: MIT */
/* Properties of an accepted manifest: it has a version, and plain file names with sizes within
 * the limit. */
#include "fuzz.h"

#include "wire/release.h"
#include "wire/version.h"

#include <stdlib.h>
#include <string.h>

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct arena a = {0};
    struct release r;
    struct version v;
    struct err e = {0};

    (void)step;
    if (release_parse(in, &a, &r, &e) == 0) {
        if (!version_parse(str_c(r.version), &v) || version_cmp(&v, &v) != 0) {
            abort();
        }
        (void)buf_addf(out, "%s\n", r.version);
        for (size_t i = 0; i < r.count; i++) {
            const struct release_file *f = &r.files[i];

            if (strchr(f->name, '/') != NULL || f->name[0] == '.' || f->name[0] == '\0' ||
                f->size == 0 || f->size > RELEASE_SIZE_MAX ||
                strlen(f->sha256) != SHA256_HEX - 1 ||
                release_find(&r, f->os, f->arch) == NULL) {
                abort();
            }
            (void)buf_addf(out, "%s %s %s %llu %s\n", f->name, f->os, f->arch,
                           (unsigned long long)f->size, f->sha256);
        }
    }
    arena_release(&a);
}
