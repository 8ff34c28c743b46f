/* SPDX-License-Identifier: MIT */
#include "engine/engine.h"

#include "fake.h"
#include "progress.h"
#include "tap.h"

static const struct fake_rule good[] = {
    {"POST /v1.41/build",
     FAKE_JSON("200 OK", "{\"stream\":\"Step 1/1 : FROM x\"}\r\n{\"aux\":{\"ID\":\"1\"}}"),
     false},
    {NULL, NULL, false},
};
static const struct fake_rule no_buildkit[] = {
    {"POST /v1.41/build?dockerfile=Dockerfile&rm=1&forcerm=1&version=2",
     FAKE_JSON("400 Bad Request", "{\"message\":\"buildkit is not supported by daemon\"}"),
     false},
    {"POST /v1.41/build?dockerfile=Dockerfile&rm=1&forcerm=1&version=1",
     FAKE_JSON("200 OK", "{\"stream\":\"ok\"}"), false},
    {NULL, NULL, false},
};
static const struct fake_rule failing[] = {
    {"POST /v1.41/build",
     FAKE_JSON("200 OK", "{\"errorDetail\":{\"message\":\"exit code: 9\"}}"), false},
    {NULL, NULL, false},
};
static const struct fake_rule refusing[] = {
    {"POST /v1.41/build", FAKE_JSON("500 Oops", "{\"message\":\"no space left on device\"}"),
     false},
    {NULL, NULL, false},
};
static const struct fake_rule vanishing[] = {{"POST /v1.41/build", NULL, false},
                                             {NULL, NULL, false}};
static const struct fake_rule silent[] = {
    {"POST /v1.41/build", "", false}, {"GET /_ping", "", false}, {NULL, NULL, false}};

static int build(const struct fake_rule *rules, const char *seen, struct err *e)
{
    struct fake f;
    struct arena a = {0};
    struct strv packages = {0};
    struct strv proxies = {0};
    struct noted noted;
    struct engine en = {.address = "x",
                        .api_minor = 41,
                        .timeout_ms = rules == silent ? 50 : 5000,
                        .buildkit = true};
    const struct image_input in = {.base = "b",
                                   .packages = &packages,
                                   .exe = "/proc/self/exe",
                                   .exe_digest = "77",
                                   .refresh = "9",
                                   .proxies = &proxies,
                                   .host_network = true};
    int rc;

    strv_add(&packages, &a, "p1");
    strv_add(&packages, &a, "p2");
    strv_add(&proxies, &a, "HTTP_PROXY=http://u:p@h");
    noted_init(&noted);
    *e = (struct err){0};
    fake_start(&f, rules);
    en.socket = f.socket;
    conn_init(&en.conn);
    rc = engine_build(&en, &in, "cco:tag", &noted.progress, e);
    if (seen != NULL) {
        ok(fake_saw(&f, seen), "the request holds %s", seen);
    }
    engine_close(&en);
    fake_stop(&f);
    buf_release(&noted.text);
    arena_release(&a);
    return rc;
}

int main(void)
{
    struct err e;

    (void)signal(SIGPIPE, SIG_IGN);
    is_int(build(good, "version=2&t=cco%3Atag&networkmode=host&buildargs=", &e), 0, "a build");
    is_int(build(good, "%22PACKAGES%22%3A%22p1%20p2%22%2C%22CLAUDE_REFRESH%22%3A%229%22", &e),
           0, "its arguments");
    is_int(build(good, "%22cco.init%22%3A%2277%22", &e), 0, "its labels");
    is_int(build(good, "Dockerfile\0", &e), 0, "its context");
    is_int(build(no_buildkit, "version=1", &e), 0,
           "an engine without BuildKit gets the classic build");
    ok(build(failing, NULL, &e) < 0 && e.kind == ERR_ENGINE &&
           strstr(e.text, "exit code: 9") != NULL,
       "%s", e.text);
    ok(build(refusing, NULL, &e) < 0 && strstr(e.text, "no space left") != NULL, "%s", e.text);
    ok(build(vanishing, NULL, &e) < 0 && e.kind != ERR_NONE, "an engine that goes away: %s",
       e.text);
    ok(build(silent, NULL, &e) < 0 && e.kind == ERR_TIMEOUT &&
           strstr(e.text, "stopped answering") != NULL,
       "one that falls silent and answers no ping: %s", e.text);
    return done_testing();
}
