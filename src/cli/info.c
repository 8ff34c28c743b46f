/* SPDX-License-Identifier: MIT */
/* `cco info`: looks at everything that a session needs, each part for itself: whatever is missing, the others are told.
 * The engine is asked as little as possible. Exit status 0 when a session could start now (a missing image counts as
 * ready: cco builds or pulls it), 1 when not. */
#include "cli/info.h"

#include "base/exit_status.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/path.h"
#include "cli/app.h"
#include "cli/info_advice.h"
#include "cli/info_engine.h"
#include "cli/sessions.h"
#include "cli/style.h"
#include "cli/units.h"
#include "host/parts.h"
#include "host/probe.h"
#include "plan/claude_state.h"
#include "session/own_image.h"
#include "wire/json.h"

#include <string.h>
#include <unistd.h>

enum { SOON_S = 600, NAMED_SESSIONS = 2 };

/* Errors are large, and there would be one for each part. */
static struct err *scratch(struct app *app)
{
    return arena_alloc(&app->arena, sizeof(struct err));
}

/* With "~" for the home, as people write it. */
static const char *shown(struct app *app, const char *path)
{
    const char *home = app->facts.home;

    if (home == NULL || path == NULL || path[0] != '/' || !path_is_inside(path, home)) {
        return path;
    }
    return arena_printf(&app->arena, "~%s", path + strlen(home));
}

void info_fail(struct app *app, struct info_part *p, const struct err *e)
{
    p->ready = false;
    p->text = arena_strdup(&app->arena, e->text);
    p->note = e->hint[0] != '\0' ? arena_strdup(&app->arena, e->hint) : NULL;
}

static void look_at_cco(struct app *app, struct info *i)
{
    i->version = CCO_VERSION;
    i->path =
        app->facts.exe != NULL ? app->facts.exe : host_physical(&app->arena, "/proc/self/exe");
    i->cco = (struct info_part){
        .ready = true,
        .text = arena_printf(&app->arena, "%s, %s", i->version, shown(app, i->path)),
    };
}

/* Why the newest image of cco's is not the one: NULL where there is none. */
static const char *what_changed(struct app *app, const char **tag)
{
    struct engine_image *images = NULL;
    struct err *ignored = scratch(app);
    size_t count = 0;
    struct buf packages;
    const char *changed = "dockerfile";

    if (engine_images(&app->engine, &app->arena, &images, &count, ignored) < 0 || count == 0) {
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

static void tell_changed(struct app *app, struct info *i)
{
    static const char *const whys[][2] = {
        {"packages", "has other packages"},
        {"certificates", "trusts other certificates"},
        {"dockerfile", "was made of another Dockerfile, base or build argument"},
    };
    const char *tag = NULL;

    i->changed = what_changed(app, &tag);
    for (size_t k = 0; i->changed != NULL && k < sizeof(whys) / sizeof(whys[0]); k++) {
        if (strcmp(i->changed, whys[k][0]) == 0) {
            strv_add(&i->image.more, &app->arena,
                     arena_printf(&app->arena, "%s %s", tag, whys[k][1]));
        }
    }
}

static void tell_missing(struct app *app, struct info *i)
{
    const char *pulled = arena_printf(&app->arena, "cco image pull %s", i->image_ref);

    i->image.text = arena_printf(&app->arena, "%s, not %s yet", i->image_ref,
                                 i->own_image ? "built" : "here");
    i->image.next = i->own_image ? "cco image build" : pulled;
    i->image.note = i->own_image ? "the first run does that, too; it takes some minutes"
                                 : "the first run does that, too";
    if (i->own_image) {
        tell_changed(app, i);
    }
}

static void tell_present(struct app *app, struct info *i)
{
    struct fact_image *image = &app->facts.image;
    int64_t age = app->facts.now_ms / 1000 - image->created;
    char size[BYTES_TEXT];
    char time[UNITS_MAX];

    if (i->own_image) {
        image->claude_version =
            engine_claude_version(&app->engine, image->id, app->facts.state_dir, &app->arena);
    }
    bytes_text(image->size, size);
    i->image.text = arena_printf(
        &app->arena, "%s%s%s%s%s%s%s%s", i->image_ref, i->own_image ? ", up to date" : "",
        image->size > 0 ? ", " : "", image->size > 0 ? size : "",
        image->created > 0 ? ", " : "", image->created > 0 ? units_time(age, time) : "",
        image->created > 0 ? " old" : "",
        image->claude_version != NULL
            ? arena_printf(&app->arena, ", claude %s", image->claude_version)
            : "");
}

static void look_at_image(struct app *app, struct info *i, bool probed)
{
    struct facts *f = &app->facts;
    struct err *e = scratch(app);

    if (i->native) {
        i->image.ready = true;
        i->image.text = "none: the sandbox has the programs of this machine";
        return;
    }
    i->own_image = app->opts.image == NULL;
    i->image_ref = app->opts.image;
    if (!probed || (i->own_image && own_image_identify(app, e) < 0)) {
        info_fail(app, &i->image, e);
        i->image.text = probed ? i->image.text : "cannot be told without a home";
        return;
    }
    i->image_ref = i->own_image ? own_image_tag(app) : app->opts.image;
    if (i->found == NULL) {
        i->image.text = arena_printf(&app->arena, "%s, if an engine has it", i->image_ref);
        return;
    }
    if ((i->own_image
             ? own_image_find(app, e)
             : engine_image(&app->engine, i->image_ref, &app->arena, &f->image, e)) < 0) {
        info_fail(app, &i->image, e);
        return;
    }
    i->image.ready = true;
    if (f->image.present) {
        i->image_ref = f->image_ref != NULL ? f->image_ref : i->image_ref;
        tell_present(app, i);
    } else {
        tell_missing(app, i);
    }
}

/* Whose login it is, as claude has noted it. */
static const char *account_of(struct app *app)
{
    const struct facts *f = &app->facts;
    const char *account = NULL;
    struct err *ignored = scratch(app);
    struct json root;
    struct buf text;

    if ((f->login.source != LOGIN_FILE && f->login.source != LOGIN_KEYCHAIN) ||
        f->claude_json.type != FACT_FILE || strv_has(&f->by_project, f->claude_json.path)) {
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

static void look_at_login(struct app *app, struct info *i, bool probed)
{
    const struct fact_login *in = &app->facts.login;
    struct info_part *p = &i->credentials;
    int64_t left = (in->expires_at_ms - app->facts.now_ms) / 1000;
    char time[UNITS_MAX];
    const char *who;

    if (!probed) {
        p->text = "cannot be told without a home";
        return;
    }
    i->account = account_of(app);
    who =
        arena_printf(&app->arena, "%s%s%s%s", in->detail != NULL ? shown(app, in->detail) : "",
                     i->account != NULL ? " (" : "", i->account != NULL ? i->account : "",
                     i->account != NULL ? ")" : "");
    p->ready =
        !in->broken && in->source != LOGIN_NONE && (in->expires_at_ms == 0 || left >= SOON_S);
    if (in->broken) {
        p->text = arena_printf(&app->arena, "%s: %s", who, in->why);
    } else if (in->source == LOGIN_NONE) {
        p->text = "no login found";
    } else if (in->expires_at_ms == 0) {
        p->text = who;
    } else if (left < 0) {
        p->text = arena_printf(&app->arena, "%s, expired", who);
    } else {
        p->text = arena_printf(&app->arena, "%s, expires in %s", who, units_time(left, time));
    }
    if (!p->ready) {
        info_advice_login(p, in);
    }
}

static void tell_sessions(struct app *app, struct info *i, const struct sessions *all)
{
    const char *text = "";
    size_t here = 0;

    for (size_t k = 0; k < all->count; k++) {
        const struct session_found *f = &all->items[k];

        if (strcmp(f->project, app->facts.cwd_physical) != 0) {
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
        strv_add(&i->project.more, &app->arena,
                 arena_printf(&app->arena, "sessions: %s%s%s", here > 0 ? text : "none here",
                              all->count > here ? "; elsewhere: " : "",
                              all->count > here
                                  ? arena_printf(&app->arena, "%zu", all->count - here)
                                  : ""));
    }
}

static void look_at_project(struct app *app, struct info *i, const struct err *why)
{
    const struct facts *f = &app->facts;
    struct sessions *all = arena_alloc(&app->arena, sizeof(*all));
    struct plan plan = {0};
    struct err *e = scratch(app);
    bool without_engine = false;

    if (why != NULL || plan_build(&app->opts, f, &app->arena, &plan, e) < 0) {
        info_fail(app, &i->project, why != NULL ? why : e);
        i->project.next = why != NULL ? NULL : "cd PROJECT";
    } else {
        i->project.ready = true;
        i->planned = true;
        i->mounts = plan.mount_count;
        i->project.text =
            arena_printf(&app->arena, "%s, %zu mounts", shown(app, f->cwd_physical), i->mounts);
    }
    if (why == NULL && f->git_common_dir != NULL) {
        strv_add(&i->project.more, &app->arena,
                 arena_printf(&app->arena, "a worktree of %s", shown(app, f->git_common_dir)));
    }
    if (why == NULL && sessions_find(app, all, &without_engine, e) == 0) {
        i->sessions = all;
        tell_sessions(app, i, all);
    }
}

static void look_at_claude(struct app *app, struct info *i)
{
    const struct facts *f = &app->facts;
    const char *list = "";

    i->claude.ready = true;
    if (f->claude_dir == NULL) {
        i->claude.text = "cannot be told without a home";
        return;
    }
    i->claude_present = file_is_dir(f->claude_dir);
    for (size_t k = 0; f->claude_state != NULL && k < claude_state_count; k++) {
        if (claude_state[k].share != STATE_SHARED && f->claude_state[k].type != FACT_MISSING) {
            strv_add(&i->settings, &app->arena, claude_state[k].name);
            list = arena_printf(&app->arena, "%s, %s", list, claude_state[k].name);
        }
    }
    i->claude.text = arena_printf(&app->arena, "%s%s%s", shown(app, f->claude_dir),
                                  i->claude_present ? "" : ", made by the first session", list);
    if (i->native && f->native.claude == NULL) {
        i->claude.ready = false;
        i->claude.text = arena_printf(&app->arena, "no claude is in PATH; %s", i->claude.text);
        i->claude.next = "npm install -g @anthropic-ai/claude-code";
        i->claude.note = "or: curl -fsSL https://claude.ai/install.sh | bash";
    } else if (i->native) {
        strv_add(&i->claude.more, &app->arena, shown(app, f->native.claude));
    }
}

static void look_at_config(struct app *app, struct info *i)
{
    bool planted = false;
    const char *dockerfile = config_path(app, "Dockerfile", &planted);
    const char *path = config_path(app, "config", &planted);

    i->config.ready = true;
    i->config_file = app->opts.config_file;
    i->dockerfile = dockerfile != NULL && file_exists(dockerfile) ? dockerfile : NULL;
    i->config.text = i->config_file != NULL ? shown(app, i->config_file)
                                            : "none: everything has its default";
    if (app->config_error.kind != ERR_NONE) {
        info_fail(app, &i->config, &app->config_error);
        i->config.next = arena_printf(&app->arena, "${EDITOR:-vi} %s", shown(app, path));
    }
    if (i->dockerfile != NULL) {
        strv_add(&i->config.more, &app->arena,
                 arena_printf(&app->arena, "%s is the image's", shown(app, i->dockerfile)));
    }
}

static void collect(struct app *app, struct info *i)
{
    struct err *e = scratch(app);
    bool probed = app_probe(app, e) == 0;

    i->facts = &app->facts;
    look_at_cco(app, i);
    info_look_at_engine(app, i, probed);
    info_look_at_confinement(app, i);
    look_at_image(app, i, probed);
    look_at_login(app, i, probed);
    look_at_project(app, i, probed ? NULL : e);
    look_at_claude(app, i);
    look_at_config(app, i);
}

int cmd_info(struct app *app, struct err *e)
{
    struct info i = {.facts = NULL};
    struct buf out;
    int rc = 0;

    collect(app, &i);
    buf_init(&out, LIMIT_FILE_SMALL);
    if (app->opts.json) {
        rc = info_json(&i, &out, e);
    } else {
        info_text(&i, style_find(app->env, STDOUT_FILENO).colour, &out);
    }
    if (rc == 0) {
        rc = fd_write_all(STDOUT_FILENO, buf_data(&out), out.len, e);
    }
    buf_release(&out);
    return rc < 0 ? -1 : info_ready(&i) ? 0 : EXIT_CHECK;
}
