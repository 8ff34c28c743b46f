/* SPDX-License-Identifier: MIT */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"

#define ONE(id, tags)                                                                          \
    "{\"Id\":\"sha256:" id "\",\"Size\":1000000000,\"RepoTags\":[" tags                        \
    "],\"Labels\":{\"cco\":\"1\",\"cco.packages\":\"jq\\u001b[2J\"}}"
#define IMAGES                                                                                 \
    "[" ONE("a", "\"cco:aaaaaaaaaaaa\"") "," ONE("b", "\"cco:bbbbbbbbbbbb\"") "," ONE(         \
        "c",                                                                                   \
        "\"cco:cccccccccccc\",\"mine:1\"") "," ONE("d",                                        \
                                                   "\"cco:failed-dddddddddddd\"") "," ONE("e", \
                                                                                          "\"" \
                                                                                          "th" \
                                                                                          "ei" \
                                                                                          "rs" \
                                                                                          ":1" \
                                                                                          "\"") "]"
#define DELETED FAKE_JSON("200 OK", "[{\"Untagged\":\"x\"},{\"Deleted\":\"y\"}]")
#define LOOKS                                                                                  \
    CLI_PING, CLI_INFO, {"GET /v1.41/images/json", FAKE_JSON("200 OK", IMAGES), false},        \
        {"GET /v1.41/images/cco%3A",                                                           \
         FAKE_JSON("200 OK", "{\"Id\":\"sha256:a\",\"Config\":{}}"), false},                   \
        {"GET /v1.41/containers/json", FAKE_JSON("200 OK", "[{\"ImageID\":\"sha256:b\"}]"),    \
         false},                                                                               \
    {                                                                                          \
        "GET /v1.41/system/df", FAKE_JSON("200 OK", "{\"LayersSize\":5}"), false               \
    }

static void good(void)
{
    static const struct fake_rule rules[] = {
        LOOKS, {"DELETE /v1.41/images/", DELETED, false}, FAKE_END};
    struct fake f;

    cli_engine(&f, rules);
    is_int(cli("image", "prune", NULL), 2, "without a terminal, --yes is required");
    ok(cli_err("--yes") && !fake_asked(&f, "DELETE"), "and nothing is removed");
    is_int(cli("image", "prune", "--dry-run", NULL), 0, "a dry run succeeds");
    ok(cli_out("would remove cco:cccccccccccc") && cli_out("would remove cco:failed-dddd") &&
           !cli_out("aaaa") && !cli_out("bbbb") && !cli_out("foreign") &&
           !fake_asked(&f, "DELETE"),
       "it lists the images that would be removed");
    ok(cli_out("jq\\x1b[2J\n"), "what the label of an image says cannot control the terminal");
    is_int(cli("image", "prune", "--yes", NULL), 0, "prune with --yes succeeds");
    ok(fake_saw(&f, "DELETE /v1.41/images/cco%3Acccccccccccc ") &&
           fake_saw(&f, "DELETE /v1.41/images/cco%3Afailed-dddddddddddd "),
       "unused images are removed");
    ok(!fake_saw(&f, "DELETE /v1.41/images/cco%3Aaaaa") &&
           !fake_saw(&f, "DELETE /v1.41/images/cco%3Abbbb") &&
           !fake_saw(&f, "DELETE /v1.41/images/mine") &&
           !fake_saw(&f, "DELETE /v1.41/images/foreign"),
       "the current image, used images and other tags stay");
    ok(cli_out("removed cco:cccccccccccc (it stays under another name)") &&
           cli_out("kept 1 image that containers use") && cli_out("freed 0 B"),
       "the result is printed: %s", get_file(in_tmp("out")));
    is_int(cli("image", "prune", "--all", "-y", NULL), 0, "prune with --all succeeds");
    ok(fake_saw(&f, "DELETE /v1.41/images/cco%3Aaaaaaaaaaaaa ") &&
           !fake_saw(&f, "DELETE /v1.41/images/cco%3Abbbb"),
       "the current image is removed, and images of containers stay");
    fake_stop(&f);
}

static void images_that_are_named_are_removed_without_a_question(void)
{
    static const struct fake_rule rules[] = {
        LOOKS, {"DELETE /v1.41/images/", DELETED, false}, FAKE_END};
    struct fake f;

    cli_engine(&f, rules);
    is_int(cli("image", "rm", "cco:aaaaaaaaaaaa", "failed-ddd", NULL), 0, "rm succeeds");
    ok(fake_saw(&f, "DELETE /v1.41/images/cco%3Aaaaaaaaaaaaa ") &&
           fake_saw(&f, "DELETE /v1.41/images/cco%3Afailed-dddddddddddd ") &&
           !fake_saw(&f, "DELETE /v1.41/images/cco%3Acccc"),
       "the named images are removed, also the current one, and no others");
    fake_stop(&f);
    cli_engine(&f, rules);
    is_int(cli("image", "rm", "ccc", "nothing", NULL), 125, "an unknown name is an error");
    ok(cli_err("no image of cco's is called nothing") && !fake_asked(&f, "DELETE"),
       "and nothing is removed");
    is_int(cli("image", "rm", "cco:", NULL), 2, "a beginning of several names is an error");
    ok(cli_err("4 images have names that begin with cco:"), "which says how many there are");
    is_int(cli("image", "rm", "bbb", NULL), 125, "the image of a container is an error");
    ok(cli_err("a container uses the image cco:bbbbbbbbbbbb"), "which names the image");
    is_int(cli("image", "rm", "theirs:1", NULL), 125, "other images cannot be removed");
    is_int(cli("image", "rm", "", NULL), 125, "no image has an empty name");
    ok(!fake_asked(&f, "DELETE"), "nothing was removed");
    is_int(cli("image", "rm", "ccc", "--dry-run", NULL), 0, "a dry run succeeds");
    ok(cli_out("would remove cco:cccc") && !cli_out("dddd") && !fake_asked(&f, "DELETE"),
       "and lists the named image only");
    fake_stop(&f);
}

static void odd(void)
{
    static const struct fake_rule in_use[] = {
        LOOKS,
        {"DELETE /v1.41/images/cco%3Accc",
         FAKE_JSON("409 Conflict", "{\"message\":\"is used\"}"), false},
        {"DELETE /v1.41/images/", DELETED, false},
        FAKE_END};
    static const struct fake_rule broken[] = {
        LOOKS,
        {"DELETE /v1.41/images/", FAKE_JSON("500 Oops", "{\"message\":\"disk\"}"), false},
        FAKE_END};
    static const struct fake_rule none[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/json", FAKE_JSON("200 OK", "[]"), false},
        {"GET /v1.41/images/", FAKE_JSON("404 Not Found", "{}"), false},
        CLI_NO_CONTAINERS,
        FAKE_END};
    struct fake f;

    cli_engine(&f, in_use);
    is_int(cli("image", "prune", "--yes", NULL), 0,
           "a new container of an image is not an error");
    ok(cli_err("is used") && cli_out("removed cco:failed-dddd") && !cli_out("removed cco:cccc"),
       "the image of the new container stays, with a warning");
    fake_stop(&f);
    cli_engine(&f, broken);
    is_int(cli("image", "prune", "--yes", NULL), 125,
           "another error of the engine is an error");
    ok(cli_err("disk"), "the message has the engine's reason");
    fake_stop(&f);
    cli_engine(&f, none);
    is_int(cli("image", "prune", NULL), 0, "prune succeeds without any image");
    ok(cli_out("nothing to remove"), "the output says that there is nothing to remove");
    fake_stop(&f);
}

int main(void)
{
    cli_setup();
    good();
    images_that_are_named_are_removed_without_a_question();
    odd();
    tmpdir_remove();
    return done_testing();
}
