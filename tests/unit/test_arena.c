/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include "tap.h"

#include <stdint.h>

int main(void)
{
    struct arena a = {0};
    bool good = true;
    char *big = arena_alloc(&a, 1 << 20);

    for (size_t size = 1; size < 3000; size += 7) {
        unsigned char *p = arena_alloc(&a, size);

        good = good && (uintptr_t)p % _Alignof(max_align_t) == 0;
        for (size_t i = 0; i < size; i++) {
            good = good && p[i] == 0;
            p[i] = 0xff;
        }
    }
    ok(good, "memory is aligned, zeroed and separate");
    ok(big[0] == 0 && big[(1 << 20) - 1] == 0, "a large piece of memory is zeroed");
    is_str(arena_strdup(&a, "x"), "x", "a C string is copied");
    is_str(arena_str(&a, str_n("abc", 2)), "ab", "a view is copied");
    is_str(arena_printf(&a, "%s-%05d", "n", 42), "n-00042", "a formatted string is made");
    ok(arena_array(&a, 3, 8) != arena_array(&a, 3, 8), "two arrays are separate");
    arena_release(&a);
    ok(a.blocks == NULL, "arena_release() frees all blocks");
    arena_release(&a);
    return done_testing();
}
