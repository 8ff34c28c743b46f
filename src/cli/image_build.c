/* SPDX-License-Identifier: MIT */
/* `cco image build`: builds the image that a session with the same options would use, and
 * starts no session. */
#include "base/clock.h"
#include "cli/app.h"
#include "cli/units.h"
#include "session/own_image.h"

#include <stdio.h>

static void tell(struct app *app, const char *how)
{
    const struct fact_image *image = &app->facts.image;
    const char *ref =
        app->facts.image_ref != NULL ? app->facts.image_ref : own_image_tag(&app->ctx);
    const char *version =
        engine_claude_version(&app->engine, image->id, app->facts.state_dir, &app->arena);
    char size[UNITS_MAX];

    (void)printf("%s  %s  %s%s  %s\n", ref, units_bytes(image->size, size),
                 version != NULL ? "Claude Code " : "no Claude Code",
                 version != NULL ? version : "", how);
}

int cmd_image_build(struct app *app, struct err *e)
{
    int64_t start = clock_ms();
    char took[UNITS_MAX];

    if (app_probe(app, e) < 0 || app_engine(app, e) < 0 || own_image_find(&app->ctx, e) < 0) {
        return -1;
    }
    if (app->facts.image.present && !app->opts.rebuild) {
        tell(app, "up to date");
        return 0;
    }
    if (own_image_build(&app->ctx, e) < 0) {
        return -1;
    }
    tell(app,
         arena_printf(&app->arena, "built in %s", units_seconds(clock_ms() - start, took)));
    return 0;
}
