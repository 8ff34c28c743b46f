/* SPDX-License-Identifier: MIT */
/* `cco info`: examines everything that a session needs. A problem in one section does not keep
 * the others from being reported. The engine gets as few requests as possible. The exit status
 * is 0 if a session could start now, otherwise 1. A missing image counts as ready, because cco
 * builds or pulls it. */
#include "cli/info.h"

#include "base/exit_status.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/path.h"
#include "cli/app.h"
#include "cli/progress_line.h"
#include "cli/style.h"
#include "wire/json.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MORE_MAX = 16, INDENT = 17, WIDTH = 63, SAFE_MAX = 4 * LIMIT_PATH };

static const struct {
    const char *name;
    void (*collect)(struct app *app, struct info *i, struct info_section *own);
    void (*json)(const struct info *i, struct json_w *w);
} rows[INFO_SECTIONS] = {
    [INFO_CCO] = {"cco", info_collect_cco, info_json_cco},
    [INFO_ENGINE] = {"engine", info_collect_engine, info_json_engine},
    [INFO_CONFINEMENT] = {"confinement", info_collect_confinement, info_json_confinement},
    [INFO_IMAGE] = {"image", info_collect_image, info_json_image},
    [INFO_CREDENTIALS] = {"credentials", info_collect_credentials, info_json_credentials},
    [INFO_PROJECT] = {"project", info_collect_project, info_json_project},
    [INFO_CLAUDE] = {"claude", info_collect_claude, info_json_claude},
    [INFO_CONFIG] = {"config", info_collect_config, info_json_config},
};

void info_fail(struct app *app, struct info_section *own, const struct err *e)
{
    own->ready = false;
    own->text = arena_strdup(&app->arena, e->text);
    own->note = e->hint[0] != '\0' ? arena_strdup(&app->arena, e->hint) : NULL;
}

const char *info_path(struct app *app, const char *path)
{
    const char *home = app->facts.home;

    if (home == NULL || path == NULL || path[0] != '/' || !path_is_inside(path, home)) {
        return path;
    }
    return arena_printf(&app->arena, "~%s", path + strlen(home));
}

bool info_ready(const struct info *i)
{
    bool ready = true;

    for (size_t at = 0; at < INFO_SECTIONS; at++) {
        ready = ready && i->sections[at].ready;
    }
    return ready;
}

/* Returns how many bytes of s the next line has. Lines end at blanks; a word that is longer
 * than a line has a line of its own. */
static size_t line_len(const char *s)
{
    size_t len = progress_cut(s, WIDTH);
    size_t at = len;

    if (s[len] == '\0' || s[len] == ' ') {
        return len;
    }
    while (at > 0 && s[at - 1] != ' ') {
        at--;
    }
    return at > 0 ? at - 1 : strcspn(s, " ");
}

/* Adds text after what the line already has, and breaks it into lines. The second and later
 * lines get `indent` blanks. A line break in the text is kept. */
static void add_lines(struct buf *out, const char *text, size_t indent)
{
    struct str rest = str_c(text);
    struct str line = {0};
    bool first = true;

    while (rest.len > 0) {
        struct buf safe;
        const char *s;

        (void)str_cut(&rest, '\n', &line);
        buf_init(&safe, SAFE_MAX);
        log_escape(&safe, line);
        for (s = buf_c(&safe); s != NULL && *s != '\0'; first = false) {
            size_t len = line_len(s);

            (void)buf_addf(out, "%*s%.*s\n", first ? 0 : (int)indent, "", (int)len, s);
            s += len;
            s += strspn(s, " ");
        }
        buf_release(&safe);
    }
}

static void draw_section(const char *name, const struct info_section *p, bool colour,
                         struct buf *out)
{
    const bool red = colour && !p->ready;

    (void)buf_addf(out, "%-12s %s%-3s%s ", name, red ? "\033[31m" : "", p->ready ? "ok" : "NO",
                   red ? "\033[m" : "");
    add_lines(out, p->text, INDENT);
    for (size_t k = 0; k < p->more.count && k < MORE_MAX; k++) {
        (void)buf_addf(out, "%*s", INDENT, "");
        add_lines(out, p->more.v[k], INDENT);
    }
    if (p->next != NULL) {
        (void)buf_addf(out, "%*s> ", INDENT, "");
        add_lines(out, p->next, INDENT + 2);
    }
    if (p->note != NULL) {
        const int indent = p->next != NULL ? INDENT + 2 : INDENT;

        (void)buf_addf(out, "%*s", indent, "");
        add_lines(out, p->note, (size_t)indent);
    }
}

void info_text(const struct info *i, bool colour, struct buf *out)
{
    for (size_t at = 0; at < INFO_SECTIONS; at++) {
        draw_section(rows[at].name, &i->sections[at], colour, out);
    }
}

int info_json(const struct info *i, struct buf *out, struct err *e)
{
    struct json_w w;

    json_w_init(&w, out, 2);
    json_w_object(&w);
    json_w_member_bool(&w, "ready", info_ready(i));
    for (size_t at = 0; at < INFO_SECTIONS; at++) {
        const struct info_section *s = &i->sections[at];

        json_w_key(&w, rows[at].name);
        json_w_object(&w);
        json_w_member_bool(&w, "ready", s->ready);
        json_w_member(&w, "text", s->text);
        json_w_member(&w, "next", s->next);
        json_w_member(&w, "note", s->note);
        rows[at].json(i, &w);
        json_w_end(&w);
    }
    json_w_end(&w);
    if (json_done(&w) < 0 || buf_add_byte(out, '\n') < 0) {
        return err_set(e, ERR_LIMIT, "info: the output exceeds its limit");
    }
    return 0;
}

int cmd_info(struct app *app, struct err *e)
{
    struct err no_facts = {0};
    struct info i = {.facts = &app->facts};
    struct buf out;
    int rc = 0;

    if (app_probe(app, &no_facts) < 0) {
        i.no_facts = &no_facts;
    }
    for (size_t at = 0; at < INFO_SECTIONS; at++) {
        rows[at].collect(app, &i, &i.sections[at]);
    }
    buf_init(&out, LIMIT_FILE_SMALL);
    if (app->opts.json) {
        rc = info_json(&i, &out, e);
    } else {
        info_text(&i, style_find(app->env, STDOUT_FILENO).colour, &out);
    }
    if (rc == 0) {
        rc = app_print(app, &out, e);
    }
    buf_release(&out);
    return rc < 0 ? -1 : info_ready(&i) ? 0 : EXIT_CHECK;
}
