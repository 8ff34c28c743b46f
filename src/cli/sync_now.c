/* SPDX-License-Identifier: MIT */
/* `cco sync`: a project and what a remote engine keeps of it are brought in step: in the container of a session that
 * runs, else in one of its own, in which nothing but cco's init ever runs.
 *
 * JSON: {"dry_run", "here": {"created", "changed", "deleted", "bytes"}, "there": the same, "conflicts": [paths],
 * "unsettled": ["PATH: reason"]}. */
#include "base/fd.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/path.h"
#include "base/secret.h"
#include "cli/app.h"
#include "engine/docker_volume.h"
#include "session/own_image.h"
#include "session/remote_files.h"
#include "session/session_boot.h"
#include "wire/json.h"

#include <string.h>
#include <unistd.h>

enum { OUT_MAX = 4 << 20 };

static int make_plan(struct app *app, struct plan *p, struct err *e)
{
    if (plan_build(&app->opts, &app->facts, &app->arena, p, e) < 0 ||
        plan_check(p, &app->facts, e) < 0) {
        return -1;
    }
    /* No command, no login, no settings: files are what this is about. */
    p->files.copy_count = p->remote.file_count = p->env.count = 0;
    p->remote.login_file = p->remote.key_file = NULL;
    p->command.argv = (struct strv){0};
    strv_add(&p->command.argv, &app->arena, "true");
    p->command.tty = p->privileges.sudo = p->command.login_shell = false;
    p->network.port_count = 0;
    p->network.mode = PLAN_NET_NONE;
    p->network.host_gateway = false;
    return 0;
}

/* Whether the engine has anything of this project. */
static int has_volumes(struct app *app, bool *has, struct err *e)
{
    struct engine_volume *all = NULL;
    size_t count = 0;

    *has = false;
    if (engine_volumes(&app->engine, app->facts.owner_key, &app->arena, &all, &count, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        *has = *has || strcmp(all[i].project, app->facts.cwd_physical) == 0;
    }
    return 0;
}

/* A session of this project that runs: its container and what travels there. NULL: none. */
static const char *find_running(struct app *app, struct remote_files *t)
{
    struct engine_found *all = NULL;
    struct err ignored = {0};
    size_t count = 0;

    if (engine_list(&app->engine, app->facts.uid, &app->arena, &all, &count, &ignored) < 0) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const char *dir = path_join(&app->arena, app->facts.runtime_dir, all[i].name);

        if (strcmp(all[i].project, app->facts.cwd_physical) == 0 &&
            strcmp(all[i].state, "running") == 0 &&
            remote_note_read(dir, &app->arena, t, &ignored) == 1) {
            return all[i].id;
        }
    }
    return NULL;
}

static int find_image(struct app *app, const struct plan *p, struct err *e)
{
    if (p->image.own
            ? own_image_find(&app->ctx, e) < 0
            : engine_image(&app->engine, p->image.ref, &app->arena, &app->facts.image, e) < 0) {
        return -1;
    }
    if (app->facts.image.present) {
        return 0;
    }
    (void)err_set(e, ERR_NOT_FOUND, "image %s is not on this engine", p->image.ref);
    return err_hint(e, "cco sync --image REF takes any image that is there.");
}

/* A container of nobody's: init waits in it for an answer that does not come. */
static int go_alone(struct app *app, struct plan *p, struct remote_sync *run, struct err *e)
{
    struct boot_secrets secrets;
    struct sandbox *c = NULL;
    struct strv warnings = {0};
    struct remote_files t;
    struct err second = {0};
    struct buf boot;
    int rc = -1;

    buf_init(&boot, LIMIT_BOOT_STREAM);
    if (random_hex(secrets.once, FRAME_SECRET, e) < 0 ||
        random_hex(secrets.key, FRAME_SECRET, e) < 0 ||
        session_boot_write(p, &app->ctx, &secrets, &boot, e) < 0 ||
        remote_files_prepare(&app->ctx, p, &t, e) < 0) {
        goto out;
    }
    c = engine_create(&app->engine, p, app->facts.exe, &app->arena, &warnings, e);
    if (c != NULL) {
        const struct engine_boot how = {.secret = secrets.once, .stream = buf_str(&boot)};

        rc = engine_start(c, &how, e);
        rc = rc < 0 ? -1 : remote_files_sync(&app->ctx, &t, c->id, run, e);
        engine_let_go(c);
        if (engine_remove(c, &second) < 0) {
            log_warn("container %s may be left behind: %s", p->name, second.text);
        }
    }
out:
    sandbox_free(c);
    buf_wipe(&boot);
    secret_wipe(&secrets, sizeof(secrets));
    return rc;
}

static void json_count(struct json_w *w, const char *name, const struct sync_count *c)
{
    json_w_key(w, name);
    json_w_object(w);
    json_w_member_u64(w, "created", c->created);
    json_w_member_u64(w, "changed", c->changed);
    json_w_member_u64(w, "deleted", c->deleted);
    json_w_member_u64(w, "bytes", c->bytes);
    json_w_end(w);
}

static void draw_json(const struct app *app, const struct sync_report *r, struct buf *out)
{
    struct json_w w;

    json_w_init(&w, out, 2);
    json_w_object(&w);
    json_w_member_bool(&w, "dry_run", app->opts.dry_run);
    json_count(&w, "here", &r->to_local);
    json_count(&w, "there", &r->to_remote);
    json_w_member_list(&w, "conflicts", r->kept.v, r->kept.count);
    json_w_member_list(&w, "unsettled", r->unsettled_names.v, r->unsettled_names.count);
    json_w_end(&w);
    (void)buf_add_byte(out, '\n');
}

static void draw_count(const char *where, const struct sync_count *c, struct buf *out)
{
    (void)buf_addf(out, "%s: %llu new, %llu changed, %llu deleted\n", where,
                   (unsigned long long)c->created, (unsigned long long)c->changed,
                   (unsigned long long)c->deleted);
}

static void draw_names(const char *what, const struct strv *names, struct buf *out)
{
    for (size_t i = 0; i < names->count; i++) {
        (void)buf_add_c(out, what);
        log_escape(out, str_c(names->v[i]));
        (void)buf_add_byte(out, '\n');
    }
}

static int tell(const struct app *app, const struct sync_report *r, struct err *e)
{
    struct buf out;
    int rc;

    buf_init(&out, OUT_MAX);
    if (app->opts.json) {
        draw_json(app, r, &out);
    } else {
        draw_count(app->opts.dry_run ? "would come here" : "came here", &r->to_local, &out);
        draw_count(app->opts.dry_run ? "would go there" : "went there", &r->to_remote, &out);
        draw_names("changed on both sides: the other is kept as ", &r->kept, &out);
        draw_names("not brought over: ", &r->unsettled_names, &out);
    }
    rc = fd_write_all(STDOUT_FILENO, buf_data(&out), out.len, e);
    buf_release(&out);
    return rc;
}

int cmd_sync(struct app *app, struct err *e)
{
    struct remote_sync run = {.way = REMOTE_SEND, .look = app->opts.dry_run};
    struct remote_files t = {0};
    struct plan p;
    const char *running;
    bool has = false;

    if (app_probe(app, e) < 0 || app_engine(app, e) < 0) {
        return -1;
    }
    if (has_volumes(app, &has, e) < 0) {
        return -1;
    }
    if (!has) {
        log_info("%s",
                 app->facts.engine.kind == SANDBOX_REMOTE_CONTAINER
                     ? "the engine has nothing of this project"
                     : "the engine sees this machine's files: nothing is to be brought here");
        return app->opts.json ? tell(app, &run.report, e) : 0;
    }
    app->facts.engine.kind = SANDBOX_REMOTE_CONTAINER; /* a session has found that out */
    running = find_running(app, &t);
    if (running != NULL) {
        return remote_files_sync(&app->ctx, &t, running, &run, e) < 0
                   ? -1
                   : tell(app, &run.report, e);
    }
    if (make_plan(app, &p, e) < 0 || find_image(app, &p, e) < 0 || make_plan(app, &p, e) < 0 ||
        go_alone(app, &p, &run, e) < 0) {
        return -1;
    }
    return tell(app, &run.report, e);
}
