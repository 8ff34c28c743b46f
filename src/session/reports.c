/* SPDX-License-Identifier: MIT */
#include "session/reports.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/path.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

static const char *reports_dir(struct session_context *ctx)
{
    return path_join(ctx->arena, ctx->facts->state_dir, "reports");
}

/* Writes the lines to the session's file in the directory of reports. */
static void keep(struct session_context *ctx, const char *key, const char *name,
                 const struct strv *lines)
{
    struct err ignored = {0}; /* no terminal could show the error */
    const char *dir = reports_dir(ctx);
    struct buf text;

    buf_init(&text, LIMIT_FILE_SMALL);
    for (size_t i = 0; i < lines->count; i++) {
        /* Lines that do not fit any more are lost. */
        (void)buf_addf(&text, "%s: %s\n", name, lines->v[i]);
    }
    if (file_mkdirs(dir, 0700, &ignored) == 0) {
        (void)file_write_atomic(
            path_join(ctx->arena, dir, arena_printf(ctx->arena, "%s.%s", key, name)),
            buf_str(&text), 0600, &ignored);
    }
    buf_release(&text);
}

void reports_add(struct session_context *ctx, const char *key, const char *name,
                 const struct strv *lines, bool background)
{
    if (background && lines->count > 0) {
        keep(ctx, key, name, lines);
        return;
    }
    for (size_t i = 0; i < lines->count; i++) {
        log_report("%s", lines->v[i]);
    }
}

void reports_once(struct session_context *ctx, const char *text)
{
    const char *dir = path_join(ctx->arena, ctx->facts->state_dir, "told");
    const char *path = path_join(ctx->arena, dir, ctx->facts->project_key);
    struct err ignored = {0}; /* after an error the text is printed again the next time */
    struct buf before;

    buf_init(&before, LIMIT_FILE_SMALL);
    (void)file_read(path, &before, &ignored);
    if (!str_eq_c(buf_str(&before), text)) {
        log_warn("%s", text);
        if (file_mkdirs(dir, 0700, &ignored) == 0) {
            (void)file_write_atomic(path, str_c(text), 0600, &ignored);
        }
    }
    buf_release(&before);
}

/* Prints the lines of a kept report, and removes it. */
static void tell(const char *path)
{
    struct err ignored = {0};
    struct buf text;
    struct str rest;
    struct str line = {0};

    buf_init(&text, LIMIT_FILE_SMALL);
    if (file_read(path, &text, &ignored) == 0) {
        rest = buf_str(&text);
        while (rest.len > 0) {
            (void)str_cut(&rest, '\n', &line);
            log_report("%.*s", (int)line.len, line.p);
        }
    }
    (void)unlink(path);
    buf_release(&text);
}

void reports_tell(struct session_context *ctx)
{
    const char *dir = reports_dir(ctx);
    const char *prefix = arena_printf(ctx->arena, "%s.cco-", ctx->facts->project_key);
    const struct dirent *entry;
    DIR *d = opendir(dir);

    while (d != NULL && (entry = readdir(d)) != NULL) {
        if (str_starts(str_c(entry->d_name), prefix)) {
            tell(path_join(ctx->arena, dir, entry->d_name));
        }
    }
    if (d != NULL) {
        (void)closedir(d);
    }
}
