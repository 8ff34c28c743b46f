/* SPDX-License-Identifier: MIT */
#include "engine/images.h"

#include "fake_engine.h"
#include "tap.h"

#define FILTER "filters=%7B%22label%22%3A%5B%22cco%3D1%22%5D%7D"

static const struct fake_rule rules[] = {
    {"GET /v1.41/images/json?" FILTER,
     FAKE_JSON(
         "200 OK",
         "[{\"Id\":\"sha256:a\",\"Created\":5,\"Size\":10,"
         "\"RepoTags\":[\"cco:loaded-0123456789ab\",\"cco:aaaaaaaaaaaa\",\"mine:1\"],"
         "\"Labels\":{\"cco\":\"1\",\"cco.digest\":\"aa\",\"cco.inputs\":\"ii\","
         "\"cco.packages\":\"p q\"}},"
         "{\"Id\":\"sha256:b\",\"Created\":9,\"RepoTags\":[\"localhost/cco:bbbbbbbbbbbb\"],"
         "\"Labels\":{\"cco\":\"1\"}},"
         "{\"Id\":\"sha256:c\",\"Created\":9,\"RepoTags\":[\"built-on-it:1\"],"
         "\"Labels\":{\"cco\":\"1\",\"cco.digest\":\"aa\"}},"
         "{\"Id\":\"sha256:d\",\"Created\":2,\"RepoTags\":null,\"Labels\":{\"cco\":\"1\"}},"
         "{\"Id\":\"sha256:f\",\"Created\":1,\"RepoTags\":[\"<none>:<none>\"],"
         "\"RepoDigests\":[\"<none>@<none>\"],\"Labels\":{\"cco\":\"1\"}},"
         "{\"Id\":\"sha256:g\",\"RepoTags\":[],\"RepoDigests\":[\"mine@sha256:1\"],"
         "\"Labels\":{\"cco\":\"1\"}},"
         "{\"Id\":\"sha256:h\",\"RepoTags\":[],\"Labels\":{\"cco\":\"1\",\"cco.digest\":\"aa\"}"
         "},"
         "{\"Id\":\"sha256:e\",\"RepoTags\":[\"cco:eeeeeeeeeeee\"],\"Labels\":null}]"),
     false},
    {"POST /v1.41/images/sha256%3Aa/tag?repo=cco&tag=old-0123456789ab ",
     "HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", false},
    {"POST /v1.41/images/", FAKE_JSON("404 Not Found", "{\"message\":\"no such image\"}"),
     false},
    {"DELETE /v1.41/images/cco%3Aaaaaaaaaaaaa ",
     FAKE_JSON("200 OK", "[{\"Untagged\":\"x\"},{\"Deleted\":\"sha256:a\"}]"), false},
    {"DELETE /v1.41/images/cco%3Abbbbbbbbbbbb ", FAKE_JSON("200 OK", "[{\"Untagged\":\"x\"}]"),
     false},
    {"DELETE /v1.41/images/cco%3Acccccccccccc ",
     FAKE_JSON("409 Conflict", "{\"message\":\"in use\"}"), false},
    {"DELETE /v1.41/images/cco%3Adddddddddddd ", FAKE_JSON("404 Not Found", "{}"), false},
    {"GET /v1.41/containers/json?all=1 ",
     FAKE_JSON("200 OK", "[{\"ImageID\":\"sha256:a\"},{},{\"ImageID\":\"sha256:z\"}]"), false},
    {"GET /v1.53/system/df",
     FAKE_JSON("200 OK", "{\"ImagesUsage\":{\"TotalCount\":2,\"TotalSize\":78}}"), false},
    {"GET /v1.41/system/df", FAKE_JSON("200 OK", "{\"LayersSize\":77,\"Images\":[]}"), false},
    FAKE_END,
};

static void tags(void)
{
    static const char *const ours[] = {
        "cco:0123456789ab",           "cco:loaded-0123456789ab",
        "cco:failed-0123456789ab",    "cco:old-0123456789ab",
        "localhost/cco:0123456789ab", "docker.io/library/cco:0123456789ab"};
    static const char *const others[] = {"cco:latest",
                                         "cco:0123456789abc",
                                         "cco:0123456789a",
                                         "cco:0123456789aB",
                                         "x/cco:0123456789ab",
                                         "xcco:0123456789ab",
                                         "cco:",
                                         "",
                                         "<none>:<none>",
                                         "cco:other-0123456789ab",
                                         "cco0123456789abcd"};

    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        ok(engine_own_tag(ours[i]) != NULL && strncmp(engine_own_tag(ours[i]), "cco:", 4) == 0,
           "%s is a tag of cco's", ours[i]);
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        ok(engine_own_tag(others[i]) == NULL, "'%s' is not a tag of cco's", others[i]);
    }
}

static void listed(struct engine *en, struct arena *a)
{
    struct engine_image *l = NULL;
    size_t count = 0;
    struct err e = {0};

    is_int(engine_images(en, a, &l, &count, &e), 0, "images are listed");
    if (!is_int(
            (long long)count, 4,
            "only images with a label and a tag of cco's, or of failed builds, are listed")) {
        return;
    }
    is_str(l[0].id, "sha256:b", "the newest image is the first");
    ok(!l[0].has_others && l[0].digest == NULL, "it has no other tag and no digest");
    is_str(l[1].tags.v[0], "cco:aaaaaaaaaaaa", "the tags are sorted");
    is_str(l[1].tags.v[1], "cco:loaded-0123456789ab", "and only those of cco's");
    ok(l[1].tags.count == 2 && l[1].has_others, "an image with another tag is marked");
    is_str(l[1].digest, "aa", "it has its digest");
    is_str(l[1].inputs, "ii", "it has its inputs");
    is_str(l[1].packages, "p q", "it has its packages");
    ok(strcmp(l[2].id, "sha256:d") == 0 && l[2].tags.count == 1 &&
           strcmp(l[2].tags.v[0], l[2].id) == 0 && strcmp(l[3].tags.v[0], "sha256:f") == 0,
       "images of failed builds without a tag have their ids as names");
    ok(l[1].created == 5 && l[1].size == 10, "it has its time and size");
}

int main(void)
{
    struct engine en;
    struct arena a = {0};
    struct strv used = {0};
    struct err e = {0};
    struct fake f;
    bool deleted = false;
    uint64_t size = 0;

    (void)signal(SIGPIPE, SIG_IGN);
    fake_engine(&en, &f, rules);
    tags();
    listed(&en, &a);
    is_int(engine_tag(&en, "sha256:a", "cco:old-0123456789ab", &e), 0, "a tag is added");
    ok(engine_tag(&en, "gone", "cco:old-0123456789ab", &e) < 0 && e.code == 404,
       "a tag for a missing image is an error: %s", e.text);
    err_reset(&e);
    ok(engine_untag(&en, "cco:aaaaaaaaaaaa", NULL, &deleted, &e) == 0 && deleted,
       "removing the last tag deletes the image");
    ok(engine_untag(&en, "cco:bbbbbbbbbbbb", NULL, &deleted, &e) == 0 && !deleted,
       "removing another tag deletes only the tag");
    ok(engine_untag(&en, "cco:cccccccccccc", NULL, &deleted, &e) < 0 && e.kind == ERR_REFUSED,
       "an image in use is refused: %s", e.text);
    err_reset(&e);
    ok(engine_untag(&en, "cco:dddddddddddd", NULL, &deleted, &e) == 0 && !deleted,
       "a missing tag is not an error");
    ok(engine_untag(&en, "cco:eeeeeeeeeeee", NULL, &deleted, &e) < 0 && e.kind == ERR_ENGINE,
       "another status is an error: %s", e.text);
    err_reset(&e);
    ok(engine_used_images(&en, &a, &used, &e) == 0 && used.count == 2 &&
           strcmp(used.v[1], "sha256:z") == 0,
       "the images of all containers are listed");
    ok(engine_layers_size(&en, NULL, &size, &e) == 0 && size == 77,
       "the size of the layers is read");
    en.api_minor = 53;
    ok(engine_layers_size(&en, NULL, &size, &e) == 0 && size == 78,
       "the size is also read under its newer name: %s", e.text);
    engine_close(&en);
    fake_stop(&f);
    arena_release(&a);
    return done_testing();
}
