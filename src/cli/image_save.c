/* SPDX-License-Identifier: MIT */
/* `cco image save FILE|-`: writes the image that a session would use, and cco itself, as one
 * bundle (wire/bundle.h). FILE appears only when it is complete: a temporary file beside it is
 * renamed. */
#include "base/fd.h"
#include "base/file.h"
#include "base/hash.h"
#include "cli/app.h"
#include "cli/temp_file.h"
#include "cli/units.h"
#include "engine/image_bundle.h"
#include "session/own_image.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEMP_DIGITS = 8 };

/* The place to which the bundle is written. */
struct target {
    const char *path; /* NULL: stdout, after the bundle is complete in a temporary file */
    const char *temp; /* the temporary file beside `path`; NULL: none */
    int fd;           /* of the temporary file */
};

static int open_target(struct app *app, struct target *t, struct err *e)
{
    const char *path = app->opts.args.v[0];
    char digits[TEMP_DIGITS + 1];
    struct stat st;

    if (strcmp(path, "-") == 0) {
        if (isatty(STDOUT_FILENO) == 1) {
            (void)err_set(e, ERR_USAGE, "standard output is a terminal");
            return err_hint(e, "Use it like this: cco image save - >FILE, or | ssh HOST ...");
        }
        t->fd = temp_file_open(app, e);
        return t->fd < 0 ? -1 : 0;
    }
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
        (void)err_set(e, ERR_USAGE, "image save %s: not a regular file", path);
        return err_hint(e, "Name a regular file, or - for standard output.");
    }
    if (random_hex(digits, TEMP_DIGITS, e) < 0) {
        return -1;
    }
    t->path = path;
    t->temp = arena_printf(&app->arena, "%s.%s.tmp", path, digits);
    t->fd = file_open(t->temp, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0666, e);
    return t->fd < 0 ? err_of_path(e, "image save", path) : 0;
}

/* Moves the complete bundle from the temporary file to the target. */
static int finish(struct app *app, struct target *t, struct progress *progress, struct err *e)
{
    if (t->path == NULL) {
        return temp_file_out(app, t->fd, STDOUT_FILENO, progress, e);
    }
    if (fsync(t->fd) < 0 || rename(t->temp, t->path) < 0) {
        return err_sys(e, "%s", t->path);
    }
    t->temp = NULL;
    return 0;
}

static void close_target(struct target *t)
{
    fd_close(&t->fd);
    if (t->temp != NULL) {
        (void)unlink(t->temp);
    }
}

static int describe(struct app *app, struct bundle_source *s, struct err *e)
{
    const struct fact_image *image = &app->facts.image;

    if (!image->present) {
        (void)err_set(e, ERR_NOT_FOUND, "image %s: not built yet", own_image_tag(&app->ctx));
        return err_hint(e, "Build it first: cco image build, with the same options.");
    }
    if (image->digest == NULL || image->inputs == NULL || image->arch == NULL) {
        (void)err_set(e, ERR_REFUSED, "image %s: the labels that a bundle needs are missing",
                      own_image_tag(&app->ctx));
        return err_hint(e, "Build it again: cco image build --rebuild");
    }
    *s = (struct bundle_source){
        .b = {.cco = app->facts.version,
              .arch = image->arch,
              .tag = arena_printf(&app->arena, "%s%.*s", ENGINE_TAG, ENGINE_TAG_DIGITS,
                                  image->digest),
              .digest = image->digest,
              .inputs = image->inputs,
              .id = image->id,
              .packages = image->packages != NULL ? image->packages : "",
              .claude = engine_claude_version(&app->engine, image->id, app->facts.state_dir,
                                              &app->arena)},
        .exe = app->facts.exe,
        .image_size = image->size,
    };
    return 0;
}

static void tell(const struct bundle_source *s, const struct target *t)
{
    char size[UNITS_MAX];
    struct stat st;

    if (t->path != NULL && fstat(t->fd, &st) == 0) {
        (void)printf("%s  %s  %s, cco %s\n", t->path, units_bytes((uint64_t)st.st_size, size),
                     s->b.tag, s->b.cco);
    }
}

int cmd_image_save(struct app *app, struct err *e)
{
    struct target t = {.fd = -1};
    struct bundle_source source = {0};
    struct progress *progress = app->ctx.progress;
    int rc = -1;

    if (app_probe(app, e) < 0 || app_engine(app, e) < 0 || own_image_find(&app->ctx, e) < 0 ||
        describe(app, &source, e) < 0) {
        return -1;
    }
    if (open_target(app, &t, e) == 0) {
        progress->begin(progress, arena_printf(&app->arena, "saving %s", source.b.tag));
        rc = bundle_save(&app->engine, &source, t.fd,
                         t.path != NULL ? t.path : "temporary file", progress, e);
        if (rc == 0) {
            rc = finish(app, &t, progress, e);
        }
        progress->end(progress, rc == 0);
    }
    if (rc == 0) {
        tell(&source, &t);
    }
    close_target(&t);
    return rc < 0 ? err_wrap(e, "image %s", source.b.tag) : 0;
}
