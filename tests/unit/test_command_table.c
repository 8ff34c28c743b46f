/* SPDX-License-Identifier: MIT */
/* The commands are found by their words, are complete, and are unique. */
#include "cli/options.h"

#include "cli/markdown_text.h"
#include "tap.h"

#include <string.h>

/* The text for `cco help COMMAND` is Markdown, and fits a terminal. */
static void shown_as_text(const struct command *c, const char *name)
{
    const struct markdown_look look = {.columns = 80};
    struct err e = {0};
    struct buf out;
    struct str rest;
    struct str line = {0};

    buf_init(&out, 16 << 10);
    ok(markdown_text(str_c(c->about), &look, &out, &e) == 0, "%s: %s", name, e.text);
    for (rest = buf_str(&out); rest.len > 0;) {
        (void)str_cut(&rest, '\n', &line);
        if (line.len > 80) {
            ok(false, "%s: a line of %zu bytes", name, line.len);
        }
    }
    buf_release(&out);
}

int main(void)
{
    struct arena a = {0};

    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        const char *name = command_name(c, &a);

        ok(command_of(c->id) == c && command_named(name) == c, "%s is found", name);
        ok(strncmp(c->usage, name, strlen(name)) == 0, "its usage begins with its name");
        ok(c->run != NULL && strlen(c->help) <= 46, "it has a function and a short help");
        ok((c->words == NULL && c->choices == NULL) ==
               (c->words_max == 0 || c->words_max == WORDS_ANY),
           "its words have a name if their number is limited");
        ok(c->words == NULL || c->choices == NULL,
           "it has a name for the words, or choices, or neither");
        shown_as_text(c, name);
        for (size_t k = i + 1; k < command_count; k++) {
            if (strcmp(c->word, command_table[k].word) == 0) {
                ok(c->sub != NULL && k - i < 8 && command_table[k].sub != NULL,
                   "%s: commands with the same first word are successive", c->word);
            }
        }
    }
    ok(command_named("ls") == command_of(CMD_SESSIONS) &&
           command_named("ps") == command_of(CMD_SESSIONS) &&
           command_named("rm") == command_of(CMD_STOP) &&
           command_named("image ls") == command_of(CMD_IMAGE_LIST) &&
           command_named("image rm") == command_of(CMD_IMAGE_PRUNE),
       "commands have the spellings that users know from other programs");
    is_str(command_spellings(command_of(CMD_SESSIONS), &a), "cco ls, cco ps",
           "the other spellings are listed");
    is_str(command_spellings(command_of(CMD_IMAGE_LIST), &a), "cco image ls",
           "also those of a command with two words");
    ok(command_named("image ps") == NULL && command_named("sessions ls") == NULL &&
           command_named("image") == NULL,
       "another spelling stands for the last word of its command only");
    ok(command_of(CMD_CLAUDE) == NULL && command_of(CMD_VERSION) == NULL,
       "claude and --version have no row");
    ok(command_named("shel") == NULL && command_named("shell x") == NULL &&
           command_named("") == NULL,
       "other words name no command");
    arena_release(&a);
    return done_testing();
}
