/* SPDX-License-Identifier: MIT */
/* `cco uninstall`: removes what cco has put on this machine and its engine, and nothing else:
 * sessions, containers, volumes, images, cco's own directories, and this program. It lists all
 * of it and asks. A question of its own asks about the configuration, because the user wrote
 * it. Claude's own files and the projects stay. If a session is left alone, for example because
 * it may run on another engine, cco's directories and this program stay as well. Prints what it
 * did, or with --dry-run what it would do, as text or as JSON (src/manual/json.md). */
#include "base/file.h"
#include "base/log.h"
#include "cli/app.h"
#include "cli/exit.h"
#include "cli/json_out.h"
#include "cli/own_files.h"
#include "cli/prompt.h"
#include "engine/docker_volume.h"
#include "engine/images.h"
#include "session/session_cleanup.h"
#include "wire/json.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { OUT_MAX = 1 << 20 };

/* The things to remove, or those that were removed. The strings are in the app's arena. */
struct things {
    struct strv sessions, containers, volumes, images;
    struct strv dirs;   /* cco's own directories */
    const char *config; /* the directory of the configuration; NULL: none */
    const char *exe;    /* this program; NULL: it cannot be removed */
};

struct uninstall {
    struct app *app;
    struct session_cleanup found;
    struct engine_image *images;
    size_t image_count;
    struct things there, removed;
    struct strv kept; /* pairs: what stays, and why */
    struct err first; /* the first error; the later ones are printed */
};

static void note_error(struct uninstall *u, const struct err *e)
{
    if (u->first.kind == ERR_NONE) {
        u->first = *e;
    } else {
        log_error("%s", e->text);
    }
}

static void keep(struct uninstall *u, const char *what, const char *why)
{
    strv_add(&u->kept, &u->app->arena, what);
    strv_add(&u->kept, &u->app->arena, why);
}

/* Returns the directory if it is there and can be removed, and otherwise NULL. */
static const char *removable_dir(struct uninstall *u, const char *path)
{
    const char *why;

    if (path == NULL || !file_exists(path)) {
        return NULL;
    }
    why = own_dir_stays(&u->app->facts, path);
    if (why != NULL) {
        keep(u, path, why);
    }
    return why == NULL ? path : NULL;
}

/* Returns the path of this program if this user can remove it there, and otherwise NULL. */
static const char *own_program(struct uninstall *u)
{
    const char *exe = u->app->facts.exe;
    const char *why = own_program_stays(exe, &u->app->arena);

    if (why != NULL && why[0] != '\0') {
        keep(u, exe, why);
    }
    return why == NULL ? exe : NULL;
}

/* Finds what is on the engine, if one has answered. An engine that lists no images or volumes
 * has none of cco's. */
static void look_at_engine(struct uninstall *u)
{
    struct app *app = u->app;
    struct engine_volume *volumes = NULL;
    struct err e = {0};
    size_t count = 0;

    if (!u->found.has_engine) {
        return;
    }
    if (engine_volumes(&app->engine, app->facts.owner_key, &app->arena, &volumes, &count, &e) <
        0) {
        log_verbose("%s", e.text);
    }
    for (size_t i = 0; i < count; i++) {
        strv_add(&u->there.volumes, &app->arena, volumes[i].name);
    }
    err_reset(&e);
    if (engine_images(&app->engine, &app->arena, &u->images, &u->image_count, &e) < 0) {
        log_verbose("%s", e.text);
    }
    for (size_t i = 0; i < u->image_count; i++) {
        strv_add(&u->there.images, &app->arena, u->images[i].tags.v[0]);
    }
}

static void look(struct uninstall *u)
{
    const struct facts *f = &u->app->facts;
    const char *const dirs[] = {f->data_dir, f->state_dir};
    struct arena *a = &u->app->arena;
    const char *dir;

    for (size_t i = 0; i < u->found.count; i++) {
        const enum cleanup_fate fate = u->found.fates[i];

        if (fate == CLEANUP_RUNS) {
            strv_add(&u->there.sessions, a, u->found.containers[i].name);
        } else if (fate == CLEANUP_REMOVE) {
            strv_add(&u->there.containers, a, u->found.containers[i].name);
        }
    }
    look_at_engine(u);
    for (size_t i = 0; i < u->found.dirs.count; i++) {
        dir = removable_dir(u, u->found.dirs.v[i]);
        if (dir != NULL) {
            strv_add(&u->there.dirs, a, dir);
        }
    }
    for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
        dir = removable_dir(u, dirs[i]);
        if (dir != NULL) {
            strv_add(&u->there.dirs, a, dir);
        }
    }
    u->there.config = removable_dir(u, f->config_dir);
    u->there.exe = own_program(u);
}

/* Keeps cco's directories and this program for the sessions that are left alone: their keys and
 * private copies, the records of where they can write, and a cco that can end them. */
static void keep_left(struct uninstall *u)
{
    struct arena *a = &u->app->arena;
    struct strv *dirs = &u->there.dirs;

    for (size_t i = 0; i < u->found.left_count; i++) {
        const struct cleanup_left *left = &u->found.left[i];
        const char *needed = arena_printf(a, "the session %s may need it", left->name);

        if (!strv_has(&u->kept, left->name)) {
            keep(u, left->name, session_cleanup_why(left->why, left->engine, a));
        }
        while (dirs->count > 0) {
            keep(u, dirs->v[--dirs->count], needed);
        }
        if (u->there.exe != NULL) {
            keep(u, u->there.exe, needed);
            u->there.exe = NULL;
        }
    }
}

static void add_lines(struct buf *out, const char *verb, const char *kind, const struct strv *l)
{
    for (size_t i = 0; i < l->count; i++) {
        (void)buf_addf(out, "%s%s", verb, kind);
        log_escape(out, str_c(l->v[i]));
        (void)buf_add_byte(out, '\n');
    }
}

static void draw_things(const struct things *t, const char *verb, struct buf *out)
{
    const char *files[] = {t->config, t->exe};
    const struct strv config = {.v = &files[0], .count = t->config != NULL ? 1 : 0};
    const struct strv exe = {.v = &files[1], .count = t->exe != NULL ? 1 : 0};

    add_lines(out, verb, "session ", &t->sessions);
    add_lines(out, verb, "container ", &t->containers);
    add_lines(out, verb, "volume ", &t->volumes);
    add_lines(out, verb, "image ", &t->images);
    add_lines(out, verb, "", &t->dirs);
    add_lines(out, verb, "", &config);
    add_lines(out, verb, "", &exe);
}

static void draw_kept(const struct uninstall *u, const char *verb, struct buf *out)
{
    for (size_t i = 0; i + 1 < u->kept.count; i += 2) {
        (void)buf_add_c(out, verb);
        log_escape(out, str_c(u->kept.v[i]));
        (void)buf_add_c(out, ": ");
        log_escape(out, str_c(u->kept.v[i + 1]));
        (void)buf_add_byte(out, '\n');
    }
}

/* Asks whether `t` is to be removed, and names of it only what is there. Returns 1 to go on, 0
 * if the user does not want it, and -1 on error. */
static int ask_things(struct app *app, const struct things *t, struct err *e)
{
    const char *ends = t->sessions.count > 0 ? "end these sessions, and " : "";
    const char *logins = t->dirs.count > 0 ? " Backups of the login and logins that were made "
                                             "inside are a part of it"
                                           : "";

    return prompt_yes(arena_printf(&app->arena, "%sremove all of this?%s", ends, logins), false,
                      &app->sig, e);
}

/* Lists everything and asks. Sets *config to whether the configuration is removed as well.
 * Returns 1 to go on, 0 if the user does not want it, and -1 on error. */
static int ask(struct uninstall *u, bool *config, struct err *e)
{
    struct app *app = u->app;
    const bool has_config = u->there.config != NULL;
    struct things shown = u->there;
    struct buf out;
    bool nothing;
    int answer = 1;

    *config = has_config && app->opts.all;
    if (app->opts.dry_run || app->opts.yes) {
        return 1;
    }
    shown.config = *config ? shown.config : NULL;
    buf_init(&out, OUT_MAX);
    draw_things(&shown, "cco: ", &out);
    nothing = out.len == 0;
    draw_kept(u, "cco: kept ", &out);
    (void)fprintf(stderr, "%.*s", (int)out.len, buf_data(&out));
    buf_release(&out);
    if (!nothing) {
        answer = ask_things(app, &shown, e);
    }
    if (answer == 1 && has_config && !*config) {
        answer = prompt_yes(arena_printf(&app->arena, "remove your configuration as well, %s?",
                                         u->there.config),
                            false, &app->sig, e);
        *config = answer == 1;
        answer = answer < 0 ? -1 : 1;
    }
    return answer;
}

static void remove_volumes(struct uninstall *u)
{
    for (size_t i = 0; i < u->there.volumes.count; i++) {
        const char *name = u->there.volumes.v[i];
        struct err e = {0};

        if (engine_volume_remove(&u->app->engine, name, &e) == 0) {
            strv_add(&u->removed.volumes, &u->app->arena, name);
        } else {
            keep(u, name, arena_strdup(&u->app->arena, e.text));
            note_error(u, &e);
        }
    }
}

static void remove_images(struct uninstall *u)
{
    struct app *app = u->app;
    struct progress *progress = app->ctx.progress;

    for (size_t i = 0; i < u->image_count; i++) {
        const struct engine_image *image = &u->images[i];
        struct err e = {0};
        int rc = 0;

        progress->begin(progress, arena_printf(&app->arena, "removing %s", image->tags.v[0]));
        for (size_t k = 0; rc == 0 && k < image->tags.count; k++) {
            bool deleted = false;

            rc = engine_untag(&app->engine, image->tags.v[k], progress, &deleted, &e);
        }
        progress->end(progress, false);
        if (rc == 0) {
            strv_add(&u->removed.images, &app->arena, image->tags.v[0]);
        } else {
            keep(u, image->tags.v[0], arena_strdup(&app->arena, e.text));
            note_error(u, &e);
        }
    }
}

/* Removes a directory of cco's. Returns its path, or NULL after an error. */
static const char *remove_dir(struct uninstall *u, const char *path)
{
    struct err e = {0};

    if (file_remove_tree(path, &e) == 0) {
        return path;
    }
    note_error(u, &e);
    return NULL;
}

/* Removes this program, as the last step: with everything else gone, it can be downloaded
 * again, but without it nothing could remove the rest. */
static void remove_program(struct uninstall *u)
{
    struct err e = {0};

    if (u->there.exe == NULL || u->first.kind != ERR_NONE) {
        return;
    }
    if (unlink(u->there.exe) < 0) {
        (void)err_sys(&e, "remove %s", u->there.exe);
        note_error(u, &e);
        return;
    }
    u->removed.exe = u->there.exe;
}

static void remove_all(struct uninstall *u, bool config)
{
    struct arena *a = &u->app->arena;
    const struct strv *dirs = &u->there.dirs;

    session_cleanup_do(&u->found, true);
    keep_left(u);
    u->first = u->found.first;
    if (u->first.kind != ERR_NONE) {
        return; /* what is left needs its directories */
    }
    u->removed.sessions = u->there.sessions;
    u->removed.containers = u->there.containers;
    remove_volumes(u);
    remove_images(u);
    for (size_t i = 0; i < dirs->count; i++) {
        const char *gone = remove_dir(u, dirs->v[i]);

        if (gone != NULL) {
            strv_add(&u->removed.dirs, a, gone);
        }
    }
    if (config) {
        u->removed.config = remove_dir(u, u->there.config);
    }
    remove_program(u);
}

static void draw_json(const struct uninstall *u, struct buf *out)
{
    const struct things *t = &u->removed;
    struct strv files = {0};
    struct json_w w;

    for (size_t i = 0; i < t->dirs.count; i++) {
        strv_add(&files, &u->app->arena, t->dirs.v[i]);
    }
    if (t->config != NULL) {
        strv_add(&files, &u->app->arena, t->config);
    }
    if (t->exe != NULL) {
        strv_add(&files, &u->app->arena, t->exe);
    }
    json_w_init(&w, out, 2);
    json_w_object(&w);
    json_w_member_bool(&w, "dry_run", u->app->opts.dry_run);
    json_w_key(&w, "removed");
    json_w_object(&w);
    json_w_member_list(&w, "sessions", t->sessions.v, t->sessions.count);
    json_w_member_list(&w, "containers", t->containers.v, t->containers.count);
    json_w_member_list(&w, "volumes", t->volumes.v, t->volumes.count);
    json_w_member_list(&w, "images", t->images.v, t->images.count);
    json_w_member_list(&w, "files", files.v, files.count);
    json_w_end(&w);
    json_w_key(&w, "kept");
    json_w_array(&w);
    for (size_t i = 0; i + 1 < u->kept.count; i += 2) {
        json_w_object(&w);
        json_w_member(&w, "name", u->kept.v[i]);
        json_w_member(&w, "reason", u->kept.v[i + 1]);
        json_w_end(&w);
    }
    json_w_end(&w);
    json_out_error(&w, &u->first, exit_status(&u->first));
    json_w_end(&w);
    (void)buf_add_byte(out, '\n');
}

static int print_result(struct uninstall *u, struct err *e)
{
    struct buf out;

    buf_init(&out, OUT_MAX);
    if (u->app->opts.json) {
        draw_json(u, &out);
    } else {
        draw_things(&u->removed, u->app->opts.dry_run ? "would remove " : "removed ", &out);
        if (out.len == 0) {
            (void)buf_add_c(&out, "nothing to remove\n");
        }
        draw_kept(u, "kept ", &out);
    }
    return app_print(u->app, &out, e);
}

int cmd_uninstall(struct app *app, struct err *e)
{
    struct uninstall *u = arena_alloc(&app->arena, sizeof(*u));
    bool config = false;
    int answer;

    *u = (struct uninstall){.app = app};
    if (app_probe(app, e) < 0 || session_cleanup_look(&u->found, &app->ctx, e) < 0) {
        return -1;
    }
    if (u->found.first.kind != ERR_NONE) {
        *e = u->found.first;
        return err_hint(e,
                        "Start the engine, so that its sessions and images can be removed. To "
                        "leave them there: cco uninstall --engine native");
    }
    look(u);
    keep_left(u);
    answer = ask(u, &config, e);
    if (answer <= 0) {
        return answer;
    }
    if (!config && u->there.config != NULL) {
        keep(u, u->there.config, "it is your configuration; --all removes it, too");
        u->there.config = NULL;
    }
    if (app->opts.dry_run) {
        session_cleanup_do(&u->found, true);
        keep_left(u);
        u->removed = u->there;
    } else {
        remove_all(u, config);
    }
    if (print_result(u, e) < 0) {
        return -1;
    }
    if (u->first.kind != ERR_NONE) {
        *e = u->first;
        return -1;
    }
    return 0;
}
