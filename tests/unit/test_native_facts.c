/* SPDX-License-Identifier: MIT */
/* What a sandbox out of this machine's own files knows of them: this machine's, and a claude
 * that is put somewhere. */
#include "host/probe.h"

#include "tap.h"
#include "tmpdir.h"

static struct arena arena;
static struct facts f;
static char home[512];
static const char *project = "/nowhere/project";

/* With this PATH. */
static const struct fact_native *look(const char *path)
{
    char *env[] = {arena_strdup(&arena, arena_printf(&arena, "PATH=%s", path)), NULL};

    f = (struct facts){.uid = getuid(),
                       .gid = getgid(),
                       .user = "nobody-at-all",
                       .home = home,
                       .cwd_physical = project};
    host_native(env, &arena, &f);
    return &f.native;
}

static const struct fact_top *top(const struct fact_native *n, const char *name)
{
    for (size_t i = 0; i < n->top_count; i++) {
        if (strcmp(n->tops[i].name, name) == 0) {
            return &n->tops[i];
        }
    }
    return NULL;
}

static bool is_hidden(const struct fact_native *n, const char *path)
{
    for (size_t i = 0; i < n->hidden_count; i++) {
        if (strcmp(n->hidden[i].path, path) == 0) {
            return true;
        }
    }
    return false;
}

static void of_this_machine(void)
{
    const struct fact_native *n = look("/usr/bin:/bin");
    bool sorted = true;
    bool links = true;
    struct stat st;

    ok(top(n, "usr") != NULL && top(n, "usr")->link == NULL && top(n, "etc") != NULL,
       "programs and how they are set up");
    ok(top(n, "home") == NULL && top(n, "root") == NULL && top(n, "tmp") == NULL &&
           top(n, "var") == NULL && top(n, "proc") == NULL,
       "nothing else of what stands at the top");
    for (size_t i = 0; i < n->top_count; i++) {
        char path[64];
        bool is_link;

        sorted = sorted && (i == 0 || strcmp(n->tops[i - 1].name, n->tops[i].name) < 0);
        (void)snprintf(path, sizeof(path), "/%s", n->tops[i].name);
        is_link = lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
        links = links && is_link == (n->tops[i].link != NULL);
    }
    ok(sorted, "in order");
    ok(links, "links are links");
    ok(n->adds_user, "a user whom the machine does not know");
    is_str(n->path_env, "/usr/bin:/bin", "where programs are looked for");
    is_int((long long)n->hidden_count, 0, "nothing is hidden that need not be");
    host_native_hide(&arena, &f.native);
    ok(stat("/etc/shadow", &st) < 0 || (st.st_mode & 07) != 0 || is_hidden(n, "/etc/shadow"),
       "what only root may read is hidden");
    ok(!is_hidden(n, "/etc/passwd") && !is_hidden(n, "/etc"), "and not what everybody may");
}

static void the_user(void)
{
    struct stat st;

    if (getuid() != 0 || !file_is_regular("/etc/passwd") || stat("/root", &st) < 0) {
        ok(true, "a user whom the machine knows # SKIP not root");
        return;
    }
    f = (struct facts){.user = "root", .home = "/root", .cwd_physical = project};
    host_native((char *[]){NULL}, &arena, &f);
    ok(!f.native.adds_user, "root is known");
    f = (struct facts){.user = "root", .home = "/somewhere", .cwd_physical = project};
    host_native((char *[]){NULL}, &arena, &f);
    ok(f.native.adds_user, "with another home he is not");
}

static void program(const char *path, const char *text)
{
    struct err e = {0};
    char dir[512];

    (void)snprintf(dir, sizeof(dir), "%.*s", (int)(strrchr(path, '/') - path), path);
    (void)file_mkdirs(dir, 0755, &e);
    put_file(path, text);
    (void)chmod(path, 0755);
}

static const struct fact_program *program_at(const struct fact_native *n, const char *path)
{
    for (size_t i = 0; i < n->program_count; i++) {
        if (strcmp(n->programs[i].path, path) == 0) {
            return &n->programs[i];
        }
    }
    return NULL;
}

/* By npm: a script, found by a link, and node in a directory of its own. */
static void a_script(void)
{
    const char *cli = arena_printf(
        &arena, "%s/npm/lib/node_modules/@anthropic-ai/claude-code/cli.js", tmpdir);
    const char *node = arena_printf(&arena, "%s/node-22/bin/node", tmpdir);
    const struct fact_native *n;
    const struct fact_program *p;

    program(cli, "#!/usr/bin/env node\n");
    program(node, "an ELF file");
    program(in_tmp("npm/bin/other"), "");
    (void)symlink("../lib/node_modules/@anthropic-ai/claude-code/cli.js",
                  in_tmp("npm/bin/claude"));
    n = look(arena_printf(&arena, "%s/npm/bin:%s/node-22/bin:/usr/bin", tmpdir, tmpdir));
    is_str(n->claude, in_tmp("npm/bin/claude"), "claude as it is found");
    is_int((long long)n->program_count, 2, "itself, and what runs it");
    p = program_at(n, in_tmp("npm/lib/node_modules/@anthropic-ai"));
    ok(p != NULL && p->is_dir && !p->shared, "its packages need one another");
    ok(p != NULL && p->link != NULL && strcmp(p->link, in_tmp("npm/bin/claude")) == 0 &&
           strcmp(p->target, cli) == 0,
       "where it is found it is inside");
    p = program_at(n, in_tmp("node-22"));
    ok(p != NULL && p->is_dir && p->link == NULL, "node has more than its program");
}

/* What stands beside a node in somebody's bin is not node's. */
static void a_node_among_other_programs(void)
{
    static const char *const dirs[] = {"home", "home/.local", "tools"};
    const char *cli = arena_printf(&arena, "%s/alone/claude", tmpdir);

    program(cli, "#!/usr/bin/env node\n");
    for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
        const char *node = arena_printf(&arena, "%s/%s/bin/node", tmpdir, dirs[i]);
        const struct fact_native *n;
        const struct fact_program *p;

        program(node, "an ELF file");
        n = look(arena_printf(&arena, "%s/alone:%s/%s/bin", tmpdir, tmpdir, dirs[i]));
        p = program_at(n, node);
        ok(p != NULL && !p->is_dir, "%s: node alone", dirs[i]);
        (void)unlink(node);
    }
    (void)unlink(cli);
}

/* By its own installer: one file, which PATH may not lead to. */
static void a_binary(void)
{
    const char *version = arena_printf(&arena, "%s/.local/share/claude/versions/2.1", home);
    const struct fact_native *n;
    const struct fact_program *p;
    struct err e = {0};

    program(version, "an ELF file");
    (void)file_mkdirs(in_tmp("home/.local/bin"), 0755, &e);
    (void)symlink(version, in_tmp("home/.local/bin/claude"));
    n = look("/nowhere");
    is_str(n->claude, in_tmp("home/.local/bin/claude"), "where its installer puts it");
    p = program_at(n, version);
    ok(n->program_count == 1 && p != NULL && !p->is_dir && p->link != NULL,
       "a program alone, and the link to it");
    (void)unlink(version);
    n = look("/nowhere");
    ok(n->claude == NULL && n->program_count == 0, "a link to nothing is none");
}

/* /bin may be a link, and is one inside then. */
static void a_script_of_the_shell(void)
{
    const struct fact_native *n;

    program(in_tmp("script/claude"), "#!/bin/sh\n");
    n = look(in_tmp("script"));
    ok(n->program_count == 1 && program_at(n, in_tmp("script/claude")) != NULL,
       "a script of the shell needs nothing that is not there");
}

/* Who writes in the project does not choose who gets the login. */
static void of_the_project(void)
{
    const char *other = arena_printf(&arena, "%s/other/claude", tmpdir);

    project = arena_printf(&arena, "%s/project", tmpdir);
    program(in_tmp("project/bin/claude"), "#!/bin/sh\n");
    program(other, "#!/bin/sh\n");
    (void)symlink("project/bin", in_tmp("by-link"));
    is_str(look(arena_printf(&arena, "%s/project/bin:%s/by-link:.:%s/other", tmpdir, tmpdir,
                             tmpdir))
               ->claude,
           other, "one in the project is passed over");
    (void)unlink(other);
    (void)symlink(in_tmp("project/bin/claude"), other);
    ok(look(in_tmp("other"))->claude == NULL, "also where a link leads to it");
    project = "/nowhere/project";
}

static void among_the_others(void)
{
    const struct fact_native *n;

    (void)mkdir(in_tmp("bin"), 0755);
    (void)symlink("/usr/bin/env", in_tmp("bin/claude"));
    n = look(in_tmp("bin"));
    ok(n->program_count == 1 && n->programs[0].shared && n->programs[0].link != NULL,
       "what is in a directory that is there anyway needs no more than its link");
}

int main(void)
{
    tmpdir_make();
    (void)snprintf(home, sizeof(home), "%s", in_tmp("home"));
    of_this_machine();
    the_user();
    ok(look("/nowhere")->claude == NULL && f.native.program_count == 0, "no claude at all");
    a_script();
    a_node_among_other_programs();
    a_binary();
    a_script_of_the_shell();
    among_the_others();
    of_the_project();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
