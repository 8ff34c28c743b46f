/* SPDX-License-Identifier: MIT */
#include "plan/untrusted.h"

#include "tap.h"

static struct arena arena;

/* Compares the lines for `count` paths with `expected`, which has a line break behind each. */
static void lines_are(const struct fact_untrusted *list, size_t count, const char *expected,
                      const char *name)
{
    struct strv lines = {0};
    const char *text = "";

    untrusted_lines(list, count, &arena, &lines);
    for (size_t i = 0; i < lines.count; i++) {
        text = arena_printf(&arena, "%s%s\n", text, lines.v[i]);
    }
    is_str(text, expected, name);
}

static void paths_are_described_together(void)
{
    const struct fact_untrusted list[] = {
        {"/h/a", "it leads into /d", true},
        {"/h/b c", "it leads through the link /d/x", true},
        {"/h/socket", "it leads into /d", false},
        {"/h/e", "other", false},
    };

    lines_are(list, 0, "", "no path takes no line");
    lines_are(
        list, 1,
        "/h/a is not shared: it leads into /d. To accept its present content: cco trust /h/a\n",
        "one path takes one line");
    lines_are(list + 2, 1, "/h/socket is not shared: it leads into /d\n",
              "without a next step if it cannot be accepted");
    lines_are(list, 2,
              "2 of your files are not shared:\n/h/a: it leads into /d\n"
              "/h/b c: it leads through the link /d/x\n"
              "To accept their present content: cco trust /h/a '/h/b c'\n",
              "one command names all paths, as words of a shell");
    lines_are(list, 4,
              "4 of your files are not shared:\n/h/a, /h/socket: each leads into /d\n"
              "/h/b c: it leads through the link /d/x\n/h/e: other\n"
              "To accept the present content of these: cco trust /h/a '/h/b c'\n",
              "each reason is there once, and the command has what can be accepted");
    lines_are(list + 1, 2,
              "2 of your files are not shared:\n/h/b c: it leads through the link /d/x\n"
              "/h/socket: it leads into /d\n"
              "To accept the present content of this one: cco trust '/h/b c'\n",
              "if that is one path, the command has one");
    lines_are(list + 2, 2,
              "2 of your files are not shared:\n/h/socket: it leads into /d\n/h/e: other\n",
              "without a command if no path can be accepted");
}

int main(void)
{
    const struct facts f = {.untrusted = &(struct fact_untrusted){"/a", "why", false},
                            .untrusted_count = 1,
                            .pins = &(struct fact_pin){"/b", "digest"},
                            .pin_count = 1};

    is_str(untrusted_why(&f, "/a"), "why", "a noted path has a reason");
    is_str(untrusted_why(&f, "/b"), NULL, "another path has none");
    is_str(untrusted_why(&f, NULL), NULL, "no path has none");
    is_str(untrusted_pin(&f, "/b"), "digest", "a pinned object has a digest");
    is_str(untrusted_pin(&f, "/a"), NULL, "another object has none");
    is_str(untrusted_pin(&f, NULL), NULL, "no object has none");
    paths_are_described_together();
    arena_release(&arena);
    return done_testing();
}
