/* SPDX-License-Identifier: MIT */
/* `cco help` for commands, topics and options, and for words that are none of these. */
#include "cli/app.h"

#include "cli.h"
#include "cli/manual.h"
#include "cli/options.h"
#include "tap.h"

static void lines_fit(const char *what)
{
    const char *text = get_file(in_tmp("out"));

    while (*text != '\0') {
        size_t len = strcspn(text, "\n");

        if (len > 80) {
            ok(false, "%s: a line of %zu bytes: %.*s", what, len, (int)len, text);
        }
        text += len + (text[len] == '\n' ? 1 : 0);
    }
    ok(!cli_out("\033"), "%s: no escape sequences in a file", what);
}

static void every_command_is_explained(void)
{
    struct arena a = {0};

    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];

        is_int(c->sub == NULL ? cli("help", c->word, NULL) : cli("help", c->word, c->sub, NULL),
               0, command_name(c, &a));
        ok(cli_out("usage: cco ") && cli_out(c->usage), "its usage is shown");
    }
    is_int(cli("help", "image", NULL), 0, "a first word");
    ok(cli_out("cco image build") && cli_out("cco image prune"), "shows all its commands");
    lines_fit("image");
    is_int(cli("stop", "--help", NULL), 0, "--help after a command");
    ok(cli_out("usage: cco stop"), "explains that command");
    is_int(cli("help", "attach", NULL), 0, "a command with options");
    ok(cli_out("\nOptions\n") && cli_out("--read-only") && !cli_out("--quiet"),
       "shows those that not every command has");
    arena_release(&a);
}

static void every_topic_is_printed(void)
{
    const char *topic;

    for (size_t i = 0; (topic = manual_topic(i)) != NULL; i++) {
        is_int(cli("help", topic, NULL), 0, topic);
    }
    is_int(cli("help", "sessions", NULL), 0, "a command and a page of the same name");
    ok(cli_out("usage: cco sessions") &&
           strstr(get_file(in_tmp("out")), "\nSessions\n") > get_file(in_tmp("out")),
       "the command comes first");
}

static void every_option_is_explained(void)
{
    for (size_t i = 0; i < option_count; i++) {
        char word[64];

        (void)snprintf(word, sizeof(word), "--%s", option_table[i].name);
        is_int(cli("help", word, NULL), 0, word);
        ok(cli_out(word), "its form is shown");
    }
    is_int(cli("help", "-e", NULL), 0, "a letter");
    ok(cli_out("-e, --env NAME[=VALUE]"), "shows the option");
    is_int(cli("help", "--backend", NULL), 0, "an alias");
    ok(cli_out("--engine auto|docker|native, --backend"), "shows the option");
    is_int(cli("help", "--network=bridge", NULL), 0, "an option with its value");
    is_int(cli("help", "--network", "bridge", NULL), 0, "or with its value after it");
    ok(cli_out("--network host|bridge|none"), "shows the option");
    is_int(cli("help", "--help", NULL), 0, "--help");
    ok(cli_out("-h, --help\n"), "is an option, too");
    is_int(cli("help", "options", NULL), 0, "all options");
    for (size_t i = 0; i < option_count; i++) {
        ok(cli_out(option_table[i].help), "--%s is among them", option_table[i].name);
    }
    lines_fit("options");
}

static void unknown_words_get_an_answer(void)
{
    const char *last = NULL;

    is_int(cli("help", "sesions", NULL), 2, "a misspelled topic");
    ok(cli_err("did you mean sessions?") && cli_err("Topics: "), "gets the nearest one");
    for (size_t i = 0; manual_topic(i) != NULL; i++) {
        last = manual_topic(i);
    }
    ok(last == NULL || cli_err(last), "and all topics");
    is_int(cli("help", "nonsense", NULL), 2, "a word that is like none");
    ok(cli_err("no command or topic is called nonsense") && cli_err("cco --help"),
       "gets the list of topics");
    is_int(cli("help", "image", "biuld", NULL), 2, "a misspelled second word");
    ok(cli_err("did you mean image build?"), "gets the nearest command");
    is_int(cli("help", "detach", NULL), 2, "an option without its dashes");
    ok(cli_err("did you mean --detach?"), "gets the option");
    is_int(cli("help", "--netwrok", NULL), 2, "a misspelled option");
    ok(cli_err("Did you mean --network?"), "gets the nearest option");
    is_int(cli("help", "--model", NULL), 2, "an option of claude's");
    ok(cli_err("cco -- --help"), "gets the way to claude's help");
    is_int(cli("help", "a", "b", "c", NULL), 2, "three words");
    ok(cli_err("this command takes one command, topic or option"), "are too many");
}

int main(void)
{
    cli_setup();
    every_command_is_explained();
    every_topic_is_printed();
    every_option_is_explained();
    unknown_words_get_an_answer();
    is_int(cli("help", "man", NULL), 0, "the manual");
    ok(cli_out(".TH CCO 1"), "is roff");
    is_int(cli("--version", NULL), 0, "version");
    ok(cli_out("cco " CCO_VERSION "\n"), "is printed on stdout");
    is_str(get_file(in_tmp("err")), "", "and nothing on stderr");
    tmpdir_remove();
    return done_testing();
}
