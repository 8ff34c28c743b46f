/* SPDX-License-Identifier: MIT */
/* Over plain http on this machine. tests/e2e/test_update_network.py tests https. */
#include "net/fetch.h"

#include "base/clock.h"
#include "base/sig.h"
#include "tap.h"
#include "web.h"

#define OK "HTTP/1.1 200 OK\r\n"
#define TO(place) "HTTP/1.1 302 Found\r\nLocation: " place "\r\nContent-Length: 0\r\n\r\n"

static char *no_env[] = {NULL};
static struct web web;
static struct sig sig;

struct limits {
    int64_t connect_ms, window_ms;
    uint64_t window_bytes;
    size_t max;
};

static const struct limits usual = {5000, 5000, 1, 1000};

/* Returns the body, or NULL and the error. */
static const char *get(const char *path, const struct limits *l, struct err *e)
{
    static char text[1024];
    struct fetch f;
    struct buf out;
    struct url url = {.scheme = URL_HTTP,
                      .user_info = "",
                      .host = "127.0.0.1",
                      .port = web.port,
                      .path = path};
    int rc;

    err_reset(e);
    fetch_init(&f, no_env, &sig);
    f.connect_ms = l->connect_ms;
    f.window_ms = l->window_ms * test_slow();
    f.window_bytes = l->window_bytes;
    buf_init(&out, l->max);
    rc = fetch_all(&f, &url, &out, e);
    (void)snprintf(text, sizeof(text), "%.*s", (int)out.len, buf_data(&out));
    buf_release(&out);
    fetch_release(&f);
    return rc == 0 ? text : NULL;
}

static void refused(const char *path, const struct limits *l, enum err_kind kind,
                    const char *word)
{
    struct err e = {0};
    int64_t before = clock_ms();

    ok(get(path, l, &e) == NULL && e.kind == kind && strstr(e.text, word) != NULL, "%s: %s",
       path, e.text);
    ok(clock_ms() - before < 4000 * test_slow(), "the error is reported in time");
}

static void fields_are_sent(void)
{
    struct url url = {.scheme = URL_HTTP,
                      .user_info = "",
                      .host = "127.0.0.1",
                      .port = web.port,
                      .path = "/part"};
    static struct fetch f; /* static, so that the frame of main() stays small */
    struct str data;
    struct err e = {0};

    web.log[0] = '\0';
    fetch_init(&f, no_env, &sig);
    f.accept = "text/x";
    f.authorization = "Authorization: Bearer sesame";
    f.from = 3;
    ok(fetch_open(&f, &url, 10, &e) == 0 && f.partial && f.total == 2 &&
           fetch_body(&f, &data, &e) == 0 && str_eq_c(data, "lo"),
       "a part of a file is fetched %s", e.text);
    ok(strstr(web.log,
              "Accept: text/x\r\nRange: bytes=3-\r\nAuthorization: Bearer sesame\r\n") != NULL,
       "the fields are sent");
    url.path = "/length";
    ok(fetch_open(&f, &url, 10, &e) == 0 && !f.partial, "a server may send the whole file");
    f.from = 4;
    url.path = "/part";
    ok(fetch_open(&f, &url, 10, &e) < 0 && e.kind == ERR_FORMAT, "%s", e.text);
    f.from = 0;
    err_reset(&e);
    ok(fetch_open(&f, &url, 10, &e) < 0 && e.kind == ERR_ENGINE,
       "a part that was not requested is refused: %s", e.text);
    fetch_release(&f);
}

/* Another name of this machine is another server. */
static void login_is_for_one_server(void)
{
    struct url url = {.scheme = URL_HTTP,
                      .user_info = "",
                      .host = "127.0.0.1",
                      .port = web.port,
                      .path = "/named"};
    static struct fetch f; /* static, so that the frame of main() stays small */
    struct err e = {0};
    const char *second;

    web.log[0] = '\0';
    fetch_init(&f, no_env, &sig);
    f.authorization = "Authorization: Bearer sesame";
    ok(fetch_open(&f, &url, 10, &e) == 0, "a redirect to another server is followed %s",
       e.text);
    second = strstr(web.log, "GET /length");
    ok(strstr(web.log, "sesame") != NULL && second != NULL && strstr(second, "sesame") == NULL,
       "the login is sent to the first server only");
    fetch_release(&f);
}

static void remote(void)
{
    struct url url = {
        .scheme = URL_HTTP, .user_info = "", .host = "192.0.2.1", .port = 80, .path = "/"};
    struct fetch f;
    struct err e = {0};

    fetch_init(&f, no_env, NULL);
    ok(fetch_open(&f, &url, 10, &e) < 0 && e.kind == ERR_REFUSED,
       "plain http to another machine is refused: %s", e.text);
    fetch_release(&f);
    fetch_release(&f);
}

int main(void)
{
    static const struct web_rule rules[] = {
        {"GET /length ", OK "Content-Length: 5\r\n\r\nhello", 0, false},
        {"GET /chunks ",
         OK "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", 0, false},
        {"GET /close ", OK "\r\nhello", 0, false},
        {"GET /empty ", OK "Content-Length: 0\r\n\r\n", 0, true},
        {"GET /short ", OK "Content-Length: 9\r\n\r\nhello", 0, false},
        {"GET /drip ", OK "Content-Length: 40\r\n\r\n0123456789012345678901234567890123456789",
         8, true},
        {"GET /silence ", OK "Content-Length: 9\r\n\r\nhell", 0, true},
        {"GET /never ", "", 0, true},
        {"GET /1 ", TO("/2"), 0, false},
        {"GET /2 ", TO("3/../3?x"), 0, false},
        {"GET /3?x ", TO("?y"), 0, false},
        {"GET /3?y ", TO("//127.0.0.1:PORT/5"), 0, false},
        {"GET /5 ", TO("length#f"), 0, false},
        {"GET /0 ", TO("1"), 0, false},
        {"GET /loop ", TO("loop"), 0, false},
        {"GET /nowhere ", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", 0, false},
        {"GET /away ", TO("http://192.0.2.1/"), 0, false},
        {"GET /user ", TO("http://a:sesame@127.0.0.1/"), 0, false},
        {"GET /part ",
         "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 3-4/5\r\n"
         "Content-Length: 2\r\n\r\nlo",
         0, false},
        {"GET /named ", TO("http://localhost:PORT/length"), 0, false},
        {"GET /304 ", "HTTP/1.1 304 Not Modified\r\n\r\n", 0, false},
        {"GET /404 ", "HTTP/1.1 404 Gone fishing\r\n\r\n", 0, false},
        {"GET /500 ", "HTTP/1.1 500 Sorry\r\n\r\n", 0, false},
        {NULL, NULL, 0, false}};
    const struct limits small = {5000, 5000, 1, 4};
    const struct limits slow = {5000, 60, 20, 1000};
    const struct limits fast = {5000, 60, 1, 1000};
    const struct limits hasty = {80, 5000, 1, 1000};
    struct err e = {0};

    if (sig_open(&sig, &e) < 0) {
        abort();
    }
    web_start(&web, rules);
    is_str(get("/length", &usual, &e), "hello", "a body with a length is fetched");
    is_str(get("/chunks", &usual, &e), "hello", "a chunked body is fetched");
    is_str(get("/close", &usual, &e), "hello",
           "a body that lasts until the end of the connection is fetched");
    is_str(get("/empty", &usual, &e), "", "an empty body is fetched");
    ok(strstr(web.log, "GET /length HTTP/1.1\r\nHost: 127.0.0.1:") == web.log &&
           strstr(web.log, "User-Agent: cco/") != NULL &&
           strstr(web.log, "Connection: close") != NULL,
       "the request has the expected fields");
    refused("/length", &small, ERR_LIMIT, "limit");
    refused("/chunks", &small, ERR_LIMIT, "limit");
    refused("/close", &small, ERR_LIMIT, "limit");
    refused("/short", &usual, ERR_EOF, "closed");
    refused("/nothing", &usual, ERR_EOF, "closed");
    is_str(get("/drip", &fast, &e), "0123456789012345678901234567890123456789",
           "a slow body that is fast enough is fetched");
    refused("/drip", &slow, ERR_TIMEOUT, "too slow");
    refused("/silence", &slow, ERR_TIMEOUT, "too slow");
    refused("/never", &hasty, ERR_TIMEOUT, "in time");
    is_str(get("/1", &usual, &e), "hello", "five redirects are followed");
    refused("/0", &usual, ERR_LIMIT, "redirects");
    refused("/loop", &usual, ERR_LIMIT, "more than 5 redirects");
    refused("/nowhere", &usual, ERR_FORMAT, "without a Location");
    refused("/away", &usual, ERR_REFUSED, "plain http");
    refused("/user", &usual, ERR_REFUSED, "user name");
    refused("/304", &usual, ERR_ENGINE, "304 Not Modified");
    refused("/404", &usual, ERR_NOT_FOUND, "/404: 404 Gone fishing");
    refused("/500", &usual, ERR_ENGINE, "500 Sorry");
    fields_are_sent();
    login_is_for_one_server();
    remote();
    ok(raise(SIGINT) == 0, "a signal is pending");
    refused("/never", &usual, ERR_CANCELED, "INT");
    web_stop(&web);
    sig_close(&sig);
    return done_testing();
}
