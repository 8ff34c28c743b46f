/* SPDX-License-Identifier: MIT */
/* Writes a bundle in one pass, without a second copy of the image. The image is the last entry
 * of a bundle, and the entries before it, the head, contain its sum. Therefore cco leaves room
 * for the head at the beginning of the file, writes the image behind that room while it
 * computes its sum and checks it, and then writes the head. */
#include "engine/image_bundle.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "engine/docker_api_stream.h"
#include "engine/image_context.h"
#include "engine/image_tar.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* HEAD_GROWS: the head that is made before the image is known may be smaller than the final one
 * by this many bytes, because the final sizes may have more digits, and because tar needs more
 * headers for a file of 8 GiB or more. */
enum {
    HEAD_GROWS = 4 * TAR_BLOCK,
    END_BLOCKS = 2 * TAR_BLOCK,
    HEAD_MAX = 2 * BUNDLE_TEXT_MAX,
    EXE_MAX = 64 << 20
};

struct writer {
    struct context_sink sink; /* the first member: take_image() gets this address */
    const struct bundle_source *source;
    struct progress *progress;
    const char *name;
    int fd;
    uint64_t size;          /* bytes of the image that were written so far */
    struct sha256 sum;      /* the digest of these bytes */
    struct image_tar image; /* checks these bytes */
};

static uint64_t up_to_block(uint64_t n)
{
    return (n + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}

static int cannot_write(const char *name, struct err *e)
{
    bool full = errno == ENOSPC || errno == EDQUOT;

    (void)err_sys(e, "%s", name);
    return full ? err_hint(e, "The bundle needs about as much space as the image; df shows the "
                              "free space.")
                : -1;
}

static int write_bytes(const struct writer *w, struct str bytes, struct err *e)
{
    while (bytes.len > 0) {
        ssize_t n = fd_write(w->fd, bytes.p, bytes.len);

        if (n < 0) {
            return cannot_write(w->name, e);
        }
        bytes = str_drop(bytes, (size_t)n);
    }
    return 0;
}

static int take_image(struct context_sink *s, struct str bytes, struct err *e)
{
    struct writer *w = (struct writer *)s; /* the first member */
    uint64_t about = w->source->image_size;

    sha256_add(&w->sum, bytes.p, bytes.len);
    w->size += bytes.len;
    if (image_tar_in(&w->image, bytes, e) < 0) {
        return err_wrap(e, "the image that the engine saves");
    }
    w->progress->transfer(w->progress, str_c("saving"), w->size,
                          w->size < about ? about : w->size);
    return write_bytes(w, bytes, e);
}

static int get_image(struct engine *en, struct writer *w, uint64_t at, struct err *e)
{
    const struct bundle *b = &w->source->b;
    const struct image_want want = {
        .tag = b->tag, .digest = b->digest, .inputs = b->inputs, .arch = b->arch};
    const struct image_file_at in = {w->fd, at};
    struct image_content content;
    struct buf target;
    int rc;

    buf_init(&target, LIMIT_PATH);
    api_image_target(b->tag, "/get", &target);
    rc = api_stream_get(en, buf_c(&target), &w->sink, w->progress, e);
    buf_release(&target);
    if (rc == 0 && image_tar_end(&w->image, &in, &want, &w->image.arena, &content, e) < 0) {
        rc = err_wrap(e, "the image that the engine saves");
    }
    return rc;
}

static int entry(struct tar_w *t, enum bundle_part part, struct str data, struct err *e)
{
    const struct tar_entry en = {.type = TAR_FILE,
                                 .path = str_c(bundle_names[part]),
                                 .size = data.len,
                                 .mode = part == BUNDLE_CCO ? 0755 : 0644};

    return tar_w_entry(t, &en, e) < 0 || tar_w_data(t, data.p, data.len, e) < 0 ? -1 : 0;
}

static void sum_of(struct str data, struct bundle_file *f)
{
    struct sha256 h;

    sha256_init(&h);
    sha256_add(&h, data.p, data.len);
    sha256_hex(&h, f->sha256);
    f->size = data.len;
}

/* Replaces the content of `out` by the head: everything before the image's bytes. The manifest
 * gets `padding` additional blanks. */
static int make_head(struct bundle *b, struct str exe, size_t padding, struct buf *out,
                     struct err *e)
{
    const struct tar_entry image = {.type = TAR_FILE,
                                    .path = str_c(bundle_names[BUNDLE_IMAGE]),
                                    .size = b->files[BUNDLE_IMAGE].size,
                                    .mode = 0644};
    struct tar_w t;
    struct buf text;
    struct buf sums;
    int rc = -1;

    buf_init(&text, BUNDLE_TEXT_MAX);
    buf_init(&sums, BUNDLE_TEXT_MAX);
    buf_reset(out);
    tar_w_init(&t, out);
    if (bundle_write(b, padding, &text, e) == 0) {
        sum_of(buf_str(&text), &b->files[BUNDLE_MANIFEST]);
        rc = bundle_write_sums(b, &sums, e);
    }
    if (rc == 0 && (entry(&t, BUNDLE_MANIFEST, buf_str(&text), e) < 0 ||
                    entry(&t, BUNDLE_SUMS, buf_str(&sums), e) < 0 ||
                    entry(&t, BUNDLE_CCO, exe, e) < 0 || tar_w_entry(&t, &image, e) < 0)) {
        rc = -1;
    }
    buf_release(&text);
    buf_release(&sums);
    return rc;
}

/* Sets *room to the size of the room for the head, and the position of the file to its end. The
 * size is a multiple of the block size of tar. Blanks in the manifest will fill what the head
 * does not need. */
static int room_for_head(const struct writer *w, struct str exe, uint64_t *room, struct err *e)
{
    struct bundle b = w->source->b;
    struct buf out;
    int rc;

    buf_init(&out, EXE_MAX + HEAD_MAX);
    sum_of(exe, &b.files[BUNDLE_CCO]);
    sum_of(exe, &b.files[BUNDLE_IMAGE]); /* any sum: all sums have the same length */
    rc = make_head(&b, exe, 0, &out, e);
    *room = out.len + HEAD_GROWS;
    buf_release(&out);
    if (rc == 0 && lseek(w->fd, (off_t)*room, SEEK_SET) < 0) {
        rc = cannot_write(w->name, e);
    }
    return rc;
}

/* Writes the head into the room before the image, which it fills exactly. */
static int write_head(struct writer *w, struct str exe, uint64_t room, struct err *e)
{
    struct bundle b = w->source->b;
    struct buf out;
    int rc;

    sum_of(exe, &b.files[BUNDLE_CCO]);
    b.files[BUNDLE_IMAGE].size = w->size;
    sha256_hex(&w->sum, b.files[BUNDLE_IMAGE].sha256);
    buf_init(&out, EXE_MAX + HEAD_MAX);
    rc = make_head(&b, exe, 0, &out, e);
    assert(rc < 0 || out.len <= room);
    if (rc == 0) {
        rc = make_head(&b, exe, (size_t)(room - out.len), &out, e);
    }
    if (rc == 0 && lseek(w->fd, 0, SEEK_SET) < 0) {
        rc = cannot_write(w->name, e);
    }
    if (rc == 0) {
        rc = write_bytes(w, buf_str(&out), e);
    }
    buf_release(&out);
    return rc;
}

/* Writes the end of the archive after the image: zeros up to the end of the block, and two
 * blocks of zeros. */
static int write_end(const struct writer *w, struct err *e)
{
    static const char zeros[TAR_BLOCK + END_BLOCKS];
    uint64_t padding = up_to_block(w->size) - w->size;

    return write_bytes(w, str_n(zeros, (size_t)padding + END_BLOCKS), e);
}

int bundle_save(struct engine *en, const struct bundle_source *source, int fd, const char *name,
                struct progress *progress, struct err *e)
{
    struct writer w = {
        .sink = {take_image}, .source = source, .progress = progress, .name = name, .fd = fd};
    struct buf exe;
    uint64_t room = 0;
    int rc = -1;

    buf_init(&exe, EXE_MAX);
    sha256_init(&w.sum);
    image_tar_init(&w.image);
    if (file_read(source->exe, &exe, e) < 0) {
        goto out;
    }
    if (room_for_head(&w, buf_str(&exe), &room, e) < 0) {
        goto out;
    }
    if (get_image(en, &w, room, e) == 0 && write_end(&w, e) == 0) {
        rc = write_head(&w, buf_str(&exe), room, e);
    }
out:
    buf_release(&exe);
    image_tar_release(&w.image);
    return rc;
}
