/* SPDX-License-Identifier: MIT */
/* `cco image prune`: removes cco's own images, which have cco's label and tag, and the images
 * that failed builds left. It keeps images that containers use and, without --all, the image
 * that a session here would use. It lists the images, asks, and prints how much space became
 * free. It removes only cco's tags, so an image that also has another name stays. `cco image
 * prune IMAGE...` removes the images that the command line names, without a question. */
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
    struct strv used;  /* the ids of images that containers use */
    struct strv named; /* the ids of the images that the command line names */
    size_t removable;  /* the number of images to remove */
    size_t kept_used;  /* the number of images that stay only because containers use them */
};

static bool is_named(const struct prune *p, const struct engine_image *image)
{
    return p->named.count == 0 || strv_has(&p->named, image->id);
}

/* Returns whether the image stays because the next run would use it. */
static bool is_current(const struct app *app, const struct prune *p,
                       const struct engine_image *image)
{
    return !app->opts.all && p->named.count == 0 && app->facts.image.present &&
           strcmp(app->facts.image.id, image->id) == 0;
}

static bool is_removable(const struct app *app, const struct prune *p,
                         const struct engine_image *image)
{
    return is_named(p, image) && !is_current(app, p, image) && !strv_has(&p->used, image->id);
}

/* Returns whether `given` is a tag of the image, or the beginning of one, or of its id. What
 * precedes the colon may be left out. */
static bool begins_like(const struct engine_image *image, const char *given, bool *whole)
{
    const size_t len = strlen(given);
    bool begins = false;

    for (size_t i = 0; i <= image->tags.count; i++) {
        const char *name = i < image->tags.count ? image->tags.v[i] : image->id;
        const char *rest = strchr(name, ':');

        rest = rest != NULL ? rest + 1 : name;
        *whole = *whole || strcmp(name, given) == 0 || strcmp(rest, given) == 0;
        begins = begins || strncmp(name, given, len) == 0 || strncmp(rest, given, len) == 0;
    }
    return begins && len > 0;
}

/* Adds the id of the image that `given` names to p->named. Returns 0 on success and -1 on
 * error: no image or several images have this name, or a container uses the image. */
static int add_named(struct app *app, struct prune *p, const char *given, struct err *e)
{
    const struct engine_image *found = NULL;
    size_t count = 0;

    for (size_t i = 0; i < p->count; i++) {
        bool whole = false;

        if (begins_like(&p->images[i], given, &whole)) {
            count = whole ? 1 : count + 1;
            found = &p->images[i];
        }
        if (whole) {
            break;
        }
    }
    if (count != 1) {
        if (count == 0) {
            (void)err_set(e, ERR_NOT_FOUND, "no image of cco's is called %s", given);
        } else {
            (void)err_set(e, ERR_USAGE, "%zu images have names that begin with %s", count,
                          given);
        }
        return err_hint(e, "cco image list shows the names of all.");
    }
    if (strv_has(&p->used, found->id)) {
        (void)err_set(e, ERR_REFUSED, "a container uses the image %s", found->tags.v[0]);
        return err_hint(e, "cco sessions lists the sessions that run; cco cleanup removes what "
                           "ended sessions left.");
    }
    strv_add(&p->named, &app->arena, found->id);
    return 0;
}

static int look(struct app *app, struct prune *p, struct err *e)
{
    if (own_image_find(&app->ctx, e) < 0 ||
        engine_images(&app->engine, &app->arena, &p->images, &p->count, e) < 0 ||
        engine_used_images(&app->engine, &app->arena, &p->used, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < app->opts.args.count; i++) {
        if (add_named(app, p, app->opts.args.v[i], e) < 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < p->count; i++) {
        const struct engine_image *image = &p->images[i];

        p->removable += is_removable(app, p, image) ? 1U : 0U;
        p->kept_used += !is_current(app, p, image) && strv_has(&p->used, image->id) ? 1U : 0U;
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
    const bool yes = app->opts.yes || app->opts.args.count > 0;
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
    if (!yes) {
        list(app, &p, stderr, "cco: ");
    }
    answer = prompt_yes("remove these images?", yes, &app->sig, e);
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
