/* SPDX-License-Identifier: MIT */
/* Tests both files of this name: what is found on the host, and what the plan says about it. */
#include "host/tool_settings.h"

#include "plan.h"
#include "tap.h"
#include "tmpdir.h"

#include <string.h>
#include <sys/stat.h>

static struct arena arena;
static struct planned t;

static void files_of_the_home_are_found(void)
{
    struct facts f = {0};

    tmpdir_make();
    f.home = arena_strdup(&arena, in_tmp("home"));
    (void)mkdir(f.home, 0700);
    tool_settings_probe(&arena, &f);
    is_int((long long)f.tool_settings.count, 0, "an empty home has no settings");
    put_file(in_tmp("home/.npmrc"), "registry=x\n");
    put_file(in_tmp("home/.gemrc"), "");
    (void)mkdir(in_tmp("home/.netrc"), 0700);
    tool_settings_probe(&arena, &f);
    ok(f.tool_settings.count == 1 && strcmp(f.tool_settings.v[0], ".npmrc npm") == 0,
       "a file is found; an empty file and a directory are not");
}

static void give(struct opts *o, struct facts *f, struct arena *a)
{
    (void)o;
    strv_add(&f->tool_settings, a, ".npmrc npm");
    strv_add(&f->tool_settings, a, ".config/pip/pip.conf pip");
}

static void one_line_names_all_settings(void)
{
    planned_init(&t, give);
    ok(planned_build(&t) == 0, "the plan is built %s", t.e.text);
    ok(t.p.missing.count == 1, "there is one line");
    is_str(
        t.p.missing.list[0].text,
        "these settings are missing inside: ~/.npmrc (npm), ~/.config/pip/pip.conf (pip). To "
        "share such a file, and a login that it contains: --ro /home/ann/.npmrc",
        "the line names each file and its program, and the option");
    planned_release(&t);
}

static void file_that_an_option_shows_is_not_missing(void)
{
    static struct opts_path paths[] = {
        {.path = "/home/ann/.npmrc", .access = ACCESS_READ, .option = "--ro"}};
    static struct fact_option_path found[] = {{.target = "/home/ann/.npmrc",
                                               .physical = "/home/ann/.npmrc",
                                               .type = FACT_FILE,
                                               .id = "1:2:3"}};

    planned_init(&t, give);
    t.o.paths = paths;
    t.o.path_count = 1;
    t.f.option_paths = found;
    t.f.option_path_count = 1;
    ok(planned_build(&t) == 0, "the plan with --ro is built %s", t.e.text);
    ok(t.p.missing.count == 1 &&
           strstr(t.p.missing.list[0].text, "inside: ~/.config/pip") != NULL,
       "only the other file is missing");
    planned_release(&t);
}

int main(void)
{
    files_of_the_home_are_found();
    one_line_names_all_settings();
    file_that_an_option_shows_is_not_missing();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
