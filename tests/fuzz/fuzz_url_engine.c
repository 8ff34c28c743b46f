/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "wire/url.h"

#include <stdlib.h>
#include <string.h>

/* Properties: an accepted address has a path or a host, and percent-encoded text contains no
 * character that would end a path segment or a value. */
void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct arena a = {0};
    struct url u;
    struct err e = {0};
    struct buf text;

    (void)step;
    if (url_parse_engine(in, &a, &u, &e) == 0) {
        if ((u.scheme == URL_UNIX && u.path[0] != '/') ||
            (u.scheme != URL_UNIX && u.host[0] == '\0')) {
            abort();
        }
        (void)buf_addf(out, "%d %s %s %s %u", (int)u.scheme, u.user_info, u.host, u.path,
                       u.port);
    }
    buf_init(&text, 3 * in.len + 1);
    if (url_encode(in, &text) < 0 || strpbrk(buf_c(&text), " /?&#=\r\n") != NULL) {
        abort();
    }
    buf_release(&text);
    arena_release(&a);
}
