/* SPDX-License-Identifier: MIT */
/* `cco image list`: cco's own images, the newest first, as a table or as JSON
 * (src/manual/json.md). */
#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "cli/app.h"
#include "cli/json_out.h"
#include "cli/units.h"
#include "session/own_image.h"
#include "wire/json.h"

#include <stdio.h>
#include <string.h>

/* Returns the state as json.md describes it, which the table prints as well. */
static const char *state_of(const struct engine_image *image)
{
    if (own_image_has_tag(image, ENGINE_TAG) || own_image_has_tag(image, ENGINE_TAG_LOADED)) {
        return "ready";
    }
    return own_image_has_tag(image, ENGINE_TAG_OLD) ? "old" : "failed";
}

/* Returns the version of Claude Code in the image, or NULL if it is not known. The image of a
 * build that failed may not have one. */
static const char *version_of(struct app *app, const struct engine_image *image)
{
    return strcmp(state_of(image), "failed") == 0
               ? NULL
               : engine_claude_version(&app->engine, image->id, app->facts.state_dir,
                                       &app->arena);
}

static bool is_current(const struct app *app, const struct engine_image *image)
{
    return app->facts.image.present && strcmp(app->facts.image.id, image->id) == 0;
}

static void draw_one(struct app *app, const struct engine_image *image, struct buf *out)
{
    const char *version = version_of(app, image);
    const char *state = state_of(image);
    char size[UNITS_MAX];
    char age[UNITS_MAX];

    (void)buf_addf(out, "%c %-23.23s  %8s  %8s  %-8s  ", is_current(app, image) ? '*' : ' ',
                   image->tags.v[0], units_bytes(image->size, size),
                   units_time(app->facts.now_ms / 1000 - image->created, age),
                   version != NULL ? version : "-");
    /* The label may be of an image that another program made. */
    log_escape(out,
               str_c(strcmp(state, "ready") != 0                             ? state
                     : image->packages != NULL && image->packages[0] != '\0' ? image->packages
                                                                             : "-"));
    (void)buf_add_byte(out, '\n');
    for (size_t i = 1; i < image->tags.count; i++) {
        (void)buf_addf(out, "  %s\n", image->tags.v[i]);
    }
}

static void draw_text(struct app *app, const struct engine_image *images, size_t count,
                      struct buf *out)
{
    if (count == 0) {
        (void)buf_add_c(out, "no images; cco image build builds one\n");
        return;
    }
    (void)buf_addf(out, "  %-23s  %8s  %8s  %-8s  %s\n", "IMAGE", "SIZE", "AGE", "CLAUDE",
                   "PACKAGES");
    for (size_t i = 0; i < count; i++) {
        draw_one(app, &images[i], out);
    }
}

static void draw_json(struct app *app, const struct engine_image *images, size_t count,
                      struct buf *out)
{
    struct json_w w;

    json_w_init(&w, out, 2);
    json_w_array(&w);
    for (size_t i = 0; i < count; i++) {
        const struct engine_image *image = &images[i];

        json_w_object(&w);
        json_w_member(&w, "tag", image->tags.v[0]);
        json_w_member_list(&w, "tags", image->tags.v,
                           engine_own_tag(image->tags.v[0]) != NULL ? image->tags.count : 0);
        json_w_member(&w, "id", image->id);
        json_out_text(&w, "digest", image->digest);
        json_w_member_words(&w, "packages", image->packages);
        json_w_member(&w, "claude_version", version_of(app, image));
        json_out_time(&w, "created", image->created);
        json_out_u64(&w, "size", image->size, image->size > 0);
        json_w_member_bool(&w, "current", is_current(app, image));
        json_w_member(&w, "state", state_of(image));
        json_w_end(&w);
    }
    json_w_end(&w);
    (void)buf_add_byte(out, '\n');
}

int cmd_image_list(struct app *app, struct err *e)
{
    struct engine_image *images = NULL;
    size_t count = 0;
    struct buf out;

    if (app_probe(app, e) < 0 || app_engine(app, e) < 0 || own_image_find(&app->ctx, e) < 0 ||
        engine_images(&app->engine, &app->arena, &images, &count, e) < 0) {
        return -1;
    }
    buf_init(&out, LIMIT_JSON_TEXT);
    if (app->opts.json) {
        draw_json(app, images, count, &out);
    } else {
        draw_text(app, images, count, &out);
    }
    return app_print(app, &out, e);
}
