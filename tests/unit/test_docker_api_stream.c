/* SPDX-License-Identifier: MIT */
#include "engine/docker_api_stream.h"

#include "base/sig.h"
#include "engine/image_context.h"
#include "fake_engine.h"
#include "progress.h"
#include "tap.h"

#include <time.h>

static const struct fake_rule rules[] = {
    {"POST /v1.41/slow", "", false},
    {"GET /_ping", FAKE_PING, false},
    {"POST /v1.41/text", FAKE_JSON("200 OK", "not json at all"), false},
    {"POST /v1.41/step",
     FAKE_JSON("200 OK", "{\"stream\":\"Step 1/2 : FROM x\"}{\"stream\":\"Step 2/2 : RUN y\"}"
                         "{\"error\":\"no\"}"),
     false},
    {"GET /v1.41/whole",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
     false},
    {"GET /v1.41/short", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
     false},
    {"GET /v1.41/none", FAKE_JSON("404 Not Found", "{\"message\":\"no such image\"}"), false},
    {"POST /v1.41/cut", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n",
     false},
    {"POST /v1.41/told",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n16\r\n{\"error\":\"disk "
     "full!\"}\n\r\n",
     false},
    FAKE_END,
};

static struct noted noted;
static struct engine en = {
    .ops = &docker_engine, .address = "x", .api_minor = 41, .timeout_ms = 5000};

static int post(const char *target, struct err *e)
{
    *e = (struct err){0};
    const struct api_stream_call c = {.target = target};

    return api_stream_post(&en, &c, &noted.progress, e);
}

static void steps(void)
{
    char step[PROGRESS_STREAM_NAME_MAX] = "?";
    struct api_stream_call c = {.target = "/step", .failed_step = step};
    struct err e = {0};

    ok(api_stream_post(&en, &c, &noted.progress, &e) < 0, "a failed step is an error: %s",
       e.text);
    is_str(step, "Step 2/2 : RUN y", "the name of the step is reported");
    err_reset(&e);
    c.target = "/text";
    ok(api_stream_post(&en, &c, &noted.progress, &e) < 0, "another error is an error: %s",
       e.text);
    is_str(step, "", "it has no step");
}

struct kept {
    struct context_sink sink; /* the first member: keep() gets this address */
    struct buf text;
};

static int keep(struct context_sink *s, struct str bytes, struct err *e)
{
    (void)e;
    return buf_add_str(&((struct kept *)s)->text, bytes);
}

static void fetch(const char *target, const char *want, enum err_kind kind)
{
    struct kept k = {.sink = {keep}};
    struct err e = {0};

    buf_init(&k.text, 100);
    ok(api_stream_get(&en, target, &k.sink, &noted.progress, &e) == (kind == ERR_NONE ? 0 : -1),
       "GET %s %s", target, kind == ERR_NONE ? "succeeds" : "fails");
    ok(e.kind == kind, "the error has the expected kind: %s", e.text);
    is_str(buf_c(&k.text), want, "the bytes that arrived are passed on");
    buf_release(&k.text);
}

static void fetches(void)
{
    fetch("/whole", "abcde", ERR_NONE);
    fetch("/short", "abc", ERR_EOF);
    fetch("/none", "", ERR_ENGINE);
}

static void asks(void)
{
    struct api_request rq = {.method = "GET", .target = "/whole"};
    struct buf reply;
    struct err e = {0};
    int status = 0;

    buf_init(&reply, 100);
    ok(api_stream_ask(&en, &rq, NULL, &reply, &status, &e) == 0 && status == 200,
       "a reply of several chunks is read %s", e.text);
    is_str(buf_c(&reply), "abcde", "the body is complete");
    rq.target = "/none";
    buf_reset(&reply);
    ok(api_stream_ask(&en, &rq, NULL, &reply, &status, &e) == 0 && status == 404,
       "a refusal is a reply with its status %s", e.text);
    rq.target = "/short";
    ok(api_stream_ask(&en, &rq, NULL, &reply, &status, &e) < 0 && e.kind == ERR_EOF,
       "a reply that ends early is an error: %s", e.text);
    buf_release(&reply);
    buf_init(&reply, 3);
    rq.target = "/whole";
    ok(api_stream_ask(&en, &rq, NULL, &reply, &status, &e) < 0 && e.kind == ERR_LIMIT,
       "a reply that is too long is an error: %s", e.text);
    buf_release(&reply);
}

/* The engine is silent for several timeouts and answers pings: only a signal ends the wait. */
static void patience(void)
{
    struct sig sig = {.fd = -1};
    struct err e = {0};

    is_int(sig_open(&sig, &e), 0, "signals are received");
    en.sig = &sig;
    en.timeout_ms = 100; /* long enough for a ping under qemu */
    if (fork() == 0) {
        struct timespec some = {0, 750 * 1000 * 1000};

        (void)nanosleep(&some, NULL); /* seven timeouts; this does not wait for a condition */
        (void)kill(getppid(), SIGTERM);
        _exit(0);
    }
    ok(post("/slow", &e) < 0 && e.kind == ERR_CANCELED && e.code == SIGTERM,
       "silence is not an error while the engine answers pings: %s", e.text);
    (void)wait(NULL);
    ok(noted.ticks > 2 && noted.ticks < 20, "tick() is called meanwhile: %u", noted.ticks);
    en.sig = NULL;
    sig_close(&sig);
}

/* The engine is silent, and does not answer pings either. */
static void dead_engine(void)
{
    static const struct fake_rule silent[] = {
        {"POST /v1.41/slow", "", false}, {"GET /_ping", NULL, false}, FAKE_END};
    static struct fake f;
    static struct err e;

    fake_start(&f, silent);
    en.endpoint.path = f.socket;
    en.timeout_ms = 20;
    ok(post("/slow", &e) < 0 && strstr(e.text, "stopped answering") != NULL,
       "an engine that does not answer pings is given up: %s", e.text);
    fake_stop(&f);
    en.timeout_ms = 5000;
}

int main(void)
{
    static struct fake f;
    static struct err e;

    noted_init(&noted);
    dead_engine();
    fake_engine(&en, &f, rules);
    ok(post("/text", &e) < 0 && e.kind == ERR_FORMAT,
       "a stream that is not JSON is an error: %s", e.text);
    ok(post("/cut", &e) < 0 && e.kind == ERR_EOF, "a stream that ends early is an error: %s",
       e.text);
    ok(post("/told", &e) < 0 && e.kind == ERR_ENGINE && strcmp(e.text, "disk full!") == 0,
       "the engine's error is reported although the stream ends early: %s", e.text);
    ok(post("/other", &e) < 0 && e.code == 500, "a refusal is an error: %s", e.text);
    steps();
    fetches();
    asks();
    patience();
    fake_stop(&f);
    buf_release(&noted.text);
    return done_testing();
}
