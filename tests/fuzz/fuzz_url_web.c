/* SPDX-License-Identifier: MIT */
/* Property: the text that is written for a parsed URL is parsed to the same parts. */
#include "fuzz.h"

#include "net/no_proxy.h"
#include "wire/url.h"

#include <stdlib.h>
#include <string.h>

static void check(const struct url *u, struct arena *a)
{
    const char *text = url_text(u, a);
    struct url again;
    struct err e = {0};

    if (u->path[0] != '/' || u->host[0] == '\0' || u->port == 0 ||
        strpbrk(u->path, " \r\n#") != NULL || strpbrk(u->host, " \r\n/@?#") != NULL ||
        strstr(u->path, "/../") != NULL) {
        /* A query may contain any character. */
        if (strchr(u->path, '?') == NULL || strstr(u->path, "/../") < strchr(u->path, '?')) {
            abort();
        }
    }
    if (strlen(text) > URL_MAX) {
        return; /* "https://h" gets a slash, which can exceed the limit */
    }
    if (url_parse_web(str_c(text), a, &again, &e) < 0 || strcmp(again.host, u->host) != 0 ||
        strcmp(again.path, u->path) != 0 || again.port != u->port ||
        again.scheme != u->scheme) {
        abort();
    }
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    const struct url base = {
        .scheme = URL_HTTPS, .user_info = "", .host = "h", .port = 1, .path = "/a/b?q"};
    struct arena a = {0};
    struct url u;
    struct err e = {0};
    struct buf info;

    (void)step;
    buf_init(&info, in.len + 2);
    if (url_parse_web(in, &a, &u, &e) == 0) {
        check(&u, &a);
        (void)buf_addf(out, "%s\n", url_text(&u, &a));
        if (url_user_info(&u, &info) < 0) {
            (void)buf_add_c(out, "badly encoded\n");
        }
        (void)url_is_loopback(u.host);
    }
    if (url_join(&base, in, &a, &u, &e) == 0) {
        check(&u, &a);
        (void)buf_addf(out, "%s\n", url_text(&u, &a));
    }
    (void)buf_addf(out, "%d\n", no_proxy_names(in, "h.example", 443));
    buf_release(&info);
    arena_release(&a);
}
