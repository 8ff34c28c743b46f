/* SPDX-License-Identifier: MIT */
/* The sections cco, credentials, project, claude and config of `cco info`. */
#include "cli/info.h"

#include "cli.h"
#include "session/sessions.h"
#include "tap.h"

#include <stdio.h>

enum { NOW_S = 1700000000 };

static struct app app = {.sig = {.fd = -1}};
static struct info i = {.facts = &app.facts};

static void paths_below_the_home_begin_with_a_tilde(void)
{
    struct info_section own = {0};

    app.facts.home = "/home/ann";
    app.facts.exe = "/home/ann/bin/cco";
    info_collect_cco(&app, &i, &own);
    is_str(own.text, CCO_VERSION ", ~/bin/cco", "the version and the path of cco");
    is_str(info_path(&app, "/home/anna"), "/home/anna",
           "the home of another user is printed unchanged");
    ok(info_path(&app, NULL) == NULL, "NULL is accepted");
}

static struct info_section login(struct fact_login in)
{
    struct info_section own = {0};

    app.facts.login = in;
    app.facts.now_ms = NOW_S * (int64_t)1000;
    info_collect_credentials(&app, &i, &own);
    return own;
}

static void a_login_is_ready_if_it_is_valid_for_ten_minutes(void)
{
    struct fact_login in = {.source = LOGIN_FILE, .detail = "/home/ann/x"};
    struct info_section own;

    own = login(in);
    ok(own.ready, "a login that does not expire is ready");
    is_str(own.text, "~/x", "the text names its file");
    in.expires_at_ms = (NOW_S + 600) * (int64_t)1000;
    own = login(in);
    ok(own.ready, "a login that is valid for ten minutes is ready");
    is_str(own.text, "~/x, expires in 10m00s", "the text says how long it is valid");
    in.expires_at_ms -= 1000;
    own = login(in);
    ok(!own.ready, "a login that expires earlier is not");
    is_str(own.next, "claude -p hi", "the next command lets claude renew it");
    in.expires_at_ms = (NOW_S - 1) * (int64_t)1000;
    is_str(login(in).text, "~/x, expired", "the text says that a login has expired");
    in.broken = true;
    in.why = "it is empty";
    own = login(in);
    ok(!own.ready, "a login that cannot be used is not ready");
    is_str(own.text, "~/x: it is empty", "the text has the reason");
    own = login((struct fact_login){.source = LOGIN_NONE});
    ok(!own.ready && own.next != NULL, "without a login the section is not ready");
    is_str(own.text, "no login found", "the text says so");
}

static void sections_that_need_a_home_say_so(void)
{
    const struct err why = {.kind = ERR_NOT_FOUND, .text = "no home", .hint = "Set HOME."};
    struct info_section own = {0};

    i.no_facts = &why;
    info_collect_project(&app, &i, &own);
    ok(!own.ready && !i.planned && own.next == NULL, "the project is not ready");
    is_str(own.text, "no home", "the text has the reason");
    is_str(own.note, "Set HOME.", "the note has the hint");
    own = (struct info_section){0};
    info_collect_credentials(&app, &i, &own);
    ok(!own.ready, "the login is not ready");
    is_str(own.text, "not known: see project", "the text says where the reason is");
    own = (struct info_section){0};
    info_collect_claude(&app, &i, &own);
    ok(!own.ready, "claude is not ready");
    is_str(own.text, "not known: see project", "its text says the same");
    i.no_facts = NULL;
    own = (struct info_section){0};
    app.facts.claude_dir = NULL;
    info_collect_claude(&app, &i, &own);
    is_str(own.text, "not known without a home directory", "claude's directory is not known");
}

static void program_of_a_native_session_is_named(void)
{
    struct info_section own = {0};

    app.facts.claude_dir = "/home/ann/.claude";
    info_collect_claude(&app, &i, &own);
    ok(own.ready && !i.claude_present, "a missing directory is ready");
    is_str(own.text, "~/.claude, created by the first session",
           "the text says when it is created");
    own = (struct info_section){0};
    i.native = true;
    info_collect_claude(&app, &i, &own);
    ok(own.ready && own.more.count == 1 &&
           strstr(own.more.v[0], "the first session fetches it") != NULL,
       "a missing claude is fetched by the first session");
    own = (struct info_section){0};
    app.facts.native.claude_why = "/p/claude is not used: why";
    app.facts.claude_pin = "2.1.7";
    info_collect_claude(&app, &i, &own);
    ok(own.more.count == 2 && strstr(own.more.v[0], "version 2.1.7") != NULL,
       "a claude that is not used, and the pinned version, are named");
    own = (struct info_section){0};
    app.facts.claude_pin = NULL;
    app.facts.native.claude_why = NULL;
    app.facts.native.claude = "/home/ann/bin/claude";
    info_collect_claude(&app, &i, &own);
    ok(own.ready && own.more.count == 1, "with claude it is ready");
    is_str(own.more.v[0], "~/bin/claude", "the path of claude is printed");
    own = (struct info_section){0};
    app.facts.native.fetched = "2.1.8";
    info_collect_claude(&app, &i, &own);
    is_str(own.more.v[0], "~/bin/claude (2.1.8, fetched by cco)",
           "a claude that cco has fetched is named with its version");
    app.facts.native.fetched = NULL;
    i.native = false;
}

static void a_wrong_configuration_is_reported(void)
{
    cli_setup();
    (void)mkdir(in_tmp("home/.config"), 0700);
    (void)mkdir(in_tmp("home/.config/cco"), 0700);
    put_file(in_tmp("home/.config/cco/config"), "nonsense = 1\n");
    put_file(in_tmp("home/.config/cco/Dockerfile"), "FROM x\n");
    is_int(cli("info", NULL), 1, "the status is 1");
    ok(cli_out("config       NO  "), "the section config is not ready");
    ok(cli_out("> ${EDITOR:-vi} ~/.config/cco/config\n") &&
           cli_out("~/.config/cco/Dockerfile replaces cco's Dockerfile\n"),
       "the next command edits the file");
    ok(cli_out("project      ok  ~/project, "), "the project is ready");
    tmpdir_remove();
}

int main(void)
{
    paths_below_the_home_begin_with_a_tilde();
    a_login_is_ready_if_it_is_valid_for_ten_minutes();
    sections_that_need_a_home_say_so();
    program_of_a_native_session_is_named();
    a_wrong_configuration_is_reported();
    arena_release(&app.arena);
    return done_testing();
}
