/* SPDX-License-Identifier: MIT */
#include "session/missing_told.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/path.h"

#include <string.h>

enum { DIGITS = SHA256_HEX - 1, LINE = DIGITS + 1, TOLD_BYTES = MISSING_TOLD_MAX * LINE };

/* Writes the line of the file for a cause, without the newline, and a NUL. */
static void digest_of(const char *cause, char out[SHA256_HEX])
{
    struct sha256 hash;

    sha256_init(&hash);
    sha256_add(&hash, cause, strlen(cause));
    sha256_hex(&hash, out);
}

static bool is_told(struct str told, const char *digest)
{
    struct str line = {0};

    while (told.len > 0) {
        (void)str_cut(&told, '\n', &line);
        if (str_eq_c(line, digest)) {
            return true;
        }
    }
    return false;
}

/* Returns whether the text is a sequence of whole lines. */
static bool is_whole(struct str told)
{
    for (size_t i = 0; i < told.len; i++) {
        if ((told.p[i] == '\n') != (i % LINE == DIGITS)) {
            return false;
        }
    }
    return told.len % LINE == 0;
}

void missing_tell(struct session_context *ctx, const struct missing *m)
{
    const char *dir;
    const char *path;
    struct err ignored = {0}; /* after an error the lines are printed again the next time */
    char digest[SHA256_HEX];
    struct buf told;
    size_t before;

    if (m->count == 0 || ctx->opts->quiet) {
        return;
    }
    dir = path_join(ctx->arena, ctx->facts->state_dir, "missing");
    path = path_join(ctx->arena, dir, ctx->facts->project_key);
    buf_init(&told, TOLD_BYTES + (MISSING_MAX + 1) * LINE);
    if (file_read(path, &told, &ignored) < 0 || !is_whole(buf_str(&told)) ||
        told.len > TOLD_BYTES) {
        buf_reset(&told);
    }
    before = told.len;
    for (size_t i = 0; i < m->count; i++) {
        digest_of(m->list[i].cause, digest);
        if (!is_told(buf_str(&told), digest)) {
            log_warn("%s", m->list[i].text);
            (void)buf_addf(&told, "%s\n", digest); /* there is room for a whole list */
        }
    }
    if (told.len > before && file_mkdirs(dir, 0700, &ignored) == 0) {
        const size_t excess = told.len > TOLD_BYTES ? told.len - TOLD_BYTES : 0;

        (void)file_write_atomic(path, str_drop(buf_str(&told), excess), 0600, &ignored);
    }
    buf_release(&told);
}
