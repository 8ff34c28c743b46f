/* SPDX-License-Identifier: MIT */
/* Reads a bundle twice: once to check all of it, and once to send its image to an engine, in a
 * new archive (engine/image_tar_write.h). */
#include "engine/image_bundle.h"

#include "base/fd.h"
#include "base/limits.h"
#include "engine/docker_api_stream.h"
#include "engine/image_tar_write.h"

#include <string.h>
#include <unistd.h>

enum { BLOCK = 64 << 10 };

struct reader {
    struct engine *engine;
    struct progress *progress;
    struct arena *arena;
    const char *arch;
    struct tar_r tar;
    uint64_t at, total;
    unsigned part;     /* entries that have begun */
    struct buf text;   /* the content of the manifest, and later of the sums */
    struct sha256 sum; /* of the entry that is being read */
    struct image_tar image;
    struct bundle_file got[BUNDLE_PARTS];
    struct bundle_file_found *out;
};

/* Returns -1 with ERR_CANCELED if a signal has arrived. Never waits. */
static int still_wanted(const struct engine *en, struct err *e)
{
    const struct net_wait w = {.deadline_ms = -1, .sig = en->sig};

    return net_poll(&w, NULL, 0, 0, e);
}

static int no_bundle(struct err *e, const char *why)
{
    (void)err_set(e, ERR_FORMAT, "this is not a bundle of cco's: %s", why);
    return err_hint(
        e, "Bundles are made by cco image save FILE; other images are for docker load.");
}

/* Refuses a file that is compressed, which its first bytes show, and says how to decompress
 * it. */
static int check_magic(struct str head, struct err *e)
{
    static const struct {
        const char *magic, *name, *program;
        size_t len;
    } known[] = {
        {"\x1f\x8b", "gzip", "gunzip -c", 2},
        {"\x28\xb5\x2f\xfd", "zstd", "zstd -dc", 4},
        {"\xfd"
         "7zXZ",
         "xz", "xz -dc", 5},
        {"BZh", "bzip2", "bzip2 -dc", 3},
    };

    if (head.len == 0) {
        return no_bundle(e, "it is empty");
    }
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (head.len >= known[i].len && memcmp(head.p, known[i].magic, known[i].len) == 0) {
            (void)err_set(e, ERR_FORMAT, "it is compressed with %s", known[i].name);
            return err_hint(e, "Decompress it: %s FILE | cco image load -", known[i].program);
        }
    }
    return 0;
}

/* Checks the entry that has been read to its end. */
static int end_part(struct reader *r, struct err *e)
{
    struct bundle *b = &r->out->b;
    struct bundle_file *got;

    if (r->part == 0) {
        return 0;
    }
    got = &r->got[r->part - 1];
    sha256_hex(&r->sum, got->sha256);
    switch (r->part - 1) {
    case BUNDLE_MANIFEST:
        if (bundle_read(buf_str(&r->text), r->arena, b, e) < 0) {
            return err_wrap(e, "%s", bundle_names[BUNDLE_MANIFEST]);
        }
        if (r->arch != NULL && strcmp(b->arch, r->arch) != 0) {
            (void)err_set(e, ERR_REFUSED, "the bundle is for %s, but the engine here for %s",
                          b->arch, r->arch);
            return err_hint(e, "Save one on a machine of this kind: cco image save FILE");
        }
        b->files[BUNDLE_MANIFEST] = *got;
        return 0;
    case BUNDLE_SUMS:
        return bundle_sums_match(b, buf_str(&r->text))
                   ? 0
                   : err_set(e, ERR_REFUSED, "its SHA256SUMS do not match its manifest");
    default:
        if (got->size != b->files[r->part - 1].size ||
            strcmp(got->sha256, b->files[r->part - 1].sha256) != 0) {
            (void)err_set(e, ERR_REFUSED, "%s in it is damaged: its size or SHA-256 is wrong",
                          bundle_names[r->part - 1]);
            return err_hint(e, "Copy the bundle again, or make it again.");
        }
        return 0;
    }
}

/* Checks the header of the next entry: the entries have a fixed order. */
static int begin_part(struct reader *r, struct err *e)
{
    const struct tar_entry *en = &r->tar.entry;

    if (end_part(r, e) < 0) {
        return -1;
    }
    if (r->part == BUNDLE_PARTS || !str_eq_c(en->path, bundle_names[r->part]) ||
        en->type != TAR_FILE) {
        return no_bundle(e, arena_printf(r->arena, "its entry %u is %s%.*s", r->part + 1,
                                         en->type == TAR_FILE ? "" : "not a file: ",
                                         (int)(en->path.len < 80 ? en->path.len : 80),
                                         en->path.p));
    }
    r->got[r->part].size = en->size;
    if (r->part == BUNDLE_IMAGE) {
        r->out->image_at = r->at;
    }
    r->part++;
    buf_reset(&r->text);
    sha256_init(&r->sum);
    return 0;
}

static int take_data(struct reader *r, struct str data, struct err *e)
{
    sha256_add(&r->sum, data.p, data.len);
    switch (r->part - 1) {
    case BUNDLE_MANIFEST:
    case BUNDLE_SUMS:
        return buf_add_str(&r->text, data) == 0
                   ? 0
                   : err_set(e, ERR_LIMIT, "%s in it is too large", bundle_names[r->part - 1]);
    case BUNDLE_IMAGE:
        return image_tar_in(&r->image, data, e) < 0
                   ? err_wrap(e, "%s", bundle_names[BUNDLE_IMAGE])
                   : 0;
    default:
        return 0;
    }
}

static int take(struct reader *r, struct str bytes, struct err *e)
{
    while (bytes.len > 0) {
        struct str data = {0};
        size_t used = 0;
        bool ready = false;

        if (r->tar.state == TAR_END) {
            return str_is_zeros(bytes) ? 0 : no_bundle(e, "there are bytes after its end");
        }
        if (tar_r_in(&r->tar, bytes, &used, &ready, &data, e) < 0) {
            return r->part == 0 ? no_bundle(e, "it is not a tar archive") : -1;
        }
        r->at += used;
        bytes = str_drop(bytes, used);
        if ((ready && begin_part(r, e) < 0) || (data.len > 0 && take_data(r, data, e) < 0)) {
            return -1;
        }
    }
    return 0;
}

static int check_end(struct reader *r, int fd, struct err *e)
{
    const struct bundle *b = &r->out->b;
    const struct image_want want = {
        .tag = b->tag, .digest = b->digest, .inputs = b->inputs, .arch = b->arch};
    const struct image_file_at in = {fd, r->out->image_at};

    if (r->part == 0) {
        return no_bundle(e, "it is not a tar archive");
    }
    if (r->tar.state != TAR_END) {
        (void)err_set(e, ERR_EOF, "it is incomplete");
        return err_hint(e, "Copy the bundle again, or make it again.");
    }
    if (r->part != BUNDLE_PARTS) {
        return no_bundle(e, "entries are missing");
    }
    if (end_part(r, e) < 0) {
        return -1;
    }
    return image_tar_end(&r->image, &in, &want, r->arena, &r->out->image, e) < 0
               ? err_wrap(e, "%s", bundle_names[BUNDLE_IMAGE])
               : 0;
}

static int read_all(struct reader *r, int fd, char *block, struct err *e)
{
    ssize_t n;

    do {
        n = fd_read(fd, block, BLOCK);
        if (n < 0) {
            return err_sys(e, "read");
        }
        if (r->at == 0 && check_magic(str_n(block, (size_t)n), e) < 0) {
            return -1;
        }
        if (take(r, str_n(block, (size_t)n), e) < 0 || still_wanted(r->engine, e) < 0) {
            return -1;
        }
        r->progress->transfer(r->progress, str_c("checking"), r->at, r->total);
    } while (n > 0);
    return check_end(r, fd, e);
}

int bundle_check(struct engine *en, const struct bundle_input *in, struct progress *progress,
                 struct arena *a, struct bundle_file_found *out, struct err *e)
{
    struct reader r = {
        .engine = en, .progress = progress, .arena = a, .arch = in->arch, .out = out};
    off_t total = lseek(in->fd, 0, SEEK_END);
    int rc;

    *out = (struct bundle_file_found){0};
    if (total < 0 || lseek(in->fd, 0, SEEK_SET) < 0) {
        return err_sys(e, "%s", in->name);
    }
    r.total = (uint64_t)total;
    tar_r_init(&r.tar);
    image_tar_init(&r.image);
    buf_init(&r.text, BUNDLE_TEXT_MAX);
    sha256_init(&r.sum);
    rc = read_all(&r, in->fd, arena_alloc(a, BLOCK), e);
    tar_r_release(&r.tar);
    image_tar_release(&r.image);
    buf_release(&r.text);
    return rc < 0 ? err_wrap(e, "%s", in->name) : 0;
}

struct sending {
    const struct image_content *image;
    struct image_file_at in;
    struct progress *progress;
};

static int send_image(const void *what, struct context_sink *sink, struct err *e)
{
    const struct sending *s = what;

    return image_tar_send(s->image, &s->in, sink, s->progress, e);
}

int bundle_load(struct engine *en, const struct bundle_file_found *found, int fd,
                struct progress *progress, struct err *e)
{
    const struct sending s = {
        .image = &found->image, .in = {fd, found->image_at}, .progress = progress};
    const struct api_stream_call call = {
        .target = "/images/load?quiet=0", .body = send_image, .what = &s};

    return api_stream_post(en, &call, progress, e) < 0 ? err_wrap(e, "load") : 0;
}
