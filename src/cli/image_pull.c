/* SPDX-License-Identifier: MIT */
/* `cco image pull REF`: an image from its registry, with the login that `docker login` left: in the file, or with a credential
 * helper. The login goes to the engine with the request and is never shown. */
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/secret.h"
#include "cli/app.h"
#include "cli/progress.h"
#include "engine/image_registry.h"
#include "host/parts.h"
#include "host/probe.h"
#include "session/own_image.h"

#include <stdio.h>

enum { HELPER_MS = 30000, SAID_MAX = 400, REPLY_MAX = 64 << 10 };

/* Docker's configuration; NULL where there is none that can be trusted. */
static const char *docker_config(struct app *app)
{
    const char *why = NULL;
    const char *dir = docker_dir(app, &why);
    const char *path = dir != NULL ? path_join(&app->arena, dir, "config.json") : NULL;

    if (why != NULL) {
        log_warn("%s: its logins are not used", why);
    }
    return path != NULL && file_exists(path) ? path : NULL;
}

static int ask_helper(struct app *app, const char *helper, const char *name, struct secret *out,
                      struct err *e)
{
    const char *const argv[] = {helper, "get", NULL};
    struct buf reply;
    struct buf said;
    struct proc p = {
        .program = proc_find(helper, app->env, &app->arena),
        .argv = argv,
        .env = app->env,
        .sig = &app->sig,
        .in = str_c(name),
        .out = &reply,
        .err = &said,
        .secret = true,
        .deadline_ms = clock_ms() + HELPER_MS,
    };
    int status = 0;
    int rc;

    if (p.program == NULL) {
        return err_set(e, ERR_NOT_FOUND, "%s is not in PATH", helper);
    }
    if (host_leads_through(&app->arena, p.program, app->facts.cwd_physical)) {
        return err_set(e, ERR_REFUSED, "%s leads through the project", p.program);
    }
    buf_init(&reply, REPLY_MAX);
    buf_init(&said, SAID_MAX);
    rc = proc_run(&p, &status, e);
    if (rc == 0 && status != 0) {
        /* "credentials not found in native keychain", on stdout: nobody has logged in there. */
        if (!str_contains(buf_str(&reply), "not found")) {
            struct str text = str_trim(buf_str(said.len > 0 ? &said : &reply));

            rc = err_set(e, ERR_REFUSED, "%s: exit status %d: %.*s", helper, status,
                         (int)(text.len < SAID_MAX ? text.len : SAID_MAX), text.p);
        }
    } else if (rc == 0) {
        rc = registry_helper_said(buf_str(&reply), name, out, e);
        rc = rc < 0 ? err_wrap(e, "%s", helper) : 0;
    }
    buf_wipe(&reply);
    buf_release(&said);
    return rc;
}

void registry_login(struct app *app, const char *ref, struct secret *out)
{
    const char *path = docker_config(app);
    const char *name = registry_name(ref, &app->arena);
    const char *helper = NULL;
    struct err e = {0};
    struct buf text;

    if (path == NULL) {
        return;
    }
    buf_init(&text, LIMIT_FILE_SMALL);
    if (file_read(path, &text, &e) < 0 ||
        registry_look_up(buf_str(&text), name, &app->arena, &helper, out, &e) < 0) {
        (void)err_wrap(&e, "%s", path);
    } else if (helper != NULL) {
        (void)ask_helper(app, helper, name, out, &e); /* told below */
    }
    if (e.kind != ERR_NONE) {
        log_warn("no login for %s: %s", name, e.text);
    }
    buf_wipe(&text);
}

/* What engines say where a login is missing, or has no right. */
static bool wants_login(const struct err *e)
{
    static const char *const said[] = {"denied", "unauthorized", "authentication required",
                                       "no basic auth credentials"};

    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        if (str_contains(str_c(e->text), said[i])) {
            return true;
        }
    }
    return false;
}

/* The next step, by what engines and registries say. */
static int hint(const char *registry, struct err *e)
{
    static const struct {
        const char *said, *next;
    } hints[] = {
        {"no matching manifest",
         "The registry has it for other processors than the engine's: name another tag."},
        {"manifest unknown", "The registry has no such tag or digest: check the name."},
        {"not found", "The registry has no such image or tag: check the name."},
        {"invalid reference", "Images are named like registry/name:tag, in lower case."},
        {"",
         "The engine must reach the registry. Without a network docker load brings an image "
         "from a file."},
    };
    struct str said = str_c(e->text);
    size_t i = 0;

    if (wants_login(e)) {
        return err_hint(e, "Is the name right? If it is private: docker login %s.", registry);
    }
    while (!str_contains(said, hints[i].said)) {
        i++;
    }
    return err_hint(e, "%s", hints[i].next);
}

int image_pull(struct app *app, const char *ref, struct err *e)
{
    struct secret auth = {0};
    struct view view;
    int rc;

    registry_login(app, ref, &auth);
    view_open(&view, arena_printf(&app->arena, "pulling %s", ref), app->opts.quiet,
              host_env(app->env, "TERM"));
    rc = engine_pull(&app->engine, ref, &auth, &view.progress, e);
    view_close(&view, rc == 0);
    timing_mark(&app->timing, "image");
    if (rc < 0 && e->kind == ERR_ENGINE) {
        (void)hint(registry_name(ref, &app->arena), e);
    }
    secret_release(&auth);
    return rc < 0 ? err_wrap(e, "image %s", ref) : 0;
}

int cmd_image_pull(struct app *app, struct err *e)
{
    const char *ref = app->opts.args.v[0];
    struct fact_image image = {0};

    if (app_probe(app, e) < 0 || app_engine(app, e) < 0 || image_pull(app, ref, e) < 0 ||
        engine_image(&app->engine, ref, &app->arena, &image, e) < 0) {
        return -1;
    }
    if (!image.present) {
        return err_set(e, ERR_ENGINE, "image %s: the engine has pulled it and does not have it",
                       ref);
    }
    (void)printf("%s  %s\n", ref, image.id);
    return 0;
}
