/* SPDX-License-Identifier: MIT */
#include "cli/ask_trust.h"

#include "base/log.h"
#include "cli/app.h"
#include "cli/prompt.h"
#include "host/git_outside.h"
#include "host/project_trust.h"

#include <string.h>

enum { SHOWN_ITEMS = 12 };

/* The question always shows the directories outside of the project, which come first. */
_Static_assert((int)SHOWN_ITEMS >= (int)GIT_OUTSIDE_MAX, "all git directories are shown");

/* Bytes: a message has a maximum length, and an item must not push others out of it. */
enum { MESSAGE_MAX = 1 << 10, NAME_SHOWN = 240 };

static bool prints_only(const struct opts *o)
{
    return strv_has(&o->args, "-p") || strv_has(&o->args, "--print");
}

void ask_trust_show(struct app *app, const char *head, const struct trust_items *t, size_t max)
{
    const char *lines = head;
    size_t shown = t->count < max ? t->count : max;
    size_t left = t->count - shown + t->more;

    for (size_t i = 0; i < shown; i++) {
        const char *file = t->list[i].file;
        const bool cut = strlen(file) > NAME_SHOWN;

        if (strlen(lines) > MESSAGE_MAX) {
            log_error("%s", lines);
            lines = "";
        }
        lines = arena_printf(&app->arena, "%s%s%.*s%s: %s", lines, lines[0] != '\0' ? "\n" : "",
                             NAME_SHOWN, file, cut ? "..." : "", t->list[i].text);
    }
    if (left > 0) {
        lines = arena_printf(&app->arena, "%s\nand %zu more%s", lines, left,
                             shown < t->count ? "; to see all of it: cco trust" : "");
    }
    log_error("%s", lines);
}

/* Asks. Returns 1 for yes, 0 for no, and -1 on error. */
static int ask(struct app *app, struct err *e)
{
    const char *head =
        app->facts.trust == TRUST_CHANGED
            ? "this project's files have changed. At the start they would run, set or reach:"
            : "this project is new to cco. At the start it would run, set or reach:";

    ask_trust_show(app, head, &app->facts.trust_items, SHOWN_ITEMS);
    return prompt_choice("use them? yes, no (start without them), quit", true, &app->sig, e);
}

int ask_trust(struct app *app, struct err *e)
{
    struct facts *f = &app->facts;
    const struct opts *o = &app->opts;
    struct err own = {0};
    struct trust_project p;
    int answer;

    if (f->trust == TRUST_NOTHING) {
        return 0;
    }
    p = host_trust_project(f, o->chose_permissions, &app->arena);
    if (trust_project_see(&p, &own) < 0) {
        log_warn("cannot remember what this project would run: %s", own.text);
        err_reset(&own);
    }
    if ((f->trust != TRUST_NEW && f->trust != TRUST_CHANGED) || o->trust != OPTS_TRUST_ASK ||
        !prompt_can_ask(app->env) || (o->command == CMD_CLAUDE && prints_only(o))) {
        return 0;
    }
    answer = ask(app, e);
    if (answer < 0) {
        return -1;
    }
    if (trust_project_decide(&p, answer == 1, &own) < 0) {
        log_warn("cannot remember the answer: %s", own.text);
    }
    f->trust = answer == 1 ? TRUST_GIVEN : TRUST_REFUSED;
    return 1;
}
