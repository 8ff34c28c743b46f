/* SPDX-License-Identifier: MIT */
#include "session/claude_download.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "net/fetch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 64 << 10, RANGE_NOT_SATISFIABLE = 416 };

/* After so many connections in a row that brought less than so many bytes each, a download
 * fails. */
enum { POOR_MAX = 5, POOR_BYTES = 256 << 10 };

/* A download in progress. */
struct download {
    struct session_context *ctx;
    const struct npm_registry *registry;
    const struct claude_package *package;
    const char *path;
    int fd;
    uint64_t len; /* bytes in the file, which `sum` covers */
    struct sha512 sum;
    bool resumed; /* the beginning of the file is from an earlier process */
};

static void start_again(struct download *d)
{
    sha512_init(&d->sum);
    d->len = 0;
    d->resumed = false;
}

/* Opens the file, and adds what it contains to the sum. */
static int open_file(struct download *d, struct err *e)
{
    char *chunk = malloc(CHUNK);
    ssize_t n = 0;

    if (chunk == NULL) {
        abort(); /* out of memory */
    }
    start_again(d);
    d->fd = file_open(d->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0600, e);
    while (d->fd >= 0 && d->len < CLAUDE_PACKAGE_MAX &&
           (n = fd_read(d->fd, chunk, CHUNK)) > 0) {
        sha512_add(&d->sum, chunk, (size_t)n);
        d->len += (uint64_t)n;
    }
    free(chunk);
    d->resumed = d->len > 0;
    return d->fd < 0 ? -1 : n < 0 ? err_sys(e, "%s", d->path) : 0;
}

static bool is_complete(const struct download *d)
{
    unsigned char sum[SHA512_SIZE];

    sha512_sum(&d->sum, sum);
    return memcmp(sum, d->package->sha512, sizeof(sum)) == 0;
}

/* Empties the file if the next byte is its first one, and sets its position. */
static int prepare_file(struct download *d, struct err *e)
{
    if ((d->len == 0 && ftruncate(d->fd, 0) < 0) || lseek(d->fd, (off_t)d->len, SEEK_SET) < 0) {
        return err_sys(e, "%s", d->path);
    }
    return 0;
}

static int receive(struct download *d, struct fetch *f, struct err *e)
{
    struct progress *progress = d->ctx->progress;
    const uint64_t total = f->total > 0 ? d->len + f->total : 0;
    struct str data;

    do {
        if (fetch_body(f, &data, e) < 0) {
            return -1;
        }
        if (fd_write_all(d->fd, data.p, data.len, e) < 0) {
            return err_wrap(e, "%s", d->path);
        }
        sha512_add(&d->sum, data.p, data.len);
        d->len += data.len;
        progress->transfer(progress, str_c(d->package->title), d->len, total);
    } while (data.len > 0);
    return 0;
}

/* Requests what is missing, and receives it until the connection ends. */
static int connect_once(struct download *d, struct err *e)
{
    struct fetch f;
    int rc;

    fetch_init(&f, d->registry->env, d->ctx->sig);
    f.ca_file = d->registry->ca_file;
    f.built_in = d->registry->built_in;
    f.hides_paths = true;
    /* The login is for the registry. Another server gets it only if the registry's own answer
     * names it with the same host. */
    if (strcmp(d->package->url.host, d->registry->url.host) == 0 &&
        d->package->url.port == d->registry->url.port) {
        f.authorization = d->registry->authorization.p;
    }
    f.from = d->len;
    rc = fetch_open(&f, &d->package->url, CLAUDE_PACKAGE_MAX - d->len, e);
    if (rc < 0 && e->kind == ERR_ENGINE && e->code == RANGE_NOT_SATISFIABLE && d->len > 0) {
        err_reset(e);
        start_again(d);
        f.from = 0;
        rc = fetch_open(&f, &d->package->url, CLAUDE_PACKAGE_MAX, e);
    }
    if (rc == 0) {
        if (!f.partial) {
            start_again(d);
        }
        rc = prepare_file(d, e) < 0 ? -1 : receive(d, &f, e);
    }
    fetch_release(&f);
    return rc;
}

static bool is_worth_retrying(const struct err *e)
{
    return e->kind == ERR_EOF || e->kind == ERR_TIMEOUT || e->kind == ERR_SYS;
}

static int transfer(struct download *d, struct err *e)
{
    unsigned poor = 0;

    for (;;) {
        const uint64_t before = d->len;

        if (connect_once(d, e) == 0) {
            return 0;
        }
        if (!is_worth_retrying(e) || d->len <= before) {
            return -1;
        }
        poor = d->len - before < POOR_BYTES ? poor + 1 : 0;
        if (poor == POOR_MAX) {
            return err_wrap(e, "the last %d connections brought almost nothing", POOR_MAX);
        }
        log_verbose("%s; continuing after %llu bytes", e->text, (unsigned long long)d->len);
        err_reset(e);
    }
}

static int wrong_digest(struct download *d, struct err *e)
{
    (void)unlink(d->path);
    (void)err_set(e, ERR_FORMAT,
                  "%s: the file has another SHA-512 than the registry names, and was removed",
                  d->package->title);
    return err_hint(e, "Try again. If it fails again, do not trust this server.");
}

static int run(struct download *d, struct err *e)
{
    if (open_file(d, e) < 0) {
        return -1;
    }
    if (d->len > 0 && is_complete(d)) {
        return 0;
    }
    if (transfer(d, e) < 0) {
        return -1;
    }
    if (!is_complete(d) && d->resumed) {
        /* The beginning may be of another file with the same name. */
        start_again(d);
        if (transfer(d, e) < 0) {
            return -1;
        }
    }
    return is_complete(d) ? 0 : wrong_digest(d, e);
}

int claude_download(struct session_context *ctx, const struct npm_registry *r,
                    const struct claude_package *p, const char *path, struct err *e)
{
    struct download d = {.ctx = ctx, .registry = r, .package = p, .path = path, .fd = -1};
    int rc;

    ctx->progress->step(ctx->progress, str_c(p->title), false);
    rc = run(&d, e);
    if (rc == 0) {
        ctx->progress->done(ctx->progress, str_c(p->title), (struct str){0});
    }
    fd_close(&d.fd);
    return rc;
}
