/* SPDX-License-Identifier: MIT */
/* url_parse() over addresses; url_encode() never needs more than three bytes for one, and what it
 * writes says the same. */
#include "fuzz.h"

#include "base/num.h"
#include "wire/url.h"

#include <stdlib.h>
#include <string.h>

static void check_encode(struct str in)
{
    struct buf text;
    struct str s;
    size_t at = 0;

    buf_init(&text, 3 * in.len);
    if (url_encode(in, &text) < 0 || text.overflowed) {
        abort();
    }
    s = buf_str(&text);
    while (s.len > 0 && at < in.len) {
        uint64_t c = (unsigned char)s.p[0];
        size_t n = 1;

        if (c == '%') {
            n = 3;
            if (s.len < n || !str_u64(str_n(s.p + 1, 2), 16, 0xff, &c)) {
                abort();
            }
        } else if (c <= ' ' || c >= 0x7f || strchr("?#&=/+", (int)c) != NULL) {
            abort();
        }
        if ((unsigned char)in.p[at++] != c) {
            abort();
        }
        s = str_drop(s, n);
    }
    if (s.len > 0 || at < in.len) {
        abort();
    }
    buf_release(&text);
}

static void check_url(const struct url *u, struct str in)
{
    if (strlen(u->path) + strlen(u->user) + strlen(u->host) > in.len) {
        abort();
    }
    if ((u->scheme == URL_UNIX) != (u->host[0] == '\0') ||
        (u->scheme != URL_SSH && u->user[0] != '\0') ||
        (u->path[0] != '\0' && u->path[0] != '/') || strchr(u->host, '/') != NULL) {
        abort();
    }
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct arena a = {0};
    struct url u;
    struct err e = {0};

    (void)step;
    check_encode(in);
    if (url_parse(in, &a, &u, &e) == 0) {
        check_url(&u, in);
        (void)buf_addf(out, "%d user '%s' host '%s' port %u path '%s'", (int)u.scheme, u.user,
                       u.host, (unsigned)u.port, u.path);
    } else {
        (void)buf_add_c(out, e.text);
    }
    arena_release(&a);
}
