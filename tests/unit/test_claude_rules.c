/* SPDX-License-Identifier: MIT */
#include "host/claude_rules.h"

#include "tap.h"
#include "tmpdir.h"

#include <string.h>
#include <unistd.h>

static struct arena arena;

static void markdown_files_are_found_at_any_depth(void)
{
    struct strv found = {0};

    put_below("rules/b.md", "");
    put_below("rules/a.txt", "");
    put_below("rules/x/y/z/w/v/deep.md", "");
    put_below("other/secret.md", "");
    ok(symlink("../other", in_tmp("rules/link")) == 0 &&
           symlink("../other/secret.md", in_tmp("rules/a.md")) == 0,
       "links are made");
    claude_rules_find(&arena, arena_strdup(&arena, in_tmp("rules")), &found);
    is_int((long long)found.count, 3,
           "files of other names and of linked directories do not count");
    is_str(found.v[0], in_tmp("rules/a.md"), "a link is named");
    is_str(found.v[1], in_tmp("rules/b.md"), "the paths are sorted");
    is_str(found.v[2], in_tmp("rules/x/y/z/w/v/deep.md"), "directories are followed");
    found = (struct strv){0};
    ok(symlink("rules", in_tmp("linked")) == 0, "a link is made");
    claude_rules_find(&arena, arena_strdup(&arena, in_tmp("linked")), &found);
    ok(found.count == 0, "a link to the directory is not followed");
}

static void the_count_of_names_is_bounded(void)
{
    struct strv found = {0};

    for (int i = 0; i <= CLAUDE_RULES_NAMES; i++) {
        put_below(arena_printf(&arena, "many/%d.md", i), "");
    }
    claude_rules_find(&arena, arena_strdup(&arena, in_tmp("many")), &found);
    is_int((long long)found.count, CLAUDE_RULES_NAMES, "further names are not examined");
}

int main(void)
{
    tmpdir_make();
    markdown_files_are_found_at_any_depth();
    the_count_of_names_is_bounded();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
