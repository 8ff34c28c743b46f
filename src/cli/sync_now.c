/* SPDX-License-Identifier: MIT */
/* `cco sync`: synchronizes a project with its copy on a remote engine. This uses the container
 * of a session that runs; if none runs, it makes a container in which only cco's init runs. The
 * result is printed as text or as JSON (src/manual/json.md). */
#include "base/log.h"
#include "cli/app.h"
#include "session/remote_sync.h"
#include "wire/json.h"

enum { OUT_MAX = 4 << 20 };

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
    json_count(&w, "local", &r->to_local);
    json_count(&w, "remote", &r->to_remote);
    json_w_member_list(&w, "conflicts", r->kept.v, r->kept.count);
    json_w_member_list(&w, "not_synchronized", r->failed_names.v, r->failed_names.count);
    json_w_end(&w);
    (void)buf_add_byte(out, '\n');
}

/* Adds a line for one side. */
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

static int print_report(struct app *app, const struct sync_report *r, struct err *e)
{
    struct buf out;

    buf_init(&out, OUT_MAX);
    if (app->opts.json) {
        draw_json(app, r, &out);
    } else {
        draw_count(app->opts.dry_run ? "would fetch" : "fetched", &r->to_local, &out);
        draw_count(app->opts.dry_run ? "would send" : "sent", &r->to_remote, &out);
        draw_names("changed on both sides, the remote version is kept as ", &r->kept, &out);
        draw_names("not synchronized: ", &r->failed_names, &out);
    }
    return app_print(app, &out, e);
}

int cmd_sync(struct app *app, struct err *e)
{
    struct remote_sync run = {.way = REMOTE_SEND, .look = app->opts.dry_run};
    bool has = false;

    if (app_probe(app, e) < 0 || app_engine(app, e) < 0 ||
        remote_sync_project(&app->ctx, &run, &has, e) < 0) {
        return -1;
    }
    if (!has) {
        log_info("%s",
                 app->facts.engine.kind == SANDBOX_REMOTE_CONTAINER
                     ? "the engine has no copy of this project"
                     : "the engine sees this machine's files: there is nothing to synchronize");
    }
    return has || app->opts.json ? print_report(app, &run.report, e) : 0;
}
