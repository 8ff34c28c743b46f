/* SPDX-License-Identifier: MIT */
#include "engine/image_manifest.h"

#include "base/hash.h"
#include "plan/plan.h"
#include "wire/json.h"

#include <stdio.h>
#include <string.h>

#define SHA256_PREFIX "sha256:"

enum { NAME_MAX_LEN = 256, LAYERS_MAX = 1024, MEMBERS_MAX = 1024 };

/* Returns whether engines and cco read the same from a JSON object. Of several members with the
 * same name, engines use the last one, and they ignore the case of names; cco uses the first
 * one and respects the case. Therefore names must be printable ASCII without escapes, must
 * differ in more than their case, and must not be one of `known` in another case. An object
 * with more than MEMBERS_MAX members is not plain either, because the check takes quadratic
 * time. */
static bool is_plain(struct json object, const char *const *known, struct arena *a)
{
    struct json_iter it = json_iter(object);
    struct strv seen = {0};
    struct json key;
    struct json value;

    while (json_next(&it, &key, &value)) {
        const char *name = json_string_dup(key, a);

        if (name == NULL || seen.count == MEMBERS_MAX ||
            memchr(key.raw.p, '\\', key.raw.len) != NULL) {
            return false;
        }
        for (size_t i = 0; name[i] != '\0'; i++) {
            if (name[i] <= ' ' || name[i] > '~') {
                return false;
            }
        }
        for (size_t i = 0; i < seen.count; i++) {
            if (str_eq_nocase(str_c(name), seen.v[i])) {
                return false;
            }
        }
        for (size_t i = 0; known[i] != NULL; i++) {
            if (str_eq_nocase(str_c(name), known[i]) && strcmp(name, known[i]) != 0) {
                return false;
            }
        }
        strv_add(&seen, a, name);
    }
    return true;
}

/* Returns whether an engine writes `v` for the tag `tag`: the tag itself, or with the prefix of
 * its long form. */
static bool is_tag(struct json v, const char *tag)
{
    static const char *const before[] = {"", "docker.io/library/", "localhost/"};
    char full[NAME_MAX_LEN];

    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        (void)snprintf(full, sizeof(full), "%s%s", before[i], tag);
        if (json_is(v, full)) {
            return true;
        }
    }
    return false;
}

/* Adds the texts of a list to `out`. Returns false if an item is not a text. A missing list has
 * no items. */
static bool texts_of(struct json list, struct arena *a, struct strv *out)
{
    struct json_iter it = json_iter(list);
    struct json item;

    if (list.type != JSON_ARRAY && list.type != JSON_NONE && list.type != JSON_NULL) {
        return false;
    }
    while (json_next(&it, NULL, &item)) {
        const char *text = json_string_dup(item, a);

        if (text == NULL || out->count == LAYERS_MAX) {
            return false;
        }
        strv_add(out, a, text);
    }
    return true;
}

int image_manifest_check(struct str text, const struct image_want *want, struct arena *a,
                         struct image_layers *out, struct err *e)
{
    static const char *const members[] = {"Config", "RepoTags", "Layers", NULL};
    struct json root;
    struct json image = {0};
    struct json name = {0};
    struct json more;

    if (json_parse(text, &root, e) < 0) {
        return err_wrap(e, "manifest.json");
    }
    struct json_iter images = json_iter(root);

    if (root.type != JSON_ARRAY || !json_next(&images, NULL, &image) ||
        json_next(&images, NULL, &more)) {
        return err_set(e, ERR_REFUSED, "it does not contain exactly one image");
    }
    if (!is_plain(image, members, a)) {
        return err_set(e, ERR_REFUSED, "manifest.json has ambiguous members");
    }
    struct json_iter names = json_iter(json_get(image, "RepoTags"));

    if (!json_next(&names, NULL, &name) || json_next(&names, NULL, &more) ||
        !is_tag(name, want->tag)) {
        return err_set(e, ERR_REFUSED, "the only name of its image is not %s", want->tag);
    }
    out->config = json_string_dup(json_get(image, "Config"), a);
    if (out->config == NULL) {
        return err_set(e, ERR_FORMAT, "manifest.json does not name the image's configuration");
    }
    return texts_of(json_get(image, "Layers"), a, &out->names)
               ? 0
               : err_set(e, ERR_FORMAT, "manifest.json does not name the image's layers");
}

int image_index_check(struct str text, const struct image_want *want, struct arena *a,
                      struct err *e)
{
    static const char *const in_root[] = {"manifests", NULL};
    static const char *const in_item[] = {"annotations", NULL};
    struct json root;
    struct json item;

    if (json_parse(text, &root, e) < 0) {
        return err_wrap(e, "index.json");
    }
    if (!is_plain(root, in_root, a)) {
        return err_set(e, ERR_REFUSED, "index.json has ambiguous members");
    }
    struct json_iter it = json_iter(json_get(root, "manifests"));

    while (json_next(&it, NULL, &item)) {
        struct json notes = json_get(item, "annotations");
        struct json full = json_get(notes, "io.containerd.image.name");
        struct json last = json_get(notes, "org.opencontainers.image.ref.name");

        if (!is_plain(item, in_item, a) || !is_plain(notes, in_item, a)) {
            return err_set(e, ERR_REFUSED, "index.json has ambiguous members");
        }
        if ((full.type != JSON_NONE && !is_tag(full, want->tag)) ||
            (last.type != JSON_NONE && !is_tag(last, want->tag) &&
             !json_is(last, strchr(want->tag, ':') + 1))) {
            return err_set(e, ERR_REFUSED, "the only name of its image is not %s", want->tag);
        }
    }
    return 0;
}

/* Returns whether the text is a digest in the form "sha256:<64 hex digits>". */
static bool is_sha256(const char *text)
{
    return strncmp(text, SHA256_PREFIX, sizeof(SHA256_PREFIX) - 1) == 0 &&
           strlen(text) == sizeof(SHA256_PREFIX) - 1 + SHA256_HEX - 1 &&
           strspn(text + sizeof(SHA256_PREFIX) - 1, "0123456789abcdef") == SHA256_HEX - 1;
}

/* Takes the digests of the uncompressed layers. */
static int check_rootfs(struct json root, struct arena *a, struct image_layers *out,
                        struct err *e)
{
    struct strv all = {0};

    if (!texts_of(json_path(root, "rootfs.diff_ids"), a, &all) ||
        all.count != out->names.count) {
        return err_set(e, ERR_REFUSED, "its configuration has other layers than manifest.json");
    }
    for (size_t i = 0; i < all.count; i++) {
        if (!is_sha256(all.v[i])) {
            return err_set(e, ERR_REFUSED, "its configuration has a layer without a SHA-256");
        }
        strv_add(&out->digests, a, all.v[i] + sizeof(SHA256_PREFIX) - 1);
    }
    return 0;
}

int image_config_check(struct str text, const struct image_want *want, struct arena *a,
                       struct image_layers *out, struct err *e)
{
    static const char *const in_root[] = {"architecture", "os", "config", "rootfs", NULL};
    static const char *const in_config[] = {"Labels", NULL};
    static const char *const in_rootfs[] = {"diff_ids", NULL};
    static const char *const in_labels[] = {PLAN_LABEL, PLAN_LABEL_DIGEST, PLAN_LABEL_INPUTS,
                                            NULL};
    struct json root;
    struct json labels;
    struct json arch;

    if (json_parse(text, &root, e) < 0) {
        return err_wrap(e, "the image's configuration");
    }
    labels = json_path(root, "config.Labels");
    if (!is_plain(root, in_root, a) || !is_plain(json_get(root, "config"), in_config, a) ||
        !is_plain(json_get(root, "rootfs"), in_rootfs, a) || !is_plain(labels, in_labels, a)) {
        return err_set(e, ERR_REFUSED, "the image's configuration has ambiguous members");
    }
    arch = json_get(root, "architecture");
    if (!json_is(arch, want->arch)) {
        return err_set(e, ERR_REFUSED, "its image is for %.*s, and not for %s",
                       (int)arch.raw.len, arch.raw.p != NULL ? arch.raw.p : "", want->arch);
    }
    if (!json_is(json_get(labels, PLAN_LABEL), "1") ||
        !json_is(json_get(labels, PLAN_LABEL_DIGEST), want->digest) ||
        !json_is(json_get(labels, PLAN_LABEL_INPUTS), want->inputs)) {
        return err_set(e, ERR_REFUSED,
                       "its image does not have the labels that the bundle states");
    }
    return check_rootfs(root, a, out, e);
}
