/* SPDX-License-Identifier: MIT */
/* `cco image prune`: removes cco's own images, which have cco's label and tag, and the images
 * that failed builds left. It keeps images that containers use and, without --all, the image
 * that a session here would use. It lists the images, asks, and prints how much space became
 * free. It removes only cco's tags, so an image that also has another name stays. */
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "cli/app.h"
#include "cli/prompt.h"
#include "cli/units.h"
#include "session/own_image.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct prune {
    struct engine_image *images;
    size_t count;
    struct strv used; /* the ids of images that containers use */
    size_t removable; /* the number of images to remove */
    size_t kept_used; /* the number of images that stay only because containers use them */
};

static bool is_current(const struct app *app, const struct engine_image *image)
{
    return !app->opts.all && app->facts.image.present &&
           strcmp(app->facts.image.id, image->id) == 0;
}

static bool is_removable(const struct app *app, const struct prune *p,
                         const struct engine_image *image)
{
    return !is_current(app, image) && !strv_has(&p->used, image->id);
}

static int look(struct app *app, struct prune *p, struct err *e)
{
    if (own_image_find(&app->ctx, e) < 0 ||
        engine_images(&app->engine, &app->arena, &p->images, &p->count, e) < 0 ||
        engine_used_images(&app->engine, &app->arena, &p->used, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < p->count; i++) {
        const struct engine_image *image = &p->images[i];

        p->removable += is_removable(app, p, image) ? 1U : 0U;
        p->kept_used += !is_current(app, image) && strv_has(&p->used, image->id) ? 1U : 0U;
    }
    return 0;
}

/* Prints the removable images with their sizes and packages, each line after the text `before`.
 * The caller chooses stderr if a question follows. */
static void list(const struct app *app, const struct prune *p, FILE *to, const char *before)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct engine_image *image = &p->images[i];
        const struct str packages = str_c(image->packages);
        char size[UNITS_MAX];
        struct buf safe;

        if (is_removable(app, p, image)) {
            /* The label may be of an image that another program made. */
            buf_init(&safe, LIMIT_JSON_TEXT);
            log_escape(&safe, packages);
            (void)fprintf(to, "%s%s  %s%s%.*s\n", before, image->tags.v[0],
                          units_bytes(image->size, size), packages.len > 0 ? "  " : "",
                          (int)safe.len, buf_data(&safe));
            buf_release(&safe);
        }
    }
}

static int untag_all(struct app *app, const struct engine_image *image, bool *gone,
                     struct err *e)
{
    struct progress *progress = app->ctx.progress;
    int rc = 0;

    progress->begin(progress, arena_printf(&app->arena, "removing %s", image->tags.v[0]));
    for (size_t i = 0; rc == 0 && i < image->tags.count; i++) {
        bool deleted = false;

        rc = engine_untag(&app->engine, image->tags.v[i], progress, &deleted, e);
        *gone = *gone || deleted;
    }
    progress->end(progress, false); /* the line on stdout reports success */
    return rc;
}

/* If a container uses the image by then, the engine refuses to remove it. That is a warning,
 * and the image stays. */
static int remove_one(struct app *app, const struct engine_image *image, struct err *e)
{
    const char *kept = engine_version_file(image->id, app->facts.state_dir, &app->arena);
    bool gone = false;

    if (untag_all(app, image, &gone, e) < 0) {
        if (e->kind != ERR_REFUSED) {
            return -1;
        }
        log_warn("%s", e->text);
        err_reset(e);
        return 0;
    }
    if (gone && kept != NULL) {
        (void)unlink(kept);
    }
    (void)printf("removed %s%s\n", image->tags.v[0],
                 image->has_others ? " (it stays under another name)" : "");
    return 0;
}

static int remove_all(struct app *app, const struct prune *p, struct err *e)
{
    for (size_t i = 0; i < p->count; i++) {
        if (is_removable(app, p, &p->images[i]) && remove_one(app, &p->images[i], e) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Prints by how much the size of all layers became smaller than `before`. If the engine's build
 * cache contains the same layers, little space becomes free, so the message names the engine's
 * own command, which frees the rest. */
static void tell_freed(struct app *app, uint64_t before)
{
    struct err ignored = {0}; /* the removal itself has been reported */
    uint64_t after = 0;
    char freed[UNITS_MAX];

    if (engine_layers_size(&app->engine, NULL, &after, &ignored) < 0) {
        return;
    }
    (void)printf("freed %s\n", units_bytes(before > after ? before - after : 0, freed));
    if (app->facts.engine.buildkit) {
        (void)printf(
            "the engine's build cache also keeps layers; docker builder prune removes them\n");
    }
}

static void tell_kept(const struct prune *p)
{
    if (p->kept_used > 0) {
        (void)printf("kept %zu image%s that containers use\n", p->kept_used,
                     p->kept_used == 1 ? "" : "s");
    }
}

int cmd_image_prune(struct app *app, struct err *e)
{
    struct prune p = {0};
    struct err ignored = {0};
    uint64_t before = 0;
    int answer;

    if (app_probe(app, e) < 0 || app_engine(app, e) < 0 || look(app, &p, e) < 0) {
        return -1;
    }
    if (p.removable == 0) {
        (void)printf("nothing to remove\n");
        tell_kept(&p);
        return 0;
    }
    if (app->opts.dry_run) {
        list(app, &p, stdout, "would remove ");
        tell_kept(&p);
        return 0;
    }
    if (!app->opts.yes) {
        list(app, &p, stderr, "cco: ");
    }
    answer = prompt_yes("remove these images?", app->opts.yes, &app->sig, e);
    if (answer <= 0) {
        return answer;
    }
    (void)engine_layers_size(&app->engine, NULL, &before,
                             &ignored); /* before stays 0: no size is reported */
    if (remove_all(app, &p, e) < 0) {
        return -1;
    }
    tell_kept(&p);
    if (before > 0) {
        tell_freed(app, before);
    }
    return 0;
}
