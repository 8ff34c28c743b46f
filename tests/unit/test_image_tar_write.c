/* SPDX-License-Identifier: MIT */
#include "engine/image_tar_write.h"

#include "image_tar.h"
#include "progress.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>

#define END                                                                                    \
    {                                                                                          \
        TAR_FILE, NULL, NULL                                                                   \
    }
#define WANTED "|" C64 ".json=" LAYERED "|" L64 ".tar=layer|manifest.json=" NEW_MANIFEST "\n"
#define NEW_MANIFEST                                                                           \
    "[{\"Config\":\"" C64 ".json\",\"RepoTags\":[\"" TAG "\"],\"Layers\":[\"" L64              \
    ".tar\",\"" L64 ".tar\"]}]"

/* The SHA-256 of "packed", which stands for a compressed layer. */
#define P64 "88cb8a087b6e8cebfc9ae5602f5a2159a6bcf923e7f2c56809bcda6cad1727a7"

static const struct image_want want = {
    .tag = TAG, .digest = D64, .inputs = E64, .arch = "amd64"};

struct bytes {
    struct context_sink sink; /* the first member */
    struct buf all;
};

static int put(struct context_sink *s, struct str bytes, struct err *e)
{
    struct bytes *b = (struct bytes *)s; /* the first member */

    (void)e;
    return buf_add_str(&b->all, bytes);
}

/* Checks the archive of the pieces, changes a byte of the file if `change` is not 0, and sends
 * the image to `out`. Returns the result of image_tar_send(), or -2 if the check fails. */
static int resend(const struct piece *p, uint64_t change, struct bytes *out, struct err *e)
{
    const char *path = in_tmp("image.tar");
    struct image_content content;
    struct image_file_at in = {-1, 0};
    struct image_tar t;
    struct noted noted;
    struct buf tar;
    struct err ignored = {0};
    int rc = -2;

    *e = (struct err){0};
    put_pieces(p, &tar);
    (void)unlink(path);
    if (file_write_new(path, buf_str(&tar), 0600, &ignored) < 0) {
        abort();
    }
    in.fd = open(path, O_RDWR | O_CLOEXEC);
    buf_reset(&out->all);
    noted_init(&noted);
    image_tar_init(&t);
    if (image_tar_in(&t, buf_str(&tar), e) == 0 &&
        image_tar_end(&t, &in, &want, &t.arena, &content, e) == 0) {
        if (change > 0) {
            ok(pwrite(in.fd, "!", 1, (off_t)change) == 1, "a byte of the file is changed");
        }
        rc = image_tar_send(&content, &in, &out->sink, &noted.progress, e);
    }
    image_tar_release(&t);
    buf_release(&noted.text);
    buf_release(&tar);
    (void)close(in.fd);
    return rc;
}

/* Writes the entries of an archive to `out` as "|name=content". Returns whether the archive is
 * complete. */
static bool list(struct str in, struct buf *out)
{
    struct tar_r t;
    struct err e = {0};
    bool complete;
    int rc = 0;

    tar_r_init(&t);
    buf_reset(out);
    while (rc == 0 && in.len > 0) {
        struct str data = {0};
        size_t used = 0;
        bool ready = false;

        rc = tar_r_in(&t, in, &used, &ready, &data, &e);
        if (ready) {
            (void)buf_addf(out, "|%.*s=", (int)t.entry.path.len, t.entry.path.p);
        }
        (void)buf_add_str(out, data);
        in = str_drop(in, used);
    }
    complete = rc == 0 && t.state == TAR_END;
    tar_r_release(&t);
    return complete;
}

static void forms_of_engines_become_one_form(void)
{
    static const struct piece old[] = {
        {TAR_DIR, D64 "/", NULL},
        {TAR_FILE, D64 "/VERSION", "1.0"},
        {TAR_FILE, D64 "/layer.tar", "layer"},
        {TAR_SYMLINK, E64 "/layer.tar", "../" D64 "/layer.tar"},
        {TAR_FILE, "config.json", LAYERED},
        {TAR_FILE, "manifest.json", LAYERS("config.json", D64 "/layer.tar", E64 "/layer.tar")},
        {TAR_FILE, "repositories", "{\"evil\":{\"latest\":\"" D64 "\"}}"},
        END};
    static const struct piece podman[] = {
        {TAR_FILE, L64 ".tar", "layer"},
        {TAR_FILE, C64 ".json", LAYERED},
        {TAR_SYMLINK, D64 "/layer.tar", "../" L64 ".tar"},
        {TAR_FILE, "manifest.json", LAYERS(C64 ".json", L64 ".tar", D64 "/layer.tar")},
        END};
    static const struct piece oci[] = {
        {TAR_FILE, "blobs/sha256/" C64, LAYERED},
        {TAR_FILE, "blobs/sha256/" L64, "layer"},
        {TAR_FILE, "blobs/sha256/" D64, "not named by the manifest"},
        {TAR_FILE, "index.json", "{\"manifests\":[]}"},
        {TAR_FILE, "oci-layout", "{}"},
        {TAR_FILE, "manifest.json",
         LAYERS("blobs/sha256/" C64, "blobs/sha256/" L64, "blobs/sha256/" L64)},
        END};
    const struct piece *const all[] = {old, podman, oci};
    struct bytes out = {.sink = {put}};
    struct buf text;
    struct err e;

    buf_init(&out.all, 1 << 20);
    buf_init(&text, 1 << 20);
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        is_int(resend(all[i], 0, &out, &e), 0, "the image is sent");
        ok(list(buf_str(&out.all), &text), "the new archive is complete");
        ok(str_eq_c(buf_str(&text), WANTED), "it contains only what was checked: %s",
           buf_c(&text));
    }
    buf_release(&text);
    buf_release(&out.all);
}

static void compressed_layers_have_the_digest_of_their_name(void)
{
    static const struct piece good[] = {
        {TAR_FILE, "blobs/sha256/" C64, LAYERED},
        {TAR_FILE, "blobs/sha256/" P64, "packed"},
        {TAR_FILE, "manifest.json",
         LAYERS("blobs/sha256/" C64, "blobs/sha256/" P64, "blobs/sha256/" P64)},
        END};
    static const struct piece wrong[] = {
        {TAR_FILE, "blobs/sha256/" C64, LAYERED},
        {TAR_FILE, "blobs/sha256/" E64, "packed"},
        {TAR_FILE, "manifest.json",
         LAYERS("blobs/sha256/" C64, "blobs/sha256/" E64, "blobs/sha256/" E64)},
        END};
    struct bytes out = {.sink = {put}};
    struct buf text;
    struct err e;

    buf_init(&out.all, 1 << 20);
    buf_init(&text, 1 << 20);
    is_int(resend(good, 0, &out, &e), 0, "a layer with the digest of its name is sent");
    ok(list(buf_str(&out.all), &text) && str_contains(buf_str(&text), "|" P64 ".tar=packed|"),
       "as it is");
    is_int(resend(wrong, 0, &out, &e), -1, "a layer without the digest of its name is refused");
    ok(e.kind == ERR_REFUSED && strstr(e.text, E64) != NULL, "the message names it: %s",
       e.text);
    ok(!list(buf_str(&out.all), &text), "the engine does not receive the end");
    ok(!str_contains(buf_str(&out.all), "packed"), "nor the end of the layer");
    ok(!str_contains(buf_str(&out.all), "RepoTags"), "nor any name");
    buf_release(&text);
    buf_release(&out.all);
}

static void other_content_is_refused(void)
{
    static const struct piece other[] = {
        {TAR_FILE, D64 "/layer.tar", "Layer"},
        {TAR_FILE, "config.json", LAYERED},
        {TAR_FILE, "manifest.json", LAYERS("config.json", D64 "/layer.tar", D64 "/layer.tar")},
        END};
    static const struct piece empty[] = {
        {TAR_FILE, D64 "/layer.tar", ""},
        {TAR_FILE, "config.json", LAYERED},
        {TAR_FILE, "manifest.json", LAYERS("config.json", D64 "/layer.tar", D64 "/layer.tar")},
        END};
    static const struct piece good[] = {
        {TAR_FILE, D64 "/layer.tar", "layer"},
        {TAR_FILE, "config.json", LAYERED},
        {TAR_FILE, "manifest.json", LAYERS("config.json", D64 "/layer.tar", D64 "/layer.tar")},
        END};
    struct bytes out = {.sink = {put}};
    struct err e;

    buf_init(&out.all, 1 << 20);
    is_int(resend(other, 0, &out, &e), -1, "a layer with other content is refused");
    ok(!str_contains(buf_str(&out.all), "RepoTags"), "the engine receives no name");
    is_int(resend(empty, 0, &out, &e), -1, "an empty layer is refused");
    ok(!str_contains(buf_str(&out.all), "RepoTags"), "the engine receives no name");
    is_int(resend(good, TAR_BLOCK, &out, &e), -1, "a layer that has changed is refused");
    ok(strstr(e.text, "changed since it was checked") != NULL, "the message says so: %s",
       e.text);
    is_int(resend(good, 3 * TAR_BLOCK, &out, &e), 0,
           "a configuration that has changed is sent as it was checked");
    ok(str_contains(buf_str(&out.all), LAYERED), "the engine receives the checked one");
    buf_release(&out.all);
}

int main(void)
{
    tmpdir_make();
    forms_of_engines_become_one_form();
    compressed_layers_have_the_digest_of_their_name();
    other_content_is_refused();
    tmpdir_remove();
    return done_testing();
}
