/* SPDX-License-Identifier: MIT */
/* `cco cleanup`: removes what ended or killed sessions of this user left, found by label and owner, and nothing else:
 * containers that no longer run and that no living cco has in hand (a sandbox without an engine leaves none), private copies, sockets and keys without a session,
 * temporary files. With --all it stops the sessions that run as well, after a yes. Says what it did, with --dry-run what it
 * would do. Safe beside sessions and other cleanups: every session is known by a lock that it holds from before its
 * first file until after its last one. Without an engine the files go all the same.
 *
 * JSON: {"dry_run", "removed": {"containers": [{"name", "project"}], "sessions": [names], "files": [paths], "volumes":
 * [names]}, "stopped": [names], "running": [{"name", "project"}], "other_images"}, the last null without an engine. */
#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/log.h"
#include "cli/app.h"
#include "cli/cleanup_files.h"
#include "cli/cleanup_volumes.h"
#include "cli/prompt.h"
#include "session/native_sessions.h"
#include "session/own_image.h"
#include "session/session_dir.h"
#include "session/session_engine.h"
#include "session/sessions.h"
#include "term/session_query.h"
#include "wire/json.h"

#include <string.h>
#include <unistd.h>

enum { STARTING_S = 120, STOP_MS = 15000, OUT_MAX = 4 << 20 };

enum fate {
    FATE_LEAVE,  /* a cco has it in hand */
    FATE_RUNS,   /* a session; only --all and a yes end it */
    FATE_REMOVE, /* left over */
    FATE_GONE
};

struct cleanup {
    struct app *app;
    struct session_dir_found *sessions;
    size_t session_count;
    struct engine_found *containers;
    enum fate *fates;
    size_t count, running;
    bool has_engine;
    bool stops; /* --all, and yes */
    /* done, or in a dry run what would be */
    struct strv stopped, swept, files;
    struct cleanup_volumes volumes;
    size_t other_images;
    struct err first; /* what went wrong first; the rest was done all the same */
};

static void note_error(struct cleanup *c, const struct err *e)
{
    if (c->first.kind == ERR_NONE) {
        c->first = *e;
    } else {
        log_error("%s", e->text);
    }
}

static bool is_running(const struct engine_found *f)
{
    return strcmp(f->state, "running") == 0 || strcmp(f->state, "paused") == 0 ||
           strcmp(f->state, "restarting") == 0;
}

/* In the runtime directory of this environment, or in those that another environment of this user's gives it. */
static bool is_alive(struct cleanup *c, const char *name)
{
    const struct facts *f = &c->app->facts;
    struct arena *a = &c->app->arena;

    return plan_name_is_valid(str_c(name)) &&
           (session_dir_is_alive(f->runtime_dir, name) ||
            session_dir_is_alive(arena_printf(a, "/tmp/cco-%llu", (unsigned long long)f->uid),
                                 name) ||
            session_dir_is_alive(
                arena_printf(a, "/run/user/%llu/cco", (unsigned long long)f->uid), name));
}

static bool is_dead(const struct cleanup *c, const char *name)
{
    for (size_t i = 0; i < c->session_count; i++) {
        if (!c->sessions[i].alive && strcmp(c->sessions[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Its lock is looked at when the container is known: a session takes it before it makes one. What was created a moment ago
 * and is nobody's we know of may belong to a session whose lock is where we do not look. */
static enum fate fate_of(struct cleanup *c, const struct engine_found *f)
{
    bool is_new = strcmp(f->state, "created") == 0 && clock_wall() - f->created < STARTING_S;

    if (is_running(f)) {
        return FATE_RUNS;
    }
    if (is_alive(c, f->name) || strcmp(f->state, "removing") == 0) {
        return FATE_LEAVE;
    }
    return is_new && !is_dead(c, f->name) ? FATE_LEAVE : FATE_REMOVE;
}

/* Where there never was one, nothing is wrong. */
static int ask_engine(struct cleanup *c, struct err *e)
{
    struct app *app = c->app;
    const struct engine_ops *ops = engine_row(app->opts.engine);

    if (ops->list == NULL) {
        return 0; /* its sandboxes are known by their sessions alone */
    }
    if (session_engine_connect(&app->ctx, ops, e) < 0) {
        if (!session_engine_goes_native(&app->ctx, e) ||
            native_sessions_lack(c->sessions, c->session_count)) {
            return -1;
        }
        log_verbose("%s", e->text);
        err_reset(e);
        return 0;
    }
    if (engine_list(&app->engine, app->facts.uid, &app->arena, &c->containers, &c->count, e) <
        0) {
        return -1;
    }
    c->has_engine = true;
    return 0;
}

static int look(struct cleanup *c, struct err *e)
{
    int rc = ask_engine(c, e);

    native_sessions_add(&c->app->arena, c->sessions, c->session_count, &c->containers,
                        &c->count);
    c->fates = arena_array(&c->app->arena, c->count + 1, sizeof(c->fates[0]));
    for (size_t i = 0; i < c->count; i++) {
        c->fates[i] = fate_of(c, &c->containers[i]);
        c->running += c->fates[i] == FATE_RUNS ? 1U : 0U;
    }
    return rc;
}

static int ask(struct cleanup *c, struct err *e)
{
    struct app *app = c->app;
    int answer;

    if (!app->opts.all || c->running == 0) {
        return 0;
    }
    for (size_t i = 0; i < c->count && !app->opts.dry_run; i++) {
        if (c->fates[i] == FATE_RUNS) {
            log_error("running: %s  %s  (%s)", c->containers[i].name, c->containers[i].project,
                      c->containers[i].status);
        }
    }
    answer = app->opts.dry_run ? 1
                               : prompt_yes("stop and remove these running sessions?",
                                            app->opts.yes, &app->sig, e);
    c->stops = answer == 1;
    return answer < 0 ? -1 : 0;
}

/* A session whose cco lives ends as by `cco stop`, and cleans up itself; any other is taken from the engine. */
static bool stop_gently(struct cleanup *c, const char *name)
{
    struct err ignored = {0};

    for (size_t i = 0; i < c->session_count; i++) {
        const struct session_dir_found *s = &c->sessions[i];

        if (strcmp(s->name, name) == 0 && s->alive && s->has_sock) {
            return c->app->opts.dry_run || session_query_stop(s->sock, STOP_MS, &ignored) == 0;
        }
    }
    return false;
}

static void end_one(struct cleanup *c, size_t at)
{
    const struct engine_found *f = &c->containers[at];
    bool stopped = c->fates[at] == FATE_RUNS && stop_gently(c, f->name);
    struct err e = {0};
    int rc = 0;

    if (!stopped && !c->app->opts.dry_run) {
        rc = f->id == NULL
                 ? native_session_end(c->sessions, c->session_count, f->name, &e)
                 : engine_end(&c->app->engine, &(struct engine_known){.id = f->id}, &e);
    }
    if (rc < 0) {
        (void)err_wrap(&e, "remove %s", f->name);
        note_error(c, &e);
        return;
    }
    c->fates[at] = FATE_GONE;
    if (stopped || f->id == NULL) {
        strv_add(&c->stopped, &c->app->arena, f->name);
        c->fates[at] = FATE_LEAVE;
    }
}

static void end_containers(struct cleanup *c)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->fates[i] == FATE_REMOVE || (c->fates[i] == FATE_RUNS && c->stops)) {
            end_one(c, i);
        }
    }
}

static bool runs(const struct cleanup *c, const char *name)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->fates[i] == FATE_RUNS && strcmp(c->containers[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* What died before the containers were looked at, but for what can be adopted: those files stay. */
static struct strv dead_names(const struct cleanup *c)
{
    struct strv names = {0};

    for (size_t i = 0; i < c->session_count; i++) {
        const struct session_dir_found *s = &c->sessions[i];
        bool can_tell = s->native || (c->has_engine &&
                                      !session_dir_is_of_another(s, c->app->engine.address));

        if (!s->alive && (can_tell ? !runs(c, s->name) : !s->has_key)) {
            strv_add(&names, &c->app->arena, s->name);
        }
    }
    return names;
}

static void sweep_files(struct cleanup *c)
{
    struct app *app = c->app;
    struct strv dead = dead_names(c);
    struct err e = {0};

    if (app->opts.dry_run) {
        c->swept = dead;
    } else if (sessions_sweep_dead(&app->ctx, &dead, &c->swept, &e) < 0) {
        note_error(c, &e);
    }
    err_reset(&e);
    if (session_dir_strays(app->facts.runtime_dir, !app->opts.dry_run, &app->arena, &c->files,
                           &e) < 0) {
        note_error(c, &e);
    }
    cleanup_temps(&app->facts, !app->opts.dry_run, &app->arena, &c->files);
}

/* Only to be told: images are `cco image prune`'s. */
static void count_images(struct cleanup *c)
{
    struct app *app = c->app;
    struct engine_image *images = NULL;
    struct err ignored = {0};
    size_t count = 0;

    if (!c->has_engine || own_image_identify(&app->ctx, &ignored) < 0 ||
        engine_images(&app->engine, &app->arena, &images, &count, &ignored) < 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        c->other_images += own_image_would_serve(&app->ctx, &images[i]) ? 0U : 1U;
    }
}

static size_t count_fate(const struct cleanup *c, enum fate fate)
{
    size_t n = 0;

    for (size_t i = 0; i < c->count; i++) {
        n += c->fates[i] == fate ? 1U : 0U;
    }
    return n;
}

static void add_line(struct buf *out, const char *what, const char *name, const char *project)
{
    (void)buf_add_c(out, what);
    log_escape(out, str_c(name));
    if (project != NULL) {
        (void)buf_add_c(out, " (");
        log_escape(out, str_c(project));
        (void)buf_add_byte(out, ')');
    }
    (void)buf_add_byte(out, '\n');
}

static void draw_removed_volumes(const struct cleanup *c, struct buf *out)
{
    const char *what = c->app->opts.dry_run ? "would remove volume " : "removed volume ";

    for (size_t i = 0; i < c->volumes.removed.count; i++) {
        add_line(out, what, c->volumes.removed.v[i], c->volumes.projects.v[i]);
    }
}

static void draw_kept_volumes(const struct cleanup *c, struct buf *out)
{
    if (c->volumes.kept > 0) {
        (void)buf_addf(out, "%zu volume%s with copies of projects on the engine%s\n",
                       c->volumes.kept, c->volumes.kept == 1 ? "" : "s",
                       c->app->opts.all ? "" : " (--all removes them, after asking)");
    }
}

static void draw_text(const struct cleanup *c, struct buf *out)
{
    const bool would = c->app->opts.dry_run;
    const size_t left = count_fate(c, FATE_RUNS);

    for (size_t i = 0; i < c->stopped.count; i++) {
        add_line(out, would ? "would stop session " : "stopped session ", c->stopped.v[i],
                 NULL);
    }
    for (size_t i = 0; i < c->count; i++) {
        if (c->fates[i] == FATE_GONE) {
            add_line(out, would ? "would remove container " : "removed container ",
                     c->containers[i].name, c->containers[i].project);
        }
    }
    for (size_t i = 0; i < c->swept.count; i++) {
        add_line(out, would ? "would remove private copies of " : "removed private copies of ",
                 c->swept.v[i], NULL);
    }
    for (size_t i = 0; i < c->files.count; i++) {
        add_line(out, would ? "would remove " : "removed ", c->files.v[i], NULL);
    }
    draw_removed_volumes(c, out);
    if (left > 0) {
        (void)buf_addf(out, "left %zu running session%s alone%s\n", left, left == 1 ? "" : "s",
                       c->app->opts.all ? "" : " (--all stops them too)");
    } else if (out->len == 0 && c->first.kind == ERR_NONE) {
        (void)buf_add_c(out, "nothing to clean up\n");
    }
    draw_kept_volumes(c, out);
    if (c->other_images > 0) {
        (void)buf_addf(out, "%zu image%s that would not be used here: cco image prune\n",
                       c->other_images, c->other_images == 1 ? "" : "s");
    }
}

static void json_containers(struct json_w *w, const struct cleanup *c, enum fate fate)
{
    json_w_array(w);
    for (size_t i = 0; i < c->count; i++) {
        if (c->fates[i] == fate) {
            json_w_object(w);
            json_w_member(w, "name", c->containers[i].name);
            json_w_member(w, "project", c->containers[i].project);
            json_w_end(w);
        }
    }
    json_w_end(w);
}

static void draw_json(const struct cleanup *c, struct buf *out)
{
    struct json_w w;

    json_w_init(&w, out, 2);
    json_w_object(&w);
    json_w_member_bool(&w, "dry_run", c->app->opts.dry_run);
    json_w_key(&w, "removed");
    json_w_object(&w);
    json_w_key(&w, "containers");
    json_containers(&w, c, FATE_GONE);
    json_w_member_list(&w, "sessions", c->swept.v, c->swept.count);
    json_w_member_list(&w, "files", c->files.v, c->files.count);
    json_w_member_list(&w, "volumes", c->volumes.removed.v, c->volumes.removed.count);
    json_w_end(&w);
    json_w_member_list(&w, "stopped", c->stopped.v, c->stopped.count);
    json_w_key(&w, "running");
    json_containers(&w, c, FATE_RUNS);
    if (c->has_engine) {
        json_w_member_u64(&w, "other_images", c->other_images);
    } else {
        json_w_member(&w, "other_images", NULL);
    }
    json_w_end(&w);
    (void)buf_add_byte(out, '\n');
}

static int tell(const struct cleanup *c, struct err *e)
{
    struct buf out;
    int rc;

    buf_init(&out, OUT_MAX);
    if (c->app->opts.json) {
        draw_json(c, &out);
    } else {
        draw_text(c, &out);
    }
    rc = fd_write_all(STDOUT_FILENO, buf_data(&out), out.len, e);
    buf_release(&out);
    return rc;
}

int cmd_cleanup(struct app *app, struct err *e)
{
    struct cleanup *c = arena_alloc(&app->arena, sizeof(*c));

    c->app = app;
    if (app_probe(app, e) < 0 || session_dir_list(app->facts.runtime_dir, &app->arena,
                                                  &c->sessions, &c->session_count, e) < 0) {
        return -1;
    }
    if (look(c, e) < 0) {
        note_error(c, e); /* files can still be swept without an engine */
        err_reset(e);
    }
    if (ask(c, e) < 0) {
        return -1;
    }
    end_containers(c);
    sweep_files(c);
    if (c->has_engine && cleanup_volumes(app, &c->volumes, e) < 0) {
        return -1;
    }
    count_images(c);
    if (tell(c, e) < 0) {
        return -1;
    }
    if (c->first.kind != ERR_NONE) {
        *e = c->first;
        return -1;
    }
    return 0;
}
