/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "plan_golden.h"

static struct arena arena;
static struct facts f;
static struct opts o;
static struct plan p;

static struct trust_item items[] = {
    {".env", "PATH: is looked up", TRUST_DOTENV, false},
    {".mcp.json", "the MCP server a", TRUST_CLAUDE, false},
};

static void build(void)
{
    struct err e = {0};

    ok(plan_build(&o, &f, &arena, &p, &e) == 0 && plan_check(&p, &f, &e) == 0,
       "the plan is built %s", e.text);
}

/* Returns how many arguments of the command are `arg`. */
static int args(const char *arg)
{
    int n = 0;

    for (size_t i = 0; i < p.command.argv.count; i++) {
        n += strcmp(p.command.argv.v[i], arg) == 0;
    }
    return n;
}

/* Builds the plan with this effect of the project's only item. Returns how many arguments
 * "--settings" the command has. */
static int args_with(const char *effect)
{
    items[0].text = effect;
    build();
    return args("--settings");
}

static bool has_var(const char *name)
{
    for (size_t i = 0; i < p.env.count; i++) {
        if (strcmp(p.env.vars[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static const char *warning(void)
{
    for (size_t i = 0; i < p.warnings.count; i++) {
        if (strstr(p.warnings.v[i], "not trusted") != NULL) {
            return p.warnings.v[i];
        }
    }
    return "";
}

/* `cco trust` does not know the directories of --add-dir. */
static void shared_directories_need_an_answer(void)
{
    static struct trust_item shared[] = {
        {"/home/ann/lib/.mcp.json", "the MCP server a", TRUST_CLAUDE, false},
    };
    static struct opts_path path = {.path = "/home/ann/lib",
                                    .access = ACCESS_WRITE,
                                    .option = "--add-dir",
                                    .pass_on = true};
    static struct fact_option_path at = {
        .target = "/home/ann/lib", .physical = "/home/ann/lib", .type = FACT_DIR};
    const struct trust_items kept = f.trust_items;

    f.trust_items = (struct trust_items){.list = shared, .count = 1};
    o.paths = &path;
    o.path_count = 1;
    f.option_paths = &at;
    f.option_path_count = 1;
    f.trust = TRUST_NEW;
    build();
    ok(strstr(warning(), "(to trust it: answer cco's question on a terminal, or --trust)") !=
           NULL,
       "of a shared directory, the next step is the question");
    f.trust = TRUST_REFUSED;
    build();
    ok(strstr(warning(), "cco trust --remove") != NULL,
       "after a no, it must be forgotten first");
    o.path_count = 0;
    f.option_path_count = 0;
    f.trust_items = kept;
    f.trust = TRUST_NEW;
}

int main(void)
{
    static struct fact_dotenv dotenv[] = {
        {"PATH", true, false}, {"PATH", true, false}, {"A", false, false}};

    plan_goldens();
    plan_facts(&f, &arena);
    f.dotenv = dotenv;
    f.dotenv_count = 3;
    f.trust_items = (struct trust_items){.list = items, .count = 2};
    f.trust = TRUST_GIVEN;
    build();
    ok(!p.trust.safe && args("--setting-sources") == 0 && warning()[0] == '\0' &&
           !has_var("CLAUDE_CODE_DISABLE_CRON"),
       "a trusted project is used as it is");
    f.trust = TRUST_NEW;
    build();
    ok(p.trust.safe && args("--setting-sources") == 1 && args("user") == 1 &&
           args("--strict-mcp-config") == 1,
       "otherwise claude reads neither settings nor servers of the project");
    ok(has_var("CLAUDE_CODE_DISABLE_CRON") && has_var("CLAUDE_CODE_DISABLE_WORKFLOWS"),
       "and runs neither its scheduled tasks nor its workflows");
    is_str(warning(),
           "this project is not trusted: starting without PATH of .env and without claude's "
           "settings, servers and skills in .mcp.json (to trust it: cco trust, or --trust)",
           "and one line names all of it");
    f.trust = TRUST_CHANGED;
    build();
    ok(strstr(warning(), "(its files have changed; to trust it: cco trust, or --trust)") !=
           NULL,
       "a change is the reason");
    shared_directories_need_an_answer();
    strv_add(&o.args, &arena, "--setting-sources=user,project");
    build();
    ok(args("--setting-sources") == 0 && args("--strict-mcp-config") == 1,
       "an option that the user gives claude is not overridden");
    o.args = (struct strv){0};
    o.command = CMD_SHELL;
    build();
    ok(args("--setting-sources") == 0, "a shell gets no options of claude");
    o.command = CMD_CLAUDE;
    f.trust_items.count = 1;
    build();
    ok(p.trust.safe && args("--setting-sources") == 0,
       "if only .env is not trusted, claude reads its files");
    items[0].part = TRUST_CLAUDE;
    items[0].if_prompting = true;
    build();
    is_int(args("--setting-sources"), 0, "what claude would ask about does not count");
    o.chose_permissions = true;
    build();
    is_int(args("--setting-sources"), 1, "unless the user wants claude to ask");
    f.trust_items.count = 0;
    f.trust_items.more = 1;
    build();
    is_int(args("--setting-sources"), 1, "items that are not listed count");
    is_int(args("--settings"), 1, "they can switch on claude's own sandbox");
    f.trust_items.count = 1;
    f.trust_items.more = 0;
    is_int(args_with("hooks: Stop runs sandbox"), 0, "nothing switches it on");
    is_int(args_with("sandbox"), 1, "the settings of the project switch it on");
    ok(p.missing.count == 0, "so an argument switches it off");
    o.claude_subcommand = true;
    is_int(args_with("sandbox"), 0, "a command of claude runs nothing in it");
    o.claude_subcommand = false;
    strv_add(&o.args, &arena, "--settings=x");
    is_int(args_with("sandbox"), 0, "the user's own settings are not replaced");
    ok(p.missing.count == 1 && strstr(p.missing.list[0].text, "Add this to your --settings"),
       "a line says what to add to them");
    arena_release(&arena);
    return done_testing();
}
