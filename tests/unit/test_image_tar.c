/* SPDX-License-Identifier: MIT */
#include "engine/image_tar.h"

#include "image_tar.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>

#define GOOD_MANIFEST MANIFEST("\"" TAG "\"")
#define GOOD_CONFIG                                                                            \
    {                                                                                          \
        TAR_FILE, CONFIG_NAME, CONFIG("amd64", D64)                                            \
    }
#define END                                                                                    \
    {                                                                                          \
        TAR_FILE, NULL, NULL                                                                   \
    }
#define INDEX(members)                                                                         \
    {                                                                                          \
        TAR_FILE, "index.json", members                                                        \
    }
#define NOTES(text) "{\"manifests\":[{\"annotations\":{" text "}}]}"

static const struct image_want want = {
    .tag = TAG, .digest = D64, .inputs = E64, .arch = "amd64"};

static int look(struct str bytes, size_t piece, struct err *e)
{
    const char *path = in_tmp("image.tar");
    struct image_tar t;
    struct err ignored = {0};
    int fd;
    int rc = 0;

    *e = (struct err){0};
    (void)unlink(path);
    if (file_write_new(path, bytes, 0600, &ignored) < 0) {
        abort();
    }
    fd = open(path, O_RDONLY | O_CLOEXEC);
    image_tar_init(&t);
    for (size_t at = 0; rc == 0 && at < bytes.len; at += piece) {
        size_t n = bytes.len - at < piece ? bytes.len - at : piece;

        rc = image_tar_in(&t, str_n(bytes.p + at, n), e);
    }
    if (rc == 0) {
        const struct image_file_at in = {fd, 0};
        struct image_content content;

        rc = image_tar_end(&t, &in, &want, &t.arena, &content, e);
    }
    image_tar_release(&t);
    (void)close(fd);
    return rc;
}

static void good(const struct piece *p, const char *name)
{
    static const size_t pieces[] = {1 << 20, 1, 7, 511, 512, 513, 4096};
    struct buf out;
    struct err e = {0};

    put_pieces(p, &out);
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        ok(look(buf_str(&out), pieces[i], &e) == 0, "%s is accepted in pieces of %zu %s", name,
           pieces[i], e.text);
    }
    (void)buf_add(&out, "\0\0\0\0\0\0\0\0", 8);
    ok(look(buf_str(&out), 100, &e) == 0, "more zeros at the end are accepted %s", e.text);
    (void)buf_add_byte(&out, 'x');
    ok(look(buf_str(&out), 100, &e) < 0, "other bytes at the end are refused: %s", e.text);
    buf_release(&out);
}

static void bad(const struct piece *p, const char *says)
{
    struct buf out;
    struct err e = {0};

    put_pieces(p, &out);
    ok(look(buf_str(&out), 4096, &e) < 0 && strstr(e.text, says) != NULL, "refused: %s",
       e.text);
    buf_release(&out);
}

static void damaged(void)
{
    static const struct piece p[] = {
        {TAR_FILE, "manifest.json", GOOD_MANIFEST}, GOOD_CONFIG, END};
    struct buf out;
    struct err e = {0};
    unsigned wrong = 0;

    put_pieces(p, &out);
    for (size_t len = 0; len < out.len - TAR_BLOCK; len += 100) {
        wrong += look(str_n(buf_data(&out), len), 4096, &e) < 0 ? 0U : 1U;
    }
    is_int(wrong, 0, "every truncated archive is refused");
    buf_release(&out);
}

static void links(void)
{
    static const struct piece anywhere[] = {
        {TAR_SYMLINK, "manifest.json", "../x"}, GOOD_CONFIG, END};
    static const struct piece outside[] = {
        {TAR_SYMLINK, D64 "/layer.tar", "../../layer.tar"}, GOOD_CONFIG, END};
    static const struct piece above[] = {
        {TAR_SYMLINK, D64 "/layer.tar", "../../" E64 ".tar"}, GOOD_CONFIG, END};
    static const struct piece other[] = {
        {TAR_SYMLINK, D64 "/json", "../" E64 ".tar"}, GOOD_CONFIG, END};
    static const struct piece hard[] = {
        {TAR_HARDLINK, D64 "/layer.tar", "../" E64 "/layer.tar"}, GOOD_CONFIG, END};
    static const struct piece fifo[] = {{TAR_FIFO, D64 "/layer.tar", ""}, GOOD_CONFIG, END};
    static const struct piece directory[] = {{TAR_SYMLINK, "blobs", "/etc"}, END};

    bad(anywhere, "link");
    bad(outside, "link");
    bad(above, "link");
    bad(other, "link");
    bad(hard, "link");
    bad(fifo, "device");
    bad(directory, "link");
}

static void names(void)
{
    static const struct piece dot[] = {{TAR_FILE, "./manifest.json", "x"}, END};
    static const struct piece empty[] = {{TAR_FILE, "a//b", "x"}, END};
    static const struct piece odd[] = {{TAR_FILE, "a b", "x"}, END};
    static const struct piece twice[] = {
        {TAR_FILE, "manifest.json", GOOD_MANIFEST}, {TAR_FILE, "manifest.json", "[]"}, END};
    static const struct piece as_dir[] = {
        {TAR_FILE, "manifest.json", GOOD_MANIFEST}, {TAR_DIR, "manifest.json/", NULL}, END};
    static const struct piece none[] = {{TAR_FILE, "other.json", "x"}, END};
    static const struct piece no_config[] = {{TAR_FILE, "manifest.json", GOOD_MANIFEST}, END};

    bad(dot, "name");
    bad(empty, "name");
    bad(odd, "name");
    bad(twice, "twice");
    bad(as_dir, "twice");
    bad(none, "manifest.json");
    bad(no_config, CONFIG_NAME);
}

static void layers(void)
{
    static const struct piece missing[] = {
        {TAR_FILE, "manifest.json", LAYERS(CONFIG_NAME, E64 ".tar", E64 ".tar")},
        {TAR_FILE, CONFIG_NAME, LAYERED},
        END};
    static const struct piece dir[] = {
        {TAR_FILE, "manifest.json", LAYERS(CONFIG_NAME, E64 ".tar", E64 ".tar")},
        {TAR_FILE, CONFIG_NAME, LAYERED},
        {TAR_DIR, E64 ".tar/", NULL},
        END};
    static const struct piece nowhere[] = {
        {TAR_FILE, "manifest.json", LAYERS(CONFIG_NAME, D64 "/layer.tar", D64 "/layer.tar")},
        {TAR_FILE, CONFIG_NAME, LAYERED},
        {TAR_SYMLINK, D64 "/layer.tar", "../" E64 ".tar"},
        END};
    static const struct piece fewer[] = {
        {TAR_FILE, "manifest.json", GOOD_MANIFEST}, {TAR_FILE, CONFIG_NAME, LAYERED}, END};
    static const struct piece other[] = {
        {TAR_FILE, "manifest.json", LAYERS("blobs/sha256/" D64, E64 ".tar", E64 ".tar")},
        {TAR_FILE, "blobs/sha256/" D64, LAYERED},
        {TAR_FILE, E64 ".tar", "layer"},
        END};

    bad(missing, "layer " E64);
    bad(dir, "layer " E64);
    bad(nowhere, "layer " D64);
    bad(fewer, "other layers");
    bad(other, "does not have the digest " D64);
}

#define WITH(manifest)                                                                         \
    {                                                                                          \
        {TAR_FILE, "manifest.json", manifest}, GOOD_CONFIG, END                                \
    }

static void manifests(void)
{
    static const struct piece all[][3] = {
        WITH(MANIFEST("")),
        WITH(MANIFEST("\"debian:latest\"")),
        WITH(MANIFEST("\"" TAG "\",\"debian:latest\"")),
        WITH("[]"),
        WITH("{}"),
        WITH("["),
        WITH("[{\"RepoTags\":[\"" TAG "\"]},{\"RepoTags\":[\"x\"]}]"),
        WITH("[{\"RepoTags\":[\"" TAG "\"],\"RepoTags\":[\"x\"],\"Config\":\"" D64 ".json\"}]"),
        WITH("[{\"RepoTags\":[\"" TAG "\"],\"repotags\":[\"x\"],\"Config\":\"" D64 ".json\"}]"),
        WITH("[{\"RepoTags\":[\"" TAG "\"],\"RepoTag\u017f\":[\"x\"],\"Config\":\"" D64
             ".json\"}]"),
        WITH("[{\"RepoTags\":[\"" TAG "\"],\"config\":\"" D64 ".json\"}]"),
        WITH("[{\"RepoTags\":[\"" TAG "\"],\"Config\":\"../etc/passwd\"}]"),
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        bad(all[i], "");
    }
}

static void configs(void)
{
    static const struct piece arch[] = {{TAR_FILE, "manifest.json", GOOD_MANIFEST},
                                        {TAR_FILE, CONFIG_NAME, CONFIG("arm64", D64)},
                                        END};
    static const struct piece digest[] = {{TAR_FILE, "manifest.json", GOOD_MANIFEST},
                                          {TAR_FILE, CONFIG_NAME, CONFIG("amd64", E64)},
                                          END};
    static const struct piece foreign[] = {
        {TAR_FILE, "manifest.json", GOOD_MANIFEST},
        {TAR_FILE, CONFIG_NAME, "{\"architecture\":\"amd64\",\"config\":{}}"},
        END};

    bad(arch, "\"arm64\", and not for amd64");
    bad(digest, "labels");
    bad(foreign, "labels");
}

static void indexes(void)
{
    static const char *const all[] = {
        NOTES("\"io.containerd.image.name\":\"docker.io/library/debian:latest\""),
        NOTES("\"org.opencontainers.image.ref.name\":\"latest\""),
        NOTES("\"io.containerd.image.name\":\"" TAG "\",\"io.containerd.image.name\":\"x\""),
        "{\"manifests\":[{\"Annotations\":{\"io.containerd.image.name\":\"x\"}}]}",
        "{\"Manifests\":[]}",
        "{\"manifests\":[],\"manifests\":[]}",
        "{",
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        const struct piece p[] = {
            {TAR_FILE, "manifest.json", GOOD_MANIFEST}, GOOD_CONFIG, INDEX(all[i]), END};

        bad(p, "");
    }
}

int main(void)
{
    static const struct piece old[] = {
        {TAR_DIR, D64 "/", NULL},
        {TAR_FILE, D64 "/VERSION", "1.0"},
        {TAR_FILE, D64 "/layer.tar", "layer"},
        {TAR_SYMLINK, E64 "/layer.tar", "../" D64 "/layer.tar"},
        {TAR_FILE, CONFIG_NAME, LAYERED},
        {TAR_FILE, "manifest.json", LAYERS(CONFIG_NAME, D64 "/layer.tar", E64 "/layer.tar")},
        {TAR_FILE, "repositories", "{}"},
        END};
    static const struct piece oci[] = {
        {TAR_FILE, "blobs/sha256/" C64, LAYERED},
        {TAR_FILE, "blobs/sha256/" L64, "layer"},
        INDEX(NOTES("\"io.containerd.image.name\":\"docker.io/library/" TAG "\","
                    "\"org.opencontainers.image.ref.name\":\"0123456789ab\"")),
        {TAR_FILE, "manifest.json",
         LAYERS("blobs/sha256/" C64, "blobs/sha256/" L64, "blobs/sha256/" L64)},
        {TAR_FILE, "oci-layout", "{}"},
        END};

    static const struct piece podman[] = {
        {TAR_FILE, E64 ".tar", "layer"},
        {TAR_FILE, CONFIG_NAME, LAYERED},
        {TAR_SYMLINK, D64 "/layer.tar", "../" E64 ".tar"},
        {TAR_FILE, D64 "/VERSION", "1.0"},
        {TAR_FILE, "manifest.json", LAYERS(CONFIG_NAME, E64 ".tar", D64 "/layer.tar")},
        {TAR_FILE, "repositories", "{}"},
        END};

    tmpdir_make();
    good(old, "an archive of Docker 20.10");
    good(podman, "an archive of Podman 4.3");
    good(oci, "an archive of Docker 29");
    damaged();
    links();
    names();
    layers();
    manifests();
    configs();
    indexes();
    tmpdir_remove();
    return done_testing();
}
