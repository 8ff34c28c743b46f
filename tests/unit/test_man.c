/* SPDX-License-Identifier: MIT */
/* The page is the golden file. CCO_UPDATE_GOLDEN=1 writes it. */
#include "cli/man.h"

#include "cli/options.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE "tests/golden/cco.1"

int main(void)
{
    static char copy[1 << 16];
    struct arena a = {0};
    struct buf out;
    FILE *f;
    size_t n;

    buf_init(&out, sizeof(copy));
    man_page(&out, &a);
    ok(!out.overflowed && out.len > 0, "it fits");
    if (getenv("CCO_UPDATE_GOLDEN") != NULL) {
        f = fopen(PAGE, "wbe");
        ok(f != NULL && fwrite(buf_data(&out), 1, out.len, f) == out.len && fclose(f) == 0,
           "written");
    }
    f = fopen(PAGE, "rbe");
    n = f == NULL ? 0 : fread(copy, 1, sizeof(copy), f);
    ok(n == out.len && memcmp(copy, buf_data(&out), n) == 0, PAGE " is as the tables are");
    ok(f == NULL || fclose(f) == 0, "closed");
    ok(!str_contains(buf_str(&out), "\n'"), "no line begins like a request by chance");
    buf_release(&out);
    arena_release(&a);
    return done_testing();
}
