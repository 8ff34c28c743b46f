/* SPDX-License-Identifier: MIT */
#include "engine/image_tar_write.h"

#include "base/fd.h"
#include "base/hash.h"
#include "base/limits.h"
#include "wire/tar.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 64 << 10, NAME_LEN = SHA256_HEX + 8, MANIFEST_MAX = 1 << 20 };

struct sender {
    const struct image_content *image;
    const struct image_file_at *in;
    struct context_sink *sink;
    struct progress *progress;
    struct tar_w tar;
    struct buf out;
    char *block; /* BLOCK bytes */
    uint64_t sent, total;
};

static int flush(struct sender *s, struct err *e)
{
    int rc = s->sink->put(s->sink, buf_str(&s->out), e);

    buf_reset(&s->out);
    return rc;
}

static int add_header(struct sender *s, const char *name, uint64_t size, struct err *e)
{
    const struct tar_entry entry = {
        .type = TAR_FILE, .path = str_c(name), .size = size, .mode = 0644};

    return tar_w_entry(&s->tar, &entry, e) < 0 || flush(s, e) < 0 ? -1 : 0;
}

static int add_bytes(struct sender *s, struct str data, struct err *e)
{
    if (s->sink->put(s->sink, data, e) < 0 || tar_w_sent(&s->tar, data.len, e) < 0) {
        return -1;
    }
    return flush(s, e);
}

static int add_text(struct sender *s, const char *name, struct str text, struct err *e)
{
    return add_header(s, name, text.len, e) < 0 || add_bytes(s, text, e) < 0 ? -1 : 0;
}

static int check_sum(const struct sha256 *h, const struct image_blob *b, struct err *e)
{
    char sum[SHA256_HEX];

    sha256_hex(h, sum);
    if (strcmp(sum, b->digest) == 0) {
        return 0;
    }
    (void)err_set(e, ERR_REFUSED,
                  "the layer with the digest %s has other content, or the bundle has changed "
                  "since it was checked",
                  b->digest);
    return err_hint(e, "Nothing was loaded. Copy the bundle again, or make it again.");
}

/* Sends a layer in blocks. The last block is sent only if the content has its digest. */
static int add_blob(struct sender *s, const struct image_blob *b, struct err *e)
{
    char name[NAME_LEN];
    struct sha256 h;

    (void)snprintf(name, sizeof(name), "%s.tar", b->digest);
    if (add_header(s, name, b->size, e) < 0) {
        return -1;
    }
    sha256_init(&h);
    for (uint64_t at = 0; at < b->size;) {
        size_t want = b->size - at < BLOCK ? (size_t)(b->size - at) : BLOCK;
        ssize_t n = pread(s->in->fd, s->block, want, (off_t)(s->in->base + b->at + at));

        if (n < 0) {
            return err_sys(e, "read");
        }
        if (n == 0) {
            return err_set(e, ERR_REFUSED, "the bundle has changed since it was checked");
        }
        sha256_add(&h, s->block, (size_t)n);
        at += (uint64_t)n;
        if ((at == b->size && check_sum(&h, b, e) < 0) ||
            add_bytes(s, str_n(s->block, (size_t)n), e) < 0) {
            return -1;
        }
        s->sent += (uint64_t)n;
        s->progress->transfer(s->progress, str_c("loading"), s->sent, s->total);
    }
    return b->size > 0 ? 0 : check_sum(&h, b, e);
}

/* Adds manifest.json, from which the engine learns the image's name and parts. All texts in it
 * are digests or were compared with the expected name, so that none needs an escape. */
static int add_manifest(struct sender *s, const char *config, struct err *e)
{
    const struct image_content *c = s->image;
    struct buf text;
    int rc;

    buf_init(&text, MANIFEST_MAX);
    (void)buf_addf(&text, "[{\"Config\":\"%s\",\"RepoTags\":[\"%s\"],\"Layers\":[", config,
                   c->tag);
    for (size_t i = 0; i < c->layers.count; i++) {
        (void)buf_addf(&text, "%s\"%s.tar\"", i > 0 ? "," : "", c->layers.v[i]);
    }
    rc = buf_add_c(&text, "]}]\n") < 0 ? err_set(e, ERR_LIMIT, "the image has too many layers")
                                       : add_text(s, "manifest.json", buf_str(&text), e);
    buf_release(&text);
    return rc;
}

static int send_all(struct sender *s, struct err *e)
{
    char config[NAME_LEN];

    (void)snprintf(config, sizeof(config), "%s.json", s->image->config_digest);
    if (add_text(s, config, s->image->config, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < s->image->blob_count; i++) {
        if (add_blob(s, &s->image->blobs[i], e) < 0) {
            return -1;
        }
    }
    return add_manifest(s, config, e) < 0 || tar_w_end(&s->tar, e) < 0 || flush(s, e) < 0 ? -1
                                                                                          : 0;
}

int image_tar_send(const struct image_content *image, const struct image_file_at *in,
                   struct context_sink *sink, struct progress *progress, struct err *e)
{
    struct arena arena = {0};
    struct sender s = {.image = image,
                       .in = in,
                       .sink = sink,
                       .progress = progress,
                       .block = arena_alloc(&arena, BLOCK)};
    int rc;

    for (size_t i = 0; i < image->blob_count; i++) {
        s.total += image->blobs[i].size;
    }
    buf_init(&s.out, BLOCK + LIMIT_TAR_HEADER);
    tar_w_init(&s.tar, &s.out);
    rc = send_all(&s, e);
    buf_release(&s.out);
    arena_release(&arena);
    return rc;
}
