/* SPDX-License-Identifier: MIT */
#include "cli/sessions.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/log.h"
#include "cli/units.h"
#include "native/native.h"
#include "session/native_sessions.h"
#include "session/session_dir.h"
#include "session/session_end.h"
#include "term/attach_client.h"
#include "wire/json.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ANSWER_MS = 500, OUT_MAX = 1 << 20 };

const char *session_state_name(enum session_state state)
{
    static const char *const names[] = {"attached", "detached", "piped", "busy", "orphaned"};

    return names[state];
}

static struct session_found *add(struct app *app, struct sessions *s, enum session_state state,
                                 const char *name)
{
    s->items = list_grow(&app->arena, s->items, s->count, &s->cap, sizeof(*s->items));
    s->items[s->count] =
        (struct session_found){.state = state, .name = name, .project = "", .engine = ""};
    return &s->items[s->count++];
}

static const char *text_of(struct json root, const char *key, struct arena *a)
{
    const char *text = json_string_dup(json_get(root, key), a);

    return text != NULL ? text : "";
}

/* What a session said of itself. */
static void take_answer(struct app *app, struct session_found *f, struct str text)
{
    struct json root;
    struct err ignored = {0};
    uint64_t started = 0;

    if (json_parse(text, &root, &ignored) < 0) {
        return;
    }
    f->project = text_of(root, "project", &app->arena);
    f->engine = text_of(root, "engine", &app->arena);
    (void)json_u64(json_get(root, "started"), &started);
    f->started = (int64_t)started;
    (void)json_u64(json_get(root, "clients"), &f->clients);
    (void)json_u64(json_get(root, "rows"), &f->rows);
    (void)json_u64(json_get(root, "cols"), &f->cols);
    (void)json_u64(json_get(root, "pid"), &f->pid);
    f->state = f->clients > 0 ? SESSION_ATTACHED : SESSION_DETACHED;
}

/* All at once: those that are stopped take no longer together than one of them. */
static void ask_all(struct app *app, struct sessions *s)
{
    int *fds = arena_array(&app->arena, s->count + 1, sizeof(*fds));
    struct err ignored = {0};
    int64_t deadline;

    for (size_t i = 0; i < s->count; i++) {
        fds[i] = s->items[i].sock == NULL ? -1 : session_query_ask(s->items[i].sock, &ignored);
    }
    deadline = clock_ms() + ANSWER_MS;
    for (size_t i = 0; i < s->count; i++) {
        struct buf text;

        buf_init(&text, FRAME_MAX);
        if (fds[i] >= 0 && session_query_answer(fds[i], deadline, &text, &ignored) == 0) {
            take_answer(app, &s->items[i], buf_str(&text));
        }
        buf_release(&text);
    }
}

static bool is_running(const struct engine_found *c)
{
    return strcmp(c->state, "running") == 0 || strcmp(c->state, "paused") == 0;
}

static bool has_lost_engine(const struct session_dir_found *f)
{
    return !f->alive && !f->native;
}

static void take_native(struct session_found *f, const struct session_dir_found *from)
{
    if (from->native) {
        f->adopt_sock = from->adopt_sock;
        f->init_pid = from->init_pid;
        f->init_started = from->init_started;
    }
}

/* Those of `found` without a process whose containers run. `ended` (may be NULL) gets the ids of those that do not, and are
 * there still, because their engine was to keep them. */
static int find_orphans(struct app *app, const struct session_dir_found *found, size_t count,
                        struct sessions *out, struct strv *ended, struct err *e)
{
    struct engine_found *all = NULL;
    size_t n = 0;

    if ((app->engine.api_minor == 0 && app_engine(app, e) < 0) ||
        engine_list(&app->engine, app->facts.uid, &app->arena, &all, &n, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; has_lost_engine(&found[i]) && k < n; k++) {
            if (strcmp(all[k].name, found[i].name) != 0) {
                continue;
            }
            if (is_running(&all[k])) {
                struct session_found *f = add(app, out, SESSION_ORPHANED, found[i].name);

                f->id = all[k].id;
                f->project = all[k].project;
                f->engine = app->engine.address;
                f->started = all[k].created;
            } else if (ended != NULL && strcmp(all[k].state, "exited") == 0) {
                strv_add(ended, &app->arena, all[k].id);
            }
        }
    }
    return 0;
}

static void note_stray(struct app *app, const struct session_dir_found *found, size_t count,
                       struct sessions *out)
{
    for (size_t i = 0; i < count && out->stray == NULL; i++) {
        if (session_dir_is_of_another(&found[i], app->engine.address)) {
            out->stray = found[i].name;
            out->stray_engine = found[i].engine;
        }
    }
}

int sessions_find(struct app *app, struct sessions *out, bool *without_engine, struct err *e)
{
    struct session_dir_found *found = NULL;
    struct err engine_error = {0};
    size_t count = 0;
    bool lost = false;

    *out = (struct sessions){0};
    *without_engine = false;
    if (session_dir_list(app->facts.runtime_dir, &app->arena, &found, &count, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        enum session_state state = found[i].has_sock ? SESSION_BUSY : SESSION_PIPED;
        bool orphaned = !found[i].alive && native_session_runs(&found[i]);

        lost = lost || has_lost_engine(&found[i]);
        if (!found[i].alive && !orphaned) {
            continue;
        }
        struct session_found *f =
            add(app, out, orphaned ? SESSION_ORPHANED : state, found[i].name);

        f->project = found[i].project;
        take_native(f, &found[i]);
        if (orphaned) {
            f->engine = found[i].engine;
            f->started = native_since(f->init_started);
        } else if (found[i].has_sock) {
            f->sock = found[i].sock;
        }
    }
    ask_all(app, out);
    if (lost && find_orphans(app, found, count, out, NULL, &engine_error) < 0) {
        *without_engine = true;
        log_verbose("%s", engine_error.text);
    }
    if (lost) {
        note_stray(app, found, count, out);
    }
    return 0;
}

static bool is_among(const struct sessions *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->items[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

int sessions_sweep(struct app *app, struct err *e)
{
    struct session_dir_found *found = NULL;
    struct sessions orphans = {0};
    struct strv dead = {0};
    struct strv ended = {0};
    struct err second = {0};
    struct err unknown = {0}; /* whether those of an engine run */
    size_t count = 0;
    bool lost = false;

    if (session_dir_list(app->facts.runtime_dir, &app->arena, &found, &count, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        lost = lost || has_lost_engine(&found[i]);
        if (!found[i].alive && found[i].native && !native_session_runs(&found[i])) {
            strv_add(&dead, &app->arena, found[i].name);
        }
    }
    if (lost && find_orphans(app, found, count, &orphans, &ended, &unknown) < 0) {
        lost = false;
    }
    for (size_t i = 0; i < ended.count; i++) {
        if (engine_remove_id(&app->engine, ended.v[i], &second) < 0) {
            log_verbose("%s", second.text); /* cleanup finds it */
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (lost && has_lost_engine(&found[i]) && !is_among(&orphans, found[i].name) &&
            !session_dir_is_of_another(&found[i], app->engine.address)) {
            strv_add(&dead, &app->arena, found[i].name);
        }
    }
    if (dead.count > 0 && session_end_sweep(app, &dead, NULL, e) < 0) {
        return -1;
    }
    if (unknown.kind != ERR_NONE) {
        *e = unknown;
        return -1;
    }
    return 0;
}

/* By their files alone: a start must not wait for sessions that do not answer. */
void sessions_tell(struct app *app)
{
    struct session_dir_found *found = NULL;
    struct err ignored = {0};
    size_t count = 0;

    if (session_dir_list(app->facts.runtime_dir, &app->arena, &found, &count, &ignored) < 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const struct session_dir_found *f = &found[i];

        if (strcmp(f->project, app->facts.cwd_physical) == 0 && (f->has_sock || !f->alive)) {
            log_info("session %s is still here%s: cco attach %s", f->name,
                     f->alive ? "" : " (its cco was killed)", f->name);
        }
    }
}

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
        json_w_member(&w, "project", f->project);
        json_w_member(&w, "engine", f->engine);
        json_w_member_u64(&w, "started", (uint64_t)f->started);
        json_w_member_u64(&w, "clients", f->clients);
        json_w_member_u64(&w, "rows", f->rows);
        json_w_member_u64(&w, "cols", f->cols);
        json_w_member_u64(&w, "pid", f->pid);
        json_w_end(&w);
    }
    json_w_end(&w);
    (void)buf_add_byte(out, '\n');
}

/* A project's path is shown as far as it can be without driving the terminal. */
static void add_path(struct buf *out, const char *path)
{
    for (const char *p = path; *p != '\0'; p++) {
        bool odd = (unsigned char)*p < 0x20 || *p == 0x7f;

        if (odd) {
            (void)buf_addf(out, "\\x%02x", (unsigned char)*p);
        } else {
            (void)buf_add_byte(out, (unsigned char)*p);
        }
    }
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
        add_path(out, f->project);
        (void)buf_add_byte(out, '\n');
    }
}

int cmd_sessions(struct app *app, struct err *e)
{
    struct sessions all;
    struct buf out;
    bool without_engine = false;
    int rc;

    if (app_probe(app, e) < 0 || sessions_find(app, &all, &without_engine, e) < 0) {
        return -1;
    }
    if (without_engine) {
        log_warn("no engine answers: sessions whose process was killed are not listed");
    }
    if (all.stray != NULL) {
        log_warn("%s lost its process, and its engine is %s: DOCKER_HOST or DOCKER_CONTEXT may "
                 "lead there",
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
    rc = fd_write_all(STDOUT_FILENO, buf_data(&out), out.len, e);
    buf_release(&out);
    return rc;
}
