/* SPDX-License-Identifier: MIT */
/* What `info` says about cco, the login, the project, claude's directory and the configuration.
 */
#include "cli/info.h"

#include "cli.h"
#include "session/sessions.h"
#include "tap.h"

#include <stdio.h>

enum { NOW_S = 1700000000 };

static struct app app = {.sig = {.fd = -1}};
static struct info i = {.facts = &app.facts};

static void cco(void)
{
    struct info_section own = {0};

    app.facts.home = "/home/ann";
    app.facts.exe = "/home/ann/bin/cco";
    info_collect_cco(&app, &i, &own);
    is_str(own.text, CCO_VERSION ", ~/bin/cco", "the version and where it is");
    is_str(info_path(&app, "/home/anna"), "/home/anna", "another home is no part of ours");
    ok(info_path(&app, NULL) == NULL, "no path");
}

static struct info_section login(struct fact_login in)
{
    struct info_section own = {0};

    app.facts.login = in;
    app.facts.now_ms = NOW_S * (int64_t)1000;
    info_collect_credentials(&app, &i, &own);
    return own;
}

static void logins(void)
{
    struct fact_login in = {.source = LOGIN_FILE, .detail = "/home/ann/x"};
    struct info_section own;

    own = login(in);
    ok(own.ready, "a login that does not expire");
    is_str(own.text, "~/x", "where it is");
    in.expires_at_ms = (NOW_S + 600) * (int64_t)1000;
    own = login(in);
    ok(own.ready, "ten minutes are enough");
    is_str(own.text, "~/x, expires in 10m00s", "how long it is valid");
    in.expires_at_ms -= 1000;
    own = login(in);
    ok(!own.ready, "less is not");
    is_str(own.next, "claude -p hi", "claude renews it");
    in.expires_at_ms = (NOW_S - 1) * (int64_t)1000;
    is_str(login(in).text, "~/x, expired", "one that has expired");
    in.broken = true;
    in.why = "it is empty";
    own = login(in);
    ok(!own.ready, "one that does not work");
    is_str(own.text, "~/x: it is empty", "and why");
    own = login((struct fact_login){.source = LOGIN_NONE});
    ok(!own.ready && own.next != NULL, "none");
    is_str(own.text, "no login found", "is reported");
}

static void without_home(void)
{
    const struct err why = {.kind = ERR_NOT_FOUND, .text = "no home", .hint = "Set HOME."};
    struct info_section own = {0};

    i.no_facts = &why;
    info_collect_project(&app, &i, &own);
    ok(!own.ready && !i.planned && own.next == NULL, "no project without a home");
    is_str(own.text, "no home", "the reason");
    is_str(own.note, "Set HOME.", "and what helps");
    own = (struct info_section){0};
    info_collect_credentials(&app, &i, &own);
    ok(!own.ready, "nor a login");
    is_str(own.text, "cannot be told without a home", "which is said");
    i.no_facts = NULL;
    own = (struct info_section){0};
    app.facts.claude_dir = NULL;
    info_collect_claude(&app, &i, &own);
    is_str(own.text, "cannot be told without a home", "nor claude's directory");
}

static void claude(void)
{
    struct info_section own = {0};

    app.facts.claude_dir = "/home/ann/.claude";
    info_collect_claude(&app, &i, &own);
    ok(own.ready && !i.claude_present, "a directory that is missing is made");
    is_str(own.text, "~/.claude, made by the first session", "by the first session");
    own = (struct info_section){0};
    i.native = true;
    info_collect_claude(&app, &i, &own);
    ok(!own.ready && own.next != NULL, "cco's own sandbox needs the claude of this machine");
    own = (struct info_section){0};
    app.facts.native.claude = "/home/ann/bin/claude";
    info_collect_claude(&app, &i, &own);
    ok(own.ready && own.more.count == 1, "which there is");
    is_str(own.more.v[0], "~/bin/claude", "and where");
    i.native = false;
}

/* The whole command in a project, where the configuration is wrong. */
static void command(void)
{
    cli_setup();
    (void)mkdir(in_tmp("home/.config"), 0700);
    (void)mkdir(in_tmp("home/.config/cco"), 0700);
    put_file(in_tmp("home/.config/cco/config"), "nonsense = 1\n");
    put_file(in_tmp("home/.config/cco/Dockerfile"), "FROM x\n");
    is_int(cli("info", NULL), 1, "not ready");
    ok(cli_out("config       NO  "), "because of the configuration");
    ok(cli_out("> ${EDITOR:-vi} ~/.config/cco/config\n") &&
           cli_out("~/.config/cco/Dockerfile is the image's\n"),
       "which can be edited");
    ok(cli_out("project      ok  ~/project, "), "the project can be one");
    tmpdir_remove();
}

int main(void)
{
    cco();
    logins();
    without_home();
    claude();
    command();
    arena_release(&app.arena);
    return done_testing();
}
