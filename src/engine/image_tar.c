/* SPDX-License-Identifier: MIT */
#include "engine/image_tar.h"

#include "base/limits.h"
#include "plan/plan.h"
#include "wire/json.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HEX "0123456789abcdef"
#define LAYER "/layer.tar"

enum { ENTRIES_MAX = 4096, ID_DIGITS = 64, NAME_MAX_LEN = 256 };

void image_tar_init(struct image_tar *t)
{
    *t = (struct image_tar){0};
    tar_r_init(&t->tar);
}

void image_tar_release(struct image_tar *t)
{
    tar_r_release(&t->tar);
    arena_release(&t->arena);
    t->entries = NULL;
    t->count = 0;
}

/* Returns whether a name is relative, has only letters, digits and the characters "._-/", and
 * has no component that is empty, "." or "..". */
static bool is_clean(struct str name)
{
    struct str part = {0};

    if (name.len == 0 || name.len > NAME_MAX_LEN) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        char c = name.p[i];

        if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') &&
            (c == '\0' || strchr("._-/", c) == NULL)) {
            return false;
        }
    }
    do {
        (void)str_cut(&name, '/', &part);
        if (part.len == 0 || str_eq_c(part, ".") || str_eq_c(part, "..")) {
            return false;
        }
    } while (name.len > 0);
    return true;
}

/* Returns whether the name is 64 hex digits and `tail`. */
static bool is_digest_and(struct str name, const char *tail)
{
    if (name.len != ID_DIGITS + strlen(tail) || !str_ends(name, tail)) {
        return false;
    }
    for (size_t i = 0; i < ID_DIGITS; i++) {
        if (strchr(HEX, name.p[i]) == NULL || name.p[i] == '\0') {
            return false;
        }
    }
    return true;
}

/* Returns whether the name is that of a layer in the old form: "<64 digits>/layer.tar". */
static bool is_layer(struct str name)
{
    return is_digest_and(name, LAYER);
}

/* Returns whether a symbolic link leads to a layer. In Docker's old archives, a layer that
 * occurs again is a link to the first one. In Podman's archives, each layer is "<64
 * digits>.tar", and a link leads to it from its old place. */
static bool is_link_to_layer(struct str link)
{
    struct str name = str_drop(link, 3);

    return str_starts(link, "../") && (is_layer(name) || is_digest_and(name, ".tar"));
}

static bool is_allowed(const struct tar_entry *entry, struct str name)
{
    switch ((int)entry->type) {
    case TAR_FILE:
    case TAR_DIR:
        return true;
    case TAR_SYMLINK:
        return is_layer(name) && is_link_to_layer(entry->link);
    default:
        return false;
    }
}

static const struct image_tar_entry *find(const struct image_tar *t, const char *name)
{
    for (size_t i = 0; i < t->count; i++) {
        if (strcmp(t->entries[i].name, name) == 0) {
            return &t->entries[i];
        }
    }
    return NULL;
}

static int add_entry(struct image_tar *t, uint64_t at, struct err *e)
{
    const struct tar_entry *entry = &t->tar.entry;
    struct str name = entry->path;
    const char *copy;

    if (entry->type == TAR_DIR && str_ends(name, "/")) {
        name.len--;
    }
    copy = arena_str(&t->arena, name);
    if (!is_clean(name)) {
        return err_set(e, ERR_REFUSED, "no engine writes an entry with the name %.80s", copy);
    }
    if (!is_allowed(entry, name)) {
        return err_set(e, ERR_REFUSED, "its entry %s is a link or a device", copy);
    }
    if (find(t, copy) != NULL) {
        return err_set(e, ERR_REFUSED, "it contains %s twice", copy);
    }
    if (t->count == ENTRIES_MAX) {
        return err_set(e, ERR_LIMIT, "it has more than %d entries", ENTRIES_MAX);
    }
    t->entries = list_grow(&t->arena, t->entries, t->count, &t->cap, sizeof(t->entries[0]));
    t->entries[t->count++] = (struct image_tar_entry){
        .name = copy, .at = at, .size = entry->size, .type = entry->type};
    return 0;
}

int image_tar_in(struct image_tar *t, struct str bytes, struct err *e)
{
    while (bytes.len > 0) {
        struct str data = {0};
        size_t used = 0;
        bool ready = false;

        if (t->tar.state == TAR_END) {
            t->at += bytes.len;
            return str_is_zeros(bytes)
                       ? 0
                       : err_set(e, ERR_FORMAT, "there are bytes after its end");
        }
        if (tar_r_in(&t->tar, bytes, &used, &ready, &data, e) < 0) {
            return -1;
        }
        t->at += used;
        bytes = str_drop(bytes, used);
        if (ready && add_entry(t, t->at, e) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Reads a small file of the archive into `out`. */
static int read_entry(const struct image_tar *t, int fd, uint64_t base, const char *name,
                      struct buf *out, struct err *e)
{
    const struct image_tar_entry *en = find(t, name);
    char *p;

    if (en == NULL || en->type != TAR_FILE) {
        return err_set(e, ERR_FORMAT, "it does not contain %s", name);
    }
    p = en->size < out->max ? buf_reserve(out, (size_t)en->size) : NULL;
    if (p == NULL) {
        return err_set(e, ERR_LIMIT, "its entry %s is too large", name);
    }
    for (size_t got = 0; got < en->size;) {
        ssize_t n = pread(fd, p + got, (size_t)en->size - got, (off_t)(base + en->at + got));

        if (n <= 0) {
            return n < 0 ? err_sys(e, "%s", name) : err_set(e, ERR_EOF, "%s ends early", name);
        }
        got += (size_t)n;
    }
    buf_commit(out, (size_t)en->size);
    return 0;
}

/* Returns whether engines and cco read the same from a JSON object. Of several members with the
 * same name, engines use the last one, and they ignore the case of names; cco uses the first
 * one and respects the case. Therefore names must be printable ASCII without escapes, must
 * differ in more than their case, and must not be one of `known` in another case. */
static bool is_plain(struct json object, const char *const *known, struct arena *a)
{
    struct json_iter it = json_iter(object);
    struct strv seen = {0};
    struct json key;
    struct json value;

    while (json_next(&it, &key, &value)) {
        const char *name = json_string_dup(key, a);

        if (name == NULL || memchr(key.raw.p, '\\', key.raw.len) != NULL) {
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

/* Checks that manifest.json has exactly one image with exactly one name. Sets *config to the
 * name of the entry with the image's configuration. */
static int check_manifest(struct str text, const struct image_want *want, struct arena *a,
                          const char **config, struct err *e)
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
    *config = json_string_dup(json_get(image, "Config"), a);
    return *config != NULL ? 0
                           : err_set(e, ERR_FORMAT,
                                     "manifest.json does not name the image's configuration");
}

/* Checks that OCI's index.json, which newer engines use, gives the image no other name. */
static int check_index(struct str text, const struct image_want *want, struct arena *a,
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

/* Checks the architecture and the labels in the image's configuration. */
static int check_config(struct str text, const struct image_want *want, struct err *e)
{
    struct json root;
    struct json labels;
    struct json arch;

    if (json_parse(text, &root, e) < 0) {
        return err_wrap(e, "the image's configuration");
    }
    arch = json_get(root, "architecture");
    if (!json_is(arch, want->arch)) {
        return err_set(e, ERR_REFUSED, "its image is for %.*s, and not for %s",
                       (int)arch.raw.len, arch.raw.p != NULL ? arch.raw.p : "", want->arch);
    }
    labels = json_path(root, "config.Labels");
    if (!json_is(json_get(labels, PLAN_LABEL), "1") ||
        !json_is(json_get(labels, PLAN_LABEL_DIGEST), want->digest) ||
        !json_is(json_get(labels, PLAN_LABEL_INPUTS), want->inputs)) {
        return err_set(e, ERR_REFUSED,
                       "its image does not have the labels that the bundle states");
    }
    return 0;
}

int image_tar_end(struct image_tar *t, int fd, uint64_t base, const struct image_want *want,
                  struct err *e)
{
    const char *config = NULL;
    struct buf text;
    int rc = -1;

    if (t->tar.state != TAR_END) {
        return err_set(e, ERR_EOF, "it is incomplete");
    }
    buf_init(&text, LIMIT_JSON_LINE);
    if (read_entry(t, fd, base, "manifest.json", &text, e) < 0 ||
        check_manifest(buf_str(&text), want, &t->arena, &config, e) < 0) {
        goto out;
    }
    buf_reset(&text);
    if (find(t, "index.json") != NULL &&
        (read_entry(t, fd, base, "index.json", &text, e) < 0 ||
         check_index(buf_str(&text), want, &t->arena, e) < 0)) {
        goto out;
    }
    buf_reset(&text);
    if (read_entry(t, fd, base, config, &text, e) == 0) {
        rc = check_config(buf_str(&text), want, e);
    }
out:
    buf_release(&text);
    return rc;
}
