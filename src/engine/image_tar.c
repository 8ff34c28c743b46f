/* SPDX-License-Identifier: MIT */
#include "engine/image_tar.h"

#include "base/hash.h"
#include "base/limits.h"
#include "engine/image_manifest.h"

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
        .name = copy,
        .link = entry->type == TAR_SYMLINK
                    ? arena_str(&t->arena, str_drop(entry->link, strlen("../")))
                    : NULL,
        .at = at,
        .size = entry->size,
        .type = entry->type};
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
static int read_entry(const struct image_tar *t, const struct image_file_at *in,
                      const char *name, struct buf *out, struct err *e)
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
        ssize_t n =
            pread(in->fd, p + got, (size_t)en->size - got, (off_t)(in->base + en->at + got));

        if (n <= 0) {
            return n < 0 ? err_sys(e, "%s", name) : err_set(e, ERR_EOF, "%s ends early", name);
        }
        got += (size_t)n;
    }
    buf_commit(out, (size_t)en->size);
    return 0;
}

/* Returns the digest that the content of an entry must have: names of the form
 * "blobs/sha256/<digest>" and "<digest>.json" contain it. Returns NULL for other names. */
static const char *digest_in_name(const char *name, struct arena *a)
{
    static const char blobs[] = "blobs/sha256/";
    struct str s = str_c(name);

    if (str_starts(s, blobs) && is_digest_and(str_drop(s, sizeof(blobs) - 1), "")) {
        return name + sizeof(blobs) - 1;
    }
    return is_digest_and(s, ".json") ? arena_str(a, str_n(name, ID_DIGITS)) : NULL;
}

/* Keeps the configuration, whose digest becomes its name. */
static int take_config(const char *name, struct str text, struct arena *a,
                       struct image_content *out, struct err *e)
{
    const char *want = digest_in_name(name, a);
    char sum[SHA256_HEX];
    struct sha256 h;

    sha256_init(&h);
    sha256_add(&h, text.p, text.len);
    sha256_hex(&h, sum);
    if (want != NULL && strcmp(want, sum) != 0) {
        return err_set(e, ERR_REFUSED, "the image's configuration does not have the digest %s",
                       want);
    }
    out->config = str_n(arena_str(a, text), text.len);
    out->config_digest = arena_strdup(a, sum);
    return 0;
}

/* Returns the blob with this digest, or NULL. */
static const struct image_blob *find_blob(const struct image_content *c, const char *digest)
{
    for (size_t i = 0; i < c->blob_count; i++) {
        if (strcmp(c->blobs[i].digest, digest) == 0) {
            return &c->blobs[i];
        }
    }
    return NULL;
}

/* Finds the layers, in their order, and the digest that the content of each must have: the one
 * in its name, or, for a layer without it, which no engine compresses, the one in the image's
 * configuration. */
static int take_layers(const struct image_tar *t, const struct image_layers *layers,
                       struct arena *a, struct image_content *out, struct err *e)
{
    size_t cap = 0;

    for (size_t i = 0; i < layers->names.count; i++) {
        const struct image_tar_entry *en = find(t, layers->names.v[i]);
        const char *digest;

        if (en != NULL && en->link != NULL) {
            en = find(t, en->link);
        }
        if (en == NULL || en->type != TAR_FILE) {
            return err_set(e, ERR_FORMAT, "it does not contain the layer %.200s",
                           layers->names.v[i]);
        }
        digest = digest_in_name(en->name, a);
        digest = digest != NULL ? digest : layers->digests.v[i];
        strv_add(&out->layers, a, digest);
        if (find_blob(out, digest) == NULL) {
            out->blobs = list_grow(a, out->blobs, out->blob_count, &cap, sizeof(out->blobs[0]));
            out->blobs[out->blob_count++] =
                (struct image_blob){.digest = digest, .at = en->at, .size = en->size};
        }
    }
    return 0;
}

int image_tar_end(struct image_tar *t, const struct image_file_at *in,
                  const struct image_want *want, struct arena *a, struct image_content *out,
                  struct err *e)
{
    struct image_layers layers = {0};
    struct buf text;
    int rc = -1;

    *out = (struct image_content){.tag = want->tag};
    if (t->tar.state != TAR_END) {
        return err_set(e, ERR_EOF, "it is incomplete");
    }
    buf_init(&text, LIMIT_JSON_LINE);
    if (read_entry(t, in, "manifest.json", &text, e) < 0 ||
        image_manifest_check(buf_str(&text), want, a, &layers, e) < 0) {
        goto out;
    }
    buf_reset(&text);
    if (find(t, "index.json") != NULL && (read_entry(t, in, "index.json", &text, e) < 0 ||
                                          image_index_check(buf_str(&text), want, a, e) < 0)) {
        goto out;
    }
    buf_reset(&text);
    if (read_entry(t, in, layers.config, &text, e) == 0 &&
        image_config_check(buf_str(&text), want, a, &layers, e) == 0 &&
        take_config(layers.config, buf_str(&text), a, out, e) == 0) {
        rc = take_layers(t, &layers, a, out, e);
    }
out:
    buf_release(&text);
    return rc;
}
