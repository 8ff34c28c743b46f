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
    is_str(path_join(&a, "/a", "b"), "/a/b", "a name is appended");
    is_str(path_join(&a, "/a/", "b"), "/a/b", "there is one slash between directory and name");
    is_str(path_join(&a, "/a//", "b"), "/a/b", "several slashes become one");
    is_str(path_join(&a, "/", "b"), "/b", "a name is appended to the root");
    is_str(path_join(&a, "/a", "/b"), "/b", "an absolute name replaces the directory");
    ok(path_is_inside("/a/b", "/a") && path_is_inside("/a", "/a") && path_is_inside("/x", "/"),
       "a path is inside a directory above it, itself, and the root");
    ok(!path_is_inside("/ab", "/a") && !path_is_inside("/", "/a") &&
           !path_is_inside("/a", "/a/b"),
       "other paths are not inside");
    is_str(path_base("/a/b"), "b", "the base is the part behind the last slash");
    is_str(path_base("b"), "b", "a path without a slash");
    is_str(path_dir(&a, "/a/b"), "/a", "the directory is the part before the last slash");
    is_str(path_dir(&a, "/a"), "/", "the directory of a path in the root is the root");
    is_str(path_dir(&a, "a"), ".", "a path without a slash");
    is_str(path_named(&a, "/h", "/d", "~/a/../b"), "/h/b", "~/ in settings is the home");
    is_str(path_named(&a, "/h", "/d", "/a/"), "/a", "an absolute name stays");
    is_str(path_named(&a, "/h", "/d", "../a"), "/a", "a relative name begins at the directory");
    ok(path_named(&a, "/h", NULL, "a") == NULL && path_named(&a, "/h", "/d", "~b/a") == NULL &&
           path_named(&a, "/h", "/d", "") == NULL,
       "other names mean no path");
    ok(path_is_absolute("/a") && !path_is_absolute("a") && !path_is_absolute(""),
       "only a path that begins with a slash is absolute");
    is_str(path_word(&a, "/a/b-c_1.x"), "/a/b-c_1.x", "a plain path is a word of a shell");
    is_str(path_word(&a, "/a b/$c"), "'/a b/$c'", "another one is quoted");
    is_str(path_word(&a, "/it's"), "'/it'\\''s'", "also if it has quotes");
    arena_release(&a);
    return done_testing();
}
