/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "base/path.h"
#include "plan.h"
#include "tap.h"

#include <string.h>

#define LINK "/home/ann/.claude/skills/x"

static struct planned t;
static bool foreign; /* of the links that are planned */

static const struct plan_mount *at(const char *target)
{
    for (size_t i = 0; i < t.p.files.mount_count; i++) {
        if (strcmp(t.p.files.mounts[i].target, target) == 0) {
            return &t.p.files.mounts[i];
        }
    }
    return NULL;
}

/* Plans a session with a link of a skill to `physical`, which has the path `inside` there. */
static void plan_link(const char *physical, const char *inside, enum fact_type type)
{
    static struct fact_claude_link l;

    planned_release(&t);
    planned_init(&t, NULL);
    l = (struct fact_claude_link){{LINK, physical, type}, inside, foreign};
    t.f.claude_links = &l;
    t.f.claude_link_count = 1;
    ok(planned_build(&t) == 0, "the plan for %s is built %s", inside, t.e.text);
    ok(plan_check(&t.p, &t.f, &t.e) == 0, "its invariants hold %s", t.e.text);
}

static void targets_of_links_are_shown_read_only(void)
{
    const struct plan_mount *m;

    plan_link("/home/ann/dotfiles/x", "/home/ann/.agents/x", FACT_DIR);
    m = at("/home/ann/.agents/x");
    ok(m != NULL && m->is_dir && m->read_only && strcmp(m->source, "/home/ann/dotfiles/x") == 0,
       "a directory is shown at the path of the link's text");
    is_int((int)t.p.missing.count, 0, "nothing is missing");
    ok(strv_has(&t.p.user.dirs, "/home/ann/.agents"), "the user owns the directory above it");
    plan_link("/home/ann/x.md", "/home/ann/x.md", FACT_FILE);
    m = at("/home/ann/x.md");
    ok(m != NULL && !m->is_dir && m->read_only, "a file is shown");
    plan_link("/home/ann/src/app/skill", "/home/ann/src/app/skill", FACT_DIR);
    ok(at("/home/ann/src/app/skill") == NULL && t.p.missing.count == 0 &&
           t.p.unshared_count == 0,
       "what the project shows needs nothing");
    plan_link("/home/ann/.claude/commands/x.md", "/home/ann/.claude/commands/x.md", FACT_FILE);
    ok(at("/home/ann/.claude/commands/x.md") == NULL && t.p.missing.count == 0,
       "what claude's other directories show needs nothing");
}

static void secrets_are_not_shown(void)
{
    static const char *const all[] = {"/home/ann/.ssh",
                                      "/home/ann/.ssh/id_ed25519",
                                      "/home/ann",
                                      "/home",
                                      "/",
                                      "/home/ann/.config",
                                      "/home/ann/.aws/credentials",
                                      "/home/ann/.git-credentials",
                                      "/home/ann/.bash_history",
                                      "/home/ann/.netrc",
                                      "/home/ann/.claude",
                                      "/home/ann/.claude/.credentials.json",
                                      "/home/ann/.claude/history.jsonl",
                                      "/home/ann/.local/share/cco/backups",
                                      "/etc"};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        const size_t type = strchr(path_base(all[i]), '_') != NULL ? FACT_FILE : FACT_DIR;

        plan_link(all[i], "/home/ann/.agents/x", (enum fact_type)type);
        ok(at("/home/ann/.agents/x") == NULL && t.p.missing.count == 1,
           "%s is not shown, and a line says so", all[i]);
        plan_link(all[i], all[i], (enum fact_type)type);
        ok(t.p.missing.count <= 1, "nor at its own path");
        for (size_t k = 0; k < t.p.files.mount_count; k++) {
            ok(strstr(t.p.files.mounts[k].why, LINK) == NULL, "no mount shows it");
        }
    }
}

static void links_of_others_are_only_named(void)
{
    foreign = true;
    plan_link("/home/ann/src/other", "/home/ann/src/other", FACT_DIR);
    foreign = false;
    ok(at("/home/ann/src/other") == NULL && t.p.missing.count == 1 &&
           strstr(t.p.missing.list[0].text, LINK) != NULL &&
           strstr(t.p.missing.list[0].text, "src/other") == NULL,
       "a link that others can have made is not followed, and a line names it");
}

static void an_untrusted_target_is_not_shared(void)
{
    static struct fact_untrusted u = {LINK, "it is in a project", true};
    static struct fact_claude_link l = {
        {LINK, "/srv/x", FACT_DIR}, "/home/ann/.agents/x", false};

    planned_release(&t);
    planned_init(&t, NULL);
    t.f.claude_links = &l;
    t.f.claude_link_count = 1;
    t.f.untrusted = &u;
    t.f.untrusted_count = 1;
    ok(planned_build(&t) == 0 && at("/home/ann/.agents/x") == NULL && t.p.unshared_count == 1,
       "a target that an agent could have written is not shown, and is listed");
}

static void plan_import(const char *physical, const char *inside)
{
    static struct fact_claude_link l;

    planned_release(&t);
    planned_init(&t, NULL);
    l = (struct fact_claude_link){{physical, physical, FACT_FILE}, inside, false};
    t.f.claude_imports = &l;
    t.f.claude_import_count = 1;
    ok(planned_build(&t) == 0, "the plan for %s is built %s", inside, t.e.text);
    ok(plan_check(&t.p, &t.f, &t.e) == 0, "its invariants hold %s", t.e.text);
}

static void imported_files_are_copied(void)
{
    const struct plan_copy *c;

    plan_import("/home/ann/dot/RULES.md", "/home/ann/.claude/RULES.md");
    c = &t.p.files.copies[t.p.files.copy_count - 1];
    for (size_t i = 0; i < t.p.files.copy_count; i++) {
        if (strcmp(t.p.files.copies[i].name, "import-0") == 0) {
            c = &t.p.files.copies[i];
        }
    }
    ok(c->by_init && strcmp(c->target, "/home/ann/.claude/RULES.md") == 0 &&
           strcmp(c->source, "/home/ann/dot/RULES.md") == 0 && t.p.missing.count == 0,
       "init copies an imported file to the path of the import");
    plan_import("/home/ann/.ssh/id", "/home/ann/x.md");
    ok(t.p.missing.count == 1 && strstr(t.p.missing.list[0].text, "it contains your keys"),
       "a file beside keys is not copied, and a line says so");
    plan_import("/etc/motd", "/etc/motd");
    is_int((int)t.p.missing.count, 1, "nor is a file outside of the home");
}

static void imports_of_others_are_only_named(void)
{
    static struct fact_claude_link l[] = {
        {{"/home/ann/a b.md", "/home/ann/a b.md", FACT_FILE}, "/home/ann/a b.md", true},
        {{"/home/ann/src/app/x", "/home/ann/src/app/x", FACT_FILE},
         "/home/ann/src/app/x",
         true},
        {{"/srv/c", "/srv/c", FACT_FILE}, "/srv/c", true}};

    planned_release(&t);
    planned_init(&t, NULL);
    t.f.claude_imports = l;
    t.f.claude_import_count = 3;
    ok(planned_build(&t) == 0 && t.p.missing.count == 1, "one line names them %s", t.e.text);
    ok(strstr(t.p.missing.list[0].text, "missing inside: /home/ann/a b.md and /srv/c. ") !=
               NULL ||
           strstr(t.p.missing.list[0].text, "missing inside: /home/ann/a b.md, /srv/c. ") !=
               NULL,
       "without those that the sandbox sees: %s", t.p.missing.list[0].text);
    for (size_t i = 0; i < t.p.files.copy_count; i++) {
        ok(strncmp(t.p.files.copies[i].name, "import-", 7) != 0, "%s is no import",
           t.p.files.copies[i].name);
    }
}

static struct fact_setup_use use_of(const char *path)
{
    return (struct fact_setup_use){.what = "the hook PreToolUse",
                                   .is_guard = true,
                                   .is_program = true,
                                   .word = path,
                                   .found = {path, path, FACT_FILE}};
}

/* Plans a session with a command that uses the file. */
static void plan_use(struct fact_setup_use u, enum sandbox_kind kind)
{
    static struct fact_setup_use one;
    static struct fact_top tops[] = {{.name = "usr"}};

    planned_release(&t);
    planned_init(&t, NULL);
    one = u;
    t.f.setup_uses = &one;
    t.f.setup_use_count = 1;
    t.f.engine.kind = kind;
    t.f.native.tops = tops;
    t.f.native.top_count = 1;
    t.f.native.path_env = "/usr/bin";
    ok(planned_build(&t) == 0, "the plan for %s is built %s", u.word, t.e.text);
    ok(plan_check(&t.p, &t.f, &t.e) == 0, "its invariants hold %s", t.e.text);
}

static void programs_of_commands_are_shown(void)
{
    const struct plan_mount *m;

    plan_use(use_of("/home/ann/bin/guard.sh"), SANDBOX_LOCAL_CONTAINER);
    m = at("/home/ann/bin/guard.sh");
    ok(m != NULL && m->read_only && !m->is_dir && t.p.missing.count == 0,
       "a script of the home is shown");
    plan_use(use_of("/home/ann/.claude/statusline.sh"), SANDBOX_LOCAL_CONTAINER);
    m = at("/home/ann/.claude/statusline.sh");
    ok(m != NULL && m->read_only && !m->is_dir, "a script in claude's directory is shown");
    plan_use(use_of("/home/ann/.claude/line/a.sh"), SANDBOX_LOCAL_CONTAINER);
    m = at("/home/ann/.claude/line");
    ok(m != NULL && m->read_only && m->is_dir,
       "a directory for scripts in claude's directory is shown as a whole");
    plan_use(use_of("/home/ann/dot/hooks/a.sh"), SANDBOX_LOCAL_CONTAINER);
    ok(at("/home/ann/dot/hooks") != NULL, "and a directory with the name of hooks");
    plan_use(use_of("/home/ann/src/app/guard.sh"), SANDBOX_LOCAL_CONTAINER);
    ok(at("/home/ann/src/app/guard.sh") == NULL && t.p.missing.count == 0,
       "a script in the project needs nothing");
    plan_use(use_of("/usr/bin/jq"), SANDBOX_LOCAL_CONTAINER);
    ok(t.p.missing.count == 0, "a usual program of the system is expected in the image");
    plan_use(use_of("/usr/local/bin/guard"), SANDBOX_NATIVE);
    ok(t.p.missing.count == 0, "a native sandbox has the programs of this machine");
}

static bool says(const char *text)
{
    return t.p.missing.count == 1 && strstr(t.p.missing.list[0].text, text) != NULL;
}

static void missing_guards_are_named(void)
{
    struct fact_setup_use u;

    plan_use(use_of("/usr/local/bin/guard"), SANDBOX_LOCAL_CONTAINER);
    ok(says("Claude goes on without it, as if it had allowed everything") && says("Dockerfile"),
       "a program of the system that an image may not have");
    plan_use(use_of("/srv/tools/guard"), SANDBOX_NATIVE);
    ok(says("--ro /srv/tools/guard"), "a program elsewhere");
    plan_use(use_of("/home/ann/.ssh/guard"), SANDBOX_LOCAL_CONTAINER);
    ok(says("it contains your keys"), "a program beside keys");
    plan_use(use_of("/home/ann/bin/guard"), SANDBOX_REMOTE_CONTAINER);
    ok(says("not sent to a remote engine"), "a program, for a remote engine");
    u = use_of("/home/ann/.local/bin/guard");
    u.by_name = true;
    plan_use(u, SANDBOX_LOCAL_CONTAINER);
    ok(says("programs of the home"), "a program that a container would not find");
    plan_use(u, SANDBOX_NATIVE);
    ok(t.p.missing.count == 0 && at("/home/ann/.local/bin/guard") != NULL,
       "a native sandbox has the host's PATH, so it is shown");
    u.interpreter = "/home/ann/venv/bin/python";
    plan_use(u, SANDBOX_NATIVE);
    ok(says("it needs /home/ann/venv/bin/python"), "a script with an interpreter of the home");
    u = use_of("/home/ann/.nvm/versions/node/v22/bin/node");
    u.word = "node";
    u.by_name = true;
    plan_use(u, SANDBOX_LOCAL_CONTAINER);
    ok(t.p.missing.count == 0 && at(u.found.path) == NULL,
       "a container finds the image's node");
    u.word = "nod";
    plan_use(u, SANDBOX_LOCAL_CONTAINER);
    ok(says("programs of the home"), "but not a program that images do not have");
    u = use_of("/guard.sh");
    u.found = (struct fact_path){0};
    plan_use(u, SANDBOX_NATIVE);
    ok(says("a variable that cco does not know"), "a program that is not known");
    u.is_guard = false;
    plan_use(u, SANDBOX_NATIVE);
    ok(t.p.missing.count == 0, "but only for a guard");
}

static void servers_are_named_and_not_shown(void)
{
    struct fact_setup_use u = use_of("/home/ann/mcp/server.py");

    u.what = "the MCP server ours";
    u.is_guard = false;
    u.is_server = true;
    plan_use(u, SANDBOX_NATIVE);
    ok(at(u.word) == NULL && at("/home/ann/mcp") == NULL, "a server is not shown");
    ok(says("the MCP server ours runs /home/ann/mcp/server.py, which is missing inside. To "
            "share it: --ro /home/ann/mcp"),
       "a line names it and its directory");
    u.found.path = u.found.physical = "/home/ann/server.py";
    plan_use(u, SANDBOX_LOCAL_CONTAINER);
    ok(says("--ro /home/ann/server.py"), "the home itself is not proposed");
    u.is_program = false;
    u.found.path = u.found.physical = "/home/ann/.ssh/id";
    plan_use(u, SANDBOX_LOCAL_CONTAINER);
    ok(says("names /home/ann/.ssh/id, which is missing inside: it contains your keys"),
       "nor are keys");
    u.found = (struct fact_path){"/home/ann/docs", "/home/ann/docs", FACT_DIR};
    plan_use(u, SANDBOX_LOCAL_CONTAINER);
    ok(says("--ro /home/ann/docs"), "a directory can be shared");
    u.found = (struct fact_path){"/home/ann", "/home/ann", FACT_DIR};
    plan_use(u, SANDBOX_LOCAL_CONTAINER);
    is_int((int)t.p.missing.count, 0, "the home is inside, and so is the project:");
    u.found = (struct fact_path){"/home/ann/src/app/s", "/home/ann/src/app/s", FACT_FILE};
    plan_use(u, SANDBOX_LOCAL_CONTAINER);
    is_int((int)t.p.missing.count, 0, "a server in it needs nothing");
}

static void options_come_first(void)
{
    static struct opts_path path = {
        .access = ACCESS_WRITE, .option = "--add-dir", .path = "/home/ann/hooks"};
    static struct fact_option_path found = {.target = "/home/ann/hooks",
                                            .physical = "/home/ann/hooks",
                                            .type = FACT_DIR,
                                            .id = "1:2"};
    static struct fact_setup_use u;

    planned_release(&t);
    planned_init(&t, NULL);
    u = use_of("/home/ann/hooks/guard.sh");
    t.f.setup_uses = &u;
    t.f.setup_use_count = 1;
    t.o.paths = &path;
    t.o.path_count = 1;
    t.f.option_paths = &found;
    t.f.option_path_count = 1;
    ok(planned_build(&t) == 0 && at("/home/ann/hooks") != NULL &&
           !at("/home/ann/hooks")->read_only,
       "a directory that the user shares for writing stays writable");
}

int main(void)
{
    planned_init(&t, NULL);
    targets_of_links_are_shown_read_only();
    secrets_are_not_shown();
    links_of_others_are_only_named();
    an_untrusted_target_is_not_shared();
    imported_files_are_copied();
    imports_of_others_are_only_named();
    programs_of_commands_are_shown();
    missing_guards_are_named();
    servers_are_named_and_not_shown();
    options_come_first();
    planned_release(&t);
    return done_testing();
}
