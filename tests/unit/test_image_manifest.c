/* SPDX-License-Identifier: MIT */
#include "engine/image_manifest.h"

#include "image_tar.h"
#include "tap.h"

#define LABELS                                                                                 \
    "\"Labels\":{\"cco\":\"1\",\"cco.digest\":\"" D64 "\",\"cco.inputs\":\"" E64 "\"}"
#define ROOTFS(list) "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" list "]}"

static struct arena arena;
static const struct image_want want = {
    .tag = TAG, .digest = D64, .inputs = E64, .arch = "amd64"};

/* Checks a configuration whose manifest.json names `count` layers. */
static int check_config(const char *text, size_t count, struct image_layers *layers,
                        struct err *e)
{
    *layers = (struct image_layers){0};
    *e = (struct err){0};
    for (size_t i = 0; i < count; i++) {
        strv_add(&layers->names, &arena, "layer.tar");
    }
    return image_config_check(str_c(text), &want, &arena, layers, e);
}

static void configurations(void)
{
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"{\"architecture\":\"amd64\",\"config\":{" LABELS "},\"Config\":{}," ROOTFS("") "}",
         "ambiguous"},
        {"{\"architecture\":\"amd64\",\"config\":{" LABELS "},\"config\":{}," ROOTFS("") "}",
         "ambiguous"},
        {"{\"architecture\":\"amd64\",\"config\":{" LABELS ",\"labels\":{}}," ROOTFS("") "}",
         "ambiguous"},
        {"{\"architecture\":\"amd64\",\"Architecture\":\"arm64\",\"config\":{" LABELS "}}",
         "ambiguous"},
        {"{\"architecture\":\"amd64\",\"config\":{" LABELS "},\"root\\u0066s\":{}}",
         "ambiguous"},
        {"{\"architecture\":\"amd64\",\"config\":{" LABELS
         "},\"rootfs\":{\"diff_ids\":[],\"Diff_ids\":[\"x\"]}}",
         "ambiguous"},
        {"{\"architecture\":\"amd64\",\"config\":{" LABELS
         "}," ROOTFS("\"sha256:" L64 "\"") "}",
         "other layers"},
        {"{\"architecture\":\"amd64\",\"config\":{" LABELS "}," ROOTFS("1") "}",
         "other layers"},
        {"{\"architecture\":\"arm64\",\"config\":{" LABELS "}}", "\"arm64\", and not for"},
        {"{\"architecture\":\"amd64\",\"config\":{}}", "labels"},
        {"[]", "is for"},
        {"{", "configuration"},
    };
    static const char *const digests[] = {"\"md5:" L64 "\"", "\"sha256:" L64 "0\"",
                                          "\"sha256:../x\"", "\"" L64 "\""};
    struct image_layers layers;
    struct err e;

    ok(check_config(LAYERED, 2, &layers, &e) == 0, "a configuration is accepted %s", e.text);
    ok(layers.digests.count == 2 && strcmp(layers.digests.v[1], L64) == 0,
       "the digests of its layers are returned");
    ok(check_config(CONFIG("amd64", D64), 0, &layers, &e) == 0,
       "an image without layers is accepted %s", e.text);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ok(check_config(bad[i].text, 0, &layers, &e) < 0 && strstr(e.text, bad[i].says) != NULL,
           "configuration %zu is refused: %s", i, e.text);
    }
    for (size_t i = 0; i < sizeof(digests) / sizeof(digests[0]); i++) {
        ok(check_config(arena_printf(&arena,
                                     "{\"architecture\":\"amd64\",\"config\":{" LABELS
                                     "},\"rootfs\":{\"diff_ids\":[%s]}}",
                                     digests[i]),
                        1, &layers, &e) < 0 &&
               strstr(e.text, "without a SHA-256") != NULL,
           "the digest %s is refused: %s", digests[i], e.text);
    }
}

static void many_members_take_no_time(void)
{
    struct image_layers layers;
    struct buf text;
    struct err e;

    buf_init(&text, 4 << 20);
    (void)buf_add_c(&text, "{\"architecture\":\"amd64\",\"config\":{" LABELS "}");
    for (int i = 0; i < 300000; i++) {
        (void)buf_addf(&text, ",\"%d\":1", i);
    }
    (void)buf_add_c(&text, "}");
    ok(check_config(buf_c(&text), 0, &layers, &e) < 0 && strstr(e.text, "ambiguous") != NULL,
       "a configuration with 300,000 members is refused: %s", e.text);
    buf_release(&text);
}

static void manifests(void)
{
    static const char *const bad[] = {
        "[{\"Config\":\"c\",\"RepoTags\":[\"" TAG "\"],\"Layers\":{}}]",
        "[{\"Config\":\"c\",\"RepoTags\":[\"" TAG "\"],\"Layers\":[1]}]",
        "[{\"Config\":\"c\",\"RepoTags\":[\"" TAG "\"],\"Layers\":[],\"layers\":[]}]",
        "[{\"Config\":\"c\",\"RepoTags\":[\"" TAG "\"],\"layers\":[\"a\"]}]",
        "[{\"Config\":1,\"RepoTags\":[\"" TAG "\"],\"Layers\":[]}]",
        "[{\"Config\":\"c\",\"RepoTags\":[\"" TAG "\",\"x\"],\"Layers\":[]}]",
        MANIFEST(""),
        "[]",
        "{"};
    struct image_layers layers = {0};
    struct err e = {0};

    ok(image_manifest_check(str_c(LAYERS("c.json", "a", "b")), &want, &arena, &layers, &e) == 0,
       "a manifest is accepted %s", e.text);
    ok(strcmp(layers.config, "c.json") == 0 && layers.names.count == 2 &&
           strcmp(layers.names.v[0], "a") == 0,
       "the names of its configuration and layers are returned");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        e = (struct err){0};
        layers = (struct image_layers){0};
        ok(image_manifest_check(str_c(bad[i]), &want, &arena, &layers, &e) < 0,
           "manifest %zu is refused: %s", i, e.text);
    }
}

static void indexes(void)
{
    struct err e = {0};

    ok(image_index_check(str_c("{\"manifests\":[{\"annotations\":{"
                               "\"org.opencontainers.image.ref.name\":\"0123456789ab\"}}]}"),
                         &want, &arena, &e) == 0,
       "an index with the image's own name is accepted %s", e.text);
    ok(image_index_check(str_c("{\"manifests\":[{\"annotations\":{"
                               "\"io.containerd.image.name\":\"x\"}}]}"),
                         &want, &arena, &e) < 0,
       "another name is refused: %s", e.text);
}

int main(void)
{
    configurations();
    many_members_take_no_time();
    manifests();
    indexes();
    arena_release(&arena);
    return done_testing();
}
