/* SPDX-License-Identifier: MIT */
/* The section image of `cco info`, with and without an engine. */
#include "cli/info.h"

#include "cli.h"
#include "tap.h"

static struct app app = {.sig = {.fd = -1}};

/* Returns the section that is collected without a request to an engine. */
static const struct info_section *section(struct info *i)
{
    struct info_section *own = &i->sections[INFO_IMAGE];

    *own = (struct info_section){0};
    info_collect_image(&app, i, own);
    return own;
}

static void no_image_is_checked_without_an_engine(void)
{
    struct err e = {.kind = ERR_NOT_FOUND};
    static const struct engine native = {.ops = &native_engine};
    struct info i = {.facts = &app.facts, .found = &native};

    ok(section(&i)->ready && str_starts(str_c(section(&i)->text), "none: "),
       "a native sandbox needs no image");
    i.found = NULL;
    i.no_facts = &e;
    ok(!section(&i)->ready, "the section is not ready without a home");
    is_str(section(&i)->text, "not known: see project", "the text says where the reason is");
    i.no_facts = NULL;
    app.opts.image = "some/image";
    ok(!section(&i)->ready && !i.own_image, "the section is not ready without an engine");
    is_str(section(&i)->text, "some/image, not checked without an engine",
           "the text has the name that was given");
    is_str(i.image_ref, "some/image", "and so does the JSON");
}

static void the_engine_is_asked_for_the_image(void)
{
    static const struct fake_rule rules[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/present/json",
         FAKE_JSON("200 OK", "{\"Id\":\"sha256:1\",\"Created\":\"2024-01-02T03:04:05Z\","
                             "\"Size\":1800000000,\"Architecture\":\"amd64\",\"Os\":\"linux\","
                             "\"Config\":{\"Env\":[\"PATH=/bin\"]}}"),
         false},
        {"GET /v1.41/images/", FAKE_JSON("404 Not Found", "{\"message\":\"no such image\"}"),
         false},
        FAKE_END};
    struct fake f;

    cli_setup();
    cli_engine(&f, rules);
    is_int(cli("info", "--image", "present", NULL), 0, "with an image that the engine has");
    ok(cli_out("image        ok  present, 1.8 GB, ") && cli_out(" old\n"),
       "the text has its size and age");
    is_int(cli("info", "--image", "other", NULL), 0,
           "with an image that the engine does not have");
    ok(cli_out("image        ok  other, not pulled yet\n") &&
           cli_out("> cco image pull other\n"),
       "the next command pulls it");
    is_int(cli("info", NULL), 0, "with cco's own image, which is missing");
    ok(cli_out(", not built yet\n") && cli_out("> cco image build\n"),
       "the next command builds it");
    is_int(cli("info", "--packages", "jq,figlet", "--base", "b", "--build-arg", "A=1", NULL), 0,
           "with options of the image");
    ok(cli_out("> cco image build --packages figlet,jq --base b --build-arg A=1\n"),
       "the next command has them");
    is_int(cli("info", "--json", "--image", "present", NULL), 0, "with --json");
    ok(cli_out("\"created\": \"2024-01-02T03:04:05Z\"") && cli_out("\"size\": 1800000000") &&
           cli_out("\"own\": false"),
       "the units are those of json.md");
    fake_stop(&f);
    tmpdir_remove();
}

int main(void)
{
    no_image_is_checked_without_an_engine();
    the_engine_is_asked_for_the_image();
    arena_release(&app.arena);
    return done_testing();
}
