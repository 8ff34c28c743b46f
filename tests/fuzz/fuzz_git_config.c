/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "host/audit_git.h"

#include <stdlib.h>
#include <string.h>

/* Properties: each variable makes progress, has a section and a key in lower case, and its
 * value is not longer than the text. A text has a digest unless everything in it is harmless.
 */
void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct arena a = {0};
    struct git_config c = {.rest = in, .a = &a};
    struct git_config_item item;
    struct audit_git_names names = {0};
    char digest[SHA256_HEX];
    size_t left = in.len + 1;
    bool any = false;

    (void)step;
    while (git_config_next(&c, &item)) {
        if (c.rest.len >= left || c.failed || item.key[0] == '\0' ||
            strpbrk(item.key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL ||
            (item.value != NULL && strlen(item.value) > in.len)) {
            abort();
        }
        left = c.rest.len;
        any = any || !audit_git_harmless(&item, 3);
        (void)buf_addf(out, "%s %s %s\n", item.section, item.key,
                       item.value != NULL ? item.value : "");
    }
    audit_git_config(in, 3, &a, digest, &names);
    if ((digest[0] != '\0') != (any || c.failed)) {
        abort();
    }
    arena_release(&a);
}
