/* SPDX-License-Identifier: MIT */
#include "base/path.h"

#include "tap.h"

int main(void)
{
    static const char *const clean[][2] = {
        {"/", "/"},
        {"//a//b/", "/a/b"},
        {"/a/./b/.", "/a/b"},
        {"/a/../b", "/b"},
        {"/..", "/"},
        {"/../../a", "/a"},
        {"a/..", "."},
        {"", "."},
        {".", "."},
        {"../a", "../a"},
        {"a/../../b", "../b"},
        {"../../x/..", "../.."},
        {"/a/b/../../..", "/"},
        {"a//b", "a/b"},
        {"/...", "/..."},
        {"..a", "..a"},
    };
    struct arena a = {0};

    for (size_t i = 0; i < sizeof(clean) / sizeof(clean[0]); i++) {
        is_str(path_clean(&a, clean[i][0]), clean[i][1], clean[i][0]);
    }
    is_str(path_join(&a, "/a", "b"), "/a/b", "join");
    is_str(path_join(&a, "/a/", "b"), "/a/b", "one slash between");
    is_str(path_join(&a, "/a//", "b"), "/a/b", "of however many");
    is_str(path_join(&a, "/", "b"), "/b", "below the root");
    is_str(path_join(&a, "/a", "/b"), "/b", "an absolute one stands alone");
    ok(path_is_inside("/a/b", "/a") && path_is_inside("/a", "/a") && path_is_inside("/x", "/"),
       "inside");
    ok(!path_is_inside("/ab", "/a") && !path_is_inside("/", "/a") &&
           !path_is_inside("/a", "/a/b"),
       "not inside");
    is_str(path_base("/a/b"), "b", "base");
    is_str(path_base("b"), "b", "of a name");
    is_str(path_dir(&a, "/a/b"), "/a", "directory");
    is_str(path_dir(&a, "/a"), "/", "up to the root");
    is_str(path_dir(&a, "a"), ".", "of a name");
    ok(path_is_absolute("/a") && !path_is_absolute("a") && !path_is_absolute(""), "absolute");
    arena_release(&a);
    return done_testing();
}
