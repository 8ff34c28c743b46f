/* SPDX-License-Identifier: MIT */
#include "engine/images.h"

#include "base/secret.h"
#include "fake_engine.h"
#include "progress.h"
#include "tap.h"

static const struct fake_rule rules[] = {
    {"POST /v1.41/images/create?fromImage=alpine&tag=3 ",
     FAKE_JSON("200 OK", "{\"status\":\"Status: done\"}\n"), false},
    {"POST /v1.41/images/create?fromImage=h%3A5%2Fn&tag=latest ", FAKE_JSON("200 OK", "{}"),
     false},
    {"POST /v1.41/images/create?fromImage=a%2Fb&tag=sha256%3Aff ", FAKE_JSON("200 OK", "{}"),
     false},
    {"POST /v1.41/images/create?fromImage=gone&tag=latest ",
     FAKE_JSON("404 Not Found", "{\"message\":\"pull access denied\"}"), false},
    FAKE_END,
};

int main(void)
{
    struct fake f;
    struct noted noted;
    struct engine en;
    struct err e = {0};
    struct secret none = {0};
    struct secret auth = {0};

    secret_set(&auth, str_c("eyJhIjoxfQ=="));

    (void)signal(SIGPIPE, SIG_IGN);
    noted_init(&noted);
    fake_engine(&en, &f, rules);
    is_int(engine_pull(&en, "alpine:3", NULL, &noted.progress, &e), 0,
           "an image is pulled by name and tag");
    is_str(buf_c(&noted.text), "out(Status: done)", "its progress is reported");
    is_int(engine_pull(&en, "h:5/n", &auth, &noted.progress, &e), 0,
           "a port is not taken for a tag, and the default tag is latest");
    ok(fake_saw(&f, "X-Registry-Auth: eyJhIjoxfQ==\r\n"), "the login is sent");
    is_int(engine_pull(&en, "a/b@sha256:ff", &none, &noted.progress, &e), 0,
           "an image is pulled by digest");
    ok(engine_pull(&en, "gone", NULL, &noted.progress, &e) < 0 && e.code == 404,
       "a refusal is an error: %s", e.text);
    secret_release(&auth);
    fake_stop(&f);
    buf_release(&noted.text);
    return done_testing();
}
