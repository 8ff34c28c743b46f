/* SPDX-License-Identifier: MIT */
/* The sections of `cco info` that describe files of this machine: cco, credentials, project,
 * claude, config. */
#include "base/file.h"
#include "base/limits.h"
#include "cli/app.h"
#include "cli/features.h"
#include "cli/info.h"
#include "cli/info_advice.h"
#include "cli/json_out.h"
#include "cli/renew.h"
#include "cli/units.h"
#include "host/config_dirs.h"
#include "host/probe.h"
#include "plan/claude_state.h"
#include "plan/passed.h"
#include "plan/plan.h"
#include "plan/print.h"
#include "plan/untrusted.h"
#include "session/own_image.h"
#include "session/sessions.h"
#include "trust/lookup.h"
#include "wire/json.h"

#include <string.h>

enum { NAMED_SESSIONS = 2 };

void info_collect_cco(struct app *app, struct info *i, struct info_section *own)
{
    i->version = CCO_VERSION;
    i->path = app->facts.exe != NULL ? app->facts.exe
                                     : lookup_physical(&app->arena, "/proc/self/exe");
    *own = (struct info_section){
        .ready = true,
        .text = arena_printf(&app->arena, "%s, %s", i->version, info_path(app, i->path)),
    };
}

void info_json_cco(const struct info *i, struct json_w *w)
{
    json_w_member(w, "version", i->version);
    json_w_member(w, "path", i->path);
}

/* Returns the e-mail address of the login's account from claude's own file, in the arena. NULL
 * if it is not known, or if an agent may have written that file. */
static const char *account_of(struct app *app)
{
    const struct facts *f = &app->facts;
    const char *account = NULL;
    struct err *ignored = arena_alloc(&app->arena, sizeof(*ignored));
    struct json root;
    struct buf text;

    if ((f->login.source != LOGIN_FILE && f->login.source != LOGIN_KEYCHAIN) ||
        f->claude_json.type != FACT_FILE || untrusted_why(f, f->claude_json.path) != NULL) {
        return NULL;
    }
    buf_init(&text, LIMIT_CLAUDE_JSON);
    if (file_read(f->claude_json.physical, &text, ignored) == 0 &&
        json_parse(buf_str(&text), &root, ignored) == 0) {
        account = json_string_dup(json_path(root, "oauthAccount.emailAddress"), &app->arena);
    }
    buf_wipe(&text);
    return account;
}

void info_collect_credentials(struct app *app, struct info *i, struct info_section *own)
{
    const struct fact_login *in = &app->facts.login;
    int64_t left = (in->expires_at_ms - app->facts.now_ms) / 1000;
    char time[UNITS_MAX];
    const char *who;

    if (i->no_facts != NULL) {
        own->text = INFO_SEE_PROJECT;
        return;
    }
    i->account = account_of(app);
    who = arena_printf(&app->arena, "%s%s%s%s",
                       in->detail != NULL ? info_path(app, in->detail) : "",
                       i->account != NULL ? " (" : "", i->account != NULL ? i->account : "",
                       i->account != NULL ? ")" : "");
    own->ready =
        !in->broken && in->source != LOGIN_NONE && renew_reason(in, app->facts.now_ms) == NULL;
    if (in->broken) {
        own->text = arena_printf(&app->arena, "%s: %s", who, in->why);
    } else if (in->source == LOGIN_NONE) {
        own->text = "no login found";
    } else if (app->facts.cloud.why != NULL) {
        own->ready = false;
        own->text = arena_printf(&app->arena, "%s: %s", who, app->facts.cloud.why);
        own->note = app->facts.cloud.next;
        return;
    } else if (app->facts.cloud.by_machine) {
        own->text = arena_printf(&app->arena, "%s, by the role of this machine", who);
    } else if (in->expires_at_ms == 0) {
        own->text = who;
    } else if (left < 0) {
        own->text = arena_printf(&app->arena, "%s, expired", who);
    } else {
        own->text = arena_printf(&app->arena, "%s, expires in %s", who, units_time(left, time));
    }
    if (!own->ready) {
        info_advice_login(own, in);
    }
}

void info_json_credentials(const struct info *i, struct json_w *w)
{
    const struct fact_login *in = &i->facts->login;
    int64_t left = (in->expires_at_ms - i->facts->now_ms) / 1000;

    json_w_member(w, "source", plan_login_source(in->source));
    json_w_member(w, "detail", in->detail);
    json_w_member(w, "account", i->account);
    json_out_time(w, "expires_at", in->expires_at_ms / 1000);
    json_out_u64(w, "expires_in", left > 0 ? (uint64_t)left : 0, in->expires_at_ms > 0);
    json_w_member_bool(w, "can_refresh", in->can_refresh);
}

static void add_sessions(struct app *app, const struct sessions *all, struct info_section *own)
{
    const char *text = "";
    size_t here = 0;

    for (size_t k = 0; k < all->count; k++) {
        const struct session_found *f = &all->items[k];

        if (!sessions_is_here(&app->facts, f->project)) {
            continue;
        }
        if (++here <= NAMED_SESSIONS) {
            text = arena_printf(&app->arena, "%s%s%s (%s)", text, here > 1 ? ", " : "", f->name,
                                session_state_name(f->state));
        }
    }
    if (here > NAMED_SESSIONS) {
        text = arena_printf(&app->arena, "%s, %zu more", text, here - NAMED_SESSIONS);
    }
    if (all->count > 0) {
        strv_add(&own->more, &app->arena,
                 arena_printf(&app->arena, "sessions: %s%s%s", here > 0 ? text : "none here",
                              all->count > here ? "; elsewhere: " : "",
                              all->count > here
                                  ? arena_printf(&app->arena, "%zu", all->count - here)
                                  : ""));
    }
}

/* Adds what the project would run, set or reach, and whether the user trusts it. */
static void add_trust(struct app *app, struct info_section *own)
{
    static const char *const texts[] = {
        [TRUST_GIVEN] = "trusted",
        [TRUST_BY_HOST] = "trusted, because claude on this machine trusts it",
        [TRUST_BY_OPTION] = "trusted by the configuration",
        [TRUST_NEW] = "not trusted yet",
        [TRUST_CHANGED] = "not trusted, because its files have changed",
        [TRUST_REFUSED] = "not trusted, because you said no",
    };
    enum { SHOWN = 8 };
    const struct facts *f = &app->facts;
    const struct trust_items *t = &f->trust_items;

    if (f->trust == TRUST_NOTHING) {
        return;
    }
    strv_add(&own->more, &app->arena,
             arena_printf(&app->arena, "%s. At the start it %s:", texts[f->trust],
                          trust_state_is_safe(f->trust) ? "would run, set or reach"
                                                        : "runs, sets or reaches"));
    for (size_t k = 0; k < t->count && k < SHOWN; k++) {
        strv_add(&own->more, &app->arena,
                 arena_printf(&app->arena, "%s: %s", t->list[k].file, t->list[k].text));
    }
    if (t->count + t->more > SHOWN) {
        strv_add(&own->more, &app->arena,
                 arena_printf(&app->arena, "and %zu more", t->count + t->more - SHOWN));
    }
    if (trust_state_is_safe(f->trust) && own->next == NULL) {
        own->next = "cco trust";
    }
}

/* Adds what a session lacks. */
static void add_missing(struct app *app, const struct missing *m, struct info_section *own)
{
    enum { SHOWN = 8 };

    for (size_t k = 0; k < m->count && k < SHOWN; k++) {
        strv_add(&own->more, &app->arena,
                 arena_printf(&app->arena, "missing: %s", m->list[k].text));
    }
    if (m->count > SHOWN) {
        strv_add(&own->more, &app->arena,
                 arena_printf(&app->arena, "%zu more are missing: cco info --json",
                              m->count - SHOWN));
    }
}

void info_collect_project(struct app *app, struct info *i, struct info_section *own)
{
    const struct facts *f = &app->facts;
    struct sessions *all = arena_alloc(&app->arena, sizeof(*all));
    struct plan plan = {0};
    struct err *e = arena_alloc(&app->arena, sizeof(*e));
    bool without_engine = false;

    if (i->no_facts != NULL ||
        (i->found != NULL &&
         features_check_options(&app->opts, CMD_CLAUDE, i->found->ops, &f->native, e) < 0) ||
        plan_build(&app->opts, f, &app->arena, &plan, e) < 0) {
        info_fail(app, own, i->no_facts != NULL ? i->no_facts : e);
        /* Another directory does not help if the plan fails for another reason. */
        own->next = strstr(own->text, "cannot be the project") != NULL ? "cd PROJECT" : NULL;
    } else {
        own->ready = f->project_owner == NULL; /* root cannot write to it */
        i->planned = true;
        i->mounts = plan.files.mount_count;
        own->text =
            arena_printf(&app->arena, "%s, %zu mounts", info_path(app, f->project), i->mounts);
        untrusted_lines(plan.unshared, plan.unshared_count, &app->arena, &own->more);
    }
    i->caches = app->opts.caches;
    if (i->caches) {
        strv_add(&own->more, &app->arena, "caches of build tools are kept for this project");
    }
    for (size_t k = 0; k < f->warnings.count; k++) {
        strv_add(&own->more, &app->arena, f->warnings.v[k]);
    }
    i->missing = i->planned ? plan.missing : f->missing;
    add_missing(app, &i->missing, own);
    if (i->no_facts == NULL && f->git_common_dir != NULL) {
        strv_add(
            &own->more, &app->arena,
            arena_printf(&app->arena, "a worktree of %s", info_path(app, f->git_common_dir)));
    }
    if (i->no_facts == NULL) {
        add_trust(app, own);
    }
    if (i->no_facts == NULL && sessions_find(&app->ctx, all, &without_engine, e) == 0) {
        i->sessions = all;
        add_sessions(app, all, own);
    }
}

void info_json_project(const struct info *i, struct json_w *w)
{
    json_w_member(w, "path", i->facts->project);
    json_w_member(w, "git_top", i->facts->git_top);
    json_w_member(w, "git_common_dir", i->facts->git_common_dir);
    json_out_u64(w, "mounts", i->mounts, i->planned);
    json_w_member_bool(w, "caches", i->caches);
    json_w_member(w, "trust", trust_state_word(i->facts->trust));
    json_w_key(w, "items");
    json_w_array(w);
    for (size_t k = 0; k < i->facts->trust_items.count; k++) {
        json_w_object(w);
        json_w_member(w, "file", i->facts->trust_items.list[k].file);
        json_w_member(w, "text", i->facts->trust_items.list[k].text);
        json_w_end(w);
    }
    json_w_end(w);
    print_missing(w, &i->missing);
    json_w_key(w, "sessions");
    json_w_array(w);
    for (size_t k = 0; i->sessions != NULL && k < i->sessions->count; k++) {
        const struct session_found *f = &i->sessions->items[k];

        json_w_object(w);
        json_w_member(w, "name", f->name);
        json_w_member(w, "state", session_state_name(f->state));
        json_w_member_bool(w, "here",
                           i->facts->project != NULL && sessions_is_here(i->facts, f->project));
        json_w_end(w);
    }
    json_w_end(w);
}

/* Lists the variables that claude reads and that do not pass into the sandbox. */
static void list_left_out(struct app *app, struct info *i, struct info_section *own)
{
    const struct strv *names = &app->facts.env_names;

    for (size_t k = 0; k < names->count; k++) {
        const char *name = names->v[k];

        if (passed_is_claudes(name) && passed_why(&app->facts, name) == NULL) {
            strv_add(&i->variables_left_out, &app->arena, name);
        }
    }
    if (i->variables_left_out.count > 0) {
        strv_add(&own->more, &app->arena,
                 arena_printf(&app->arena,
                              "variables that do not pass, unless --env names "
                              "them: %s",
                              strv_join(&i->variables_left_out, ", ", &app->arena)));
    }
}

/* Adds which claude a native sandbox runs. */
static void show_program(struct app *app, struct info_section *own)
{
    const struct fact_native *n = &app->facts.native;
    const char *program =
        "not on this machine; the first session fetches it from an npm registry";

    if (n->claude != NULL) {
        program = n->fetched == NULL ? info_path(app, n->claude)
                                     : arena_printf(&app->arena, "%s (%s, fetched by cco)",
                                                    info_path(app, n->claude), n->fetched);
    } else if (app->facts.claude_pin != NULL) {
        program = arena_printf(&app->arena,
                               "not on this machine; the first session fetches version %s from "
                               "an npm registry",
                               app->facts.claude_pin);
    }
    strv_add(&own->more, &app->arena, program);
    if (n->claude_why != NULL) {
        strv_add(&own->more, &app->arena, n->claude_why);
    }
}

void info_collect_claude(struct app *app, struct info *i, struct info_section *own)
{
    const struct facts *f = &app->facts;
    const char *list = "";

    own->ready = i->no_facts == NULL;
    if (f->claude_dir == NULL || i->no_facts != NULL) {
        own->text =
            i->no_facts != NULL ? INFO_SEE_PROJECT : "not known without a home directory";
        return;
    }
    i->claude_present = file_is_dir(f->claude_dir);
    for (size_t k = 0; f->claude_state != NULL && k < claude_state_count; k++) {
        const enum state_share share = claude_state[k].share;

        if ((share == STATE_LOCKED || share == STATE_COPIED) &&
            f->claude_state[k].type != FACT_MISSING) {
            strv_add(&i->settings, &app->arena, claude_state[k].name);
            list = arena_printf(&app->arena, "%s, %s", list, claude_state[k].name);
        }
    }
    list_left_out(app, i, own);
    own->text = arena_printf(&app->arena, "%s%s%s", info_path(app, f->claude_dir),
                             i->claude_present ? "" : ", created by the first session", list);
    if (i->native) {
        show_program(app, own);
    }
}

void info_json_claude(const struct info *i, struct json_w *w)
{
    json_w_member(w, "directory", i->facts->claude_dir);
    json_w_member(w, "program", i->native ? i->facts->native.claude : NULL);
    json_w_member(w, "fetched_version", i->native ? i->facts->native.fetched : NULL);
    json_w_member_bool(w, "present", i->claude_present);
    json_w_member_list(w, "settings", i->settings.v, i->settings.count);
    json_w_member_list(w, "variables_left_out", i->variables_left_out.v,
                       i->variables_left_out.count);
}

void info_collect_config(struct app *app, struct info *i, struct info_section *own)
{
    const char *dockerfile = config_file("Dockerfile", app->env, &app->arena).path;
    const char *path = config_file("config", app->env, &app->arena).path;

    own->ready = true;
    i->config_file = app->opts.config_file;
    i->dockerfile = dockerfile != NULL && file_exists(dockerfile) ? dockerfile : NULL;
    own->text = i->config_file != NULL ? info_path(app, i->config_file)
                                       : "none: all options have their defaults";
    if (app->config_error.kind != ERR_NONE) {
        info_fail(app, own, &app->config_error);
        own->next = arena_printf(&app->arena, "${EDITOR:-vi} %s", info_path(app, path));
    }
    if (app->wrong_variable != NULL) {
        own->next = arena_printf(&app->arena, "unset %s", app->wrong_variable);
        own->note = NULL;
    }
    if (i->dockerfile != NULL) {
        strv_add(&own->more, &app->arena,
                 arena_printf(&app->arena, "%s replaces cco's Dockerfile",
                              info_path(app, i->dockerfile)));
    }
}

void info_json_config(const struct info *i, struct json_w *w)
{
    json_w_member(w, "file", i->config_file);
    json_w_member(w, "dockerfile", i->dockerfile);
}
