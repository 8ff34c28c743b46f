/* SPDX-License-Identifier: MIT */
#include "cli/ask_habit.h"

#include "base/log.h"
#include "cli/app.h"
#include "cli/habit.h"
#include "cli/prompt.h"

static const char *message(const struct habit *h, struct arena *a)
{
    return arena_printf(a, "%s is not a command of cco. It goes to claude as a %s.\n%s",
                        h->word, h->of_claude ? "command" : "prompt", h->text);
}

int ask_habit(struct app *app, int *argc, char ***argv, struct err *e)
{
    struct arena *a = &app->arena;
    struct habit h;
    int answer;

    if (!habit_find(*argc, *argv, &app->opts, a, &h)) {
        return 0;
    }
    if (app->opts.yes || app->opts.dry_run || !prompt_can_ask(app->env)) {
        log_warn("%s", message(&h, a));
        return 0;
    }
    log_error("%s", message(&h, a));
    if (h.instead == NULL) {
        answer = prompt_choice("give it to claude? yes, quit", false, &app->sig, e);
        return answer < 0 ? -1 : 0;
    }
    answer = prompt_choice(
        arena_printf(a, "run cco %s? yes, no (give it to claude), quit", h.instead), true,
        &app->sig, e);
    if (answer == 1) {
        *argv = habit_replace(&h, argc, *argv, a);
    }
    return answer;
}
