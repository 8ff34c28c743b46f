/* SPDX-License-Identifier: MIT */
/* What `info` says about the image, with and without an engine. */
#include "cli/info.h"

#include "cli.h"
#include "tap.h"

static struct app app = {.sig = {.fd = -1}};

/* The section where no engine is asked. */
static const struct info_section *section(struct info *i)
{
    struct info_section *own = &i->sections[INFO_IMAGE];

    *own = (struct info_section){0};
    info_collect_image(&app, i, own);
    return own;
}

static void without_engine(void)
{
    struct err e = {.kind = ERR_NOT_FOUND};
    static const struct engine native = {.ops = &native_engine};
    struct info i = {.facts = &app.facts, .found = &native};

    ok(section(&i)->ready && str_starts(str_c(section(&i)->text), "none: "),
       "cco's own sandbox needs no image");
    i.found = NULL;
    i.no_facts = &e;
    ok(!section(&i)->ready, "not ready without a home");
    is_str(section(&i)->text, "cannot be told without a home", "and says so");
    i.no_facts = NULL;
    app.opts.image = "some/image";
    ok(!section(&i)->ready && !i.own_image, "not ready without an engine");
    is_str(section(&i)->text, "some/image, if an engine has it", "the name that was given");
    is_str(i.image_ref, "some/image", "for machines, too");
}

static void with_engine(void)
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
    is_int(cli("info", "--image", "present", NULL), 0, "an image that is there");
    ok(cli_out("image        ok  present, 1.8 GB, ") && cli_out(" old\n"), "its size and age");
    is_int(cli("info", "--image", "other", NULL), 0, "a missing one can be pulled");
    ok(cli_out("image        ok  other, not here yet\n") && cli_out("> cco image pull other\n"),
       "and how");
    is_int(cli("info", NULL), 0, "cco's own can be built");
    ok(cli_out(", not built yet\n") && cli_out("> cco image build\n"), "and how");
    is_int(cli("info", "--json", "--image", "present", NULL), 0, "for machines");
    ok(cli_out("\"created\": \"2024-01-02T03:04:05Z\"") && cli_out("\"size\": 1800000000") &&
           cli_out("\"own\": false"),
       "in their units");
    fake_stop(&f);
    tmpdir_remove();
}

int main(void)
{
    without_engine();
    with_engine();
    arena_release(&app.arena);
    return done_testing();
}
