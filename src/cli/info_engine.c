/* SPDX-License-Identifier: MIT */
#include "cli/info_engine.h"

#include "base/file.h"
#include "cli/app.h"
#include "cli/info.h"
#include "cli/info_advice.h"
#include "host/parts.h"
#include "host/probe.h"
#include "native/native_probe.h"
#include "native/userns_error.h"
#include "session/fallback.h"

#include <string.h>
#include <unistd.h>

static struct info_machine machine_of(struct app *app)
{
    return (struct info_machine){
        .root = geteuid() == 0,
        .has_systemd = file_is_dir("/run/systemd/system"),
        .has_dockerd = file_exists("/usr/bin/dockerd") ||
                       file_exists("/usr/local/bin/dockerd") ||
                       file_exists("/usr/sbin/dockerd"),
        .has_apt = file_exists("/usr/bin/apt-get"),
        .runtime_dir = host_env(app->env, "XDG_RUNTIME_DIR"),
    };
}

/* Nothing is there at all: the places are many. */
static const char *none_text(struct app *app, const struct info *i, const struct err *e)
{
    const char *first = NULL;
    size_t others = 0;

    for (size_t k = 0; k < i->looked->passed_count; k++) {
        const char *address = i->looked->passed[k].address;

        if (str_starts(str_c(address), "unix://")) {
            others += first != NULL;
            first = first != NULL ? first : address;
        }
    }
    if (e->kind == ERR_NOT_FOUND && others > 0) {
        return arena_printf(&app->arena, "no socket is at %s or at %zu other places", first,
                            others);
    }
    return arena_strdup(&app->arena, e->text);
}

/* Who else could be at the other end. */
static void tell_protection(struct app *app, struct info *i)
{
    const struct endpoint *ep = &i->looked->endpoint;

    if (ep->kind == ENDPOINT_TCP && ep->tls && !ep->verify) {
        strv_add(&i->engine.more, &app->arena,
                 "TLS, but who answers is not checked: set DOCKER_TLS_VERIFY=1");
    } else if (endpoint_is_exposed(ep)) {
        strv_add(&i->engine.more, &app->arena,
                 "no TLS (--insecure): anybody between reads and changes everything");
    }
}

/* Whether the options ask for what only an engine can do: the plan knows. */
static bool asks_for_engine(struct app *app)
{
    struct facts *without = arena_alloc(&app->arena, sizeof(*without));
    struct err *e = arena_alloc(&app->arena, sizeof(*e));
    struct plan plan = {0};

    *without = app->facts;
    without->engine = (struct fact_engine){.native = true, .address = "native"};
    without->native = (struct fact_native){.no_engine = "none"};
    return plan_build(&app->opts, without, &app->arena, &plan, e) < 0 &&
           e->kind == ERR_NOT_FOUND;
}

/* cco's own sandbox, because the user says so, or because there is nothing else (auto). */
static void tell_native(struct app *app, struct info *i, const struct err *why)
{
    const struct info_machine machine = machine_of(app);
    const struct engine looked = app->engine;

    app_use_native(app);
    i->native = true;
    i->found = &app->engine;
    i->engine = (struct info_part){
        .ready = true, .text = "a sandbox of cco's own (native), this machine's networking"};
    if (why == NULL) {
        return;
    }
    i->engine.text = arena_printf(&app->arena, "a sandbox of cco's own (native); %s",
                                  none_text(app, i, why));
    if (why->kind != ERR_NOT_FOUND) { /* one is installed, and could answer */
        info_advice_engine(&i->engine, why, &looked, &machine, &app->arena);
    }
}

void info_look_at_engine(struct app *app, struct info *i, bool probed)
{
    const struct info_machine machine = machine_of(app);
    const struct fact_engine *en = &app->facts.engine;
    const struct engine *looked = &app->engine;
    struct err *e = arena_alloc(&app->arena, sizeof(*e));

    i->looked = looked;
    if (app->opts.engine == ENGINE_NATIVE && probed) {
        tell_native(app, i, NULL);
        return;
    }
    if (app_connect(app, e) < 0 && probed && app_goes_native(app, e) && !asks_for_engine(app)) {
        tell_native(app, i, e);
        return;
    }
    if (e->kind != ERR_NONE) {
        info_fail(app, &i->engine, e);
        i->engine.text = e->kind == ERR_NOT_FOUND
                             ? arena_printf(&app->arena, "none: %s", none_text(app, i, e))
                             : i->engine.text;
        info_advice_engine(&i->engine, e, looked, &machine, &app->arena);
    } else {
        i->found = looked;
        i->engine.ready = true;
        i->engine.text = info_engine_text(en, &app->arena);
        strv_add(&i->engine.more, &app->arena,
                 arena_printf(&app->arena, "%s (%s%s%s)", en->address, looked->chosen,
                              looked->context != NULL ? ", " : "",
                              looked->context != NULL ? looked->context : ""));
        tell_protection(app, i);
    }
    for (size_t k = 0; k < looked->passed_count; k++) {
        const struct engine_passed *p = &looked->passed[k];

        if (i->engine.ready && !p->quiet) {
            strv_add(&i->engine.more, &app->arena,
                     arena_printf(&app->arena, "not %s: %s", p->address, p->reason));
        }
    }
}

/* Names of those that stand, or of those that do not. */
static const char *names(struct app *app, const struct native_probe *p, bool works)
{
    const char *out = "";

    for (size_t k = 0; k < CONFINEMENT_COUNT; k++) {
        if (p->confinement[k].works == works) {
            out = arena_printf(&app->arena, "%s%s%s", out, out[0] != '\0' ? ", " : "",
                               p->confinement[k].name);
        }
    }
    return out;
}

static void tell_fallen(struct app *app, struct info_part *w, const struct native_probe *p)
{
    const char *fallen = names(app, p, false);

    strv_add(&w->more, &app->arena,
             arena_printf(&app->arena, "standing: %s", names(app, p, true)));
    if (fallen[0] != '\0') {
        strv_add(&w->more, &app->arena,
                 arena_printf(&app->arena, "not: %s (--json tells why)", fallen));
    }
}

/* What a session in cco's own sandbox would be. */
static const char *summary(struct app *app, const struct native_probe *p)
{
    const struct confinement *w = p->confinement;
    const struct confinement *first = !w[CONFINEMENT_NAMESPACES].works
                                          ? &w[CONFINEMENT_NAMESPACES]
                                          : &w[CONFINEMENT_PROCESSES];

    switch (p->kind) {
    case PROBE_FULL:
        return arena_printf(&app->arena, "namespaces, %s%sa filter of system calls",
                            w[CONFINEMENT_LANDLOCK].works ? w[CONFINEMENT_LANDLOCK].text : "",
                            w[CONFINEMENT_LANDLOCK].works ? ", " : "");
    case PROBE_LANDLOCK_ONLY:
        return arena_printf(&app->arena,
                            "%s and a filter of system calls alone: no namespaces (%s)",
                            w[CONFINEMENT_LANDLOCK].text, first->text);
    case PROBE_NONE:
        break;
    }
    return arena_printf(&app->arena, "no sandbox can be made: %s",
                        w[CONFINEMENT_FILTER].works ? first->text : w[CONFINEMENT_FILTER].text);
}

void info_look_at_confinement(struct app *app, struct info *i)
{
    struct native_probe *p = arena_alloc(&app->arena, sizeof(*p));
    struct info_part *w = &i->confinement;
    const char *text;

    native_probe_run(app->facts.user, &app->arena, p);
    i->probe = p;
    text = summary(app, p);
    w->ready = true;
    w->text = text;
    if (!i->native) {
        w->text = arena_printf(&app->arena, "--engine native would have: %s", text);
        return;
    }
    w->ready = p->kind != PROBE_NONE;
    tell_fallen(app, w, p);
    if (p->kind != PROBE_FULL) {
        struct err why = p->namespaces;

        w->next = p->confinement[CONFINEMENT_PROCESSES].next;
        if (p->kind == PROBE_LANDLOCK_ONLY && fallback_choose(app, &why) < 0) {
            w->ready = false;
            w->note = "--require full is set";
        }
    }
}
