/* SPDX-License-Identifier: MIT */
#include "engine/docker_api.h"

#include "base/limits.h"
#include "fake_engine.h"
#include "tap.h"

static const struct fake_rule rules[] = {
    {"GET /v1.41/good", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", true},
    {"GET /v1.41/json", FAKE_JSON("404 Not Found", "{\"message\":\"no such \\u0069mage\\n\"}"),
     false},
    {"GET /v1.41/text",
     "HTTP/1.1 409 Conflict\r\nContent-Type: application/json\r\n\r\nplain words\r\n", false},
    {"GET /v1.41/empty", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
     false},
    {"GET /v1.41/html", FAKE_JSON("502 Bad", "<html>"), false},
    {"GET /_ping", FAKE_PING, false},
    FAKE_END,
};

static void refused(struct engine *en, const char *target, int code, const char *text)
{
    struct buf b;
    struct err e = {0};

    buf_init(&b, LIMIT_HTTP_ERROR);
    ok(api_get(en, target, &b, &e) < 0 && e.kind == ERR_ENGINE && e.code == code, "%s: refused",
       target);
    is_str(e.text, text, "the error has the engine's message");
    buf_release(&b);
}

static void id_is(const char *reply, const char *want)
{
    char id[ENGINE_ID_MAX] = "";
    struct json root;
    struct err e = {0};

    if (json_parse(str_c(reply), &root, &e) < 0) {
        abort();
    }
    ok(api_read_id(root, id, &e) == (want != NULL ? 0 : -1), "%s is %s", reply,
       want != NULL ? "accepted" : "refused");
    is_str(id, want != NULL ? want : "", "the id is copied, or unchanged after an error");
}

static void test_ids(void)
{
#define DIGITS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    id_is("{\"Id\":\"a\"}", "a");
    id_is("{\"Id\":\"" DIGITS "\"}", DIGITS);
    id_is("{\"Id\":\"" DIGITS "0\"}", NULL);
    id_is("{\"Id\":\"\"}", NULL);
    id_is("{\"Id\":\"../x\"}", NULL);
    id_is("{\"Id\":\"a\\u0000\"}", NULL);
    id_is("{\"Id\":7}", NULL);
    id_is("{}", NULL);
}

int main(void)
{
    struct fake f;
    struct engine en;
    struct buf b;
    struct err e = {0};

    (void)signal(SIGPIPE, SIG_IGN);
    fake_engine(&en, &f, rules);
    buf_init(&b, 100);
    is_int(api_get(&en, "/good", &b, &e), 0, "a reply with status 200 is success");
    is_str(buf_c(&b), "{}", "the body is complete");
    ok(en.conn.fd >= 0, "the connection is kept open");
    ok(fake_saw(&f, "GET /v1.41/good HTTP/1.1\r\nHost: docker\r\n"),
       "the target begins with the version");
    conn_close(&en.conn);
    refused(&en, "/json", 404, "the engine says: no such image");
    refused(&en, "/text", 409, "the engine says: plain words");
    refused(&en, "/empty", 503, "the engine answers with status 503");
    refused(&en, "/html", 502, "the engine says: <html>");
    refused(&en, "/other", 500, "the engine says: no rule");
    ok(api_is_alive(&en, &e), "an engine that answers a ping is alive");
    fake_stop(&f);
    buf_reset(&b);
    ok(api_get(&en, "/good", &b, &e) < 0 && e.errnum == ENOENT,
       "an engine that has stopped is an error: %s", e.text);
    ok(!api_is_alive(&en, &e), "an engine that does not answer is not alive");
    buf_release(&b);
    test_ids();
    return done_testing();
}
