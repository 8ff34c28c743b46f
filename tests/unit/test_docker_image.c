/* SPDX-License-Identifier: MIT */
#include "engine/images.h"

#include "fake_engine.h"
#include "tap.h"

static const struct fake_rule rules[] = {
    {"GET /v1.41/images/cco%3Ax/json",
     FAKE_JSON(
         "200 OK",
         "{\"Id\":\"sha256:1\",\"RepoTags\":[\"cco:x\"],\"Created\":\"2026-11-25T13:12:47.1Z\","
         "\"Architecture\":\"arm64\",\"Os\":\"linux\",\"Size\":1234,"
         "\"Config\":{\"Env\":[\"A=b\",\"PATH=/bin\"],"
         "\"Labels\":{\"cco.init\":\"ff\",\"cco.digest\":\"dd\","
         "\"cco.inputs\":\"ii\",\"cco.packages\":\"p q\"}}}"),
     false},
    {"GET /v1.41/images/plain/json",
     FAKE_JSON("200 OK", "{\"Id\":\"sha256:2\",\"RepoTags\":[\"<none>:<none>\"],\"Created\":"
                         "\"0001-01-01T00:00:00Z\",\"Config\":"
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
    is_int(engine_image(&en, "cco:x", &a, &image, &e), 0, "an image of cco's is described");
    ok(image.present && image.has_tags, "it is present, and has a tag");
    is_str(image.init_digest, "ff", "it has the digest of its cco");
    is_str(image.path_env, "/bin", "it has PATH");
    is_str(image.digest, "dd", "it has the digest of its inputs with certificates");
    is_str(image.inputs, "ii", "it has the digest of its inputs without certificates");
    is_str(image.packages, "p q", "it has its packages");
    is_str(image.arch, "arm64", "it has its architecture");
    is_str(image.os, "linux", "it has its operating system");
    is_int(image.created, 1795612367, "it has its time");
    is_int((long long)image.size, 1234, "it has its size");
    is_int(engine_image(&en, "plain", &a, &image, &e), 0, "another image is described");
    ok(!image.has_tags, "it has no tag");
    ok(image.present && image.init_digest == NULL && image.path_env == NULL,
       "labels and PATH that are missing are NULL");
    ok(image.digest == NULL && image.inputs == NULL && image.arch == NULL && image.size == 0 &&
           image.created == 0,
       "other members that are missing are NULL or 0");
    is_int(engine_image(&en, "none", &a, &image, &e), 0, "a missing image is not an error");
    ok(!image.present, "it is not present");
    is_int(engine_image(&en, "host:5000/a b", &a, &image, &e), 0,
           "a reference is percent-encoded");
    ok(engine_image(&en, "bad", &a, &image, &e) < 0 && e.kind == ERR_FORMAT,
       "a description without an id is an error: %s", e.text);
    ok(engine_image(&en, "oops", &a, &image, &e) < 0 && e.code == 500,
       "a refusal is an error: %s", e.text);
    ok(engine_image(&en, "No Name", &a, &image, &e) < 0 && strstr(e.hint, "name:tag") != NULL,
       "the hint says how images are named: %s", e.hint);
    engine_close(&en);
    fake_stop(&f);
    arena_release(&a);
    return done_testing();
}
