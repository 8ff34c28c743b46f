/* SPDX-License-Identifier: MIT */
/* Tests the facts for a sandbox from this machine's own files: those of the machine on which
 * the test runs, and several installations of claude in the temporary directory. */
#include "host/probe.h"

#include "base/file.h"
#include "base/path.h"
#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"

static struct arena arena;
static struct facts f;
static struct ledger trees;
static char home[512];
static const char *project = "/nowhere/project";

/* Finds the facts with this PATH. */
static const struct fact_native *look(const char *path)
{
    char *env[] = {arena_strdup(&arena, arena_printf(&arena, "PATH=%s", path)), NULL};

    trees = (struct ledger){0};
    ledger_add(&trees, &arena, project);
    f = (struct facts){.trees = &trees,
                       .uid = getuid(),
                       .gid = getgid(),
                       .user = "nobody-at-all",
                       .home = home,
                       .project = project,
                       .data_dir = path_join(&arena, home, "data"),
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

static void directories_of_this_machine_are_found(void)
{
    const struct fact_native *n = look("/usr/bin:/bin");
    bool sorted = true;
    bool links = true;
    struct stat st;

    ok(top(n, "usr") != NULL && top(n, "usr")->link == NULL && top(n, "etc") != NULL,
       "the directories of programs and of their configuration are found");
    ok(top(n, "home") == NULL && top(n, "root") == NULL && top(n, "tmp") == NULL &&
           top(n, "var") == NULL && top(n, "proc") == NULL,
       "other directories of / are left out");
    for (size_t i = 0; i < n->top_count; i++) {
        char path[64];
        bool is_link;

        sorted = sorted && (i == 0 || strcmp(n->tops[i - 1].name, n->tops[i].name) < 0);
        (void)snprintf(path, sizeof(path), "/%s", n->tops[i].name);
        is_link = lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
        links = links && is_link == (n->tops[i].link != NULL);
    }
    ok(sorted, "the directories are sorted");
    ok(links, "links are marked as links");
    ok(n->adds_user, "a user without an entry in /etc/passwd must be added");
    is_str(n->path_env, "/usr/bin:/bin", "PATH is a fact");
    is_int((long long)n->hidden_count, 0, "host_native() hides nothing");
    host_native_hide(&arena, &f);
    ok(stat("/etc/shadow", &st) < 0 || (st.st_mode & 07) != 0 || is_hidden(n, "/etc/shadow"),
       "a file that only root may read is hidden, if the user could read it");
    ok(!is_hidden(n, "/etc/passwd") && !is_hidden(n, "/etc"),
       "files that everybody may read are not hidden");
}

static void root_need_not_be_added(void)
{
    struct stat st;

    if (getuid() != 0 || !file_is_regular("/etc/passwd") || stat("/root", &st) < 0) {
        ok(true, "root need not be added # SKIP not root");
        return;
    }
    f = (struct facts){.user = "root",
                       .home = "/root",
                       .data_dir = "/none",
                       .project = project,
                       .cwd_physical = project};
    host_native((char *[]){NULL}, &arena, &f);
    ok(!f.native.adds_user, "root need not be added");
    f = (struct facts){.user = "root",
                       .home = "/somewhere",
                       .data_dir = "/none",
                       .project = project,
                       .cwd_physical = project};
    host_native((char *[]){NULL}, &arena, &f);
    ok(f.native.adds_user, "root with another home must be added");
}

/* Makes an executable file, with the directories above it. */
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

/* An installation by npm: a script to which a link leads, and node in a directory of its own.
 */
static void an_npm_installation_is_found(void)
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
    is_str(n->claude, in_tmp("npm/bin/claude"), "claude is found by its link in PATH");
    is_int((long long)n->program_count, 2, "claude and its interpreter must be shared");
    p = program_at(n, in_tmp("npm/lib/node_modules/@anthropic-ai"));
    ok(p != NULL && p->is_dir && !p->shared, "the whole npm scope of claude is shared");
    ok(p != NULL && p->link != NULL && strcmp(p->link, in_tmp("npm/bin/claude")) == 0 &&
           strcmp(p->target, cli) == 0,
       "the link in PATH leads to claude's script");
    p = program_at(n, in_tmp("node-22"));
    ok(p != NULL && p->is_dir && p->link == NULL, "the whole directory of node is shared");
}

/* If node is in a bin directory with other programs, the other programs are not shared. */
static void a_node_among_other_programs_is_shared_alone(void)
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
        ok(p != NULL && !p->is_dir, "%s/bin/node: only node itself is shared", dirs[i]);
        (void)unlink(node);
    }
    (void)unlink(cli);
}

/* An installation by claude's own installer: one file, in a directory that may not be in PATH.
 */
static void an_installed_binary_is_found(void)
{
    const char *version = arena_printf(&arena, "%s/.local/share/claude/versions/2.1", home);
    const struct fact_native *n;
    const struct fact_program *p;
    struct err e = {0};

    program(version, "an ELF file");
    (void)file_mkdirs(in_tmp("home/.local/bin"), 0755, &e);
    (void)symlink(version, in_tmp("home/.local/bin/claude"));
    n = look("/nowhere");
    is_str(n->claude, in_tmp("home/.local/bin/claude"),
           "claude is found where its installer puts it");
    p = program_at(n, version);
    ok(n->program_count == 1 && p != NULL && !p->is_dir && p->link != NULL,
       "the program and the link to it are shared");
    (void)unlink(version);
    n = look("/nowhere");
    ok(n->claude == NULL && n->program_count == 0, "a link to a missing program is not claude");
}

/* The path of a shell in /bin works inside, even if /bin is a link on the host. */
static void a_shell_script_needs_no_interpreter(void)
{
    const struct fact_native *n;

    program(in_tmp("script/claude"), "#!/bin/sh\n");
    n = look(in_tmp("script"));
    ok(n->program_count == 1 && program_at(n, in_tmp("script/claude")) != NULL,
       "the interpreter of a shell script need not be shared");
}

/* A process that can write to the project must not choose the program that gets the login. */
static void a_claude_of_the_project_is_ignored(void)
{
    const char *other = arena_printf(&arena, "%s/other/claude", tmpdir);

    project = arena_printf(&arena, "%s/project", tmpdir);
    program(in_tmp("project/bin/claude"), "#!/bin/sh\n");
    program(other, "#!/bin/sh\n");
    (void)symlink("project/bin", in_tmp("by-link"));
    is_str(look(arena_printf(&arena, "%s/project/bin:%s/by-link:.:%s/other", tmpdir, tmpdir,
                             tmpdir))
               ->claude,
           other, "a claude to which the way leads through the project is ignored");
    (void)unlink(other);
    (void)symlink(in_tmp("project/bin/claude"), other);
    ok(look(in_tmp("other"))->claude == NULL,
       "a link that leads to a claude in the project is ignored");
    project = "/nowhere/project";
}

static void a_shared_program_needs_only_its_link(void)
{
    const struct fact_native *n;

    (void)mkdir(in_tmp("bin"), 0755);
    (void)symlink("/usr/bin/env", in_tmp("bin/claude"));
    n = look(in_tmp("bin"));
    ok(n->program_count == 1 && n->programs[0].shared && n->programs[0].link != NULL,
       "a program in a shared directory needs only its link");
}

static void fetched_claude_is_the_last_choice(void)
{
    const char *dir = path_join(&arena, home, "data/claude-code/2.1.0");
    const char *claude = path_join(&arena, dir, "claude");
    const struct fact_native *n;
    struct err e = {0};

    ok(file_mkdirs(dir, 0700, &e) == 0, "a version was fetched");
    put_file(claude, "x");
    ok(chmod(claude, 0700) == 0, "it can be run");
    n = look("/usr/bin:/bin");
    is_str(n->claude, claude, "without another claude the fetched one is used");
    is_str(n->fetched, "2.1.0", "its version is known");
    is_str(n->path_env, arena_printf(&arena, "/usr/bin:/bin:%s", dir),
           "its directory is in PATH");
    ok(n->program_count == 1 && strcmp(n->programs[0].path, claude) == 0,
       "the program is shared alone");
    f.claude_pin = "2.1.1";
    host_native_claude((char *[]){NULL}, &arena, &f);
    ok(f.native.claude == NULL && f.native.fetched == NULL,
       "another version than the pinned one is not used");
    ledger_add(&trees, &arena, path_join(&arena, home, "data"));
    f.claude_pin = NULL;
    host_native_claude((char *[]){NULL}, &arena, &f);
    ok(f.native.claude == NULL, "a version that an agent could have written is not used");
    ok(file_remove_tree(path_join(&arena, home, "data"), &e) == 0, "it is removed");
}

int main(void)
{
    tmpdir_make();
    (void)snprintf(home, sizeof(home), "%s", in_tmp("home"));
    directories_of_this_machine_are_found();
    root_need_not_be_added();
    ok(look("/nowhere")->claude == NULL && f.native.program_count == 0,
       "without an installation, claude is not found");
    fetched_claude_is_the_last_choice();
    an_npm_installation_is_found();
    a_node_among_other_programs_is_shared_alone();
    an_installed_binary_is_found();
    a_shell_script_needs_no_interpreter();
    a_shared_program_needs_only_its_link();
    a_claude_of_the_project_is_ignored();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
