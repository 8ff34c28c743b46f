/* SPDX-License-Identifier: MIT */
/* The section "image" of `cco info`. */
#include "base/limits.h"
#include "cli/app.h"
#include "cli/info.h"
#include "cli/json_out.h"
#include "cli/options.h"
#include "cli/units.h"
#include "session/own_image.h"
#include "wire/json.h"

#include <string.h>

/* Returns why the newest finished image that cco has built is not used here, as in json.md, and
 * sets *tag to its first tag. Returns NULL if cco has built no image. */
static const char *what_changed(struct app *app, const char **tag)
{
    struct engine_image *images = NULL;
    struct err *ignored = arena_alloc(&app->arena, sizeof(*ignored));
    size_t count = 0;
    struct buf packages;
    const char *changed = "dockerfile";

    if (engine_images(&app->engine, &app->arena, &images, &count, ignored) < 0) {
        return NULL;
    }
    while (count > 0 && images->digest == NULL) { /* of a failed build */
        images++;
        count--;
    }
    if (count == 0) {
        return NULL;
    }
    *tag = images[0].tags.v[0];
    buf_init(&packages, LIMIT_REQUEST);
    for (size_t i = 0; i < app->opts.packages.count; i++) {
        (void)buf_addf(&packages, "%s%s", i > 0 ? " " : "", app->opts.packages.v[i]);
    }
    if (images[0].inputs != NULL && strcmp(images[0].inputs, app->facts.image_inputs) == 0) {
        changed = "certificates";
    } else if (images[0].packages != NULL &&
               !str_eq_c(buf_str(&packages), images[0].packages)) {
        changed = "packages";
    }
    buf_release(&packages);
    return changed;
}

static void add_changed(struct app *app, struct info *i, struct info_section *own)
{
    static const char *const whys[][2] = {
        {"packages", "has other packages"},
        {"certificates", "trusts other certificates"},
        {"dockerfile", "was built from another Dockerfile, base or build argument"},
    };
    const char *tag = NULL;

    i->changed = what_changed(app, &tag);
    for (size_t k = 0; i->changed != NULL && k < sizeof(whys) / sizeof(whys[0]); k++) {
        if (strcmp(i->changed, whys[k][0]) == 0) {
            strv_add(&own->more, &app->arena,
                     arena_printf(&app->arena, "%s %s", tag, whys[k][1]));
        }
    }
}

/* Returns the command that builds the image of this command line. Configured options need not
 * be in it. */
static const char *build_command(struct app *app)
{
    const struct opts *o = &app->opts;
    struct arena *a = &app->arena;
    const char *command = "cco image build";

    if ((o->given & option_bit(option_find(str_c("packages")))) != 0) {
        for (size_t i = 0; i < o->packages.count; i++) {
            command = arena_printf(a, "%s%s%s", command, i == 0 ? " --packages " : ",",
                                   o->packages.v[i]);
        }
    }
    if ((o->given & option_bit(option_find(str_c("base")))) != 0) {
        command = arena_printf(a, "%s --base %s", command, o->base);
    }
    for (size_t i = 0; i < o->build_args.count; i++) {
        if ((o->given & option_bit(option_find(str_c("build-arg")))) != 0) {
            command = arena_printf(a, "%s --build-arg %s", command, o->build_args.v[i]);
        }
    }
    return command;
}

static void set_missing(struct app *app, struct info *i, struct info_section *own)
{
    const char *pulled = arena_printf(&app->arena, "cco image pull %s", i->image_ref);

    own->text = arena_printf(&app->arena, "%s, not %s yet", i->image_ref,
                             i->own_image ? "built" : "pulled");
    own->next = i->own_image ? build_command(app) : pulled;
    own->note = i->own_image ? "the first run does this as well; it takes some minutes"
                             : "the first run does this as well";
    if (i->own_image) {
        add_changed(app, i, own);
    }
}

static void set_present(struct app *app, struct info *i, struct info_section *own)
{
    struct fact_image *image = &app->facts.image;
    int64_t age = app->facts.now_ms / 1000 - image->created;
    char size[UNITS_MAX];
    char time[UNITS_MAX];

    if (i->own_image) {
        image->claude_version =
            engine_claude_version(&app->engine, image->id, app->facts.state_dir, &app->arena);
    }
    own->text = arena_printf(
        &app->arena, "%s%s%s%s%s%s%s%s", i->image_ref, i->own_image ? ", up to date" : "",
        image->size > 0 ? ", " : "", image->size > 0 ? units_bytes(image->size, size) : "",
        image->created > 0 ? ", " : "", image->created > 0 ? units_time(age, time) : "",
        image->created > 0 ? " old" : "",
        image->claude_version != NULL
            ? arena_printf(&app->arena, ", claude %s", image->claude_version)
            : "");
}

void info_collect_image(struct app *app, struct info *i, struct info_section *own)
{
    struct facts *f = &app->facts;
    struct err *e = arena_alloc(&app->arena, sizeof(*e));

    if (i->found != NULL && (i->found->ops->features & FEATURE_IMAGES) == 0) {
        own->ready = true;
        own->text = "none: a native sandbox uses the programs of this machine";
        return;
    }
    i->own_image = app->opts.image == NULL;
    i->image_ref = app->opts.image;
    if (i->no_facts != NULL || (i->own_image && own_image_identify(&app->ctx, e) < 0)) {
        info_fail(app, own, e);
        own->text = i->no_facts == NULL ? own->text : INFO_SEE_PROJECT;
        return;
    }
    i->image_ref = i->own_image ? own_image_tag(&app->ctx) : app->opts.image;
    if (i->found == NULL) {
        own->text =
            arena_printf(&app->arena, "%s, not checked without an engine", i->image_ref);
        return;
    }
    if ((i->own_image
             ? own_image_find(&app->ctx, e)
             : engine_image(&app->engine, i->image_ref, &app->arena, &f->image, e)) < 0) {
        info_fail(app, own, e);
        return;
    }
    own->ready = true;
    if (f->image.present) {
        i->image_ref = f->image_ref != NULL ? f->image_ref : i->image_ref;
        set_present(app, i, own);
    } else {
        set_missing(app, i, own);
    }
}

void info_json_image(const struct info *i, struct json_w *w)
{
    const struct fact_image *image = &i->facts->image;

    json_w_member(w, "reference", i->image_ref);
    json_w_member_bool(w, "own", i->own_image);
    json_w_member_bool(w, "present", image->present);
    json_w_member(w, "id", image->id);
    json_out_time(w, "created", image->created);
    json_out_u64(w, "size", image->size, image->size > 0);
    json_w_member(w, "claude_version", image->claude_version);
    json_w_member_words(w, "packages", image->packages);
    json_w_member(w, "changed", i->changed);
}
