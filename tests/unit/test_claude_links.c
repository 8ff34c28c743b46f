/* SPDX-License-Identifier: MIT */
#include "host/claude_links.h"

#include "base/file.h"
#include "base/path.h"
#include "plan/claude_state.h"
#include "plan/untrusted.h"
#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"
#include "trust/lookup.h"

#include <string.h>

static struct arena a;
static struct facts f;
static struct ledger trees;

static void probe(void)
{
    f.claude_links = NULL;
    f.claude_link_count = 0;
    for (size_t i = 0; i < claude_state_count; i++) {
        const char *path = path_join(&a, f.claude_dir, claude_state[i].name);
        const char *physical = lookup_physical(&a, path);

        f.claude_state[i] = (struct fact_state){file_is_dir(path) ? FACT_DIR : FACT_MISSING,
                                                physical != NULL ? physical : path};
    }
    claude_links_probe(&a, &f);
}

static const struct fact_claude_link *at(const char *path)
{
    for (size_t i = 0; i < f.claude_link_count; i++) {
        if (strcmp(f.claude_links[i].at, path) == 0) {
            return &f.claude_links[i];
        }
    }
    return NULL;
}

static void dir(const char *name)
{
    ok(mkdir(in_tmp(name), 0700) == 0, "%s can be made", name);
}

static void link_to(const char *text, const char *name)
{
    ok(symlink(text, in_tmp(name)) == 0, "%s can be made", name);
}

static void links_out_of_the_set_up_are_found(void)
{
    dir(".claude");
    dir(".claude/skills");
    dir(".claude/commands");
    dir(".claude/commands/git");
    dir(".claude/skills/own");
    dir("agents");
    dir("agents/one");
    dir("more");
    put_file(in_tmp("agents/commit.md"), "x");
    put_file(in_tmp("more/deep.md"), "x");
    put_file(in_tmp(".claude/skills/own/SKILL.md"), "x");
    link_to("../../agents/one", ".claude/skills/one");
    link_to("../../more/deep.md", "agents/one/SKILL.md");
    link_to("own", ".claude/skills/same");
    link_to("../../gone", ".claude/skills/gone");
    link_to(arena_strdup(&a, in_tmp("agents/commit.md")), ".claude/commands/commit.md");
    link_to("../../../more/below.md", ".claude/commands/git/below.md");
    put_file(in_tmp("more/below.md"), "x");
    probe();
    ok(at(in_tmp("agents/one")) != NULL && at(in_tmp("agents/one"))->found.type == FACT_DIR,
       "a relative link to a directory is found");
    ok(at(in_tmp("agents/commit.md")) != NULL &&
           at(in_tmp("agents/commit.md"))->found.type == FACT_FILE,
       "an absolute link to a file is found");
    ok(at(in_tmp("gone")) == NULL, "a link that leads nowhere on the host is left out");
    ok(!at(in_tmp("agents/one"))->is_foreign && !at(in_tmp("agents/commit.md"))->is_foreign,
       "these are the user's own");
    is_int((int)f.claude_link_count, 4, "no other link is a fact");
    ok(at(in_tmp("more/deep.md")) != NULL && at(in_tmp("more/deep.md"))->is_foreign,
       "a link in the target of a link is foreign");
    ok(at(in_tmp("more/below.md")) != NULL && at(in_tmp("more/below.md"))->is_foreign,
       "a link in a directory below is foreign");
}

/* A skill that is a clone, a directory that is a clone, a directory that is a link, and a
 * marketplace. */
static void links_of_others_are_foreign(void)
{
    static const char *const foreign[] = {"bait/clone", "bait/agents", "bait/linked"};

    dir("bait");
    dir("elsewhere");
    dir(".claude/skills/clone");
    dir(".claude/agents");
    dir(".claude/agents/.git");
    dir(".claude/plugins");
    dir(".claude/plugins/market");
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        dir(foreign[i]);
    }
    dir("bait/plugins");
    link_to("../../../bait/clone", ".claude/skills/clone/x");
    link_to("../../bait/agents", ".claude/agents/x");
    link_to("../elsewhere", ".claude/rules");
    link_to(arena_strdup(&a, in_tmp("bait/linked")), "elsewhere/x");
    link_to("../../../bait/plugins", ".claude/plugins/market/x");
    link_to("../../bait/plugins", ".claude/plugins/x");
    probe();
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        ok(at(in_tmp(foreign[i])) != NULL && at(in_tmp(foreign[i]))->is_foreign,
           "the link to %s is foreign", foreign[i]);
    }
    ok(at(in_tmp("bait/plugins")) == NULL, "plugins are not examined");
}

static void links_through_a_tree_are_noted(void)
{
    dir("app");
    dir("app/skill");
    link_to("../../app/skill", ".claude/skills/app");
    ledger_add(&trees, &a, in_tmp("app"));
    probe();
    ok(at(in_tmp("app/skill")) != NULL &&
           untrusted_why(&f, at(in_tmp("app/skill"))->found.path) != NULL,
       "a link into a tree that an agent could write is noted");
}

static void many_links_are_bounded(void)
{
    for (int i = 0; i < 2 * CLAUDE_LINKS_MAX; i++) {
        (void)symlink(arena_printf(&a, "../../more/x%d", i),
                      in_tmp(arena_printf(&a, ".claude/skills/x%d", i)));
        put_file(in_tmp(arena_printf(&a, "more/x%d", i)), "x");
    }
    probe();
    is_int((int)f.claude_link_count, CLAUDE_LINKS_MAX, "the facts have a maximum of links");
}

int main(void)
{
    tmpdir_make();
    f.home = f.home_physical = tmpdir;
    f.claude_dir = arena_strdup(&a, in_tmp(".claude"));
    f.state_dir = arena_strdup(&a, in_tmp("state"));
    f.trees = &trees;
    f.claude_state = arena_array(&a, claude_state_count, sizeof(f.claude_state[0]));
    links_out_of_the_set_up_are_found();
    links_of_others_are_foreign();
    links_through_a_tree_are_noted();
    many_links_are_bounded();
    tmpdir_remove();
    arena_release(&a);
    return done_testing();
}
