/* SPDX-License-Identifier: MIT */
/* Text and parts agree: what was understood is written so that it is understood again in the same way. */
#include "fuzz.h"

#include "wire/weburl.h"

#include <stdlib.h>
#include <string.h>

static void check(const struct weburl *u, struct arena *a)
{
    const char *text = weburl_text(u, a);
    struct weburl again;
    struct err e = {0};

    if (u->target[0] != '/' || u->host[0] == '\0' || u->port == 0 ||
        strpbrk(u->target, " \r\n#") != NULL || strpbrk(u->host, " \r\n/@?#") != NULL ||
        strstr(u->target, "/../") != NULL) {
        /* A query may hold anything. */
        if (strchr(u->target, '?') == NULL ||
            strstr(u->target, "/../") < strchr(u->target, '?')) {
            abort();
        }
    }
    if (strlen(text) > WEBURL_MAX) {
        return; /* "https://h" grows by its slash */
    }
    if (weburl_parse(str_c(text), a, &again, &e) < 0 || strcmp(again.host, u->host) != 0 ||
        strcmp(again.target, u->target) != 0 || again.port != u->port ||
        again.https != u->https) {
        abort();
    }
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    const struct weburl base = {
        .https = true, .user_info = "", .host = "h", .port = 1, .target = "/a/b?q"};
    struct arena a = {0};
    struct weburl u;
    struct err e = {0};
    struct buf info;

    (void)step;
    buf_init(&info, in.len + 2);
    if (weburl_parse(in, &a, &u, &e) == 0) {
        check(&u, &a);
        (void)buf_addf(out, "%s\n", weburl_text(&u, &a));
        if (weburl_user_info(&u, &info) < 0) {
            (void)buf_add_c(out, "badly encoded\n");
        }
        (void)weburl_is_loopback(u.host);
    }
    if (weburl_join(&base, in, &a, &u, &e) == 0) {
        check(&u, &a);
        (void)buf_addf(out, "%s\n", weburl_text(&u, &a));
    }
    (void)buf_addf(out, "%d\n", weburl_no_proxy(in, "h.example", 443));
    buf_release(&info);
    arena_release(&a);
}
