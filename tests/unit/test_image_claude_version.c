/* SPDX-License-Identifier: MIT */
#include "engine/images.h"

#include "fake_engine.h"
#include "tap.h"
#include "tmpdir.h"
#include "wire/tar.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"
#define CREATED FAKE_JSON("201 Created", "{\"Id\":\"c0ffee\"}")

static struct arena arena;
static char reply[128] = "@";

/* Prepares the engine's reply: a tar archive with package.json. */
static void archive(const char *text)
{
    const struct tar_entry entry = {
        .type = TAR_FILE, .path = str_c("package.json"), .size = strlen(text), .mode = 0644};
    struct tar_w t;
    struct buf out;
    struct err e = {0};

    buf_init(&out, 1 << 20);
    (void)buf_add_c(&out, "HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\n\r\n");
    tar_w_init(&t, &out);
    (void)tar_w_entry(&t, &entry, &e);
    (void)tar_w_data(&t, text, strlen(text), &e);
    (void)tar_w_end(&t, &e);
    (void)snprintf(reply, sizeof(reply), "@%s", in_tmp("reply"));
    ok(file_write_atomic(reply + 1, buf_str(&out), 0600, &e) == 0, "an archive is prepared %s",
       e.text);
    buf_release(&out);
}

static const char *version(const struct fake_rule *rules, const char *id, bool removed)
{
    struct engine en;
    const char *out;
    struct fake f;

    fake_engine(&en, &f, rules);
    out = engine_claude_version(&en, id, in_tmp("state"), &arena);
    ok(fake_saw(&f, "DELETE /v1.41/containers/c0ffee?force=1") == removed, "%s",
       removed ? "the container is removed" : "no container is created");
    engine_close(&en);
    fake_stop(&f);
    return out;
}

int main(void)
{
    const struct fake_rule good[] = {
        {"POST /v1.41/containers/create", CREATED, false},
        {"GET /v1.41/containers/c0ffee/archive?path=%2Fusr%2Flocal", reply, false},
        {"DELETE /v1.41/containers/c0ffee",
         "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", false},
        FAKE_END,
    };
    const struct fake_rule none[] = {
        {"POST /v1.41/containers/create", CREATED, false},
        {"GET /v1.41/containers/c0ffee/archive",
         FAKE_JSON("404 Not Found", "{\"message\":\"no such file\"}"), false},
        {"DELETE /v1.41/containers/c0ffee",
         "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", false},
        FAKE_END,
    };
    const struct fake_rule refusing[] = {FAKE_END};

    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    archive("{\"name\":\"x\",\"version\":\"2.1.7\"}");
    is_str(version(good, "sha256:" ID "0", true), "2.1.7",
           "the version is read from the image");
    is_str(version(refusing, "sha256:" ID "0", false), "2.1.7",
           "it is kept, so that the engine is not asked again");
    is_str(version(refusing, ID "0", false), "2.1.7",
           "an id without sha256: has the same version");
    is_str(version(none, ID "1", true), NULL, "an image without claude has no version");
    is_str(version(refusing, ID "1", false), NULL, "this is kept as well");
    archive("{\"version\":\"2\\u001b[31m\"}");
    is_str(version(good, ID "2", true), NULL, "a version with control characters is ignored");
    archive("{\"version\":");
    is_str(version(good, ID "3", true), NULL, "a broken package.json gives no version");
    archive("{\"version\":\"1\"}");
    is_str(version(good, ID "3", true), "1", "this is not kept");
    is_str(version(refusing, ID "4", false), NULL, "a refusal gives no version");
    is_str(version(good, "sha256:../../etc", false), NULL,
           "an id that is not a SHA-256 gives no version");
    ok(engine_version_file("x", "/s", &arena) == NULL, "and has no file");
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
