/* SPDX-License-Identifier: MIT */
/* Checks and loads bundles, most of which are damaged. */
#include "engine/image_bundle.h"

#include "base/sig.h"
#include "bundle.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>

static struct arena arena;

/* The damage that put_bundle() does to a bundle. */
enum damage {
    NOTHING,
    OTHER_ARCH,
    WRONG_SUM,
    WRONG_SUMS_FILE,
    WRONG_SIZE,
    EXTRA,
    TWICE,
    LINK,
    HARD_LINK,
    DOTS,
    ORDER,
    MISSING,
    BEHIND,
    OTHER_NAME
};

static void put_bundle(enum damage d, struct buf *out)
{
    const struct piece image[] = {
        {TAR_FILE, D64 "/layer.tar", "layer"},
        {TAR_FILE, "manifest.json",
         d == OTHER_NAME ? MANIFEST("\"debian:latest\"")
                         : LAYERS(CONFIG_NAME, D64 "/layer.tar", D64 "/layer.tar")},
        {TAR_FILE, CONFIG_NAME, LAYERED},
        {TAR_FILE, NULL, NULL}};
    struct bundle b = {.cco = "0.1.0",
                       .arch = d == OTHER_ARCH ? "arm64" : "amd64",
                       .tag = TAG,
                       .digest = D64,
                       .inputs = E64,
                       .id = "sha256:1",
                       .packages = ""};
    struct buf tar;
    struct buf text;
    struct buf sums;
    struct tar_w t;
    struct err e = {0};

    put_pieces(image, &tar);
    sum_of(str_c("program"), &b.files[BUNDLE_CCO]);
    sum_of(buf_str(&tar), &b.files[BUNDLE_IMAGE]);
    b.files[BUNDLE_IMAGE].sha256[5] ^= d == WRONG_SUM ? 1 : 0;
    b.files[BUNDLE_CCO].size += d == WRONG_SIZE ? 1 : 0;
    buf_init(&text, 1 << 20);
    buf_init(&sums, 1 << 20);
    buf_init(out, 1 << 20);
    tar_w_init(&t, out);
    (void)bundle_write(&b, 0, &text, &e);
    sum_of(buf_str(&text), &b.files[BUNDLE_MANIFEST]);
    (void)bundle_write_sums(&b, &sums, &e);
    if (d == WRONG_SUMS_FILE) {
        (void)buf_add_byte(&sums, '\n');
    }
    if (d != ORDER) {
        put_entry(&t, TAR_FILE, "cco-bundle.json", buf_str(&text));
    }
    put_entry(&t, TAR_FILE, d == DOTS ? "./SHA256SUMS" : "SHA256SUMS", buf_str(&sums));
    if (d == ORDER || d == TWICE) {
        put_entry(&t, TAR_FILE, "cco-bundle.json", buf_str(&text));
    }
    put_entry(&t,
              d == LINK        ? TAR_SYMLINK
              : d == HARD_LINK ? TAR_HARDLINK
                               : TAR_FILE,
              "cco", str_c("program"));
    if (d != MISSING) {
        put_entry(&t, TAR_FILE, "image.tar", buf_str(&tar));
    }
    if (d == EXTRA) {
        put_entry(&t, TAR_FILE, "more", str_c("x"));
    }
    (void)tar_w_end(&t, &e);
    if (d == BEHIND) {
        (void)buf_add_c(out, "\0x" + 1);
    }
    buf_release(&tar);
    buf_release(&text);
    buf_release(&sums);
}

static int open_with(struct str bytes)
{
    const char *path = in_tmp("b.tar");
    struct err e = {0};

    (void)unlink(path);
    if (file_write_new(path, bytes, 0600, &e) < 0) {
        abort();
    }
    return open(path, O_RDWR | O_CLOEXEC);
}

static int check(struct str bytes, struct bundle_file_found *found, struct err *e)
{
    int fd = open_with(bytes);
    int rc = check_bundle(fd, NULL, found, &arena, e);

    (void)close(fd);
    return rc;
}

static void refuses(enum damage d, const char *says)
{
    struct bundle_file_found found;
    struct buf out;
    struct err e;

    put_bundle(d, &out);
    ok(check(buf_str(&out), &found, &e) < 0 && strstr(e.text, says) != NULL, "refused: %s",
       e.text);
    buf_release(&out);
}

static void refuses_bytes(struct str bytes, const char *says, const char *hint)
{
    struct bundle_file_found found;
    struct err e;

    ok(check(bytes, &found, &e) < 0 && strstr(e.text, says) != NULL &&
           strstr(e.hint, hint) != NULL,
       "refused: %s (%s)", e.text, e.hint);
}

static void no_bundles(void)
{
    static const struct piece docker[] = {{TAR_FILE, "manifest.json", "[]"},
                                          {TAR_FILE, NULL, NULL}};
    struct buf out;

    refuses_bytes(str_c(""), "empty", "image save");
    refuses_bytes(str_c("\x1f\x8b\x08"), "gzip", "gunzip -c FILE | cco image load -");
    refuses_bytes(str_c("\x28\xb5\x2f\xfd"), "zstd", "zstd -dc");
    refuses_bytes(str_c("\xfd"
                        "7zXZ"),
                  "xz", "xz -dc");
    refuses_bytes(str_c("BZh9"), "bzip2", "bzip2 -dc");
    refuses_bytes(str_c("hello"), "not a tar archive", "image save");
    put_pieces(docker, &out);
    refuses_bytes(buf_str(&out), "its entry 1 is manifest.json", "docker load");
    buf_release(&out);
}

/* A bundle that is truncated, or in which a byte is changed (at every 97th offset), is
 * refused. */
static void damaged(void)
{
    struct bundle_file_found found;
    struct buf out;
    struct buf copy;
    struct err e;
    unsigned wrong = 0;

    put_bundle(NOTHING, &out);
    for (size_t len = 0; len + TAR_BLOCK < out.len; len += 97) {
        wrong += check(str_n(buf_data(&out), len), &found, &e) < 0 ? 0U : 1U;
    }
    is_int(wrong, 0, "every truncated bundle is refused");
    for (size_t at = 0; at + 2 * TAR_BLOCK < out.len; at += 97) {
        buf_init(&copy, 1 << 20);
        (void)buf_add_str(&copy, buf_str(&out));
        copy.mem[copy.head + at] ^= 1;
        /* The sums do not cover the headers and the padding of the outer archive. */
        if (check(buf_str(&copy), &found, &e) == 0) {
            wrong += strcmp(found.b.tag, TAG) == 0 ? 0U : 1U;
        }
        buf_release(&copy);
    }
    is_int(wrong, 0, "a changed bundle is refused or has the same content");
    buf_release(&out);
}

static int load(int fd, const struct bundle_file_found *found, const char *seen, bool wanted,
                struct err *e)
{
    static const struct fake_rule rules[] = {
        {"POST /v1.41/images/load?quiet=0 ",
         FAKE_JSON("200 OK", "{\"stream\":\"Loaded image: x\"}"), false},
        FAKE_END};
    struct bundle_engine b;
    int rc;

    *e = (struct err){0};
    bundle_engine_open(&b, rules);
    rc = bundle_load(&b.en, found, fd, &b.noted.progress, e);
    if (seen != NULL) {
        ok(fake_saw(&b.f, seen) == wanted, "the engine receives %s",
           wanted ? "the image" : "no end of the image");
    }
    bundle_engine_close(&b);
    return rc;
}

static void loads(void)
{
    struct bundle_file_found found = {0};
    struct buf out;
    struct err e;
    int fd;

    put_bundle(NOTHING, &out);
    ok(check(buf_str(&out), &found, &e) == 0, "a whole bundle is accepted %s", e.text);
    fd = open_with(buf_str(&out));
    is_int(load(fd, &found, "0\r\n\r\n", true, &e), 0, "its image is loaded");
    ok(pwrite(fd, "!", 1, (off_t)found.image_at + TAR_BLOCK) == 1,
       "a byte of the file is changed");
    ok(load(fd, &found, "\r\n0\r\n\r\n", false, &e) < 0 && strstr(e.text, "changed") != NULL,
       "a bundle that has changed is not loaded: %s", e.text);
    ok(ftruncate(fd, (off_t)found.image_at + TAR_BLOCK) == 0, "the file is truncated");
    ok(load(fd, &found, NULL, false, &e) < 0 && strstr(e.text, "changed") != NULL,
       "a bundle that was truncated is not loaded: %s", e.text);
    (void)close(fd);
    buf_release(&out);
}

static void canceled(void)
{
    struct sig sig = {.fd = -1};
    struct bundle_file_found found;
    struct buf out;
    struct err e = {0};
    int fd;

    put_bundle(NOTHING, &out);
    fd = open_with(buf_str(&out));
    ok(sig_open(&sig, &e) == 0 && raise(SIGINT) == 0, "SIGINT arrives");
    ok(check_bundle(fd, &sig, &found, &arena, &e) < 0 && e.kind == ERR_CANCELED,
       "a signal ends the check: %s", e.text);
    sig_close(&sig);
    (void)close(fd);
    buf_release(&out);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    loads();
    refuses(OTHER_ARCH, "for arm64, but the engine here for amd64");
    refuses(WRONG_SUM, "image.tar in it is damaged");
    refuses(WRONG_SUMS_FILE, "its SHA256SUMS do not match");
    refuses(WRONG_SIZE, "cco in it is damaged");
    refuses(EXTRA, "its entry 5 is more");
    refuses(TWICE, "its entry 3 is cco-bundle.json");
    refuses(LINK, "not a file: cco");
    refuses(HARD_LINK, "not a file: cco");
    refuses(DOTS, "./SHA256SUMS");
    refuses(ORDER, "its entry 1 is SHA256SUMS");
    refuses(MISSING, "missing");
    refuses(BEHIND, "after its end");
    refuses(OTHER_NAME, "image is not " TAG);
    no_bundles();
    damaged();
    canceled();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
