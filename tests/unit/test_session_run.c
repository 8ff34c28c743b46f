/* SPDX-License-Identifier: MIT */
/* Whole sessions against a fake engine. */
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
/* No output: what comes in frames is shown by the tests of the relay and by the end-to-end
 * ones. */
#define NO_OUTPUT S_ATTACH("INIT")
#define EXITS_42 S_ATTACH("INIT42")

/* The rules of an engine with the image, in which sessions get a container. */
#define MAKES CLI_PING, CLI_INFO, IMAGE, ANY_CREATE, PUT_INIT

/* The session fails because of this engine, and the text is on the standard error. */
static void fails(const struct fake_rule *rules, struct fake *f, const char *name,
                  const char *text, const char *told)
{
    cli_engine(f, rules);
    is_int(cli("--image", "small", "shell", "true", NULL), 125, name);
    ok(cli_err(text), "%s", told);
}

static void good(void)
{
    static const struct fake_rule rules[] = {MAKES, EXITS_42, S_WAIT(""), S_START, FAKE_END};
    struct fake f;

    cli_engine(&f, rules);
    is_int(cli("--image", "small", "shell", "true", NULL), 42, "the command's status is cco's");
    is_str(get_file(in_tmp("err")), "", "nothing is said");
    is_str(get_file(in_tmp("out")), "", "nothing is added to its output");
    ok(!fake_saw(&f, cli_secret()), "no secret reaches the engine's configuration");
    ok(fake_saw(&f, "\"Image\":\"small\""), "the image is the one asked for");
    ok(!fake_asked(&f, "DELETE"), "what the engine removed is not removed again");
    fake_stop(&f);
}

static void failing_start(void)
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

    fails(rules, &f, "a start that fails", "no space left on device",
          "is told in the engine's words");
    ok(fake_saw(&f, "DELETE /v1.41/containers/c0ffee"), "the container is removed");
    fake_stop(&f);
}

static void left_behind(void)
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
    is_int(cli("--image", "small", "shell", "true", NULL), 125, "a container that stays");
    ok(cli_err("may be left behind: ") && cli_err("device is busy") &&
           cli_err("cco cleanup --all"),
       "is told, with what to do");
    fake_stop(&f);
}

/* Nothing tells before that this engine does not see our files. */
static void remote_after_all(void)
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
           "an engine that does not find our files");
    ok(cli_err("the engine does not find this machine's files"), "is another kind of engine");
    ok(cli_err("no volumes today") && fake_saw(&f, "POST /v1.41/volumes/create"),
       "for which the session is planned again");
    fake_stop(&f);
}

static void taken_names(void)
{
    static const struct fake_rule rules[] = {
        CLI_PING,
        CLI_INFO,
        IMAGE,
        {"POST /v1.41/containers/create",
         FAKE_JSON("409 Conflict", "{\"message\":\"name is in use\"}"), false},
        FAKE_END};
    struct fake f;

    fails(rules, &f, "names that are all taken", "name is in use", "are told in the end");
    fake_stop(&f);
}

static void lost(void)
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

    fails(rules, &f, "an engine that goes away in the middle", "lost the engine", "is told");
    fake_stop(&f);
}

static void no_image(void)
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

    fails(rules, &f, "an image that cannot be pulled", "pull access denied", "is told");
    is_int(cli("shell", "true", NULL), 125, "an image that cannot be built");
    ok(cli_err("apt failed"), "is told");
    fake_stop(&f);
}

int main(void)
{
    cli_setup();
    good();
    failing_start();
    left_behind();
    remote_after_all();
    taken_names();
    lost();
    no_image();
    ok(rmdir(in_tmp("run/cco")) == 0, "no session leaves anything in the runtime directory");
    tmpdir_remove();
    return done_testing();
}
