/* SPDX-License-Identifier: MIT */
/* Tests both files of this name: what is found on the host, and what the plan says about it. */
#include "host/shell_setup.h"

#include "plan.h"
#include "tap.h"
#include "tmpdir.h"

#include <string.h>
#include <sys/stat.h>

static struct arena arena;
static struct planned t;

static void directories_of_the_home_are_found(void)
{
    struct facts f = {0};
    const char *path;

    tmpdir_make();
    f.home = arena_strdup(&arena, in_tmp("home"));
    (void)mkdir(f.home, 0700);
    (void)mkdir(in_tmp("home/bin"), 0700);
    (void)mkdir(in_tmp("home/empty"), 0700);
    (void)mkdir(in_tmp("other"), 0700);
    put_file(in_tmp("home/bin/tool"), "x");
    put_file(in_tmp("other/tool"), "x");
    put_file(in_tmp("home/empty/.hidden"), "x");
    shell_setup_probe(NULL, &arena, &f);
    is_int((long long)f.program_dirs.count, 0, "no PATH has no directories");
    path = arena_printf(&arena, "%s/other:%s/bin/:%s:%s/empty:%s/none::%s/bin:/usr/bin",
                        in_tmp(""), f.home, f.home, f.home, f.home, f.home);
    shell_setup_probe(path, &arena, &f);
    ok(f.program_dirs.count == 1 &&
           strcmp(f.program_dirs.v[0], arena_printf(&arena, "%s/bin", f.home)) == 0,
       "a directory of the home with a file is found once; the home itself, an empty, a "
       "missing and another directory are not");
}

static void many_directories_are_bounded(void)
{
    struct facts f = {.home = in_tmp("many")};
    const char *path = "";

    f.home = arena_strdup(&arena, f.home);
    (void)mkdir(f.home, 0700);
    for (int i = 0; i < 2 * SHELL_SETUP_DIRS; i++) {
        const char *dir = arena_printf(&arena, "%s/%d", f.home, i);

        (void)mkdir(dir, 0700);
        put_file(arena_printf(&arena, "%s/tool", dir), "x");
        path = arena_printf(&arena, "%s:%s", path, dir);
    }
    shell_setup_probe(path, &arena, &f);
    is_int((long long)f.program_dirs.count, SHELL_SETUP_DIRS, "there is a maximum");
}

static void give(struct opts *o, struct facts *f, struct arena *a)
{
    static const char *const names[] = {"A1",       "CC",         "CXX",       "EDITOR",
                                        "GOFLAGS",  "HOME",       "JAVA_HOME", "LS_COLORS",
                                        "MY_TOKEN", "PYTHONPATH", "RUSTFLAGS", "VISUAL"};

    (void)o;
    strv_add(&f->program_dirs, a, "/home/ann/.local/bin");
    strv_add(&f->program_dirs, a, "/home/ann/my bin");
    f->env_names = (struct strv){0};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        strv_add(&f->env_names, a, names[i]);
    }
}

static void one_line_names_programs_and_variables(void)
{
    planned_init(&t, give);
    ok(planned_build(&t) == 0, "the plan is built %s", t.e.text);
    ok(t.p.missing.count == 1, "there is one line");
    is_str(t.p.missing.list[0].cause, "shell", "its cause stays when the names change");
    is_str(
        t.p.missing.list[0].text,
        "your shell has programs (~/.local/bin, ~/my bin) and variables (CC, CXX, EDITOR, "
        "GOFLAGS and 4 more) that are missing inside. To have one in every session, write in "
        "the configuration: ro = DIR, env = PATH, env = NAME",
        "it names directories and the first variables of tools, and the settings");
    planned_release(&t);
}

static void give_directories(struct opts *o, struct facts *f, struct arena *a)
{
    give(o, f, a);
    f->env_names.count = 0;
    strv_add(&f->program_dirs, a, "/home/ann/go/bin");
    strv_add(&f->program_dirs, a, "/home/ann/bin");
}

static void many_directories_are_counted(void)
{
    planned_init(&t, give_directories);
    ok(planned_build(&t) == 0, "the plan is built %s", t.e.text);
    ok(strstr(t.p.missing.list[0].text,
              "programs (~/.local/bin, ~/my bin, ~/go/bin and 1 more) that are missing") !=
           NULL,
       "the line names three directories");
    planned_release(&t);
}

static void shown(struct opts *o, struct facts *f, struct arena *a)
{
    static struct opts_path paths[] = {
        {.path = "/home/ann/my bin", .access = ACCESS_READ, .option = "--ro"}};
    static struct fact_option_path found[] = {{.target = "/home/ann/my bin",
                                               .physical = "/home/ann/my bin",
                                               .type = FACT_DIR,
                                               .id = "1:2:3"}};

    give(o, f, a);
    f->program_dirs.count = 0;
    strv_add(&f->program_dirs, a, "/home/ann/my bin");
    f->env_names.count = 2;
    strv_add(&o->env, a, "CC");
    o->paths = paths;
    o->path_count = 1;
    f->option_paths = found;
    f->option_path_count = 1;
}

static void what_options_bring_is_not_missing(void)
{
    planned_init(&t, shown);
    ok(planned_build(&t) == 0, "the plan is built %s", t.e.text);
    ok(t.p.missing.count == 0, "a directory and a variable that options bring have no line");
    planned_release(&t);
}

int main(void)
{
    directories_of_the_home_are_found();
    many_directories_are_bounded();
    one_line_names_programs_and_variables();
    many_directories_are_counted();
    what_options_bring_is_not_missing();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
