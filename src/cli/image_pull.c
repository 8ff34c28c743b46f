/* SPDX-License-Identifier: MIT */
/* `cco image pull REF`: pulls an image from its registry, with the login that `docker login`
 * stored. */
#include "cli/app.h"
#include "session/session_image.h"

#include <stdio.h>

int cmd_image_pull(struct app *app, struct err *e)
{
    const char *ref = app->opts.args.v[0];
    struct fact_image image = {0};

    if (app_probe(app, e) < 0 || app_engine(app, e) < 0 ||
        session_image_pull(&app->ctx, ref, e) < 0 ||
        engine_image(&app->engine, ref, &app->arena, &image, e) < 0) {
        return -1;
    }
    if (!image.present) {
        return err_set(e, ERR_ENGINE,
                       "image %s: the engine reported success, but does not have the image",
                       ref);
    }
    (void)printf("%s  %s\n", ref, image.id);
    return 0;
}
