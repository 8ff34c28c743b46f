/* SPDX-License-Identifier: MIT */
/* Chooses the session that the user means. */
#include "session/sessions.h"

#include <string.h>

/* The words of the user, and the sessions that fit if there are none. */
struct wanted {
    const char *given; /* NULL: nothing, so that the sessions of the current project fit */
    bool newest, piped;
};

static bool counts(const struct wanted *w, const struct session_found *f)
{
    return w->piped || f->state != SESSION_PIPED;
}

enum { MATCH_NONE, MATCH_BEGIN, MATCH_WHOLE };

/* Compares a name with what the user gave: the whole name or its beginning, with or without the
 * prefix "cco-". */
static int match(const char *name, const char *given)
{
    size_t len = strlen(given);
    const char *rest = strncmp(name, PLAN_NAME_PREFIX, sizeof(PLAN_NAME_PREFIX) - 1) == 0
                           ? name + sizeof(PLAN_NAME_PREFIX) - 1
                           : name;

    if (strcmp(name, given) == 0 || strcmp(rest, given) == 0) {
        return MATCH_WHOLE;
    }
    return strncmp(name, given, len) == 0 || strncmp(rest, given, len) == 0 ? MATCH_BEGIN
                                                                            : MATCH_NONE;
}

/* Returns how well the session fits what the user gave. */
static int fits(const struct session_context *ctx, const struct session_found *f,
                const struct wanted *w)
{
    if (w->given != NULL) {
        return match(f->name, w->given);
    }
    return counts(w, f) && sessions_is_here(ctx->facts, f->project) ? MATCH_BEGIN : MATCH_NONE;
}

static int ambiguous(struct session_context *ctx, const struct sessions *all,
                     const struct wanted *w, struct err *e)
{
    const char *given = w->given;
    const char *list = "";

    for (size_t i = 0; i < all->count; i++) {
        const struct session_found *f = &all->items[i];

        if (fits(ctx, f, w) != MATCH_NONE) {
            list = arena_printf(ctx->arena, "%s\n  %s (%s)", list, f->name,
                                session_state_name(f->state));
        }
    }
    (void)err_set(e, ERR_USAGE, "several sessions %s%s:%s",
                  given != NULL ? "have names that begin with " : "are in this project",
                  given != NULL ? given : "", list);
    return err_hint(e, "Give one of these names.");
}

static int none(const struct wanted *w, const struct sessions *all, struct err *e)
{
    if (w->given != NULL) {
        (void)err_set(e, ERR_NOT_FOUND, "no session is called %s", w->given);
    } else {
        (void)err_set(e, ERR_NOT_FOUND, "no session is running%s",
                      w->newest || all->count == 0 ? "" : " in this project");
    }
    if (all->count == 0) {
        return err_hint(e, "To start one: cco");
    }
    return err_hint(e, "cco sessions lists all sessions.");
}

const struct session_found *sessions_choose(struct session_context *ctx,
                                            const struct sessions *all, const char *given,
                                            bool newest, bool piped, struct err *e)
{
    const struct wanted w = {.given = given, .newest = newest, .piped = piped};
    const struct session_found *found = NULL;
    const struct session_found *latest = NULL;
    size_t count = 0;

    for (size_t i = 0; i < all->count; i++) {
        const struct session_found *f = &all->items[i];
        int how = fits(ctx, f, &w);

        if (how == MATCH_WHOLE) {
            return f;
        }
        if (how == MATCH_BEGIN) {
            found = f;
            count++;
        }
        if (counts(&w, f) && (latest == NULL || f->started > latest->started)) {
            latest = f;
        }
    }
    if (count > 1) {
        (void)ambiguous(ctx, all, &w, e);
        return NULL;
    }
    if (found == NULL && w.given == NULL && newest) {
        found = latest;
    }
    if (found == NULL) {
        (void)none(&w, all, e);
    }
    return found;
}
