/* SPDX-License-Identifier: MIT */
/* Each variable must have a name with a dot and a key without capital letters, and must consume
 * a part of the text. */
#include "fuzz.h"

#include "sync/ignore_config.h"

#include <stdlib.h>
#include <string.h>

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct ignore_config c;
    size_t left;

    (void)step;
    ignore_config_init(&c, in);
    left = c.rest.len;
    while (ignore_config_next(&c)) {
        const char *key = strrchr(c.name, '.');

        if (key == NULL || strlen(c.name) >= IGNORE_CONFIG_NAME_MAX || c.rest.len >= left ||
            strpbrk(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ \n") != NULL || c.value.len > in.len) {
            abort();
        }
        left = c.rest.len;
        (void)buf_addf(out, "%s %d %d ", c.name, c.has_value, ignore_config_bool(&c, false));
        (void)buf_add_str(out, buf_str(&c.value));
    }
    ignore_config_release(&c);
}
