/* SPDX-License-Identifier: MIT */
#include "engine/discover_ping.h"

#include "engine/docker_api.h"

#include "fake.h"
#include "tap.h"

#define PING(fields)                                                                           \
    "HTTP/1.1 200 OK\r\n" fields "Content-Length: 0\r\nConnection: close\r\n\r\n"

static struct engine en;
static struct err e;

static int ping(const struct fake_rule *rules, int64_t timeout_ms)
{
    static struct fake f;
    struct net_wait w;
    int rc;

    fake_start(&f, rules);
    en = (struct engine){.ops = &docker_engine,
                         .address = "unix:///x",
                         .timeout_ms = timeout_ms,
                         .endpoint.path = f.socket};
    e = (struct err){0};
    conn_init(&en.conn);
    w = api_wait(&en);
    rc = engine_ping(&en, &w, &e);
    engine_close(&en);
    fake_stop(&f);
    return rc;
}

static int head(const char *reply)
{
    const struct fake_rule rules[] = {{"HEAD /_ping", reply, false}, FAKE_END};

    return ping(rules, 5000);
}

static int get(const char *reply)
{
    const struct fake_rule rules[] = {
        {"HEAD /_ping", "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n", false},
        {"GET /_ping", reply, false},
        {"GET /version", FAKE_JSON("200 OK", "{\"ApiVersion\":\"1.24\"}"), false},
        FAKE_END};

    return ping(rules, 5000);
}

static unsigned oldest(const char *version, const char *said)
{
    const struct fake_rule rules[] = {{"GET /version", version, false}, FAKE_END};
    static struct fake f;
    struct net_wait w;
    unsigned n;

    fake_start(&f, rules);
    en = (struct engine){
        .ops = &docker_engine, .address = "x", .timeout_ms = 5000, .endpoint.path = f.socket};
    conn_init(&en.conn);
    w = api_wait(&en);
    n = ping_oldest(&en, &w, str_c(said));
    engine_close(&en);
    fake_stop(&f);
    return n;
}

static void test_engines(void)
{
    is_int(head(FAKE_PING), 0, "the ping of Docker 20.10 is understood");
    ok(en.ping.done && en.ping.major == 1 && en.ping.minor == 41 && !en.ping.podman &&
           !en.ping.buildkit,
       "it has the version");
    is_str(en.ping.server, "Docker/20.10.24 (linux)", "it has the name");
    is_str(en.ping.os, "linux", "it has the operating system");
    is_int(head(PING("Api-Version: 1.52\r\nBuilder-Version: 2\r\n")), 0,
           "the ping of a newer engine is understood");
    ok(en.ping.minor == 52 && en.ping.buildkit, "it says that BuildKit is the builder");
    is_int(head(PING("Api-Version: 1.41\r\nLibpod-Api-Version: 4.3.1\r\n")), 0,
           "the ping of Podman is understood");
    ok(en.ping.podman, "Podman is recognized by a field of its own");
    is_int(get(PING("Api-Version: 1.30\r\n")), 0,
           "an engine that does not know HEAD is pinged");
    is_int(en.ping.minor, 30, "it is asked with GET");
    is_int(get("HTTP/1.1 200 OK\r\nServer: Docker/1.12.6 (linux)\r\nContent-Length: 2\r\n"
               "Connection: close\r\n\r\nOK"),
           0, "an engine whose ping has no version is pinged");
    ok(en.ping.major == 1 && en.ping.minor == 24, "the version comes from GET /version");
    is_str(en.ping.server, "Docker/1.12.6 (linux)", "the name of the ping is kept");
}

static void test_others(void)
{
    ok(head("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") < 0 && e.kind == ERR_FORMAT &&
           e.hint[0] != '\0',
       "a web server is refused: %s", e.text);
    ok(head("SSH-2.0-x\r\n\r\n") < 0 && e.kind == ERR_FORMAT,
       "a server of another protocol is refused: %s", e.text);
    ok(head(NULL) < 0, "a server that closes the connection is an error: %s", e.text);
    ok(get(FAKE_JSON("500 Oops", "{\"message\":\"no\"}")) < 0 && e.kind == ERR_ENGINE &&
           strstr(e.text, "says: no") != NULL,
       "the message of a refusal is reported: %s", e.text);
    ok(get("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS "
           "server.\n") < 0 &&
           strstr(e.hint, "DOCKER_TLS_VERIFY") != NULL,
       "the hint says how to use TLS if the server expects it: %s", e.text);
    ok(head(PING("Api-Version: one\r\n")) < 0 && !en.ping.done,
       "a version that is not a number is refused: %s", e.text);
    const struct fake_rule silent[] = {{"HEAD /_ping", "", false}, FAKE_END};

    ok(ping(silent, 200) < 0 && e.kind == ERR_TIMEOUT, "a silent server is a timeout: %s",
       e.text);
}

static void test_oldest(void)
{
    static const char said[] = "the engine says: client version 1.44 is too old. Minimum "
                               "supported API version is 1.46, please upgrade";

    is_int(oldest(FAKE_JSON("200 OK", "{\"MinAPIVersion\":\"1.47\"}"), said), 47,
           "the oldest version comes from /version");
    is_int(oldest(FAKE_JSON("200 OK", "{}"), said), 46, "or from the refusal");
    is_int(oldest(FAKE_JSON("404 Not Found", "{}"), said), 46, "also if /version is refused");
    is_int(oldest(FAKE_JSON("200 OK", "{}"), "something else"), 0, "it is 0 if neither has it");
    is_int(oldest(FAKE_JSON("200 OK", "{\"MinAPIVersion\":\"x\"}"), ""), 0,
           "it is 0 if /version has no number");
    is_int(oldest(FAKE_JSON("200 OK", "{\"MinAPIVersion\":\"2.0\"}"), ""), 0,
           "it is 0 for another major version");
}

int main(void)
{
    test_engines();
    test_others();
    test_oldest();
    return done_testing();
}
