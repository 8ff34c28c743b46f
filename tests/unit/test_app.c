/* SPDX-License-Identifier: MIT */
/* Behaviour that all commands share: usage errors, missing engines, statuses. */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"

static void output_beyond_its_limit_is_not_printed(void)
{
    char *env[] = {NULL};
    struct app app;
    struct buf out;
    struct err e = {0};

    app_init(&app, env);
    buf_init(&out, 4);
    (void)buf_add_c(&out, "12345");
    ok(app_print(&app, &out, &e) < 0 && e.kind == ERR_LIMIT && !app.printed,
       "it is an error: %s", e.text);
}

/* If a command with --json or --dry-run fails, stdout has one JSON object, and stderr the
 * message. */
static void errors_are_json_if_json_was_asked_for(void)
{
    is_int(cli("info", "--json", "--memory", "1g", NULL), 2, "a usage error after --json");
    ok(cli_out("{\n  \"error\": {\n    \"status\": 2,\n    \"kind\": \"usage\"") &&
           cli_out("\"message\": \"--memory: info does not take this option\"") &&
           cli_err("--memory"),
       "is an object");
    is_int(cli("info", "--json", "--env=A=s3cret", NULL), 2, "a usage error with a value");
    ok(cli_out("\"--env: info does not take this option\"") && !cli_out("s3cret") &&
           !cli_err("s3cret"),
       "does not show the value");
    is_int(cli("image", "list", "--json", NULL), 125, "a command that fails");
    ok(cli_out("\"status\": 125,\n    \"kind\": ") && cli_out("\"hint\": \""), "is an object");
    is_int(cli("image", "list", NULL), 125, "without --json");
    is_str(get_file(in_tmp("out")), "", "stdout stays empty");
    is_int(cli("--dry-run", "--ro", "/nowhere", "-p", "x", NULL), 2, "a plan that fails");
    ok(cli_out("\"error\": {"), "is an object, too");
    is_int(cli("info", "--memory", "1g", "--json", NULL), 2, "a usage error before --json");
    ok(cli_out("\"message\": \"--memory: info does not take this option\""), "is an object");
    is_int(cli("stop", "x", "--json", NULL), 2, "a command that does not take --json");
    ok(cli_out("\"kind\": \"usage\""), "prints an object all the same");
    is_int(cli("--network", "lan", "--dry-run", "-p", "x", NULL), 2, "before --dry-run");
    ok(cli_out("\"kind\": \"usage\""), "it is an object");
    is_int(cli("--network", "lan", "--", "--json", NULL), 2, "an argument of claude's");
    is_str(get_file(in_tmp("out")), "", "does not count");
    is_int(cli("cleanup", "--dry-run", "--memory", "1g", NULL), 2, "not a plan");
    is_str(get_file(in_tmp("out")), "", "stdout stays empty");
}

int main(void)
{
    static const struct fake_rule old[] = {
        {"HEAD /_ping", "HTTP/1.1 200 OK\r\nApi-Version: 1.29\r\nContent-Length: 0\r\n\r\n",
         false},
        FAKE_END};
    static const struct fake_rule silent[] = {{"HEAD /_ping", NULL, false}, FAKE_END};
    struct fake f;

    output_beyond_its_limit_is_not_printed();
    cli_setup();
    is_int(cli("--packages", NULL), 2, "a missing value is refused");
    ok(cli_err("--packages"), "the message names the option");
    is_int(cli("--network", "x", "-p", "hi", NULL), 2, "a wrong value is refused");
    ok(cli_err("host|bridge|none") || cli_err("host, bridge"),
       "the message lists the accepted values");
    is_str(get_file(in_tmp("out")), "", "stdout stays empty");
    cli_more_env = "CCO_ENGINE=podman";
    is_int(cli("shell", "true", NULL), 2, "a wrong CCO_ENGINE is refused");
    ok(cli_err("CCO_ENGINE=podman: expected") && cli_err("native") && !cli_err("--engine"),
       "the message names the variable and lists the accepted values");
    (void)cli("info", NULL);
    ok(cli_out("> unset CCO_ENGINE") && !cli_out("EDITOR"), "cco info says what to do");
    is_int(cli("--help", NULL), 0, "cco --help works in spite of it");
    cli_more_env = "CCO_ENGINE=";
    is_int(cli("--dry-run", "shell", "true", NULL), 0, "an empty CCO_ENGINE counts as unset");
    cli_more_env = "CCO_ENGINE=native";
    is_int(cli("--dry-run", "shell", "true", NULL), 0, "CCO_ENGINE=native is accepted");
    ok(cli_out("\"engine\": \"native\""), "the plan is native");
    is_int(cli("--dry-run", "--engine", "docker", "shell", "true", NULL), 0,
           "--engine overrides CCO_ENGINE");
    ok(cli_out("\"native\": null"), "the plan is not native");
    (void)cli("info", "--json", NULL);
    ok(cli_out("\"chosen_by\": \"CCO_ENGINE=native\""), "info names the variable");
    is_int(cli("image", "list", NULL), 2, "natively there are no images");
    ok(cli_err("image list cannot be used with CCO_ENGINE=native"), "and so does an error");
    cli_more_env = NULL;
    is_int(cli("shell", "true", NULL), 125, "a session without an engine fails");
    ok(cli_err("/nowhere/docker.sock") && cli_err("DOCKER_HOST"),
       "the message has the address, and a hint");
    is_int(cli("--dry-run", "-p", "x", NULL), 0, "a plan needs no engine");
    ok(cli_out("\"argv\"") && !cli_out(cli_secret()), "it has the command and no secret");
    errors_are_json_if_json_was_asked_for();
    cli_engine(&f, old);
    is_int(cli("shell", "true", NULL), 125, "an engine that is too old is refused");
    ok(cli_err("too old"), "the message says so");
    fake_stop(&f);
    cli_engine(&f, silent);
    is_int(cli("shell", "true", NULL), 125, "an engine that closes the connection is an error");
    ok(cli_err("closed"), "the message says so");
    fake_stop(&f);
    ok(rmdir(in_tmp("run/cco")) == 0 || errno == ENOENT, "no session directory is left");
    tmpdir_remove();
    return done_testing();
}
