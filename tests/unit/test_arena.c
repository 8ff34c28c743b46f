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
    ok(good, "memory is aligned, zeroed and our own");
    ok(big[0] == 0 && big[(1 << 20) - 1] == 0, "large pieces as well");
    is_str(arena_strdup(&a, "x"), "x", "copies of C strings");
    is_str(arena_str(&a, str_n("abc", 2)), "ab", "of views");
    is_str(arena_printf(&a, "%s-%05d", "n", 42), "n-00042", "and formatted ones");
    ok(arena_array(&a, 3, 8) != arena_array(&a, 3, 8), "arrays");
    arena_release(&a);
    ok(a.blocks == NULL, "all is returned");
    arena_release(&a);
    return done_testing();
}
