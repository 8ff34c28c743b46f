/* SPDX-License-Identifier: MIT */
#include "session/reports.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/path.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

static const char *reports_dir(struct app *app)
{
    return path_join(&app->arena, app->facts.state_dir, "reports");
}

static void keep(struct app *app, const char *key, const char *name, const struct strv *lines)
{
    struct err ignored = {0}; /* nobody could read it either */
    const char *dir = reports_dir(app);
    struct buf text;

    buf_init(&text, LIMIT_FILE_SMALL);
    for (size_t i = 0; i < lines->count; i++) {
        (void)buf_addf(&text, "%s: %s\n", name, lines->v[i]); /* sticky: the rest is cut */
    }
    if (file_mkdirs(dir, 0700, &ignored) == 0) {
        (void)file_write_atomic(
            path_join(&app->arena, dir, arena_printf(&app->arena, "%s.%s", key, name)),
            buf_str(&text), 0600, &ignored);
    }
    buf_release(&text);
}

void reports_add(struct app *app, const char *key, const char *name, const struct strv *lines,
                 bool background)
{
    if (background && lines->count > 0) {
        keep(app, key, name, lines);
        return;
    }
    for (size_t i = 0; i < lines->count; i++) {
        log_warn("%s", lines->v[i]);
    }
}

void reports_once(struct app *app, const char *text)
{
    const char *dir = path_join(&app->arena, app->facts.state_dir, "told");
    const char *path = path_join(&app->arena, dir, app->facts.project_key);
    struct err ignored = {0}; /* then it is told again */
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
            log_warn("%.*s", (int)line.len, line.p);
        }
    }
    (void)unlink(path);
    buf_release(&text);
}

void reports_tell(struct app *app)
{
    const char *dir = reports_dir(app);
    const char *prefix = arena_printf(&app->arena, "%s.cco-", app->facts.project_key);
    const struct dirent *entry;
    DIR *d = opendir(dir);

    while (d != NULL && (entry = readdir(d)) != NULL) {
        if (str_starts(str_c(entry->d_name), prefix)) {
            tell(path_join(&app->arena, dir, entry->d_name));
        }
    }
    if (d != NULL) {
        (void)closedir(d);
    }
}
