/* SPDX-License-Identifier: MIT */
/* Each variable has a name with a dot in it, a key without capitals, and takes something of the text. */
#include "fuzz.h"

#include "sync/git_config.h"

#include <stdlib.h>
#include <string.h>

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct git_config c;
    size_t left;

    (void)step;
    git_config_init(&c, in);
    left = c.rest.len;
    while (git_config_next(&c)) {
        const char *key = strrchr(c.name, '.');

        if (key == NULL || strlen(c.name) >= GIT_CONFIG_NAME_MAX || c.rest.len >= left ||
            strpbrk(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ \n") != NULL || c.value.len > in.len) {
            abort();
        }
        left = c.rest.len;
        (void)buf_addf(out, "%s %d %d ", c.name, c.has_value, git_config_bool(&c, false));
        (void)buf_add_str(out, buf_str(&c.value));
    }
    git_config_release(&c);
}
