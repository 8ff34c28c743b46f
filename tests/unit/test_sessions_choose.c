/* SPDX-License-Identifier: MIT */
/* Which session the user means. `all` has one piped session and three with terminals. */
#include "session/sessions.h"

#include "context.h"
#include "tap.h"

int main(void)
{
    static struct session_found items[] = {
        {.state = SESSION_PIPED, .name = "cco-a-1", .project = "/p", .started = 50},
        {.state = SESSION_DETACHED, .name = "cco-b-2", .project = "/q", .started = 40},
        {.state = SESSION_ATTACHED, .name = "cco-c-3", .project = "/p", .started = 30},
        {.state = SESSION_DETACHED, .name = "cco-d-4", .project = "/p", .started = 20},
    };
    struct sessions all = {.items = items, .count = 4, .cap = 4};
    struct context c;
    struct err e = {0};
    const struct session_found *f;

    context_init(&c, NULL);
    c.facts.project = c.facts.cwd_physical = "/q";
    ok(sessions_choose(&c.ctx, &(struct sessions){0}, NULL, false, false, &e) == NULL &&
           strcmp(e.text, "no session is running") == 0 && strstr(e.hint, "start one") != NULL,
       "without any session, the hint says how to start one: %s", e.hint);
    err_reset(&e);
    f = sessions_choose(&c.ctx, &all, NULL, true, false, &e);
    is_str(f->name, "cco-b-2", "the only session of the project is chosen");
    c.facts.project = c.facts.cwd_physical = "/elsewhere";
    f = sessions_choose(&c.ctx, &all, NULL, true, false, &e);
    is_str(f->name, "cco-b-2", "without one, the newest session with a terminal is chosen");
    ok(sessions_choose(&c.ctx, &all, NULL, false, false, &e) == NULL && e.kind == ERR_NOT_FOUND,
       "without `newest` no session is found: %s", e.text);
    c.facts.project = c.facts.cwd_physical = "/p";
    ok(sessions_choose(&c.ctx, &all, NULL, true, false, &e) == NULL && e.kind == ERR_USAGE &&
           strstr(e.text, "cco-c-3") != NULL && strstr(e.text, "cco-d-4") != NULL &&
           strstr(e.text, "cco-a-1") == NULL,
       "several sessions of the project are listed, without piped ones");
    ok(sessions_choose(&c.ctx, &all, NULL, true, true, &e) == NULL &&
           strstr(e.text, "cco-a-1") != NULL,
       "or with them if they count");
    c.facts.project = c.facts.cwd_physical = "/elsewhere";
    f = sessions_choose(&c.ctx, &all, NULL, true, true, &e);
    is_str(f->name, "cco-a-1", "the newest session may then be piped");
    f = sessions_choose(&c.ctx, &all, "d-4", true, false, &e);
    is_str(f->name, "cco-d-4", "a name without the prefix is found");
    f = sessions_choose(&c.ctx, &all, "cco-a-1", true, false, &e);
    is_str(f->name, "cco-a-1", "a whole name is found");
    f = sessions_choose(&c.ctx, &all, "c-", true, false, &e);
    is_str(f->name, "cco-c-3", "the beginning of a name is found");
    ok(sessions_choose(&c.ctx, &all, "cco-", true, false, &e) == NULL && e.kind == ERR_USAGE &&
           strstr(e.text, "cco-a-1") != NULL && strstr(e.text, "cco-d-4") != NULL,
       "several sessions with this beginning are listed");
    ok(sessions_choose(&c.ctx, &all, "nobody", true, false, &e) == NULL &&
           e.kind == ERR_NOT_FOUND,
       "an unknown name is not found: %s", e.text);
    context_release(&c);
    return done_testing();
}
