/* SPDX-License-Identifier: MIT */
/* Whole sessions with a fake engine. */
#include "session/session_run.h"

#include "cli.h"
#include "session.h"
#include "tap.h"

#define ANY_CREATE                                                                             \
    {                                                                                          \
        "POST /v1.41/containers/create?name=cco-project-",                                     \
            FAKE_JSON("201 Created", "{\"Id\":\"c0ffee\"}"), false                             \
    }
#define IMAGE                                                                                  \
    {                                                                                          \
        "GET /v1.41/images/small/json",                                                        \
            FAKE_JSON("200 OK", "{\"Id\":\"sha256:1\",\"Config\":{}}"), false                  \
    }
#define PUT_INIT                                                                               \
    {                                                                                          \
        "PUT /v1.41/containers/c0ffee/archive",                                                \
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", false         \
    }
/* The init of this engine sends no output. The tests of the relay and the end-to-end tests have
 * output. */
#define NO_OUTPUT S_ATTACH("INIT")
#define EXITS_42 S_ATTACH("INIT42")

/* The rules of an engine with the image, in which sessions get a container. */
#define MAKES CLI_PING, CLI_INFO, IMAGE, ANY_CREATE, PUT_INIT

/* Checks that a session fails with this engine, and that the text is on stderr. */
static void fails(const struct fake_rule *rules, struct fake *f, const char *name,
                  const char *text, const char *told)
{
    cli_engine(f, rules);
    is_int(cli("--image", "small", "shell", "true", NULL), 125, name);
    ok(cli_err(text), "%s", told);
}

static void session_has_the_status_of_its_command(void)
{
    static const struct fake_rule rules[] = {MAKES, EXITS_42, S_WAIT(""), S_START, FAKE_END};
    struct fake f;

    cli_engine(&f, rules);
    is_int(cli("--image", "small", "shell", "true", NULL), 42, "the command's status is cco's");
    is_str(get_file(in_tmp("err")), "", "nothing is printed on stderr");
    is_str(get_file(in_tmp("out")), "", "nothing is added to its output");
    ok(!fake_saw(&f, cli_secret()), "no secret reaches the engine's configuration");
    ok(fake_saw(&f, "\"Image\":\"small\""), "the container has the image of --image");
    ok(!fake_asked(&f, "DELETE"), "a container that the engine removes is not removed again");
    fake_stop(&f);
}

static void failed_start_removes_the_container(void)
{
    static const struct fake_rule rules[] = {
        MAKES,
        NO_OUTPUT,
        S_WAIT(""),
        {"POST /v1.41/containers/c0ffee/start",
         FAKE_JSON("500 Oops", "{\"message\":\"no space left on device\"}"), false},
        S_DELETE,
        FAKE_END};
    struct fake f;

    fails(rules, &f, "a session whose container cannot be started fails",
          "no space left on device", "the engine's message is printed");
    ok(fake_saw(&f, "DELETE /v1.41/containers/c0ffee"), "the container is removed");
    fake_stop(&f);
}

static void container_that_stays_is_reported(void)
{
    static const struct fake_rule rules[] = {
        MAKES,
        NO_OUTPUT,
        S_WAIT(""),
        {"POST /v1.41/containers/c0ffee/start",
         FAKE_JSON("500 Oops", "{\"message\":\"no space left on device\"}"), false},
        {"DELETE /v1.41/containers/c0ffee",
         FAKE_JSON("500 Oops", "{\"message\":\"device is busy\"}"), false},
        FAKE_END};
    struct fake f;

    cli_engine(&f, rules);
    is_int(cli("--image", "small", "shell", "true", NULL), 125,
           "a session whose container cannot be removed fails");
    ok(cli_err("may be left behind: ") && cli_err("device is busy") &&
           cli_err("cco cleanup --all"),
       "a warning names the command that removes the container");
    fake_stop(&f);
}

/* This engine looks as if it saw our files, but does not. */
static void remote_engine_is_recognized(void)
{
    static const struct fake_rule rules[] = {
        CLI_PING,
        CLI_INFO,
        IMAGE,
        {"POST /v1.41/containers/create",
         FAKE_JSON("400 Bad Request",
                   "{\"message\":\"invalid mount config for type: bind source path does not "
                   "exist: /\"}"),
         false},
        {"POST /v1.41/volumes/create",
         FAKE_JSON("500 Oops", "{\"message\":\"no volumes today\"}"), false},
        FAKE_END};
    struct fake f;

    cli_engine(&f, rules);
    is_int(cli("--image", "small", "shell", "true", NULL), 125,
           "a session fails if the remote engine cannot make volumes");
    ok(cli_err("the engine does not find this machine's files"),
       "the engine is recognized as remote");
    ok(cli_err("no volumes today") && fake_saw(&f, "POST /v1.41/volumes/create"),
       "the session is planned again for a remote engine");
    fake_stop(&f);
}

static void taken_names_are_reported(void)
{
    static const struct fake_rule rules[] = {
        CLI_PING,
        CLI_INFO,
        IMAGE,
        {"POST /v1.41/containers/create",
         FAKE_JSON("409 Conflict", "{\"message\":\"name is in use\"}"), false},
        FAKE_END};
    struct fake f;

    fails(rules, &f, "a session fails if all names are taken", "name is in use",
          "the engine's message about the name is printed");
    fake_stop(&f);
}

static void lost_engine_is_reported(void)
{
    static const struct fake_rule rules[] = {
        MAKES,
        NO_OUTPUT,
        S_START,
        {"POST /v1.41/containers/c0ffee/wait",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", false},
        S_DELETE,
        FAKE_END};
    struct fake f;

    fails(rules, &f, "a session fails if the engine is lost", "lost the engine",
          "the loss of the engine is printed");
    fake_stop(&f);
}

static void missing_image_is_reported(void)
{
    static const struct fake_rule rules[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/", FAKE_JSON("404 Not Found", "{\"message\":\"no such image\"}"),
         false},
        {"POST /v1.41/images/create",
         FAKE_JSON("404 Not Found", "{\"message\":\"pull access denied\"}"), false},
        {"POST /v1.41/build",
         FAKE_JSON("200 OK", "{\"errorDetail\":{\"message\":\"apt failed\"}}"), false},
        FAKE_END};
    struct fake f;

    fails(rules, &f, "a session fails if the image cannot be pulled", "pull access denied",
          "the registry's message is printed");
    is_int(cli("shell", "true", NULL), 125, "a session fails if the image cannot be built");
    ok(cli_err("apt failed"), "the message of the build is printed");
    fake_stop(&f);
}

int main(void)
{
    cli_setup();
    session_has_the_status_of_its_command();
    failed_start_removes_the_container();
    container_that_stays_is_reported();
    remote_engine_is_recognized();
    taken_names_are_reported();
    lost_engine_is_reported();
    missing_image_is_reported();
    ok(rmdir(in_tmp("run/cco")) == 0, "no session leaves anything in the runtime directory");
    tmpdir_remove();
    return done_testing();
}
