/* SPDX-License-Identifier: MIT */
#include "tap.h"
#include "wire/url.h"

static struct arena arena;

static void good(const char *text, enum url_scheme scheme, const char *host_path, unsigned port)
{
    struct url u;
    struct err e = {0};
    char got[200];

    if (!ok(url_parse(str_c(text), &arena, &u, &e) == 0, "accepted: %s", text)) {
        return;
    }
    (void)snprintf(got, sizeof(got), "%s|%s|%s", u.user, scheme == URL_UNIX ? "" : u.host,
                   u.path);
    is_str(got, host_path, "its parts");
    ok(u.scheme == scheme && u.port == port, "its scheme and port");
}

int main(void)
{
    static const char *const refused[] = {
        "",           "unix://",       "unix://rel",
        "tcp://",     "tcp://:2375",   "tcp://h:",
        "tcp://h:0",  "tcp://h:65536", "tcp://h:x",
        "tcp://[::1", "tcp://[::1]x",  "ftp://h",
        "ssh://@h",   "tcp://u@h",     "ssh://-oProxyCommand=x",
        "ssh://-l@h", "a b:1",         "x\ny",
    };
    struct buf b;
    struct url u;
    struct err e = {0};

    good("unix:///run/d.sock", URL_UNIX, "||/run/d.sock", 0);
    good("unix:///a b:c", URL_UNIX, "||/a b:c", 0);
    good("tcp://127.0.0.1:2375", URL_TCP, "|127.0.0.1|", 2375);
    good("tcp://h/base", URL_TCP, "|h|/base", 0);
    good("h:2376", URL_TCP, "|h|", 2376);
    good("tcp://[::1]:2375", URL_TCP, "|::1|", 2375);
    good("ssh://me@big:22/run/x.sock", URL_SSH, "me|big|/run/x.sock", 22);
    good("https://h", URL_HTTPS, "|h|", 0);
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        ok(url_parse(str_c(refused[i]), &arena, &u, &e) < 0, "refused: %s", refused[i]);
    }
    buf_init(&b, 200);
    (void)url_encode(str_n("aZ9-._~ /?&=%\0\xff", 15), &b);
    is_str(buf_c(&b), "aZ9-._~%20%2F%3F%26%3D%25%00%FF",
           "everything but unreserved is encoded");
    buf_reset(&b);
    (void)buf_add_c(&b, "/x");
    (void)url_query(&b, "a", str_c("1 2"));
    (void)url_query(&b, "b", str_c("{}"));
    is_str(buf_c(&b), "/x?a=1%202&b=%7B%7D", "a query begins once");
    buf_release(&b);
    arena_release(&arena);
    return done_testing();
}
