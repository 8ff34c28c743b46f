/* SPDX-License-Identifier: MIT */
/* `cco image load FILE|-`: loads a bundle that `cco image save` wrote. The whole bundle is
 * checked before the engine gets any byte of it. The command needs the engine, but no network.
 * The image gets the tag that it had, and a second tag cco:loaded-..., which contains the hash
 * of its inputs without the certificates of the machine. A session finds the image by this
 * second tag even if its certificates differ from those of the machine that built the image.
 * That is safe, because every session mounts this machine's certificates anyway. */
#include "base/fd.h"
#include "base/file.h"
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

/* Opens the bundle as a file that can be read twice: a regular file itself, or a temporary copy
 * of a pipe. Returns the descriptor, or -1 on error. */
static int open_bundle(struct app *app, const char *path, struct progress *progress,
                       struct err *e)
{
    bool is_stdin = strcmp(path, "-") == 0;
    struct stat st = {0};
    int from = STDIN_FILENO;
    int fd;

    if (is_stdin && isatty(STDIN_FILENO) == 1) {
        (void)err_set(e, ERR_USAGE, "standard input is a terminal");
        return err_hint(e, "Use it like this: cco image load - <FILE");
    }
    if (!is_stdin) {
        from = file_open(path, O_RDONLY, 0, e);
        if (from < 0) {
            return err_of_path(e, "image load", path);
        }
        if (fstat(from, &st) == 0 && S_ISREG(st.st_mode)) {
            return from;
        }
        if (S_ISDIR(st.st_mode)) {
            fd_close(&from);
            return err_set(e, ERR_USAGE, "image load %s: Is a directory", path);
        }
    }
    fd = temp_file_open(app, e);
    if (fd >= 0 && temp_file_in(app, from, fd, progress, e) < 0) {
        fd_close(&fd);
    }
    if (!is_stdin) {
        fd_close(&from);
    }
    return fd;
}

/* Checks that the engine has the image of the bundle under its tag. An engine may report
 * success although it does not. */
static int verify(struct app *app, const struct bundle *b, struct fact_image *image,
                  struct err *e)
{
    if (engine_image(&app->engine, b->tag, &app->arena, image, e) < 0) {
        return -1;
    }
    if (!image->present || image->digest == NULL || strcmp(image->digest, b->digest) != 0 ||
        image->inputs == NULL || strcmp(image->inputs, b->inputs) != 0) {
        return err_set(
            e, ERR_ENGINE,
            "the engine reported success, but does not have the image of the bundle");
    }
    return 0;
}

/* Loads the image and gives it its two tags. If that fails, the image that had the first tag
 * before gets it back. */
static int load(struct app *app, const struct bundle_file_found *found, int fd,
                struct progress *progress, struct fact_image *image, struct err *e)
{
    const struct bundle *b = &found->b;
    const char *loaded =
        arena_printf(&app->arena, "%s%.*s", ENGINE_TAG_LOADED, ENGINE_TAG_DIGITS, b->inputs);
    struct fact_image before = {0};
    const char *old = NULL;
    struct err ignored = {0};
    int rc;

    if (engine_image(&app->engine, b->tag, &app->arena, &before, e) < 0) {
        return -1;
    }
    if (before.present) {
        old = own_image_keep_old(&app->ctx, b->tag, before.id);
    }
    rc = bundle_load(&app->engine, found, fd, progress, e);
    if (rc == 0) {
        rc = verify(app, b, image, e);
    }
    if (rc == 0) {
        rc = engine_tag(&app->engine, b->tag, loaded, e);
    }
    if (rc < 0 && old != NULL) {
        (void)engine_tag(&app->engine, old, b->tag,
                         &ignored); /* *e has the error that matters */
    }
    if (rc < 0 || (old != NULL && image->id != NULL && strcmp(before.id, image->id) == 0)) {
        own_image_drop_old(&app->ctx, old);
    }
    return rc < 0 ? err_wrap(e, "image %s", b->tag) : 0;
}

static void tell(struct app *app, const struct bundle *b, const struct fact_image *image)
{
    char size[UNITS_MAX];

    (void)printf("%s  %s  %s%s%s%s\n", b->tag, units_bytes(image->size, size),
                 b->claude != NULL ? "Claude Code " : "", b->claude != NULL ? b->claude : "",
                 b->packages != NULL && b->packages[0] != '\0' ? ", packages: " : "",
                 b->packages != NULL ? b->packages : "");
    if (app->facts.image_inputs == NULL || strcmp(app->facts.image_inputs, b->inputs) != 0) {
        (void)printf(
            "sessions here would use another image, because the version of cco (%s here, %s in "
            "the bundle),\n--packages, --base, --build-arg or the Dockerfile differs\n",
            app->facts.version, b->cco);
    }
}

static int check(struct app *app, int fd, const char *name, struct progress *progress,
                 struct bundle_file_found *found, struct err *e)
{
    const struct bundle_input in = {.fd = fd, .name = name, .arch = app->facts.engine.arch};

    return bundle_check(&app->engine, &in, progress, &app->arena, found, e);
}

int cmd_image_load(struct app *app, struct err *e)
{
    const char *path = app->opts.args.v[0];
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    struct bundle_file_found found;
    struct fact_image image = {0};
    struct progress *progress = app->ctx.progress;
    int fd;
    int rc = -1;

    if (app_probe(app, e) < 0 || app_engine(app, e) < 0) {
        return -1;
    }
    progress->begin(progress, arena_printf(&app->arena, "loading %s", name));
    fd = open_bundle(app, path, progress, e);
    if (fd >= 0 && check(app, fd, name, progress, &found, e) == 0) {
        rc = load(app, &found, fd, progress, &image, e);
    }
    progress->end(progress, rc == 0);
    fd_close(&fd);
    if (rc == 0) {
        tell(app, &found.b, &image);
    }
    return rc;
}
