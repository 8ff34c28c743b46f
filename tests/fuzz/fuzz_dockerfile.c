/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "wire/dockerfile.h"

#include <stdlib.h>

/* The first line of the input is the name of a step, and the rest is a Dockerfile. Property:
 * the offset is inside the text, and at the start of a line. */
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
