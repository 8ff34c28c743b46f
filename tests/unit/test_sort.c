/* SPDX-License-Identifier: MIT */
#include "sync/sort.h"

#include "tap.h"

#include <stdlib.h>

enum { COUNT = 5000 };

static char names[COUNT][32];
static struct sort_name sorted[COUNT];
static struct sort_name scratch[COUNT];

static int by_bytes(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Returns true if the first `count` names are sorted in the order of strcmp(3). */
static bool same_as_library(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sorted[i] = sort_name(names[i]);
    }
    sort_names(sorted, scratch, count);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(sorted[i - 1].name, sorted[i].name) >= 0) {
            (void)printf("#   %s before %s\n", sorted[i - 1].name, sorted[i].name);
            return false;
        }
    }
    return true;
}

int main(void)
{
    static const char *const few[] = {"\xff",     "a",       "a.b",      "a\x01",
                                      "abcdefgh", "abcdefg", "abcdefgi", "abcdefgh1"};
    static const char *const want[] = {"a",        "a\x01",     "a.b",      "abcdefg",
                                       "abcdefgh", "abcdefgh1", "abcdefgi", "\xff"};
    struct sort_name v[8];
    struct sort_name w[8];
    bool good = true;

    for (size_t i = 0; i < 8; i++) {
        v[i] = sort_name(few[i]);
    }
    sort_names(v, w, 8);
    for (size_t i = 0; i < 8; i++) {
        is_str(v[i].name, want[i], "names are in the order of their bytes");
    }
    for (unsigned i = 0; i < COUNT; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "%s%u", i % 3 == 0 ? "common-prefix-" : "",
                       i * 2654435761U);
    }
    for (size_t n = 0; n < 70; n++) {
        good = good && same_as_library(n);
    }
    ok(good, "small numbers of names are sorted");
    ok(same_as_library(COUNT), "many names are sorted");
    qsort(names, COUNT, sizeof(names[0]), by_bytes);
    ok(same_as_library(COUNT), "sorted names stay sorted");
    return done_testing();
}
