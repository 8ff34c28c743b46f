/* SPDX-License-Identifier: MIT */
/* Writes bundles, and reads them again with bundle_check(). */
#include "engine/image_bundle.h"

#include "bundle.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>

#define GOOD_MANIFEST MANIFEST("\"" TAG "\"")

static char reply[300];

/* Makes the engine's reply: the archive of `p`, then `more`, without the last `cut` bytes. */
static void engine_saves(const struct piece *p, const char *more, size_t cut)
{
    struct buf tar;
    struct buf out;
    struct err e = {0};

    put_pieces(p, &tar);
    (void)buf_add_c(&tar, more);
    buf_init(&out, 1 << 20);
    (void)buf_addf(&out,
                   "HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nContent-Length: "
                   "%zu\r\n\r\n",
                   tar.len);
    (void)buf_add(&out, buf_data(&tar), tar.len - cut);
    (void)snprintf(reply, sizeof(reply), "@%s", in_tmp("reply"));
    (void)unlink(reply + 1);
    ok(file_write_new(reply + 1, buf_str(&out), 0600, &e) == 0,
       "the engine's reply is prepared %s", e.text);
    buf_release(&tar);
    buf_release(&out);
}

static int save(const struct fake_rule *rules, int fd, const char *exe, struct err *e)
{
    const struct bundle_source s = {.b = {.cco = "0.1.0",
                                          .arch = "amd64",
                                          .tag = TAG,
                                          .digest = D64,
                                          .inputs = E64,
                                          .id = "sha256:1",
                                          .packages = ""},
                                    .exe = exe,
                                    .image_size = 100};
    struct bundle_engine b;
    int rc;

    *e = (struct err){0};
    bundle_engine_open(&b, rules);
    rc = bundle_save(&b.en, &s, fd, "b.tar", &b.noted.progress, e);
    bundle_engine_close(&b);
    return rc;
}

static const struct piece good_image[] = {{TAR_FILE, "manifest.json", GOOD_MANIFEST},
                                          {TAR_FILE, CONFIG_NAME, CONFIG("amd64", D64)},
                                          {TAR_FILE, NULL, NULL}};
static const struct piece other_image[] = {{TAR_FILE, "manifest.json", MANIFEST("\"x:1\"")},
                                           {TAR_FILE, CONFIG_NAME, CONFIG("amd64", D64)},
                                           {TAR_FILE, NULL, NULL}};

static int open_file(void)
{
    return open(in_tmp("b.tar"), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

static void whole(const struct fake_rule *rules)
{
    struct bundle_file_found found = {0};
    struct arena a = {0};
    struct err e;
    int fd = open_file();

    engine_saves(good_image, "", 0);
    is_int(save(rules, fd, in_tmp("exe"), &e), 0, "a bundle is written");
    ok(check_bundle(fd, NULL, &found, &a, &e) == 0, "it is read again %s", e.text);
    is_str(found.b.tag, TAG, "it has the name of its image");
    is_int((long long)found.b.files[BUNDLE_CCO].size, 7, "it has cco");
    ok(found.image_at % TAR_BLOCK == 0 && found.image_at < 10000,
       "the image begins at a block after the head");
    ok(system("cd \"$T\" && tar xf b.tar && sha256sum --quiet -c SHA256SUMS && "
              "test -x cco && test \"$(cat cco)\" = program") == 0,
       "tar(1) extracts it, and sha256sum(1) accepts the sums");
    (void)close(fd);
    arena_release(&a);
}

static void broken(const struct fake_rule *rules)
{
    struct bundle_file_found found;
    struct arena a = {0};
    struct err e;
    int fd = open_file();

    engine_saves(good_image, "{\"message\":\"disk error\"}", 0);
    ok(save(rules, fd, in_tmp("exe"), &e) < 0,
       "bytes after the end of the image are an error: %s", e.text);
    ok(check_bundle(fd, NULL, &found, &a, &e) < 0, "the file is not a bundle then: %s", e.text);
    (void)close(fd);
    fd = open_file();
    engine_saves(good_image, "", 600);
    ok(save(rules, fd, in_tmp("exe"), &e) < 0 && e.kind == ERR_EOF,
       "an image that ends early is an error: %s", e.text);
    (void)close(fd);
    fd = open_file();
    engine_saves(other_image, "", 0);
    ok(save(rules, fd, in_tmp("exe"), &e) < 0 && strstr(e.text, "its image is not") != NULL,
       "another image is refused: %s", e.text);
    (void)close(fd);
    fd = open("/dev/full", O_RDWR | O_CLOEXEC);
    engine_saves(good_image, "", 0);
    ok(save(rules, fd, in_tmp("exe"), &e) < 0 && strstr(e.text, "No space left") != NULL &&
           e.hint[0] != '\0',
       "a full disk is an error with a hint: %s", e.text);
    (void)close(fd);
    fd = open_file();
    ok(save(rules, fd, in_tmp("none"), &e) < 0 && e.kind == ERR_NOT_FOUND,
       "a missing cco is an error: %s", e.text);
    (void)close(fd);
    arena_release(&a);
}

int main(void)
{
    const struct fake_rule rules[] = {
        {"GET /v1.41/images/cco%3A0123456789ab/get ", reply, false}, FAKE_END};
    static const struct fake_rule none[] = {FAKE_END};
    struct err e;
    int fd;

    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    (void)setenv("T", in_tmp(""), 1);
    put_file(in_tmp("exe"), "program");
    whole(rules);
    broken(rules);
    fd = open_file();
    ok(save(none, fd, in_tmp("exe"), &e) < 0 && e.kind == ERR_ENGINE,
       "a refusal is an error: %s", e.text);
    (void)close(fd);
    tmpdir_remove();
    return done_testing();
}
