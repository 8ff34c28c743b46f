/* SPDX-License-Identifier: MIT */
/* The sections "engine" and "confinement" of `cco info`: the engine that a session would use,
 * and the confinement that this machine allows for native sandboxes. */
#include "base/env.h"
#include "base/file.h"
#include "cli/app.h"
#include "cli/features.h"
#include "cli/info.h"
#include "cli/info_advice.h"
#include "cli/json_out.h"
#include "native/native_probe.h"
#include "native/userns_error.h"
#include "session/fallback.h"
#include "session/session_engine.h"
#include "wire/json.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HOST_NETWORKING "host networking"

static struct info_machine machine_of(struct app *app)
{
    return (struct info_machine){
        .root = geteuid() == 0,
        .has_systemd = file_is_dir("/run/systemd/system"),
        .has_dockerd = file_exists("/usr/bin/dockerd") ||
                       file_exists("/usr/local/bin/dockerd") ||
                       file_exists("/usr/sbin/dockerd"),
        .has_apt = file_exists("/usr/bin/apt-get"),
        .runtime_dir = env_value(app->env, "XDG_RUNTIME_DIR"),
    };
}

/* Returns why no engine was found, in the arena. If no socket exists, names the first socket
 * that was tried and the number of the others. */
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
        return arena_printf(&app->arena, "no socket exists at %s or at %zu other places", first,
                            others);
    }
    return arena_strdup(&app->arena, e->text);
}

/* Adds a warning if another machine could pretend to be the engine. */
static void add_protection(struct app *app, struct info *i, struct info_section *own)
{
    const struct endpoint *ep = &i->looked->endpoint;

    if (ep->kind == ENDPOINT_TCP && ep->tls && !ep->verify) {
        strv_add(&own->more, &app->arena,
                 "TLS without verification of the server: set DOCKER_TLS_VERIFY=1");
    } else if (endpoint_is_exposed(ep)) {
        strv_add(&own->more, &app->arena,
                 "no TLS (--insecure): anyone on the way can read and change everything");
    }
}

/* Adds a line that says what a session reaches on this machine's own network, and the mode that
 * prevents it. */
static void add_host_network(struct app *app, struct info_section *own, const char *other)
{
    strv_add(&own->more, &app->arena,
             arena_printf(&app->arena,
                          "this machine's network: its localhost, debuggers, list of "
                          "connections and cloud metadata; not with --network %s",
                          other));
}

/* Sets the section for native sessions. `why` is the error that no engine was found, or NULL if
 * the user chose --engine native. */
static void set_native(struct app *app, struct info *i, struct info_section *own,
                       const struct err *why)
{
    const struct info_machine machine = machine_of(app);
    const struct engine looked = app->engine;

    session_engine_native(&app->ctx);
    i->native = true;
    i->found = &app->engine;
    *own = (struct info_section){
        .ready = true, .text = "native: a sandbox that cco makes itself, host networking"};
    add_host_network(app, own, "none");
    if (why == NULL) {
        return;
    }
    own->text = arena_printf(&app->arena, "native: a sandbox that cco makes itself; %s",
                             none_text(app, i, why));
    if (why->kind != ERR_NOT_FOUND) { /* an engine is installed, but does not answer */
        info_advice_engine(own, why, &looked, &machine, &app->arena);
    }
}

/* Returns the network of a session without --network. */
static const char *networking(const struct fact_engine *en)
{
    if (en->own_network != NULL && strcmp(en->own_network, "host") != 0) {
        return "this container's networking";
    }
    return en->own_network != NULL ||
                   (en->host_network_real && en->kind != SANDBOX_REMOTE_CONTAINER)
               ? HOST_NETWORKING
               : "bridge networking";
}

const char *info_engine_text(const struct fact_engine *en, struct arena *a)
{
    const char *files = "";

    if (en->kind == SANDBOX_REMOTE_CONTAINER) {
        files = en->path_map_count == 0 ? ", files are sent to it"
                                        : ", sees what is mounted here, the rest is sent to it";
    }
    return arena_printf(a, "%s, API 1.%u, %s%s%s%s", en->name, en->api_minor, networking(en),
                        en->rootless ? ", rootless" : "",
                        en->userns_remap ? ", user namespaces" : "", files);
}

void info_collect_engine(struct app *app, struct info *i, struct info_section *own)
{
    const struct info_machine machine = machine_of(app);
    const struct engine_ops *ops = engine_row(app->opts.engine);
    const struct fact_engine *en = &app->facts.engine;
    const struct engine *looked = &app->engine;
    struct err *e = arena_alloc(&app->arena, sizeof(*e));

    i->looked = looked;
    if (ops == &native_engine && i->no_facts == NULL) {
        set_native(app, i, own, NULL);
        return;
    }
    ops = ops != &native_engine ? ops : &docker_engine;
    if (session_engine_connect(&app->ctx, ops, e) < 0 && i->no_facts == NULL &&
        session_engine_goes_native(&app->ctx, e) &&
        features_lacking(&app->opts, CMD_CLAUDE, native_engine.features) == NULL) {
        set_native(app, i, own, e);
        return;
    }
    if (e->kind != ERR_NONE) {
        info_fail(app, own, e);
        own->text = e->kind == ERR_NOT_FOUND
                        ? arena_printf(&app->arena, "none: %s", none_text(app, i, e))
                        : own->text;
        info_advice_engine(own, e, looked, &machine, &app->arena);
    } else {
        i->found = looked;
        own->ready = true;
        own->text = info_engine_text(en, &app->arena);
        strv_add(&own->more, &app->arena,
                 arena_printf(&app->arena, "%s (%s%s%s)", en->address, looked->chosen,
                              looked->context != NULL ? ", " : "",
                              looked->context != NULL ? looked->context : ""));
        if (strcmp(networking(en), HOST_NETWORKING) == 0) {
            add_host_network(app, own, "bridge or none");
        }
        add_protection(app, i, own);
    }
    for (size_t k = 0; k < looked->passed_count; k++) {
        const struct engine_passed *p = &looked->passed[k];

        if (own->ready && !p->quiet) {
            strv_add(&own->more, &app->arena,
                     arena_printf(&app->arena, "not %s: %s", p->address, p->reason));
        }
    }
}

void info_json_engine(const struct info *i, struct json_w *w)
{
    const struct fact_engine *en = i->found != NULL ? &i->facts->engine : NULL;
    const bool docker = en != NULL && !i->native; /* a native sandbox has no API */
    char api[16] = "";

    if (docker) {
        (void)snprintf(api, sizeof(api), "1.%u", en->api_minor);
    }
    json_w_member(w, "name", en != NULL ? en->name : NULL);
    json_w_member(w, "address", i->looked->address);
    json_w_member(w, "chosen_by", i->looked->chosen);
    json_w_member(w, "context", i->looked->context);
    json_w_member(w, "api", docker ? api : NULL);
    json_out_bool(w, "rootless", docker && en->rootless, docker);
    json_out_bool(w, "user_namespaces", docker && en->userns_remap, docker);
    json_out_bool(w, "host_network",
                  en != NULL && en->host_network_real && en->kind != SANDBOX_REMOTE_CONTAINER,
                  en != NULL);
    json_w_member(w, "files",
                  en == NULL                             ? NULL
                  : en->kind == SANDBOX_REMOTE_CONTAINER ? "remote"
                                                         : "local");
    json_w_key(w, "passed_over");
    json_w_array(w);
    for (size_t k = 0; k < i->looked->passed_count; k++) {
        json_w_object(w);
        json_w_member(w, "address", i->looked->passed[k].address);
        json_w_member(w, "reason", i->looked->passed[k].reason);
        json_w_end(w);
    }
    json_w_end(w);
}

/* Returns the names of the parts that work, or of those that do not, in the arena. */
static const char *names(struct app *app, const struct native_probe *p, bool works)
{
    struct strv list = {0};

    for (size_t k = 0; k < CONFINEMENT_COUNT; k++) {
        if (p->confinement[k].works == works) {
            strv_add(&list, &app->arena, p->confinement[k].name);
        }
    }
    return strv_join(&list, ", ", &app->arena);
}

static void add_parts(struct app *app, struct info_section *own, const struct native_probe *p)
{
    const char *missing = names(app, p, false);

    strv_add(&own->more, &app->arena,
             arena_printf(&app->arena, "works: %s", names(app, p, true)));
    if (missing[0] != '\0') {
        strv_add(
            &own->more, &app->arena,
            arena_printf(&app->arena, "does not work: %s (--json has the reasons)", missing));
    }
}

/* Returns a line about the confinement of a native session, in the arena. */
static const char *summary(struct app *app, const struct native_probe *p)
{
    const struct confinement *w = p->confinement;
    const struct confinement *first = !w[CONFINEMENT_NAMESPACES].works
                                          ? &w[CONFINEMENT_NAMESPACES]
                                          : &w[CONFINEMENT_PROCESSES];

    switch (p->kind) {
    case PROBE_FULL:
        return arena_printf(&app->arena, "namespaces, %s%sthe system-call filter",
                            w[CONFINEMENT_LANDLOCK].works ? w[CONFINEMENT_LANDLOCK].text : "",
                            w[CONFINEMENT_LANDLOCK].works ? ", " : "");
    case PROBE_LANDLOCK_ONLY:
        return arena_printf(&app->arena,
                            "only %s and the system-call filter: no namespaces (%s)",
                            w[CONFINEMENT_LANDLOCK].text, first->text);
    case PROBE_NONE:
        break;
    }
    return arena_printf(&app->arena, "no native sandbox is possible: %s",
                        w[CONFINEMENT_FILTER].works ? first->text : w[CONFINEMENT_FILTER].text);
}

void info_collect_confinement(struct app *app, struct info *i, struct info_section *own)
{
    struct native_probe *p = arena_alloc(&app->arena, sizeof(*p));
    const char *text;

    native_probe_run(app->facts.user, &app->arena, p);
    i->probe = p;
    text = summary(app, p);
    own->ready = true;
    own->text = text;
    if (!i->native) {
        own->text = arena_printf(&app->arena, "with --engine native: %s", text);
        return;
    }
    own->ready = p->kind != PROBE_NONE;
    add_parts(app, own, p);
    if (p->kind != PROBE_FULL) {
        struct err why = p->namespaces;

        own->next = p->confinement[CONFINEMENT_PROCESSES].next;
        if (p->kind == PROBE_LANDLOCK_ONLY && fallback_choose(&app->ctx, &why) < 0) {
            own->ready = false;
            own->note = "--require full is set";
        }
    }
}

void info_json_confinement(const struct info *i, struct json_w *w)
{
    static const char *const kinds[] = {"full", "landlock_only", "none"};

    json_w_member_bool(w, "in_use", i->native);
    json_w_member(w, "sandbox", i->probe != NULL ? kinds[i->probe->kind] : NULL);
    json_w_key(w, "list");
    json_w_array(w);
    for (size_t k = 0; i->probe != NULL && k < CONFINEMENT_COUNT; k++) {
        const struct confinement *item = &i->probe->confinement[k];

        json_w_object(w);
        json_w_member(w, "name", item->name);
        json_w_member_bool(w, "works", item->works);
        json_w_member(w, "text", item->text);
        json_w_member(w, "next", item->next);
        json_w_end(w);
    }
    json_w_end(w);
}
