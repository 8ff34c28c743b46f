/* SPDX-License-Identifier: MIT */
/* `cco cleanup`: removes what ended or killed sessions left (session/session_cleanup.h). With
 * --all it also ends the sessions that run and removes the volumes with copies of projects,
 * after the user has agreed, and removes caches of build tools. Prints what it did, or with
 * --dry-run what it would do, as text or as JSON (src/manual/json.md). */
#include "base/log.h"
#include "cli/app.h"
#include "cli/cleanup_volumes.h"
#include "cli/exit.h"
#include "cli/json_out.h"
#include "cli/prompt.h"
#include "session/own_image.h"
#include "session/session_cleanup.h"
#include "wire/json.h"

enum { OUT_MAX = 4 << 20 };

struct cleanup {
    struct app *app;
    struct session_cleanup found;
    struct cleanup_volumes volumes;
    size_t other_images; /* cco's images that a run here would not use */
};

/* Sets *stops to true if running sessions have to be ended: --all is set, and the user
 * has agreed (--dry-run does not ask). Returns 0 on success and -1 on error. */
static int ask(const struct cleanup *c, bool *stops, struct err *e)
{
    struct app *app = c->app;
    int answer;

    if (!app->opts.all || c->found.running == 0) {
        return 0;
    }
    for (size_t i = 0; i < c->found.count && !app->opts.dry_run; i++) {
        if (c->found.fates[i] == CLEANUP_RUNS) {
            log_error("running: %s  %s  (%s)", c->found.containers[i].name,
                      c->found.containers[i].project, c->found.containers[i].status);
        }
    }
    answer = app->opts.dry_run ? 1
                               : prompt_yes("stop and remove these running sessions?",
                                            app->opts.yes, &app->sig, e);
    *stops = answer == 1;
    return answer < 0 ? -1 : 0;
}

/* Counts images for the report. Only `cco image prune` removes images. */
static void count_images(struct cleanup *c)
{
    struct app *app = c->app;
    struct engine_image *images = NULL;
    struct err ignored = {0};
    size_t count = 0;

    if (!c->found.has_engine || own_image_identify(&app->ctx, &ignored) < 0 ||
        engine_images(&app->engine, &app->arena, &images, &count, &ignored) < 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        c->other_images += own_image_would_serve(&app->ctx, &images[i]) ? 0U : 1U;
    }
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

/* Adds a line for each name. `projects` has the project of each name, or is NULL. */
static void add_lines(struct buf *out, const char *what, const struct strv *names,
                      const struct strv *projects)
{
    for (size_t i = 0; i < names->count; i++) {
        add_line(out, what, names->v[i], projects != NULL ? projects->v[i] : NULL);
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

static void draw_kept_caches(const struct cleanup *c, struct buf *out)
{
    if (c->found.caches > 0) {
        (void)buf_addf(out, "caches of %zu project%s%s\n", c->found.caches,
                       c->found.caches == 1 ? "" : "s",
                       c->app->opts.all ? ", which these sessions may use"
                                        : " (--all removes them)");
    }
}

static const char *const reasons[] = {
    [CLEANUP_IT_RUNS] = "runs",
    [CLEANUP_PROCESS_LIVES] = "process_lives",
    [CLEANUP_BEING_REMOVED] = "being_removed",
    [CLEANUP_MAY_START] = "may_start",
    [CLEANUP_ENGINE_UNKNOWN] = "engine_unknown",
};

/* Adds a line for each session that was left alone. */
static void draw_left(const struct cleanup *c, struct buf *out)
{
    for (size_t i = 0; i < c->found.left_count; i++) {
        const struct cleanup_left *left = &c->found.left[i];

        (void)buf_add_c(out, "left session ");
        log_escape(out, str_c(left->name));
        if (left->project[0] != '\0') {
            (void)buf_add_c(out, " (");
            log_escape(out, str_c(left->project));
            (void)buf_add_byte(out, ')');
        }
        (void)buf_add_c(out, " alone: ");
        log_escape(out, str_c(session_cleanup_why(left->why, left->engine, &c->app->arena)));
        (void)buf_add_c(out, left->why == CLEANUP_IT_RUNS && !c->app->opts.all
                                 ? " (--all ends it, too)\n"
                                 : "\n");
    }
}

static void draw_text(const struct cleanup *c, struct buf *out)
{
    const bool would = c->app->opts.dry_run;
    add_lines(out, would ? "would stop session " : "stopped session ", &c->found.stopped, NULL);
    for (size_t i = 0; i < c->found.count; i++) {
        if (c->found.fates[i] == CLEANUP_GONE) {
            add_line(out, would ? "would remove container " : "removed container ",
                     c->found.containers[i].name, c->found.containers[i].project);
        }
    }
    add_lines(out, would ? "would remove private copies of " : "removed private copies of ",
              &c->found.swept, NULL);
    add_lines(out, would ? "would remove " : "removed ", &c->found.files, NULL);
    add_lines(out, would ? "would remove volume " : "removed volume ", &c->volumes.removed,
              &c->volumes.projects);
    draw_left(c, out);
    if (out->len == 0 && c->found.first.kind == ERR_NONE) {
        (void)buf_add_c(out, "nothing to clean up\n");
    }
    draw_kept_volumes(c, out);
    draw_kept_caches(c, out);
    if (c->other_images > 0) {
        (void)buf_addf(out, "%zu image%s that would not be used here: cco image prune\n",
                       c->other_images, c->other_images == 1 ? "" : "s");
    }
}

static void json_containers(struct json_w *w, const struct cleanup *c, enum cleanup_fate fate)
{
    json_w_array(w);
    for (size_t i = 0; i < c->found.count; i++) {
        if (c->found.fates[i] == fate) {
            json_w_object(w);
            json_w_member(w, "name", c->found.containers[i].name);
            json_out_text(w, "project", c->found.containers[i].project);
            json_w_end(w);
        }
    }
    json_w_end(w);
}

static void json_left(struct json_w *w, const struct cleanup *c)
{
    json_w_array(w);
    for (size_t i = 0; i < c->found.left_count; i++) {
        const struct cleanup_left *left = &c->found.left[i];

        json_w_object(w);
        json_w_member(w, "name", left->name);
        json_out_text(w, "project", left->project);
        json_w_member(w, "reason", reasons[left->why]);
        json_w_end(w);
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
    json_containers(&w, c, CLEANUP_GONE);
    json_w_member_list(&w, "sessions", c->found.swept.v, c->found.swept.count);
    json_w_member_list(&w, "files", c->found.files.v, c->found.files.count);
    json_w_member_list(&w, "volumes", c->volumes.removed.v, c->volumes.removed.count);
    json_w_end(&w);
    json_w_member_list(&w, "stopped", c->found.stopped.v, c->found.stopped.count);
    json_w_key(&w, "running");
    json_containers(&w, c, CLEANUP_RUNS);
    json_w_key(&w, "left");
    json_left(&w, c);
    json_out_u64(&w, "caches", c->found.caches, true);
    json_out_u64(&w, "other_images", c->other_images, c->found.has_engine);
    json_out_error(&w, &c->found.first, exit_status(&c->found.first));
    json_w_end(&w);
    (void)buf_add_byte(out, '\n');
}

static int print_result(const struct cleanup *c, struct err *e)
{
    struct buf out;

    buf_init(&out, OUT_MAX);
    if (c->app->opts.json) {
        draw_json(c, &out);
    } else {
        draw_text(c, &out);
    }
    return app_print(c->app, &out, e);
}

int cmd_cleanup(struct app *app, struct err *e)
{
    struct cleanup *c = arena_alloc(&app->arena, sizeof(*c));
    bool stops = false;

    c->app = app;
    if (app_probe(app, e) < 0 || session_cleanup_look(&c->found, &app->ctx, e) < 0 ||
        ask(c, &stops, e) < 0) {
        return -1;
    }
    session_cleanup_do(&c->found, stops);
    if (c->found.has_engine && cleanup_volumes(app, &c->volumes, e) < 0) {
        return -1;
    }
    count_images(c);
    if (print_result(c, e) < 0) {
        return -1;
    }
    if (c->found.first.kind != ERR_NONE) {
        *e = c->found.first;
        return -1;
    }
    return 0;
}
