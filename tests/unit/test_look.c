/* SPDX-License-Identifier: MIT */
#include "host/look.h"

#include "plan/untrusted.h"
#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"
#include "trust/pins.h"

#include <stdio.h>
#include <sys/stat.h>

static struct arena arena;
static struct ledger trees;
static struct fact_state state[32];

static const char *keep(const char *name)
{
    return arena_strdup(&arena, in_tmp(name));
}

static struct facts facts(void)
{
    return (struct facts){.trees = &trees,
                          .state_dir = keep("state"),
                          .claude_dir = keep("claude"),
                          .claude_path = keep("claude"),
                          .project = keep("project"),
                          .cwd_physical = keep("project"),
                          .claude_state = state};
}

static void files_are_noted_if_an_agent_could_decide_them(void)
{
    struct facts f = facts();
    struct fact_path p = look_obeyed(&arena, &f, keep("own"));
    struct err e = {0};

    ok(p.type == FACT_FILE && f.untrusted_count == 0, "the user's own file may be used");
    p = look_obeyed(&arena, &f, keep("link"));
    is_str(p.physical, in_tmp("tree/file"), "a link is resolved");
    ok(untrusted_why(&f, in_tmp("link")) != NULL, "a link into a tree is noted");
    ok(pin_make(f.state_dir, in_tmp("link"), &e) == 0, "it can be pinned: %s", e.text);
    f = facts();
    (void)look_obeyed(&arena, &f, keep("link"));
    ok(f.untrusted_count == 0 && untrusted_pin(&f, in_tmp("tree/file")) != NULL,
       "a pinned file may be used with this content");
    f = facts();
    (void)look_unpinned(&arena, &f, keep("link"));
    ok(untrusted_why(&f, in_tmp("link")) != NULL, "a pin does not count for some paths");
}

static void content_is_read_only_if_it_may_be_used(void)
{
    struct facts f = facts();
    struct fact_path own = look_readable(&arena, &f, keep("own"));
    struct fact_path dir = look_readable(&arena, &f, keep("claude"));
    struct fact_path link = look_readable(&arena, &f, keep("tree/file"));
    struct buf text;

    buf_init(&text, 64);
    ok(look_read(&f, &own, &text), "the user's own file is read");
    ok(!look_read(&f, &dir, &text), "a directory is not");
    ok(!look_read(&f, &link, &text), "nor is a file that an agent could have written");
    buf_release(&text);
}

static void entries_of_claude_that_are_links_are_noted(void)
{
    static const struct state_entry shared = {"projects", true, STATE_PROJECT, "", NULL};
    static const struct state_entry locked = {"hooks", true, STATE_LOCKED, "", NULL};
    struct facts f = facts();
    struct err e = {0};

    ok(look_state(&arena, &f, &shared).type == FACT_MISSING, "a missing entry is missing");
    ok(symlink("../tree/dir", in_tmp("claude/projects")) == 0 &&
           symlink("../tree/dir", in_tmp("claude/hooks")) == 0 &&
           pin_make(f.state_dir, in_tmp("claude/projects"), &e) == 0 &&
           pin_make(f.state_dir, in_tmp("claude/hooks"), &e) == 0,
       "links in claude's directory can be pinned: %s", e.text);
    ok(look_state(&arena, &f, &locked).type == FACT_DIR &&
           untrusted_why(&f, in_tmp("claude/hooks")) == NULL,
       "a pinned entry that is mounted read-only may be used");
    (void)look_state(&arena, &f, &shared);
    ok(untrusted_why(&f, in_tmp("claude/projects")) != NULL,
       "an entry that the sandbox can write may not be used because of a pin");
}

static void ways_through_a_directory_are_found(void)
{
    struct facts f = facts();

    ok(look_through(&arena, &f, in_tmp("project")) == NULL, "no way leads through the project");
    f.data_dir = keep("data");
    ok(symlink("tree/data", in_tmp("data")) == 0, "a link can be made");
    is_str(look_through(&arena, &f, in_tmp("tree")), in_tmp("data"),
           "a directory of cco to which a link leads is found, even if it is missing");
}

static void certificates_of_the_project_may_be_used(void)
{
    struct facts f = facts();
    const char *why = NULL;

    put_file(in_tmp("project/ca.pem"), "");
    ok(look_certificates(&arena, &f, in_tmp("project/ca.pem"), &why).type == FACT_FILE &&
           why == NULL,
       "a file in the project may be used");
    ok(symlink("../own", in_tmp("project/link.pem")) == 0, "a link can be made");
    (void)look_certificates(&arena, &f, in_tmp("project/link.pem"), &why);
    ok(why != NULL, "a link in the project may not be used");
    (void)look_certificates(&arena, &f, in_tmp("tree/file"), &why);
    ok(why != NULL, "a file in another tree may not be used");
    ok(symlink("../project/ca.pem", in_tmp("tree/ca.pem")) == 0, "a link can be made");
    (void)look_certificates(&arena, &f, in_tmp("tree/ca.pem"), &why);
    ok(why != NULL,
       "nor may a link in another tree, also if it leads to a file in the project");
}

static void new_files_are_not_made_through_links_of_an_agent(void)
{
    struct facts f = facts();
    struct err e = {0};

    is_str(look_target(&arena, &f, "film", &e), in_tmp("project/film"),
           "a file can be made in the project");
    is_str(look_target(&arena, &f, in_tmp("film"), &e), in_tmp("film"),
           "and at an absolute path");
    ok(symlink("../claude", in_tmp("project/films")) == 0 &&
           look_target(&arena, &f, "films/film", &e) == NULL && e.kind == ERR_REFUSED,
       "a link in a tree that leads out of it is refused: %s", e.text);
    e = (struct err){0};
    ok(look_target(&arena, &f, "none/film", &e) == NULL && e.kind != ERR_NONE,
       "a directory that is missing is an error: %s", e.text);
    ok(look_target(&arena, &(struct facts){0}, "film", &e) != NULL,
       "without facts the path is unchanged");
}

int main(void)
{
    static const char *const dirs[] = {"tree", "tree/dir", "claude", "project", "state"};

    tmpdir_make();
    for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
        (void)mkdir(in_tmp(dirs[i]), 0700);
    }
    put_file(in_tmp("own"), "");
    put_file(in_tmp("tree/file"), "");
    ok(symlink("tree/file", in_tmp("link")) == 0, "a link can be made");
    ledger_add(&trees, &arena, keep("tree"));
    ledger_add(&trees, &arena, keep("project"));
    content_is_read_only_if_it_may_be_used();
    files_are_noted_if_an_agent_could_decide_them();
    entries_of_claude_that_are_links_are_noted();
    ways_through_a_directory_are_found();
    certificates_of_the_project_may_be_used();
    new_files_are_not_made_through_links_of_an_agent();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
