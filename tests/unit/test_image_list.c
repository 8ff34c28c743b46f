/* SPDX-License-Identifier: MIT */
#include "cli/app.h"

#include "cli.h"
#include "session/own_image.h"
#include "tap.h"

#define NONE FAKE_JSON("404 Not Found", "{\"message\":\"no such image\"}")
#define IMAGES                                                                                 \
    "[{\"Id\":\"sha256:a\",\"Created\":100,\"Size\":2034000000,\"RepoTags\":[\"cco:"           \
    "aaaaaaaaaaaa\","                                                                          \
    "\"cco:loaded-bbbbbbbbbbbb\"],\"Labels\":{\"cco\":\"1\",\"cco.digest\":\"dd\","            \
    "\"cco.packages\":\"ffmpeg jq \\u009b\"}},"                                                \
    "{\"Id\":\"sha256:b\",\"Created\":90,\"RepoTags\":[\"cco:old-aaaaaaaaaaaa\"],"             \
    "\"Labels\":{\"cco\":\"1\"}},"                                                             \
    "{\"Id\":\"sha256:c\",\"Created\":80,\"RepoTags\":[\"cco:failed-aaaaaaaaaaaa\"],"          \
    "\"Labels\":{\"cco\":\"1\"}},"                                                             \
    "{\"Id\":\"sha256:d\",\"Created\":70,\"RepoTags\":[\"foreign:1\"],\"Labels\":{\"cco\":"    \
    "\"1\"}}]"

int main(void)
{
    static const struct fake_rule rules[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/json", FAKE_JSON("200 OK", IMAGES), false},
        {"GET /v1.41/images/cco%3A", FAKE_JSON("200 OK", "{\"Id\":\"sha256:a\",\"Config\":{}}"),
         false},
        FAKE_END};
    static const struct fake_rule empty[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/json", FAKE_JSON("200 OK", "[]"), false},
        {"GET /v1.41/images/", NONE, false},
        FAKE_END};
    static const struct fake_rule broken[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/json", FAKE_JSON("500 Oops", "{}"), false},
        {"GET /v1.41/images/", NONE, false},
        FAKE_END};
    struct fake f;

    cli_setup();
    cli_engine(&f, rules);
    is_int(cli("image", "list", NULL), 0, "the list is printed");
    ok(cli_out("* cco:aaaaaaaaaaaa           2.0 GB") && cli_out("ffmpeg jq \\xc2\\x9b\n"),
       "the current image is marked: %s", get_file(in_tmp("out")));
    ok(cli_out("  cco:loaded-bbbbbbbbbbbb\n"), "its other tag has a line of its own");
    ok(cli_out("  cco:old-aaaaaaaaaaaa") && cli_out("old\n"), "an old image is listed");
    ok(cli_out("  cco:failed-aaaaaaaaaaaa") && cli_out("failed\n"),
       "the state before a failed step is listed");
    ok(!cli_out("foreign"), "images of others are not");
    is_int(cli("image", "list", "--json", NULL), 0, "the list is printed as JSON");
    ok(cli_out("\"current\": true") && cli_out("\"state\": \"failed\"") &&
           cli_out(
               "\"packages\": [\n      \"ffmpeg\",\n      \"jq\",\n      \"\\u009b\"\n    ]") &&
           cli_out("\"created\": \"1970-01-01T00:01:40Z\"") &&
           cli_out("\"claude_version\": null"),
       "with all members");
    fake_stop(&f);
    cli_engine(&f, empty);
    is_int(cli("image", "list", NULL), 0, "without images");
    ok(cli_out("cco image build"), "the text says how to build one");
    is_int(cli("image", "list", "--json", NULL), 0, "without images, as JSON");
    is_str(get_file(in_tmp("out")), "[]\n", "the list is empty");
    fake_stop(&f);
    cli_engine(&f, broken);
    is_int(cli("image", "list", NULL), 125, "an engine that answers with an error");
    fake_stop(&f);
    tmpdir_remove();
    return done_testing();
}
