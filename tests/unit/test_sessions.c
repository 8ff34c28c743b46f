/* SPDX-License-Identifier: MIT */
/* `cco sessions` and what it is made of. */
#include "cli/sessions.h"

#include "cli.h"
#include "tap.h"

#define LIST(body)                                                                             \
    {                                                                                          \
        "GET /v1.41/containers/json", FAKE_JSON("200 OK", body), false                         \
    }

static void choosing(void)
{
    static struct session_found items[] = {
        {.state = SESSION_PIPED, .name = "cco-a-1", .project = "/p", .started = 50},
        {.state = SESSION_DETACHED, .name = "cco-b-2", .project = "/q", .started = 40},
        {.state = SESSION_ATTACHED, .name = "cco-c-3", .project = "/p", .started = 30},
        {.state = SESSION_DETACHED, .name = "cco-d-4", .project = "/p", .started = 20},
    };
    struct sessions all = {.items = items, .count = 4, .cap = 4};
    struct app app = {.facts = {.cwd_physical = "/q"}};
    struct err e = {0};
    const struct session_found *f = sessions_choose(&app, &all, true, &e);

    is_str(f->name, "cco-b-2", "the one of this project");
    app.facts.cwd_physical = "/elsewhere";
    f = sessions_choose(&app, &all, true, &e);
    is_str(f->name, "cco-b-2", "else the newest that has a terminal");
    ok(sessions_choose(&app, &all, false, &e) == NULL && e.kind == ERR_NOT_FOUND,
       "where that will do: %s", e.text);
    app.facts.cwd_physical = "/p";
    ok(sessions_choose(&app, &all, true, &e) == NULL && e.kind == ERR_USAGE &&
           strstr(e.text, "cco-c-3") != NULL && strstr(e.text, "cco-d-4") != NULL &&
           strstr(e.text, "cco-a-1") == NULL,
       "several are listed");
    strv_add(&app.opts.args, &app.arena, "d-4");
    f = sessions_choose(&app, &all, true, &e);
    is_str(f->name, "cco-d-4", "a name, without what stands before all of them");
    app.opts.args.v[0] = "cco-a-1";
    f = sessions_choose(&app, &all, true, &e);
    is_str(f->name, "cco-a-1", "or with it");
    app.opts.args.v[0] = "c-";
    f = sessions_choose(&app, &all, true, &e);
    is_str(f->name, "cco-c-3", "or its beginning");
    app.opts.args.v[0] = "cco-";
    ok(sessions_choose(&app, &all, true, &e) == NULL && e.kind == ERR_USAGE &&
           strstr(e.text, "cco-a-1") != NULL && strstr(e.text, "cco-d-4") != NULL,
       "if only one begins like that");
    app.opts.args.v[0] = "nobody";
    ok(sessions_choose(&app, &all, true, &e) == NULL && e.kind == ERR_NOT_FOUND,
       "none of that name: %s", e.text);
    arena_release(&app.arena);
}

static void listing(void)
{
    static const struct fake_rule rules[] = {
        CLI_PING,
        CLI_INFO,
        LIST("[{\"Id\":\"c1\",\"Names\":[\"/cco-x-1\"],\"State\":\"running\",\"Created\":7,"
             "\"Labels\":{\"cco.project\":\"/lost\"}},"
             "{\"Id\":\"c2\",\"Names\":[\"/cco-x-2\"],\"State\":\"exited\",\"Labels\":{}}]"),
        {NULL, NULL, false}};
    struct fake f;

    is_int(cli("sessions", NULL), 0, "no session");
    ok(cli_err("no session is running") && !cli_out("NAME"), "is said");
    is_int(cli("sessions", "--json", NULL), 0, "for machines");
    ok(cli_out("[]"), "it is an empty list");
    (void)mkdir(in_tmp("run/cco"), 0700);
    put_file(in_tmp("run/cco/cco-x-1.lock"), "");
    put_file(in_tmp("run/cco/cco-x-2.lock"), "");
    is_int(cli("sessions", NULL), 0, "lost ones without an engine");
    ok(cli_err("no engine answers"), "are said to be unknown");
    cli_engine(&f, rules);
    is_int(cli("sessions", "--json", NULL), 0, "with one");
    ok(cli_out("\"orphaned\"") && cli_out("/lost") && !cli_out("cco-x-2"),
       "those that run are listed");
    is_int(cli("sessions", "x", NULL), 2, "no argument is taken");
    fake_stop(&f);
    (void)unlink(in_tmp("run/cco/cco-x-1.lock"));
    (void)unlink(in_tmp("run/cco/cco-x-2.lock"));
    (void)rmdir(in_tmp("run/cco"));
}

int main(void)
{
    cli_setup();
    choosing();
    listing();
    tmpdir_remove();
    return done_testing();
}
