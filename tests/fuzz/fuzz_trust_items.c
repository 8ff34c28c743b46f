/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "trust/trust_settings.h"

#include <stdlib.h>
#include <string.h>

/* The first byte chooses the parser. Properties: no text has a control character, the list has
 * its limit, each item is in the digest, and the same input has the same digest. */
static void find(struct str in, struct trust_items *t)
{
    if (in.len == 0) {
        return;
    }
    switch (in.p[0]) {
    case 'd':
        trust_dotenv(t, "file", str_drop(in, 1));
        break;
    case 'm':
        trust_mcp(t, "file", str_drop(in, 1));
        break;
    case 's':
        trust_markdown(t, "file", str_drop(in, 1));
        break;
    default:
        trust_settings(t, "file", in);
    }
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct arena a = {0};
    struct trust_items t = {.a = &a};
    struct trust_items again = {.a = &a};
    char one[SHA256_HEX];
    char two[SHA256_HEX];

    (void)step;
    find(in, &t);
    find(in, &again);
    trust_items_digest(&t, one);
    trust_items_digest(&again, two);
    if (strcmp(one, two) != 0 || (one[0] != '\0') != (t.count > 0) ||
        t.count > TRUST_ITEMS_MAX) {
        abort();
    }
    for (size_t i = 0; i < t.count; i++) {
        for (const char *p = t.list[i].text; *p != '\0'; p++) {
            if ((unsigned char)*p < ' ' || *p == 0x7f) {
                abort();
            }
        }
        (void)buf_addf(out, "%s|", t.list[i].text);
    }
    arena_release(&a);
}
