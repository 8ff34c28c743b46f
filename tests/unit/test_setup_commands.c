/* SPDX-License-Identifier: MIT */
#include "host/setup_commands.h"

#include "base/file.h"
#include "base/path.h"
#include "host/look.h"
#include "plan/claude_state.h"
#include "plan/untrusted.h"
#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"

#include <string.h>

static struct arena a;
static struct facts f;
static struct ledger trees;

static void probe(const char *settings)
{
    static char path[300];
    char *env[] = {path, NULL};

    put_file(in_tmp(".claude/settings.json"), settings);
    (void)snprintf(path, sizeof(path), "PATH=%s:/bin", in_tmp("bin"));
    f.setup_uses = NULL;
    f.setup_use_count = 0;
    for (size_t i = 0; i < claude_state_count; i++) {
        const char *physical = path_join(&a, f.claude_dir, claude_state[i].name);

        f.claude_state[i] =
            (struct fact_state){file_is_regular(physical) ? FACT_FILE : FACT_MISSING, physical};
    }
    setup_commands_probe(env, &a, &f);
}

/* Looks for the commands of a PreToolUse hook. `command` is a JSON string. */
static void probe_hook(const char *command)
{
    probe(arena_printf(&a,
                       "{\"hooks\":{\"PreToolUse\":[{\"matcher\":\"*\",\"hooks\":[{\"type\":"
                       "\"command\",\"command\":%s}]}]}}",
                       command));
}

/* Returns the uses as "NAME" for files and "NAME!" for programs. */
static const char *uses(void)
{
    const char *text = "";

    for (size_t i = 0; i < f.setup_use_count; i++) {
        const struct fact_setup_use *u = &f.setup_uses[i];

        text = arena_printf(&a, "%s%s%s%s", text, i > 0 ? " " : "",
                            u->found.path != NULL ? path_base(u->found.path) : "?",
                            u->is_program ? "!" : "");
    }
    return text;
}

static void program(const char *name, const char *text)
{
    put_file(in_tmp(name), text);
    (void)chmod(in_tmp(name), 0755);
}

static void programs_and_files_of_commands_are_found(void)
{
    static const char *const cases[][2] = {
        {"\"~/scripts/guard.sh\"", "guard.sh!"},
        {"\"$HOME/scripts/guard.sh --x\"", "guard.sh!"},
        {"\"\\\"${HOME}\\\"/scripts/guard.sh\"", "guard.sh!"},
        {"\"python3 ~/scripts/guard.py --config ~/scripts/conf\"", "guard.py! conf"},
        {"\"bash -e ~/scripts/guard.sh ~/scripts/conf\"", "guard.sh! conf"},
        {"\"FOO=1 exec tool --file=~/x\"", "tool!"},
        {"\"tool --file=$HOME/scripts/conf\"", "tool! conf"},
        {"\"cd ~/scripts && ./guard.sh\"", "guard.sh!"},
        {"\"bash -c 'cd ~/scripts; exec ./guard.sh'\"", "guard.sh!"},
        {"\"[ -x ~/scripts/guard.sh ] && ~/scripts/guard.sh || true\"", "guard.sh!"},
        {"\"no-such-tool; ~/gone.sh\"", ""},
        {"\"$PLUGIN/guard.sh\"", "?!"},
        {"\"./in-the-project.sh\"", ""},
        {"[1]", ""},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *all;

        probe_hook(cases[i][0]);
        all = uses();
        /* The programs of this machine, such as bash and python3, come first. */
        for (const char *rest = all; rest != NULL && *rest != '\0';) {
            const bool system =
                strncmp(rest, "bash!", 5) == 0 || strncmp(rest, "python3!", 8) == 0;

            if (!system) {
                break;
            }
            rest = strchr(rest, ' ');
            all = rest != NULL ? rest + 1 : "";
            rest = all;
        }
        is_str(all, cases[i][1], cases[i][0]);
    }
}

static void commands_are_described(void)
{
    probe_hook("\"~/scripts/guard.sh\"");
    ok(f.setup_use_count == 1 && f.setup_uses[0].is_guard, "a hook before a tool is a guard");
    is_str(f.setup_uses[0].what, "the hook PreToolUse", "it is named");
    probe("{\"statusLine\":{\"type\":\"command\",\"command\":\"~/scripts/status.py\"},"
          "\"hooks\":{\"Stop\":[{\"hooks\":[{\"command\":\"~/scripts/guard.sh\"}]}]}}");
    ok(f.setup_use_count == 2 && !f.setup_uses[0].is_guard && !f.setup_uses[1].is_guard,
       "other commands are not");
    is_str(f.setup_uses[1].what, "statusLine", "the status line is found");
    is_str(f.setup_uses[1].interpreter, in_tmp("venv/bin/python"),
           "the interpreter of a script is known if it is in the home");
    probe("{\"disableAllHooks\":true,\"hooks\":{\"Stop\":[{\"hooks\":[{\"command\":"
          "\"~/scripts/guard.sh\"}]}]}}");
    is_int((int)f.setup_use_count, 0, "switched-off hooks are not examined");
    probe("{\"otelHeadersHelper\":\"~/scripts/guard.sh\"}");
    is_str(uses(), "guard.sh!", "helpers are found");
    probe("{\"hooks\":[1,{\"hooks\":7}],\"statusLine\":3");
    is_int((int)f.setup_use_count, 0, "broken settings name nothing");
}

static void files_of_agents_are_noted(void)
{
    probe_hook("\"~/app/guard.sh\"");
    ok(f.setup_use_count == 1 && untrusted_why(&f, f.setup_uses[0].found.path) != NULL,
       "a file in a tree that an agent could write is noted");
}

static void probe_servers(const char *text)
{
    f.claude_root = "/srv/app";
    put_file(in_tmp(".claude.json"), text);
    f.claude_json = look_obeyed(&a, &f, in_tmp(".claude.json"));
    probe("{}");
}

static void servers_are_examined(void)
{
    const char *home = f.home;

    probe_servers(arena_printf(
        &a,
        "{\"mcpServers\":{\"one\":{\"command\":\"node\",\"args\":[\"--x\",\"%s/scripts/"
        "guard.py\","
        "\"%s/scripts\",3]},\"remote\":{\"url\":\"http://x\"}},\"projects\":{\"/srv/app\":{"
        "\"mcpServers\":{\"two\":{\"command\":\"tool\"}}},\"/srv/b\":{\"mcpServers\":{\"no\":"
        "{\"command\":\"%s/bin/tool\"}}}}}",
        home, home, home));
    is_str(uses(), "guard.py! scripts tool!", "files, directories and programs of servers");
    is_str(f.setup_uses[0].what, "the MCP server one", "servers of every project");
    is_str(f.setup_uses[2].what, "the MCP server two", "and those of this one");
    ok(f.setup_uses[0].is_server && !f.setup_uses[0].is_guard, "they are no guards");
    probe_servers(
        "{\"mcpServers\":{\"one\":{\"command\":\"tool\"},\"two\":{\"command\":\"tool\"}},"
        "\"projects\":{\"/srv/app\":{\"mcpServers\":{\"three\":{\"command\":\"tool\"}},"
        "\"disabledMcpServers\":[7,\"one\"],\"disabledMcpjsonServers\":[\"three\"]},"
        "\"/srv/b\":{\"disabledMcpServers\":[\"two\"]}}}");
    is_int((int)f.setup_use_count, 1, "servers that are disabled in this project are left out");
    is_str(f.setup_uses[0].what, "the MCP server two", "and no others");
    probe_servers("{\"mcpServers\":{\"a\":1,\"b\":{\"command\":2},\"c\":{\"command\":\"\","
                  "\"args\":\"x\"},\"d\":{\"command\":\"npx\",\"args\":[]}}}");
    is_int((int)f.setup_use_count, 0, "odd servers name nothing");
    probe_servers("{\"mcpServers\":[");
    is_int((int)f.setup_use_count, 0, "nor does a broken file");
    f.claude_json = (struct fact_path){0};
}

int main(void)
{
    tmpdir_make();
    f.home = f.home_physical = tmpdir;
    f.user = "ann";
    f.project = f.cwd_physical = "/srv/app";
    f.claude_dir = arena_strdup(&a, in_tmp(".claude"));
    f.state_dir = arena_strdup(&a, in_tmp("state"));
    f.trees = &trees;
    f.claude_state = arena_array(&a, claude_state_count, sizeof(f.claude_state[0]));
    (void)mkdir(in_tmp(".claude"), 0700);
    (void)mkdir(in_tmp("scripts"), 0700);
    (void)mkdir(in_tmp("bin"), 0700);
    (void)mkdir(in_tmp("app"), 0700);
    ledger_add(&trees, &a, in_tmp("app"));
    program("scripts/guard.sh", "#!/bin/sh\n");
    program("scripts/guard.py", "import sys\n");
    program("scripts/status.py", arena_printf(&a, "#! %s -u\nx\n", in_tmp("venv/bin/python")));
    program("scripts/conf", "x\n");
    program("bin/tool", "x");
    program("app/guard.sh", "#!/bin/sh\n");
    programs_and_files_of_commands_are_found();
    commands_are_described();
    files_of_agents_are_noted();
    servers_are_examined();
    tmpdir_remove();
    arena_release(&a);
    return done_testing();
}
