/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "wire/boot.h"

#include <stdlib.h>

/* Property: a decoded boot file that is encoded and decoded again gives the same. */
void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct arena a = {0};
    struct boot b;
    struct boot again;
    struct err e = {0};
    struct buf second;

    (void)step;
    if (boot_decode(in, &a, &b, &e) < 0) {
        (void)buf_add_c(out, "refused");
    } else {
        buf_init(&second, 4 << 20);
        if (boot_encode(&b, out, &e) < 0 || boot_decode(buf_str(out), &a, &again, &e) < 0 ||
            boot_encode(&again, &second, &e) < 0 ||
            str_cmp(buf_str(out), buf_str(&second)) != 0) {
            abort(); /* decoding does not invert encoding */
        }
        buf_release(&second);
    }
    arena_release(&a);
}
