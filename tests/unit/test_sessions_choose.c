/* SPDX-License-Identifier: MIT */
/* Which session the user means. */
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
    c.facts.cwd_physical = "/q";
    f = sessions_choose(&c.ctx, &all, true, &e);
    is_str(f->name, "cco-b-2", "the one of this project");
    c.facts.cwd_physical = "/elsewhere";
    f = sessions_choose(&c.ctx, &all, true, &e);
    is_str(f->name, "cco-b-2", "else the newest that has a terminal");
    ok(sessions_choose(&c.ctx, &all, false, &e) == NULL && e.kind == ERR_NOT_FOUND,
       "where that will do: %s", e.text);
    c.facts.cwd_physical = "/p";
    ok(sessions_choose(&c.ctx, &all, true, &e) == NULL && e.kind == ERR_USAGE &&
           strstr(e.text, "cco-c-3") != NULL && strstr(e.text, "cco-d-4") != NULL &&
           strstr(e.text, "cco-a-1") == NULL,
       "several are listed");
    strv_add(&c.opts.args, &c.arena, "d-4");
    f = sessions_choose(&c.ctx, &all, true, &e);
    is_str(f->name, "cco-d-4", "a name, without what stands before all of them");
    c.opts.args.v[0] = "cco-a-1";
    f = sessions_choose(&c.ctx, &all, true, &e);
    is_str(f->name, "cco-a-1", "or with it");
    c.opts.args.v[0] = "c-";
    f = sessions_choose(&c.ctx, &all, true, &e);
    is_str(f->name, "cco-c-3", "or its beginning");
    c.opts.args.v[0] = "cco-";
    ok(sessions_choose(&c.ctx, &all, true, &e) == NULL && e.kind == ERR_USAGE &&
           strstr(e.text, "cco-a-1") != NULL && strstr(e.text, "cco-d-4") != NULL,
       "if only one begins like that");
    c.opts.args.v[0] = "nobody";
    ok(sessions_choose(&c.ctx, &all, true, &e) == NULL && e.kind == ERR_NOT_FOUND,
       "none of that name: %s", e.text);
    context_release(&c);
    return done_testing();
}
