/* SPDX-License-Identifier: MIT */
#include "host/audit_dirs.h"

#include "audit.h"

/* Returns all lines of the findings, in groups. */
static const char *all_lines(void)
{
    struct strv text = {0};
    const char *all = "";

    take(&after);
    audit_diff(&before, &after, &arena, &report);
    audit_lines(&report, 20, &arena, &text);
    for (size_t i = 0; i < text.count; i++) {
        all = arena_printf(&arena, "%s%s\n", all, text.v[i]);
    }
    return all;
}

static void existing_directories_are_known(void)
{
    start();
    put("p/lib/a/app.py", "");
    (void)mkdir(in_tmp("p/empty"), 0755);
    take(&before);
    ok(!audit_dir_is_new(&before, "lib/x") && !audit_dir_is_new(&before, "lib/a/x") &&
           !audit_dir_is_new(&before, "empty/x"),
       "directories at any depth are known");
    ok(audit_dir_is_new(&before, "li/x") && audit_dir_is_new(&before, "lib/b/x"),
       "others are new");
    ok(!audit_dir_is_new(&before, "x"), "the project itself is not new");
    before.dirs_cut = true;
    ok(!audit_dir_is_new(&before, "li/x"), "nothing is new if the list is incomplete");
    before.dirs_cut = false;
    before.overflow = "d";
    ok(!audit_dir_is_new(&before, "li/x"), "nor if the snapshot is");
}

/* A marker in a directory of the project would otherwise hide what Python runs in it. */
static void an_existing_directory_does_not_become_an_environment(void)
{
    start();
    put("p/lib/app.py", "");
    take(&before);
    put("p/lib/pyvenv.cfg", "");
    put("p/lib/deep/sitecustomize.py", "evil");
    put("p/env/pyvenv.cfg", "");
    put("p/env/lib/sitecustomize.py", "");
    ok(strstr(all_lines(), "lib/deep/sitecustomize.py added") != NULL,
       "what is new in it is named: %s", all_lines());
    ok(strstr(all_lines(), "env added: an environment of Python") != NULL &&
           strstr(all_lines(), "env/lib") == NULL,
       "a new environment is one line");
    (void)rename(in_tmp("p/lib"), in_tmp("p/moved"));
    put("p/lib/pyvenv.cfg", "");
    put("p/lib/sitecustomize.py", "evil");
    ok(strstr(all_lines(), "lib/sitecustomize.py added") != NULL,
       "an exchanged directory is not a new one: %s", all_lines());
}

static void the_list_is_bounded(void)
{
    struct audit out = {0};
    static struct audit_walk w;

    w.a = &arena;
    w.out = &out;
    for (int i = 0; i <= AUDIT_DIRS_MAX; i++) {
        audit_note_dir(&w, arena_printf(&arena, "%d", i));
    }
    audit_finish_dirs(&w);
    ok(out.dir_count == AUDIT_DIRS_MAX && out.dirs_cut, "the list is marked as incomplete");
    ok(out.dirs[0] <= out.dirs[1], "it is sorted");
}

int main(void)
{
    tmpdir_make();
    existing_directories_are_known();
    an_existing_directory_does_not_become_an_environment();
    the_list_is_bounded();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
