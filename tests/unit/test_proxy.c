/* SPDX-License-Identifier: MIT */
#include "net/proxy.h"

#include "base/clock.h"
#include "tap.h"
#include "web.h"

static struct arena arena;

/* Finds the proxy for a URL in the environment `variables`, which ends with NULL. Returns "-"
 * for none, "?" for an error, or "VARIABLE HOST:PORT". */
static const char *found(const char *const *variables, const char *url)
{
    char *env[8] = {NULL};
    struct url to;
    struct proxy p;
    struct err e = {0};

    for (size_t i = 0; variables[i] != NULL; i++) {
        env[i] = arena_strdup(&arena, variables[i]);
    }
    if (url_parse_web(str_c(url), &arena, &to, &e) < 0) {
        return NULL;
    }
    if (proxy_find(env, &to, &arena, &p, &e) < 0) {
        return strstr(e.text, "sesame") == NULL && strstr(e.hint, "sesame") == NULL
                   ? "?"
                   : arena_strdup(&arena, e.text);
    }
    return p.use ? arena_printf(&arena, "%s %s:%u", p.variable, p.url.host, p.url.port) : "-";
}

static void choices(void)
{
    static const struct {
        const char *variables[4];
        const char *url, *want;
    } rows[] = {
        {{NULL}, "https://h/", "-"},
        {{"HTTPS_PROXY=http://p:1", NULL}, "https://h/", "HTTPS_PROXY p:1"},
        {{"https_proxy=p:1", NULL}, "https://h/", "https_proxy p:1"},
        {{"all_proxy=http://p", NULL}, "https://h/", "all_proxy p:80"},
        {{"ALL_PROXY=http://a", "https_proxy=http://b:2", NULL},
         "https://h/",
         "https_proxy b:2"},
        {{"HTTPS_PROXY=", "ALL_PROXY=http://a:1", NULL}, "https://h/", "ALL_PROXY a:1"},
        {{"HTTP_PROXY=http://p:1", "http_proxy=http://p:1", NULL}, "https://h/", "-"},
        {{"HTTPS_PROXY=http://p:1", "NO_PROXY=h", NULL}, "https://h/", "-"},
        {{"HTTPS_PROXY=http://p:1", "no_proxy=x,.h.example", NULL},
         "https://a.h.example/",
         "-"},
        {{"HTTPS_PROXY=http://p:1", "NO_PROXY=x", NULL}, "https://h/", "HTTPS_PROXY p:1"},
        {{"HTTPS_PROXY=http://p:1", NULL}, "https://localhost/", "-"},
        {{"HTTPS_PROXY=http://p:1", NULL}, "https://127.0.0.1/", "-"},
        {{"HTTPS_PROXY=http://[::1]:3128", NULL}, "https://h/", "HTTPS_PROXY ::1:3128"},
        {{"HTTPS_PROXY=socks5://u:sesame@p:1", NULL}, "https://h/", "?"},
        {{"HTTPS_PROXY=https://u:sesame@p:1", NULL}, "https://h/", "?"},
        {{"HTTPS_PROXY=u:sesame@p:x", NULL}, "https://h/", "?"},
        {{"HTTPS_PROXY=socks5://p:1", "NO_PROXY=*", NULL}, "https://h/", "-"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        is_str(found(rows[i].variables, rows[i].url), rows[i].want, rows[i].url);
    }
}

static void networks(void)
{
    static const struct {
        const char *list, *host;
        bool exempt;
    } rows[] = {
        {"10.0.0.0/8", "10.1.2.3", true},
        {"10.0.0.0/8", "11.1.2.3", false},
        {"x, 192.168.4.0/22,y", "192.168.7.255", true},
        {"192.168.4.0/22", "192.168.8.0", false},
        {"192.168.4.77/22", "192.168.5.1", true},
        {"10.1.2.3/32", "10.1.2.3", true},
        {"10.1.2.3/32", "10.1.2.4", false},
        {"0.0.0.0/0", "8.8.8.8", true},
        {"0.0.0.0/0", "h", false},
        {"10.0.0.0/33", "10.0.0.0", false},
        {"10.0.0.0/", "10.0.0.0", false},
        {"10.0.0.0/x", "10.0.0.0", false},
        {"10.0.0/8", "10.0.0.0", false},
        {"/8", "10.0.0.0", false},
        {"fd00::/8", "fd12::1", true},
        {"fd00::/8", "fe80::1", false},
        {"fd00::/8", "10.0.0.1", false},
        {"10.0.0.0/8", "fd12::1", false},
        {"2001:db8::/33", "2001:db8:7fff::1", true},
        {"2001:db8::/33", "2001:db8:8000::1", false},
        {"0123456789012345678901234567890123456789012345678/8", "10.0.0.0", false},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool v6 = strchr(rows[i].host, ':') != NULL;
        const char *list = arena_printf(&arena, "NO_PROXY=%s", rows[i].list);
        const char *url =
            arena_printf(&arena, "https://%s%s%s/", v6 ? "[" : "", rows[i].host, v6 ? "]" : "");
        const char *const variables[] = {"HTTPS_PROXY=http://p:1", list, NULL};

        is_str(found(variables, url), rows[i].exempt ? "-" : "HTTPS_PROXY p:1",
               arena_printf(&arena, "%s and %s", rows[i].list, rows[i].host));
    }
}

static int tunnel(const struct web *web, const char *login, const char *host, struct conn *c,
                  struct err *e)
{
    const struct net_wait w = {.deadline_ms = clock_ms() + 5000};
    const struct proxy p = {.use = true,
                            .variable = "X_PROXY",
                            .url = {.scheme = URL_HTTP,
                                    .user_info = login,
                                    .host = "127.0.0.1",
                                    .port = web->port,
                                    .path = "/"}};
    const struct url to = {.scheme = URL_HTTPS, .user_info = "", .host = host, .port = 443};

    err_reset(e);
    conn_init(c);
    return proxy_connect(&p, c, &to, &w, e);
}

int main(void)
{
    static const struct web_rule rules[] = {
        {"CONNECT good:443 ", "HTTP/1.1 200 Fine\r\nContent-Length: 9\r\n\r\nhello", 0, false},
        {"CONNECT [::2]:443 ", "HTTP/1.0 200 Fine\r\n\r\n", 0, false},
        {"CONNECT ask:443 ", "HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n", 0, false},
        {"CONNECT no:443 ", "HTTP/1.1 403 No\r\n\r\n", 0, false},
        {"CONNECT odd:443 ", "HTTP/1.1 204 Odd\r\n\r\n", 0, false},
        {NULL, NULL, 0, false}};
    static char giant[2000];
    struct err e = {0};
    struct conn c;
    struct web web;

    choices();
    networks();
    web_start(&web, rules);
    ok(tunnel(&web, "a:b%40", "good", &c, &e) == 0, "a tunnel is opened %s", e.text);
    while (!c.eof &&
           conn_fill(&c, &(struct net_wait){.deadline_ms = clock_ms() + 5000}, &e) == 0) {
    }
    is_mem(buf_data(&c.in), c.in.len, "hello", 5,
           "bytes behind the head are those of the host");
    is_str(
        web.log,
        "CONNECT good:443 HTTP/1.1\r\nHost: good:443\r\nProxy-Authorization: Basic YTpiQA==\r\n"
        "\r\n",
        "the request names the host and has the login");
    conn_close(&c);
    ok(tunnel(&web, "", "::2", &c, &e) == 0 && strstr(web.log, "[::2]:443\r\n\r\n") != NULL,
       "a tunnel to an IPv6 address, without a login, is opened %s", e.text);
    conn_close(&c);
    ok(tunnel(&web, "u:sesame", "ask", &c, &e) < 0 && e.kind == ERR_REFUSED &&
           strstr(e.hint, "X_PROXY=http://user:password@127.0.0.1:") != NULL &&
           strstr(e.text, "sesame") == NULL,
       "a proxy that requires a login is reported with a hint: %s %s", e.text, e.hint);
    conn_close(&c);
    ok(tunnel(&web, "", "no", &c, &e) < 0 && strstr(e.text, "403 No") != NULL,
       "a proxy that refuses is an error: %s", e.text);
    conn_close(&c);
    ok(tunnel(&web, "", "odd", &c, &e) < 0, "a reply that opens no tunnel is an error: %s",
       e.text);
    conn_close(&c);
    ok(tunnel(&web, "", "nothing", &c, &e) < 0 && e.kind == ERR_EOF,
       "a proxy that closes the connection is an error: %s", e.text);
    conn_close(&c);
    ok(tunnel(&web, "a%4", "good", &c, &e) < 0 && e.kind == ERR_FORMAT,
       "a login with a bad percent-encoding is an error: %s", e.text);
    conn_close(&c);
    memset(giant, 'a', sizeof(giant) - 1);
    ok(tunnel(&web, giant, "good", &c, &e) < 0 && strlen(e.text) < 200,
       "a login that is too long is an error: %s", e.text);
    conn_close(&c);
    web_stop(&web);
    ok(tunnel(&web, "", "good", &c, &e) < 0 && strstr(e.text, "proxy 127.0.0.1: ") == e.text,
       "a proxy that cannot be reached is an error: %s", e.text);
    conn_close(&c);
    arena_release(&arena);
    return done_testing();
}
