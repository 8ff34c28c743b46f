/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "wire/dockerfile.h"

#include <stdlib.h>

/* The first line is a step's name, the rest a Dockerfile: a cut is inside, and at the beginning
 * of a line. */
void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct str name = {0};
    size_t cut;

    (void)step;
    (void)str_cut(&in, '\n', &name);
    cut = dockerfile_before(in, name);
    if (cut > in.len || (cut > 0 && in.p[cut - 1] != '\n')) {
        abort();
    }
    (void)buf_addf(out, "%zu %d", cut, dockerfile_has_arg(in, "PACKAGES") ? 1 : 0);
}
