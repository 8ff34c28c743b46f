/* SPDX-License-Identifier: MIT */
/* `cco --help` fits a screen and names every command and topic. */
#include "cli/help.h"

#include "cli/manual.h"
#include "tap.h"

enum { LINES_MAX = 40, COLUMNS = 80, COMMON_MAX = 13 };

int main(void)
{
    struct arena a = {0};
    struct buf out;
    struct str rest;
    struct str line = {0};
    size_t lines = 0;
    size_t common = 0;
    const char *topic;

    buf_init(&out, 64 << 10);
    help_overview(&out, &a);
    for (rest = buf_str(&out); rest.len > 0; lines++) {
        (void)str_cut(&rest, '\n', &line);
        ok(line.len <= COLUMNS, "%.*s", (int)line.len, line.p);
    }
    ok(lines <= LINES_MAX, "%zu lines", lines);
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];

        ok(str_contains(buf_str(&out), c->sub != NULL ? c->sub : c->word), "it names %s",
           c->usage);
    }
    for (size_t i = 0; i < option_count; i++) {
        const char *name = arena_printf(&a, "--%s", option_table[i].name);

        common += option_table[i].common ? 1U : 0U;
        ok(!option_table[i].common || str_contains(buf_str(&out), name), "it names %s", name);
    }
    ok(common >= 8 && common <= COMMON_MAX, "%zu options are common", common);
    for (size_t i = 0; (topic = manual_topic(i)) != NULL; i++) {
        ok(str_contains(buf_str(&out), topic), "it names the topic %s", topic);
    }
    ok(str_contains(buf_str(&out), "cco help options") &&
           str_contains(buf_str(&out), "cco help man") &&
           str_contains(buf_str(&out), "cco -- --help"),
       "it says where the rest is");

    buf_reset(&out);
    help_line(&out, "left", "right");
    help_line(&out, "this is wider than the left column is", "right");
    is_str(buf_c(&out),
           "  left                            right\n"
           "  this is wider than the left column is\n"
           "                                  right\n",
           "the right column stays where it is");
    buf_release(&out);
    arena_release(&a);
    return done_testing();
}
