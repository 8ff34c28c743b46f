/* SPDX-License-Identifier: MIT */
#include "cli/info.h"

#include "cli.h"
#include "cli/app.h"
#include "engine/engine.h"
#include "native/native_probe.h"
#include "plan.h"
#include "session/sessions.h"
#include "tap.h"
#include "wire/json.h"

static struct arena arena;
static struct facts facts;

static struct session_found sessions[] = {
    {.state = SESSION_DETACHED, .name = "cco-app-1a2b", .project = "/home/ann/src/app"},
    {.state = SESSION_ATTACHED, .name = "cco-lib-3c4d", .project = "/home/ann/src/lib"},
};
static struct missing_item missing[] = {{"hook /x", "/x is missing inside"}};
static const struct sessions all = {.items = sessions, .count = 2};
static const struct engine engine = {
    .address = "unix:///run/user/1000/docker.sock",
    .chosen = "the first that answers",
    .passed = {{"unix:///var/run/docker.sock", "no permission", 13}},
    .passed_count = 1,
};

static const struct native_probe probe = {
    .kind = PROBE_LANDLOCK_ONLY,
    .confinement = {{"namespaces", false, "user.max_user_namespaces is 0", "sysctl x"},
                    {"processes", false, "-", NULL},
                    {"network", false, "-", NULL},
                    {"landlock", true, "Landlock ABI 7", NULL},
                    {"filter", true, "-", NULL},
                    {"mount_api", true, "-", NULL},
                    {"memory", false, "-", NULL},
                    {"cpus", false, "-", NULL},
                    {"pids", false, "-", NULL},
                    {"subids", false, "-", NULL},
                    {"yama", false, "-", NULL}}};

/* Returns findings in which every section is ready. */
static struct info good(void)
{
    struct info i = {
        .sections =
            {
                [INFO_CCO] = {.ready = true, .text = "1.2.3, /usr/local/bin/cco"},
                [INFO_ENGINE] = {.ready = true,
                                 .text = "Docker 28.5.2, API 1.44, host networking"},
                [INFO_CONFINEMENT] = {.ready = true,
                                      .text = "with --engine native: namespaces"},
                [INFO_IMAGE] = {.ready = true, .text = "cco:d1d1d1d1d1d1, up to date"},
                [INFO_CREDENTIALS] = {.ready = true,
                                      .text = "~/.claude/.credentials.json, expires in 2h46m"},
                [INFO_PROJECT] = {.ready = true, .text = "~/src/app, 20 mounts"},
                [INFO_CLAUDE] = {.ready = true, .text = "~/.claude, settings.json"},
                [INFO_CONFIG] = {.ready = true,
                                 .text = "none: all options have their defaults"},
            },
        .facts = &facts,
        .found = &engine,
        .looked = &engine,
        .sessions = &all,
        .probe = &probe,
        .version = "1.2.3",
        .path = "/usr/local/bin/cco",
        .image_ref = "cco:d1d1d1d1d1d1",
        .own_image = true,
        .account = "ann@example.com",
        .mounts = 20,
        .planned = true,
        .missing = {.list = missing, .count = 1},
        .claude_present = true,
    };

    strv_add(&i.sections[INFO_ENGINE].more, &arena,
             "not unix:///var/run/docker.sock: no permission");
    strv_add(&i.settings, &arena, "settings.json");
    strv_add(&i.variables_left_out, &arena, "ANTHROPIC_ADMIN_KEY");
    return i;
}

static const char *text_of(const struct info *i, bool colour)
{
    static char text[1 << 16];
    struct buf out;

    buf_init(&out, sizeof(text));
    info_text(i, colour, &out);
    (void)snprintf(text, sizeof(text), "%s", buf_c(&out));
    buf_release(&out);
    return text;
}

static const char *json_text(const struct info *i)
{
    static char text[1 << 16];
    struct err e = {0};
    struct buf out;

    buf_init(&out, sizeof(text));
    is_int(info_json(i, &out, &e), 0, "the JSON is complete");
    (void)snprintf(text, sizeof(text), "%s", buf_c(&out));
    buf_release(&out);
    return text;
}

static const char good_text[] =
    "cco          ok  1.2.3, /usr/local/bin/cco\n"
    "engine       ok  Docker 28.5.2, API 1.44, host networking\n"
    "                 not unix:///var/run/docker.sock: no permission\n"
    "confinement  ok  with --engine native: namespaces\n"
    "image        ok  cco:d1d1d1d1d1d1, up to date\n"
    "credentials  ok  ~/.claude/.credentials.json, expires in 2h46m\n"
    "project      ok  ~/src/app, 20 mounts\n"
    "claude       ok  ~/.claude, settings.json\n"
    "config       ok  none: all options have their defaults\n";

static const char good_json[] =
    "{\n"
    "  \"ready\": true,\n"
    "  \"cco\": {\n"
    "    \"ready\": true,\n"
    "    \"text\": \"1.2.3, /usr/local/bin/cco\",\n"
    "    \"next\": null,\n"
    "    \"note\": null,\n"
    "    \"version\": \"1.2.3\",\n"
    "    \"path\": \"/usr/local/bin/cco\"\n"
    "  },\n"
    "  \"engine\": {\n"
    "    \"ready\": true,\n"
    "    \"text\": \"Docker 28.5.2, API 1.44, host networking\",\n"
    "    \"next\": null,\n"
    "    \"note\": null,\n"
    "    \"name\": \"Docker 28.5.2\",\n"
    "    \"address\": \"unix:///run/user/1000/docker.sock\",\n"
    "    \"chosen_by\": \"the first that answers\",\n"
    "    \"context\": null,\n"
    "    \"api\": \"1.44\",\n"
    "    \"rootless\": false,\n"
    "    \"user_namespaces\": false,\n"
    "    \"host_network\": true,\n"
    "    \"files\": \"local\",\n"
    "    \"passed_over\": [\n"
    "      {\n"
    "        \"address\": \"unix:///var/run/docker.sock\",\n"
    "        \"reason\": \"no permission\"\n"
    "      }\n"
    "    ]\n"
    "  },\n"
    "  \"confinement\": {\n"
    "    \"ready\": true,\n"
    "    \"text\": \"with --engine native: namespaces\",\n"
    "    \"next\": null,\n"
    "    \"note\": null,\n"
    "    \"in_use\": false,\n"
    "    \"sandbox\": \"landlock_only\",\n"
    "    \"list\": [\n"
    "      {\n"
    "        \"name\": \"namespaces\",\n"
    "        \"works\": false,\n"
    "        \"text\": \"user.max_user_namespaces is 0\",\n"
    "        \"next\": \"sysctl x\"\n"
    "      },\n"
    "      {\n"
    "        \"name\": \"processes\",\n"
    "        \"works\": false,\n"
    "        \"text\": \"-\",\n"
    "        \"next\": null\n"
    "      },\n"
    "      {\n"
    "        \"name\": \"network\",\n"
    "        \"works\": false,\n"
    "        \"text\": \"-\",\n"
    "        \"next\": null\n"
    "      },\n"
    "      {\n"
    "        \"name\": \"landlock\",\n"
    "        \"works\": true,\n"
    "        \"text\": \"Landlock ABI 7\",\n"
    "        \"next\": null\n"
    "      },\n"
    "      {\n"
    "        \"name\": \"filter\",\n"
    "        \"works\": true,\n"
    "        \"text\": \"-\",\n"
    "        \"next\": null\n"
    "      },\n"
    "      {\n"
    "        \"name\": \"mount_api\",\n"
    "        \"works\": true,\n"
    "        \"text\": \"-\",\n"
    "        \"next\": null\n"
    "      },\n"
    "      {\n"
    "        \"name\": \"memory\",\n"
    "        \"works\": false,\n"
    "        \"text\": \"-\",\n"
    "        \"next\": null\n"
    "      },\n"
    "      {\n"
    "        \"name\": \"cpus\",\n"
    "        \"works\": false,\n"
    "        \"text\": \"-\",\n"
    "        \"next\": null\n"
    "      },\n"
    "      {\n"
    "        \"name\": \"pids\",\n"
    "        \"works\": false,\n"
    "        \"text\": \"-\",\n"
    "        \"next\": null\n"
    "      },\n"
    "      {\n"
    "        \"name\": \"subids\",\n"
    "        \"works\": false,\n"
    "        \"text\": \"-\",\n"
    "        \"next\": null\n"
    "      },\n"
    "      {\n"
    "        \"name\": \"yama\",\n"
    "        \"works\": false,\n"
    "        \"text\": \"-\",\n"
    "        \"next\": null\n"
    "      }\n"
    "    ]\n"
    "  },\n"
    "  \"image\": {\n"
    "    \"ready\": true,\n"
    "    \"text\": \"cco:d1d1d1d1d1d1, up to date\",\n"
    "    \"next\": null,\n"
    "    \"note\": null,\n"
    "    \"reference\": \"cco:d1d1d1d1d1d1\",\n"
    "    \"own\": true,\n"
    "    \"present\": true,\n"
    "    \"id\": \"sha256:1\",\n"
    "    \"created\": \"2023-11-14T22:13:20Z\",\n"
    "    \"size\": 1800000000,\n"
    "    \"claude_version\": \"2.1.3\",\n"
    "    \"packages\": [\n"
    "      \"ffmpeg\",\n"
    "      \"graphviz\"\n"
    "    ],\n"
    "    \"changed\": null\n"
    "  },\n"
    "  \"credentials\": {\n"
    "    \"ready\": true,\n"
    "    \"text\": \"~/.claude/.credentials.json, expires in 2h46m\",\n"
    "    \"next\": null,\n"
    "    \"note\": null,\n"
    "    \"source\": \"file\",\n"
    "    \"detail\": \"/home/ann/.claude/.credentials.json\",\n"
    "    \"account\": \"ann@example.com\",\n"
    "    \"expires_at\": \"2023-11-15T00:59:59Z\",\n"
    "    \"expires_in\": 9999,\n"
    "    \"can_refresh\": false\n"
    "  },\n"
    "  \"project\": {\n"
    "    \"ready\": true,\n"
    "    \"text\": \"~/src/app, 20 mounts\",\n"
    "    \"next\": null,\n"
    "    \"note\": null,\n"
    "    \"path\": \"/home/ann/src/app\",\n"
    "    \"git_top\": null,\n"
    "    \"git_common_dir\": null,\n"
    "    \"mounts\": 20,\n"
    "    \"caches\": false,\n"
    "    \"trust\": \"nothing\",\n"
    "    \"items\": [],\n"
    "    \"missing\": [\n"
    "      {\n"
    "        \"cause\": \"hook /x\",\n"
    "        \"text\": \"/x is missing inside\"\n"
    "      }\n"
    "    ],\n"
    "    \"sessions\": [\n"
    "      {\n"
    "        \"name\": \"cco-app-1a2b\",\n"
    "        \"state\": \"detached\",\n"
    "        \"here\": true\n"
    "      },\n"
    "      {\n"
    "        \"name\": \"cco-lib-3c4d\",\n"
    "        \"state\": \"attached\",\n"
    "        \"here\": false\n"
    "      }\n"
    "    ]\n"
    "  },\n"
    "  \"claude\": {\n"
    "    \"ready\": true,\n"
    "    \"text\": \"~/.claude, settings.json\",\n"
    "    \"next\": null,\n"
    "    \"note\": null,\n"
    "    \"directory\": \"/home/ann/.claude\",\n"
    "    \"program\": null,\n"
    "    \"fetched_version\": null,\n"
    "    \"present\": true,\n"
    "    \"settings\": [\n"
    "      \"settings.json\"\n"
    "    ],\n"
    "    \"variables_left_out\": [\n"
    "      \"ANTHROPIC_ADMIN_KEY\"\n"
    "    ]\n"
    "  },\n"
    "  \"config\": {\n"
    "    \"ready\": true,\n"
    "    \"text\": \"none: all options have their defaults\",\n"
    "    \"next\": null,\n"
    "    \"note\": null,\n"
    "    \"file\": null,\n"
    "    \"dockerfile\": null\n"
    "  }\n"
    "}\n";

static void sections_that_are_not_ready(void)
{
    struct info i = good();
    char line[400];
    size_t lines = 0;

    i.sections[INFO_ENGINE] =
        (struct info_section){.text = "DOCKER_HOST: /x/docker.sock: connect: Permission denied",
                              .next = "sudo usermod -aG docker $USER",
                              .note = "then log in again."};
    ok(!info_ready(&i), "one section that is not ready makes all of it not ready");
    ok(strstr(text_of(&i, false),
              "engine       NO  DOCKER_HOST: /x/docker.sock: connect: Permission denied\n"
              "                 > sudo usermod -aG docker $USER\n"
              "                   then log in again.\n") != NULL,
       "the command that solves the problem is below the section");
    ok(strstr(text_of(&i, true), "engine       \033[31mNO \033[m DOCKER_HOST") != NULL,
       "NO is red");
    i.sections[INFO_PROJECT].text =
        "/home/ann/src/\x1b[31mred\nwith a second line and so many words that one line "
        "of a terminal does not hold them";
    ok(strstr(text_of(&i, false),
              "project      ok  /home/ann/src/\\x1b[31mred\n"
              "                 with a second line and so many words that one line of a\n"
              "                 terminal does not hold them\n") != NULL,
       "long lines are broken between words, and control bytes are escaped: %s",
       text_of(&i, false));
    memset(line, 'x', sizeof(line) - 1);
    line[sizeof(line) - 1] = '\0';
    i.sections[INFO_PROJECT].text = line;
    ok(strstr(text_of(&i, false), line) != NULL, "a long path is not broken");
    i = good();
    for (int k = 0; k < 9; k++) {
        strv_add(&i.sections[INFO_ENGINE].more, &arena, "x");
    }
    for (const char *p = text_of(&i, false); *p != '\0'; p++) {
        lines += *p == '\n' ? 1U : 0U;
    }
    ok(lines <= 24, "the text fits one screen");
}

/* Without a home and an engine, all members are there. */
static void what_is_not_known_is_null(void)
{
    static struct facts empty;
    static const struct engine none;
    struct info i = {.facts = &empty, .looked = &none};
    const char *json;

    for (size_t at = 0; at < INFO_SECTIONS; at++) {
        i.sections[at].text = "-";
    }
    json = json_text(&i);
    ok(strstr(json, "\"source\": \"none\"") != NULL &&
           strstr(json, "\"mounts\": null") != NULL &&
           strstr(json, "\"expires_in\": null") != NULL &&
           strstr(json, "\"api\": null") != NULL && strstr(json, "\"sessions\": []") != NULL,
       "it is null, or an empty list");
}

static void the_command_prints_text_and_json(void)
{
    static const struct fake_rule rules[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/", FAKE_JSON("404 Not Found", "{\"message\":\"no such image\"}"),
         false},
        FAKE_END};
    struct fake f;
    struct json root = {0};
    struct err e = {0};

    cli_setup();
    is_int(cli("info", NULL), 1, "the status is 1 without an engine");
    ok(cli_out("/nowhere/docker.sock"), "the text names the address");
    cli_engine(&f, rules);
    is_int(cli("info", NULL), 0, "the status is 0 with an engine");
    ok(cli_out("Docker 20.10.24") && cli_out("not built yet") && cli_out("ANTHROPIC_API_KEY"),
       "the text has engine, image and login");
    ok(!cli_out(cli_secret()), "and no secret");
    is_int(cli("info", "--json", NULL), 0, "with --json");
    ok(json_parse(str_c(get_file(in_tmp("out"))), &root, &e) == 0, "the output is JSON %s",
       e.text);
    ok(json_true(json_get(root, "ready")) && json_true(json_path(root, "engine.ready")),
       "it says the same");
    fake_stop(&f);
    tmpdir_remove();
}

int main(void)
{
    struct info i;

    plan_facts(&facts, &arena);
    facts.image.created = 1700000000;
    facts.image.size = 1800000000;
    facts.image.claude_version = "2.1.3";
    facts.image.packages = "ffmpeg graphviz";
    i = good();
    ok(info_ready(&i), "all sections are ready");
    is_str(text_of(&i, false), good_text, "the text");
    is_str(text_of(&i, true), good_text, "nothing is coloured if all sections are ready");
    is_str(json_text(&i), good_json, "the JSON");
    sections_that_are_not_ready();
    what_is_not_known_is_null();
    the_command_prints_text_and_json();
    arena_release(&arena);
    return done_testing();
}
