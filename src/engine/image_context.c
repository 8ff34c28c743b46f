/* SPDX-License-Identifier: MIT */
#include "engine/image_context.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "engine/image_files.h"
#include "wire/tar.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { BLOCK = 64 << 10, CA_MAX = 4 << 20 };

struct sender {
    struct tar_w tar;
    struct buf out;
    struct context_sink *sink;
};

static int flush(struct sender *s, struct err *e)
{
    int rc = s->sink->put(s->sink, buf_str(&s->out), e);

    buf_reset(&s->out);
    return rc;
}

static int add_entry(struct sender *s, const struct tar_entry *entry, struct err *e)
{
    return tar_w_entry(&s->tar, entry, e) < 0 || flush(s, e) < 0 ? -1 : 0;
}

static int add_bytes(struct sender *s, const char *name, struct str data, unsigned mode,
                     struct err *e)
{
    const struct tar_entry entry = {
        .type = TAR_FILE, .path = str_c(name), .size = data.len, .mode = mode};

    if (add_entry(s, &entry, e) < 0 || s->sink->put(s->sink, data, e) < 0 ||
        tar_w_sent(&s->tar, data.len, e) < 0) {
        return -1;
    }
    return flush(s, e);
}

static int add_dir(struct sender *s, const char *name, struct err *e)
{
    const struct tar_entry entry = {.type = TAR_DIR, .path = str_c(name), .mode = 0755};

    return add_entry(s, &entry, e);
}

/* Sends a file of this machine, in blocks, because it may be large. */
static int add_file(struct sender *s, const char *name, const char *path, struct err *e)
{
    struct tar_entry entry = {.type = TAR_FILE, .path = str_c(name), .mode = 0755};
    char block[4096];
    struct stat st;
    int rc = -1;
    int fd = file_open(path, O_RDONLY, 0, e);

    if (fd < 0) {
        return -1;
    }
    if (fstat(fd, &st) < 0) {
        (void)err_sys(e, "%s", path);
        goto out;
    }
    entry.size = (uint64_t)st.st_size;
    if (add_entry(s, &entry, e) < 0) {
        goto out;
    }
    while (s->tar.left > 0) {
        size_t want = s->tar.left < sizeof(block) ? (size_t)s->tar.left : sizeof(block);
        ssize_t n = fd_read(fd, block, want);

        if (n <= 0) {
            (void)err_set(e, ERR_EOF, "%s: became shorter while it was read", path);
            goto out;
        }
        if (s->sink->put(s->sink, str_n(block, (size_t)n), e) < 0 ||
            tar_w_sent(&s->tar, (size_t)n, e) < 0) {
            goto out;
        }
    }
    rc = flush(s, e);
out:
    fd_close(&fd);
    return rc;
}

/* Returns whether the file occurs earlier in the list, because several variables often name the
 * same file. */
static bool came_before(const struct image_input *in, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (in->ca_files[i].physical != NULL &&
            strcmp(in->ca_files[i].physical, in->ca_files[at].physical) == 0) {
            return true;
        }
    }
    return false;
}

int context_read_ca(const struct image_input *in, size_t at, struct buf *out, struct err *e)
{
    const char *path = in->ca_files[at].physical;

    buf_reset(out);
    return path == NULL || came_before(in, at) ? 0 : file_read(path, out, e);
}

static int add_certificates(struct sender *s, const struct image_input *in, struct err *e)
{
    struct buf text;
    char name[32];
    int rc = add_dir(s, "ca", e);

    buf_init(&text, CA_MAX);
    for (size_t i = 0; rc == 0 && i < in->ca_count; i++) {
        rc = context_read_ca(in, i, &text, e);
        if (rc == 0 && text.len > 0) {
            (void)snprintf(name, sizeof(name), "ca/%zu.crt", i);
            rc = add_bytes(s, name, buf_str(&text), 0644, e);
        }
    }
    buf_release(&text);
    return rc;
}

struct str context_dockerfile(const struct image_input *in)
{
    for (size_t i = 0; in->dockerfile.p == NULL && i < image_files_count; i++) {
        if (strcmp(image_files[i].name, "Dockerfile") == 0) {
            return str_n((const char *)image_files[i].data, image_files[i].len);
        }
    }
    return in->dockerfile;
}

int context_send(const struct image_input *in, struct context_sink *sink, struct err *e)
{
    struct sender s = {.sink = sink};
    int rc = 0;

    buf_init(&s.out, BLOCK + LIMIT_TAR_HEADER);
    tar_w_init(&s.tar, &s.out);
    for (size_t i = 0; rc == 0 && i < image_files_count; i++) {
        const struct image_file *f = &image_files[i];
        struct str data = strcmp(f->name, "Dockerfile") == 0
                              ? context_dockerfile(in)
                              : str_n((const char *)f->data, f->len);

        rc = add_bytes(&s, f->name, data, f->mode, e);
    }
    if (rc == 0) {
        rc = add_certificates(&s, in, e);
    }
    if (rc == 0) {
        rc = add_file(&s, "cco", in->exe, e);
    }
    if (rc == 0 && (tar_w_end(&s.tar, e) < 0 || flush(&s, e) < 0)) {
        rc = -1;
    }
    buf_release(&s.out);
    return rc;
}
