/* SPDX-License-Identifier: MIT */
#include "tap.h"
#include "wire/url.h"

static struct arena arena;

static void good(const char *text, enum url_scheme scheme, const char *host_path, unsigned port)
{
    struct url u;
    struct err e = {0};
    char got[200];

    if (!ok(url_parse_engine(str_c(text), &arena, &u, &e) == 0, "accepted: %s", text)) {
        return;
    }
    (void)snprintf(got, sizeof(got), "%s|%s|%s", u.user_info, scheme == URL_UNIX ? "" : u.host,
                   u.path);
    is_str(got, host_path, "the parts are right");
    ok(u.scheme == scheme && u.port == port, "the scheme and the port are right");
}

static void engine_addresses_are_parsed(void)
{
    static const char *const refused[] = {
        "",           "unix://",       "unix://rel",
        "tcp://",     "tcp://:2375",   "tcp://h:",
        "tcp://h:0",  "tcp://h:65536", "tcp://h:x",
        "tcp://[::1", "tcp://[::1]x",  "ftp://h",
        "ssh://@h",   "tcp://u@h",     "ssh://-oProxyCommand=x",
        "ssh://-l@h", "a b:1",         "x\ny",
        "tcp://h?x",  "ssh://h?x",     "ssh://u?@h",
        "ssh://u@",   "ssh://u@-o",    "ssh://u@v@-oProxyCommand=x",
    };
    struct url u;
    struct err e = {0};

    good("unix:///run/d.sock", URL_UNIX, "||/run/d.sock", 0);
    good("unix:///a b:c", URL_UNIX, "||/a b:c", 0);
    good("tcp://127.0.0.1:2375", URL_TCP, "|127.0.0.1|", 2375);
    good("tcp://h/base", URL_TCP, "|h|/base", 0);
    good("h:2376", URL_TCP, "|h|", 2376);
    good("tcp://[::1]:2375", URL_TCP, "|::1|", 2375);
    good("ssh://me@big:22/run/x.sock", URL_SSH, "me|big|/run/x.sock", 22);
    good("ssh://me@work@big/", URL_SSH, "me@work|big|/", 0);
    good("https://h", URL_HTTPS, "|h|", 0);
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        ok(url_parse_engine(str_c(refused[i]), &arena, &u, &e) < 0, "refused: %s", refused[i]);
    }
}

static void text_is_percent_encoded(void)
{
    struct buf b;

    buf_init(&b, 200);
    (void)url_encode(str_n("aZ9-._~ /?&=%\0\xff", 15), &b);
    is_str(buf_c(&b), "aZ9-._~%20%2F%3F%26%3D%25%00%FF",
           "everything but unreserved characters is encoded");
    buf_reset(&b);
    (void)buf_add_c(&b, "/x");
    (void)url_query(&b, "a", str_c("1 2"));
    (void)url_query(&b, "b", str_c("{}"));
    is_str(buf_c(&b), "/x?a=1%202&b=%7B%7D", "only the first query begins with '?'");
    buf_release(&b);
}

static void valid_web_urls_are_parsed(void)
{
    static const struct {
        const char *text, *want; /* user_info|host|port|target, and the text again */
    } rows[] = {
        {"https://h", "|h|443|/ https://h/"},
        {"https://h/", "|h|443|/ https://h/"},
        {"HTTPS://H.Example/A", "|h.example|443|/A https://h.example/A"},
        {"http://h", "|h|80|/ http://h/"},
        {"https://h:443/x", "|h|443|/x https://h/x"},
        {"https://h:/x", "|h|443|/x https://h/x"},
        {"https://h:80/x", "|h|80|/x https://h:80/x"},
        {"http://h:443/x", "|h|443|/x http://h:443/x"},
        {"https://h?q=/../a", "|h|443|/?q=/../a https://h/?q=/../a"},
        {"https://h/a/./b/../c/", "|h|443|/a/c/ https://h/a/c/"},
        {"https://h/..", "|h|443|/ https://h/"},
        {"https://h/a/..", "|h|443|/ https://h/"},
        {"https://h/abc/../../x/.", "|h|443|/x/ https://h/x/"},
        {"https://h/abcdef/..?q", "|h|443|/?q https://h/?q"},
        {"https://h//a", "|h|443|//a https://h//a"},
        {"https://h/%2e%2E/a", "|h|443|/%2e%2E/a https://h/%2e%2E/a"},
        {"https://h/a#b/../c", "|h|443|/a https://h/a"},
        {"https://h#x", "|h|443|/ https://h/"},
        {"https://[::1]:8443/x", "|::1|8443|/x https://[::1]:8443/x"},
        {"https://[FE80::1]", "|fe80::1|443|/ https://[fe80::1]/"},
        {"https://me:pw@h/x", "me:pw|h|443|/x https://h/x"},
        {"https://a@b:c@h:1/x@y", "a@b:c|h|1|/x@y https://h:1/x@y"},
        {"https://@h", "|h|443|/ https://h/"},
        {"https://1.2.3.4:65535", "|1.2.3.4|65535|/ https://1.2.3.4:65535/"},
        {"https://a_b-c.d/~x;y=1,2+3*(4)!'$&", "|a_b-c.d|443|/~x;y=1,2+3*(4)!'$& "
                                               "https://a_b-c.d/~x;y=1,2+3*(4)!'$&"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct url u;
        struct err e = {0};

        if (ok(url_parse_web(str_c(rows[i].text), &arena, &u, &e) == 0, "accepted: %s %s",
               rows[i].text, e.text)) {
            is_str(arena_printf(&arena, "%s|%s|%u|%s %s", u.user_info, u.host, u.port, u.path,
                                url_text(&u, &arena)),
                   rows[i].want, "the parts are right");
        }
    }
}

static void malformed_web_urls_are_refused(void)
{
    static const char *const rows[] = {
        "",
        "h",
        "//h",
        "https:",
        "https:/h",
        "https://",
        "https:///x",
        "https://:1",
        "https://h:0",
        "https://h:65536",
        "https://h:x",
        "https://h:1:2",
        "https://[::1",
        "https://[::1]x",
        "https://[]",
        "https://[g]",
        "https://[.]",
        "https://[1.2.3.4]",
        "https://me@",
        "https://-h",
        "https://.h",
        "https://h h/",
        "https://h/a b",
        "https://h/\n",
        "https://h/\x7f",
        "https://h/\xc3\xa9",
        "https://\xc3\xa9/",
        "ftp://h",
        "file:///etc/passwd",
        "javascript:x",
        "httpss://h",
        " https://h",
        "https://h/<a>",
        "https://h/\"",
        "https://h/{}",
        "https://h/|",
        "https://h/\\",
        "https://h\\@x",
        "https://h%41/",
        "https://sesame:sesame@h:x/",
    };
    struct url u = {.port = 7};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = {0};

        ok(url_parse_web(str_c(rows[i]), &arena, &u, &e) < 0 && u.port == 7 &&
               e.kind == ERR_FORMAT && strstr(e.text, "sesame") == NULL,
           "refused: %s", e.text);
    }
    ok(url_parse_web(str_n("https://h/\0x", 12), &arena, &u, &(struct err){0}) < 0,
       "a NUL is refused");
}

static void web_urls_have_a_limit(void)
{
    struct buf text;
    struct url u;
    struct err e = {0};

    buf_init(&text, 2 * URL_MAX);
    (void)buf_add_c(&text, "https://");
    while (text.len < 8 + URL_HOST_MAX) {
        (void)buf_add_byte(&text, 'h');
    }
    ok(url_parse_web(buf_str(&text), &arena, &u, &e) == 0,
       "a host of URL_HOST_MAX bytes is accepted");
    ok(url_parse_web(str_c(arena_printf(&arena, "%sh", buf_c(&text))), &arena, &u, &e) < 0,
       "a longer host is refused: %s", e.text);
    while (text.len < URL_MAX) {
        (void)buf_add_byte(&text, '/');
    }
    ok(url_parse_web(buf_str(&text), &arena, &u, &e) == 0,
       "a URL of URL_MAX bytes is accepted");
    (void)buf_add_byte(&text, '/');
    ok(url_parse_web(buf_str(&text), &arena, &u, &e) < 0, "a longer URL is refused: %s",
       e.text);
    buf_release(&text);
}

static void references_are_resolved(void)
{
    static const struct {
        const char *ref, *want; /* NULL: refused */
    } rows[] = {
        {"", "https://h:1/a/b?q"},
        {"#f", "https://h:1/a/b?q"},
        {"c", "https://h:1/a/c"},
        {"c?x", "https://h:1/a/c?x"},
        {"?x=1", "https://h:1/a/b?x=1"},
        {"/c", "https://h:1/c"},
        {"../c", "https://h:1/c"},
        {"../../../c", "https://h:1/c"},
        {"./", "https://h:1/a/"},
        {"..", "https://h:1/"},
        {"d/../e#f", "https://h:1/a/e"},
        {"//g", "https://g/"},
        {"//g:2/x", "https://g:2/x"},
        {"http://g/x", "http://g/x"},
        {"HTTPS://G/x", "https://g/x"},
        {"c/d:e", "https://h:1/a/c/d:e"},
        {"c:d", NULL},
        {"ftp://g/", NULL},
        {"//", NULL},
        {"a b", NULL},
        {"/\xff", NULL},
    };
    struct url base;
    struct err e = {0};

    (void)url_parse_web(str_c("https://h:1/a/b?q"), &arena, &base, &e);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct url u;
        bool good = url_join(&base, str_c(rows[i].ref), &arena, &u, &e) == 0;

        is_str(good ? url_text(&u, &arena) : NULL, rows[i].want,
               arena_printf(&arena, "'%s' is resolved", rows[i].ref));
    }
}

static void user_info_is_decoded(void)
{
    static const struct {
        const char *info, *want;
    } rows[] = {
        {"a:b", "a:b"}, {"a", "a:"},   {"a:b:c", "a:b:c"}, {"%41%3a:%40x", "A::@x"},
        {"a%", NULL},   {"a%4", NULL}, {"a%4g", NULL},     {":", ":"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct url u = {.user_info = rows[i].info};
        struct buf out;
        int rc;

        buf_init(&out, 16);
        rc = url_user_info(&u, &out);
        is_str(rc == 0 ? buf_c(&out) : NULL, rows[i].want,
               arena_printf(&arena, "'%s' is decoded", rows[i].info));
        buf_release(&out);
    }
}

static void loopback_hosts_are_recognized(void)
{
    static const char *const yes[] = {"localhost", "127.0.0.1", "127.255.0.9", "::1"};
    static const char *const no[] = {
        "",
        "localhost.x",
        "xlocalhost",
        "127.0.0.1.x",
        "127.1",
        "128.0.0.1",
        "127.0.0.256",
        "127.0.0.",
        "127.0.0.1.1",
        "1.127.0.0",
        "127.0.0.0001",
        "::2",
        "127.0.0.1.example",
    };

    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        ok(url_is_loopback(yes[i]), "loopback: %s", yes[i]);
    }
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
        ok(!url_is_loopback(no[i]), "not loopback: '%s'", no[i]);
    }
}

static void hosts_are_split_from_ports(void)
{
    struct url_host h = {0};

    ok(!url_split_host(str_c("[::1"), &h), "a bracket that is not closed is refused");
    ok(!url_split_host(str_c("[::1]x"), &h), "text after the bracket is refused");
    ok(url_split_host(str_c("[::1]"), &h) && str_eq_c(h.host, "::1") && h.bracketed &&
           !h.has_port,
       "an address in brackets has no port");
    ok(url_split_host(str_c("h:80"), &h) && str_eq_c(h.host, "h") && !h.bracketed && h.has_port,
       "a host is split from its port");
}

int main(void)
{
    hosts_are_split_from_ports();
    engine_addresses_are_parsed();
    text_is_percent_encoded();
    valid_web_urls_are_parsed();
    malformed_web_urls_are_refused();
    web_urls_have_a_limit();
    references_are_resolved();
    user_info_is_decoded();
    loopback_hosts_are_recognized();
    arena_release(&arena);
    return done_testing();
}
