/* SPDX-License-Identifier: MIT */
/* Which words are probably not meant as prompts. '|' is between the words of a line. */
#include "cli/habit.h"

#include "cli/options.h"
#include "tap.h"

enum { WORDS_MAX = 16 };

struct line {
    char text[256];
    char *argv[WORDS_MAX + 1];
    int argc;
    struct arena arena;
    struct opts o;
    struct habit h;
};

static bool look(struct line *l, const char *text)
{
    static char cco[] = "cco";
    struct err e = {0};

    *l = (struct line){.argc = 1, .argv = {cco}};
    (void)snprintf(l->text, sizeof(l->text), "%s", text);
    for (char *at = l->text[0] != '\0' ? l->text : NULL; at != NULL && l->argc < WORDS_MAX;) {
        char *bar = strchr(at, '|');

        l->argv[l->argc++] = at;
        if (bar != NULL) {
            *bar++ = '\0';
        }
        at = bar;
    }
    ok(options_parse(l->argc, l->argv, &l->arena, &l->o, &e) == 0, "%s: %s", text, e.text);
    return habit_find(l->argc, l->argv, &l->o, &l->arena, &l->h);
}

static void words_that_are_not_meant_as_prompts_are_found(void)
{
    static const struct {
        const char *line, *instead; /* the command line that is meant, or "" */
    } samples[] = {
        {"shel", "shell"},
        {"sesions", "sessions"},
        {"sesions|--json", "sessions|--json"},
        {"exec|x", "shell|x"},
        {"exec|ls|-la", "shell|ls|-la"},
        {"clean", "cleanup"},
        {"build", "image|build"},
        {"--packages|jq|build", "--packages|jq|image|build"},
        {"--network=none|exec|ls", "--network=none|shell|ls"},
        {"status", "info"},
        {"status|--json", "info|--json"},
        {"version", "--version"},
        {"login", ""},
        {"unistall", "uninstall"},
        {"list", "sessions"},
        {"kill-server", "stop|--all"},
        {"a", "attach"},
        {"a|work", "attach|work"},
        {"rmi|cco:1|2", "image|rm|cco:1|2"},
        {"update", "image|build|--rebuild"},
        {"upgrade", "image|build|--rebuild"},
        {"install", "image|build|--rebuild"},
        {"--engine|native|update", "--engine|native|--rebuild"},
        {"--engine|native|rebuild", "--engine|native|--rebuild"},
        {"Info", "info"},
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        struct line l;
        bool found = look(&l, samples[i].line);

        ok(found && l.h.text != NULL, "%s is found", samples[i].line);
        if (found && l.h.instead != NULL) {
            char **argv = habit_replace(&l.h, &l.argc, l.argv, &l.arena);
            const char *joined = "";

            for (int k = 1; k < l.argc; k++) {
                joined = arena_printf(&l.arena, "%s%s%s", joined, k > 1 ? "|" : "", argv[k]);
            }
            is_str(joined, samples[i].instead, samples[i].line);
            ok(argv[l.argc] == NULL, "the words end with NULL");
        } else {
            is_str("", samples[i].instead, samples[i].line);
        }
        arena_release(&l.arena);
    }
}

static void prompts_and_commands_are_left_alone(void)
{
    static const char *const lines[] = {
        "",
        "hi",
        "fix the build",
        "build it",
        "build|it",
        "clean|up|the|code",
        "shel|x",
        "--|build",
        "--|shel",
        "-p|build",
        "build|-p",
        "build|--model|opus",
        "build|--continue",
        "--model|opus|build",
        "-c|build",
        "update|--help",
        "install|latest",
        "mcp|list",
        "shell|build",
        "sessions",
        "config",
        "doctor",
        "hello",
        "test",
        "-",
    };

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct line l;

        ok(!look(&l, lines[i]), "%s is left alone", lines[i]);
        arena_release(&l.arena);
    }
}

static void the_hint_says_what_to_type(void)
{
    struct line l;

    (void)look(&l, "shel");
    is_str(l.h.text, "Did you mean: cco shell", "a word that is like a command has a hint");
    ok(!l.h.of_claude, "and is a prompt");
    arena_release(&l.arena);
    (void)look(&l, "build");
    is_str(l.h.text, "cco's command for that: cco image build",
           "a word of other programs has a hint");
    arena_release(&l.arena);
    (void)look(&l, "update");
    ok(strstr(l.h.text, "cco image build --rebuild") != NULL && l.h.of_claude,
       "a command of claude's has a hint");
    arena_release(&l.arena);
}

/* Each command line that is offered is one of cco's. */
static void replacements_are_commands(void)
{
    static const char *const words[] = {
        "a",           "bash",  "build", "clean",   "exec", "gc",     "images", "list",
        "kill-server", "prune", "pull",  "rebuild", "sh",   "status", "update", "version"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct line l;
        struct opts o = {0};
        struct err e = {0};
        char **argv;

        ok(look(&l, words[i]), "%s is found", words[i]);
        argv = habit_replace(&l.h, &l.argc, l.argv, &l.arena);
        ok(options_parse(l.argc, argv, &l.arena, &o, &e) == 0 && o.command != CMD_CLAUDE,
           "what is offered for %s is a command: %s", words[i], e.text);
        arena_release(&l.arena);
    }
}

int main(void)
{
    words_that_are_not_meant_as_prompts_are_found();
    prompts_and_commands_are_left_alone();
    the_hint_says_what_to_type();
    replacements_are_commands();
    return done_testing();
}
