/* SPDX-License-Identifier: MIT */
/* `cco sessions`: lists the sessions that run, as a table or as JSON (src/manual/json.md). */
#include "session/sessions.h"
#include "base/clock.h"
#include "base/log.h"
#include "cli/app.h"
#include "cli/json_out.h"
#include "cli/units.h"
#include "wire/json.h"

#include <stdio.h>
#include <string.h>

enum { OUT_MAX = 1 << 20 };

static void print_json(const struct sessions *all, struct buf *out)
{
    struct json_w w;

    json_w_init(&w, out, 2);
    json_w_array(&w);
    for (size_t i = 0; i < all->count; i++) {
        const struct session_found *f = &all->items[i];

        json_w_object(&w);
        json_w_member(&w, "name", f->name);
        json_w_member(&w, "state", session_state_name(f->state));
        json_out_text(&w, "project", f->project);
        json_out_text(&w, "engine", f->engine);
        json_out_time(&w, "started", f->started);
        json_w_member_u64(&w, "clients", f->clients);
        json_out_u64(&w, "rows", f->rows, f->rows > 0);
        json_out_u64(&w, "cols", f->cols, f->cols > 0);
        json_out_u64(&w, "pid", f->pid, f->pid > 0);
        json_w_end(&w);
    }
    json_w_end(&w);
    (void)buf_add_byte(out, '\n');
}

static void print_table(const struct sessions *all, struct buf *out)
{
    size_t width = sizeof("NAME") - 1;
    int64_t now = clock_wall();

    for (size_t i = 0; i < all->count; i++) {
        size_t len = strlen(all->items[i].name);

        width = len > width ? len : width;
    }
    (void)buf_addf(out, "%-*s  %-8s  %6s  %7s  %-7s  %-28s  %s\n", (int)width, "NAME", "STATE",
                   "AGE", "CLIENTS", "SIZE", "ENGINE", "PROJECT");
    for (size_t i = 0; i < all->count; i++) {
        const struct session_found *f = &all->items[i];
        char since[UNITS_MAX];
        char size[32] = "-";

        if (f->rows > 0) {
            (void)snprintf(size, sizeof(size), "%llux%llu", (unsigned long long)f->cols,
                           (unsigned long long)f->rows);
        }
        (void)buf_addf(out, "%-*s  %-8s  %6s  %7llu  %-7s  %-28s  ", (int)width, f->name,
                       session_state_name(f->state),
                       f->started > 0 ? units_time(now - f->started, since) : "-",
                       (unsigned long long)f->clients, size,
                       f->engine[0] != '\0' ? f->engine : "-");
        log_escape(out, str_c(f->project));
        (void)buf_add_byte(out, '\n');
    }
}

int cmd_sessions(struct app *app, struct err *e)
{
    struct sessions all;
    struct buf out;
    bool without_engine = false;

    if (app_probe(app, e) < 0 || sessions_find(&app->ctx, &all, &without_engine, e) < 0) {
        return -1;
    }
    if (without_engine) {
        log_warn("no engine answers: sessions whose cco was killed are not listed");
    }
    if (all.stray != NULL) {
        log_warn(
            "the cco of %s was killed, and its engine is %s: choose it with DOCKER_HOST or "
            "DOCKER_CONTEXT",
            all.stray, all.stray_engine);
    }
    buf_init(&out, OUT_MAX);
    if (app->opts.json) {
        print_json(&all, &out);
    } else if (all.count > 0) {
        print_table(&all, &out);
    } else {
        log_info("no session is running");
    }
    return app_print(app, &out, e);
}
