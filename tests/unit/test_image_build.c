/* SPDX-License-Identifier: MIT */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"

#define NONE FAKE_JSON("404 Not Found", "{\"message\":\"no such image\"}")
#define THERE FAKE_JSON("200 OK", "{\"Id\":\"sha256:1\",\"Size\":2034000000,\"Config\":{}}")

int main(void)
{
    static const struct fake_rule there[] = {
        CLI_PING, CLI_INFO, {"GET /v1.41/images/cco%3A", THERE, false}, FAKE_END};
    static const struct fake_rule failing[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/json", FAKE_JSON("200 OK", "[]"), false},
        {"GET /v1.41/images/", NONE, false},
        {"POST /v1.41/build?dockerfile=Dockerfile&rm=1&forcerm=1&version=2&t=cco%3Afailed-",
         FAKE_JSON("200 OK", "{}"), false},
        {"POST /v1.41/build",
         FAKE_JSON("200 OK", "{\"stream\":\"Step 5/30 : RUN x\"}"
                             "{\"errorDetail\":{\"message\":\"no network\"}}"),
         false},
        FAKE_END};
    static const struct fake_rule vanished[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/json", FAKE_JSON("200 OK", "[]"), false},
        {"GET /v1.41/images/", NONE, false},
        {"POST /v1.41/build", FAKE_JSON("200 OK", "{\"stream\":\"done\"}"), false},
        FAKE_END};
    static const struct fake_rule rebuilt[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/json",
         FAKE_JSON("200 OK", "[{\"Id\":\"1\",\"RepoTags\":[\"cco:0123456789ab\"],"
                             "\"Labels\":{\"cco\":\"1\"}}]"),
         false},
        {"GET /v1.41/images/cco%3A",
         FAKE_JSON("200 OK", "{\"Id\":\"sha256:0123456789abcdef\",\"Config\":{}}"), false},
        {"GET /v1.41/images/", NONE, false},
        {"POST /v1.41/images/cco%3A",
         "HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", false},
        {"DELETE /v1.41/images/cco%3Aold-0123456789ab",
         FAKE_JSON("200 OK", "[{\"Untagged\":\"x\"}]"), false},
        {"POST /v1.41/build", FAKE_JSON("200 OK", "{\"stream\":\"done\"}"), false},
        FAKE_END};
    struct fake f;

    cli_setup();
    cli_engine(&f, there);
    is_int(cli("image", "build", NULL), 0, "building an image that exists succeeds");
    ok(cli_out("2.0 GB") && cli_out("up to date") && !fake_saw(&f, "POST /v1.41/build"),
       "the image is reported as up to date, and is not built: %s", get_file(in_tmp("out")));
    fake_stop(&f);
    cli_engine(&f, failing);
    is_int(cli("image", "build", NULL), 125, "a failed build is an error");
    ok(cli_err("no network") && cli_err("cco --image cco:failed-"),
       "the message has the reason and the image to examine");
    fake_stop(&f);
    cli_engine(&f, vanished);
    is_int(cli("image", "build", NULL), 125, "it is an error if the engine built nothing");
    ok(cli_err("does not have it"), "the message says that the image is missing");
    fake_stop(&f);
    cli_engine(&f, rebuilt);
    is_int(cli("image", "build", "--rebuild", NULL), 0, "a rebuild succeeds");
    ok(fake_saw(&f, "/tag?repo=cco&tag=old-0123456789ab"), "the old image gets another name");
    ok(fake_saw(&f, "cachefrom=%5B%22cco%3A0123456789ab%22%5D"),
       "the old image is used as a cache");
    ok(fake_saw(&f, "DELETE /v1.41/images/cco%3Aold-0123456789ab"),
       "the other name is removed, because the image has not changed");
    ok(cli_out("built in"), "the duration is printed");
    fake_stop(&f);
    tmpdir_remove();
    return done_testing();
}
