/* SPDX-License-Identifier: MIT */
/* Tests both files of this name: the search on the host, and what the plan does with it. */
#include "host/terminfo.h"

#include "plan/build.h"
#include "plan/untrusted.h"
#include "trust/ledger.h"

#include "plan_golden.h"
#include "tmpdir.h"

#include <sys/stat.h>

static struct arena arena;
static struct ledger trees;

static const char *keep(const char *name)
{
    return arena_strdup(&arena, in_tmp(name));
}

static struct facts probe(const char *term, const char *own, const char *dirs)
{
    char *env[4] = {arena_printf(&arena, "TERM=%s", term), NULL, NULL, NULL};
    struct facts f = {.trees = &trees, .state_dir = keep("state"), .home = keep("home")};
    size_t n = 1;

    if (own != NULL) {
        env[n++] = arena_printf(&arena, "TERMINFO=%s", own);
    }
    if (dirs != NULL) {
        env[n++] = arena_printf(&arena, "TERMINFO_DIRS=%s", dirs);
    }
    terminfo_probe(env, &arena, &f);
    return f;
}

static void entries_are_found_in_the_order_of_ncurses(void)
{
    struct facts f;

    f = probe("xterm-mine", keep("own"), keep("dirs"));
    is_str(f.terminfo.path, in_tmp("own/x/xterm-mine"), "TERMINFO comes first");
    ok(f.terminfo_is_own, "such an entry is the user's own");
    f = probe("xterm-mine", NULL, keep("dirs"));
    is_str(f.terminfo.path, in_tmp("home/.terminfo/x/xterm-mine"), "then the home");
    f = probe("other", NULL, arena_printf(&arena, "relative::%s", keep("dirs")));
    is_str(f.terminfo.path, in_tmp("dirs/6f/other"),
           "then TERMINFO_DIRS, also with the directories of macOS");
    f = probe("no-such-terminal", keep("own"), keep("dirs"));
    ok(f.terminfo.type == FACT_MISSING && f.untrusted_count == 0, "an unknown one is missing");
}

static void odd_names_are_ignored(void)
{
    static const char *const names[] = {"", "../x/xterm-mine", "x/xterm-mine", ".hidden",
                                        "a b"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct facts f = probe(names[i], keep("own"), NULL);

        ok(f.terminfo.type == FACT_MISSING, "TERM=%s is ignored", names[i]);
    }
}

static void ways_through_a_tree_are_noted(void)
{
    struct facts f;

    ledger_add(&trees, &arena, keep("tree"));
    f = probe("planted", NULL, NULL);
    ok(untrusted_why(&f, in_tmp("home/.terminfo/p/planted")) != NULL,
       "an entry that an agent could have chosen is noted");
}

/* Returns the mount of the entry, or NULL. */
static const struct plan_mount *planned(const char *name, bool own, bool is_native)
{
    static struct plan p;
    struct opts o = {0};
    struct facts f;
    struct err e = {0};

    plan_facts(&f, &arena);
    if (is_native) {
        case_native(&o, &f, &arena);
    }
    f.terminfo =
        (struct fact_path){arena_printf(&arena, "/usr/share/terminfo/x/%s", name),
                           arena_printf(&arena, "/usr/share/terminfo/x/%s", name), FACT_FILE};
    if (own) {
        f.terminfo.path = f.terminfo.physical =
            arena_printf(&arena, "/home/ann/.terminfo/x/%s", name);
    }
    f.terminfo_is_own = own;
    ok(plan_build(&o, &f, &arena, &p, &e) == 0 && plan_check(&p, &f, &e) == 0,
       "a plan is built: %s", e.text);
    for (size_t i = 0; i < p.files.mount_count; i++) {
        if (strcmp(p.files.mounts[i].target,
                   arena_printf(&arena, "/home/ann/.terminfo/x/%s", name)) == 0) {
            return &p.files.mounts[i];
        }
    }
    return NULL;
}

int main(void)
{
    const struct plan_mount *m;

    tmpdir_make();
    plan_goldens();
    ok(mkdir(in_tmp("home"), 0700) == 0 && mkdir(in_tmp("home/.terminfo"), 0700) == 0 &&
           mkdir(in_tmp("home/.terminfo/x"), 0700) == 0 &&
           mkdir(in_tmp("home/.terminfo/p"), 0700) == 0 && mkdir(in_tmp("own"), 0700) == 0 &&
           mkdir(in_tmp("own/x"), 0700) == 0 && mkdir(in_tmp("dirs"), 0700) == 0 &&
           mkdir(in_tmp("dirs/6f"), 0700) == 0 && mkdir(in_tmp("tree"), 0700) == 0 &&
           symlink("../../../tree/file", in_tmp("home/.terminfo/p/planted")) == 0,
       "a home can be made");
    put_file(in_tmp("home/.terminfo/x/xterm-mine"), "x");
    put_file(in_tmp("own/x/xterm-mine"), "x");
    put_file(in_tmp("dirs/6f/other"), "x");
    put_file(in_tmp("tree/file"), "x");
    entries_are_found_in_the_order_of_ncurses();
    odd_names_are_ignored();
    ways_through_a_tree_are_noted();
    m = planned("xterm-kitty", false, false);
    ok(m != NULL && m->read_only, "a container gets a terminal that images may lack");
    ok(planned("xterm-256color", false, false) == NULL, "but not an entry that all have");
    ok(planned("xterm-256color", true, false) != NULL, "unless it is the user's own");
    ok(planned("xterm-kitty", false, true) == NULL,
       "a native sandbox has those of this machine's directories");
    ok(planned("xterm-kitty", true, true) != NULL, "and gets the user's own");
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
