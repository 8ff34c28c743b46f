/* SPDX-License-Identifier: MIT */
#include "engine/images.h"

#include "fake_engine.h"
#include "tap.h"

static const struct fake_rule rules[] = {
    {"GET /v1.41/images/cco%3Ax/json",
     FAKE_JSON("200 OK", "{\"Id\":\"sha256:1\",\"Created\":\"2026-11-25T13:12:47.1Z\","
                         "\"Architecture\":\"arm64\",\"Os\":\"linux\",\"Size\":1234,"
                         "\"Config\":{\"Env\":[\"A=b\",\"PATH=/bin\"],"
                         "\"Labels\":{\"cco.init\":\"ff\",\"cco.digest\":\"dd\","
                         "\"cco.inputs\":\"ii\",\"cco.packages\":\"p q\"}}}"),
     false},
    {"GET /v1.41/images/plain/json",
     FAKE_JSON("200 OK", "{\"Id\":\"sha256:2\",\"Created\":\"0001-01-01T00:00:00Z\",\"Config\":"
                         "{\"Labels\":null}}"),
     false},
    {"GET /v1.41/images/none/json",
     FAKE_JSON("404 Not Found", "{\"message\":\"no such image\"}"), false},
    {"GET /v1.41/images/bad/json", FAKE_JSON("200 OK", "{\"Id\":7}"), false},
    {"GET /v1.41/images/host%3A5000%2Fa%20b/json", FAKE_JSON("200 OK", "{\"Id\":\"3\"}"),
     false},
    {"GET /v1.41/images/No%20Name/json",
     FAKE_JSON("400 Bad Request", "{\"message\":\"invalid reference format\"}"), false},
    FAKE_END,
};

int main(void)
{
    struct fake f;
    struct arena a = {0};
    struct engine en;
    struct fact_image image;
    struct err e = {0};

    (void)signal(SIGPIPE, SIG_IGN);
    fake_engine(&en, &f, rules);
    is_int(engine_image(&en, "cco:x", &a, &image, &e), 0, "an image of ours");
    ok(image.present, "is there");
    is_str(image.init_digest, "ff", "the digest of its cco");
    is_str(image.path_env, "/bin", "its PATH");
    is_str(image.digest, "dd", "the digest of what it was made of");
    is_str(image.inputs, "ii", "without certificates");
    is_str(image.packages, "p q", "its packages");
    is_str(image.arch, "arm64", "what it runs on");
    is_str(image.os, "linux", "and as what");
    is_int(image.created, 1795612367, "when it was made");
    is_int((long long)image.size, 1234, "its size");
    is_int(engine_image(&en, "plain", &a, &image, &e), 0, "another image");
    ok(image.present && image.init_digest == NULL && image.path_env == NULL, "has neither");
    ok(image.digest == NULL && image.inputs == NULL && image.arch == NULL && image.size == 0 &&
           image.created == 0,
       "nor anything else that it does not tell");
    is_int(engine_image(&en, "none", &a, &image, &e), 0, "a missing image is no failure");
    ok(!image.present, "it is missing");
    is_int(engine_image(&en, "host:5000/a b", &a, &image, &e), 0,
           "any reference can be asked for");
    ok(engine_image(&en, "bad", &a, &image, &e) < 0 && e.kind == ERR_FORMAT, "nonsense: %s",
       e.text);
    ok(engine_image(&en, "oops", &a, &image, &e) < 0 && e.code == 500, "a refusal: %s", e.text);
    ok(engine_image(&en, "No Name", &a, &image, &e) < 0 && strstr(e.hint, "name:tag") != NULL,
       "what is no name: %s", e.hint);
    engine_close(&en);
    fake_stop(&f);
    arena_release(&a);
    return done_testing();
}
