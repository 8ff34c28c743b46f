/* SPDX-License-Identifier: MIT */
/* `cco info`: what is ready on this machine and, for what is not, the one thing to do about it. One
 * collection of findings, drawn for people or as JSON. Exit status 0 when a session could start now
 * (a missing image counts as ready: cco builds it), 1 when not. */
#include "base/buf.h"
#include "base/fd.h"
#include "base/limits.h"
#include "cli/app.h"
#include "wire/json.h"

#include <unistd.h>

struct finding {
    const char *topic; /* also its name in JSON */
    bool ready;
    const char *text;
    const char *next; /* what to do; NULL: nothing */
};

enum { FINDING_MAX = 8 };

struct findings {
    struct finding items[FINDING_MAX];
    size_t count;
};

static void add(struct findings *l, const char *topic, bool ready, const char *text,
                const char *next)
{
    if (l->count < FINDING_MAX) {
        l->items[l->count++] = (struct finding){topic, ready, text, next};
    }
}

static const char *from_error(struct app *app, const struct err *e, const char **next)
{
    *next = e->hint[0] != '\0' ? arena_strdup(&app->arena, e->hint) : NULL;
    return arena_strdup(&app->arena, e->text);
}

static void add_image(struct app *app, struct findings *l, const struct plan *p)
{
    struct fact_image image = {0};
    struct err e = {0};
    const char *next = NULL;

    if (engine_image(&app->engine, p->image, &app->arena, &image, &e) < 0) {
        const char *text = from_error(app, &e, &next);

        add(l, "image", false, text, next);
    } else if (image.present) {
        add(l, "image", true, arena_printf(&app->arena, "%s, up to date", p->image), NULL);
    } else {
        add(l, "image", true, arena_printf(&app->arena, "%s, not built yet", p->image),
            "The first run of cco builds it; this takes some minutes.");
    }
}

static void add_engine(struct app *app, struct findings *l, bool *usable)
{
    struct err e = {0};
    const struct fact_engine *en = &app->facts.engine;

    *usable = app_engine(app, &e) == 0;
    if (!*usable) {
        const char *next = NULL;
        const char *text = from_error(app, &e, &next);

        add(l, "engine", false, text, next);
        return;
    }
    add(l, "engine", true,
        arena_printf(&app->arena, "%s at %s, API 1.%u%s%s, %s", en->name, en->address,
                     en->api_minor, en->rootless ? ", rootless" : "",
                     en->userns_remap ? ", user namespaces" : "",
                     en->host_network_real ? "host networking" : "bridge networking"),
        NULL);
}

static void add_login(struct app *app, struct findings *l)
{
    const struct fact_login *in = &app->facts.login;
    int64_t left_min = (in->expires_at_ms - app->facts.now_ms) / 60000;

    if (in->broken) {
        add(l, "credentials", false, arena_printf(&app->arena, "%s: %s", in->detail, in->why),
            in->next != NULL ? in->next : "Run claude on this machine to renew the login.");
    } else if (in->source == LOGIN_NONE) {
        add(l, "credentials", false, "no login found",
            "Log in with claude on this machine, or set ANTHROPIC_API_KEY.");
    } else if (in->expires_at_ms > 0 && left_min < 10) {
        add(l, "credentials", false,
            arena_printf(&app->arena, "%s, %s", in->detail,
                         left_min < 0 ? "expired" : "expires within ten minutes"),
            "Run claude on this machine to renew the login.");
    } else if (in->expires_at_ms > 0) {
        add(l, "credentials", true,
            arena_printf(&app->arena, "%s, expires in %lld h %lld min", in->detail,
                         (long long)(left_min / 60), (long long)(left_min % 60)),
            NULL);
    } else {
        add(l, "credentials", true, in->detail, NULL);
    }
}

static void collect(struct app *app, struct findings *l)
{
    struct plan plan = {0};
    struct err e = {0};
    bool usable = false;

    add(l, "cco", true, arena_printf(&app->arena, "%s, %s", app->facts.version, app->facts.exe),
        NULL);
    add_engine(app, l, &usable);
    if (plan_build(&app->opts, &app->facts, &app->arena, &plan, &e) < 0) {
        const char *next = NULL;
        const char *text = from_error(app, &e, &next);

        add(l, "project", false, text, next);
    } else {
        if (usable) {
            add_image(app, l, &plan);
        }
        add(l, "project", true, app->facts.cwd_physical, NULL);
    }
    add_login(app, l);
}

static void draw_text(const struct findings *l, struct buf *out)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct finding *f = &l->items[i];

        (void)buf_addf(out, "%-12s %-3s %s\n", f->topic, f->ready ? "ok" : "NO", f->text);
        if (f->next != NULL) {
            (void)buf_addf(out, "%-16s %s\n", "", f->next);
        }
    }
}

static int draw_json(const struct findings *l, bool ready, struct buf *out, struct err *e)
{
    struct json_w w;

    json_w_init(&w, out, 2);
    json_w_object(&w);
    json_w_member_bool(&w, "ready", ready);
    for (size_t i = 0; i < l->count; i++) {
        const struct finding *f = &l->items[i];

        json_w_key(&w, f->topic);
        json_w_object(&w);
        json_w_member_bool(&w, "ready", f->ready);
        json_w_member(&w, "text", f->text);
        json_w_member(&w, "next", f->next);
        json_w_end(&w);
    }
    json_w_end(&w);
    if (json_done(&w) < 0 || buf_add_byte(out, '\n') < 0) {
        return err_set(e, ERR_LIMIT, "info: more than fits");
    }
    return 0;
}

int cmd_info(struct app *app, struct err *e)
{
    struct findings l = {0};
    struct buf out;
    bool ready = true;
    int status = -1;

    if (app_probe(app, e) < 0) {
        return -1;
    }
    collect(app, &l);
    for (size_t i = 0; i < l.count; i++) {
        ready = ready && l.items[i].ready;
    }
    buf_init(&out, LIMIT_FILE_SMALL);
    if (app->opts.json) {
        status = draw_json(&l, ready, &out, e);
    } else {
        draw_text(&l, &out);
        status = 0;
    }
    if (status == 0) {
        status = fd_write_all(STDOUT_FILENO, buf_data(&out), out.len, e);
    }
    buf_release(&out);
    return status < 0 ? -1 : ready ? 0 : 1;
}
