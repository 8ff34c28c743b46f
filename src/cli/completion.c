/* SPDX-License-Identifier: MIT */
/* `cco completion bash|zsh|fish`: prints a script, which is made from the tables of options and
 * commands and from the topics of the manual. The script completes cco's own words, and file
 * names after claude's. */
#include "base/buf.h"
#include "cli/app.h"
#include "cli/manual.h"
#include "cli/options.h"

#include <string.h>
#include <unistd.h>

enum { SCRIPT_MAX = 64 << 10 };

/* A command of the shell that prints the names of this user's sessions. */
#define SESSIONS "cco sessions 2>/dev/null | sed '1d;s/ .*//'"

enum shell { SHELL_BASH, SHELL_ZSH, SHELL_FISH };

const struct choice completion_shells[] = {
    {"bash", SHELL_BASH}, {"zsh", SHELL_ZSH}, {"fish", SHELL_FISH}, {NULL, 0}};

/* Adds the text in single quotes, which mean the same in all three shells. */
static void add_quoted(struct buf *out, const char *text)
{
    (void)buf_add_byte(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            (void)buf_add_c(out, "'\\''");
        } else {
            (void)buf_add_byte(out, (unsigned char)*text);
        }
    }
    (void)buf_add_byte(out, '\'');
}

/* Adds the words of a command with "|" between them: a pattern for bash and zsh. */
static void add_pattern(struct buf *out, const struct command *c)
{
    (void)buf_add_c(out, c->word);
    for (const char *const *also = c->also; c->sub == NULL && also != NULL && *also != NULL;
         also++) {
        (void)buf_addf(out, "|%s", *also);
    }
}

static bool is_first_of_word(size_t i)
{
    return i == 0 || strcmp(command_table[i].word, command_table[i - 1].word) != 0;
}

static void add_command_words(struct buf *out)
{
    for (size_t i = 0; i < command_count; i++) {
        if (is_first_of_word(i)) {
            (void)buf_addf(out, "%s ", command_table[i].word);
        }
    }
}

static void add_sub_words(struct buf *out, const char *word)
{
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(command_table[i].word, word) == 0) {
            (void)buf_addf(out, "%s ", command_table[i].sub);
        }
    }
}

/* Adds the options that any of these commands (bits IN(CMD_...)) takes, with their dashes. For
 * `cco help`, adds all options, because it explains each. */
static void add_options_of(struct buf *out, uint64_t commands)
{
    for (size_t i = 0; i < option_count; i++) {
        if (commands == IN(CMD_HELP) || (option_table[i].commands & commands) != 0) {
            (void)buf_addf(out, "--%s ", option_table[i].name);
        }
    }
}

/* Returns the bits of all commands that begin with this word. */
static uint64_t commands_of_word(const char *word)
{
    uint64_t commands = 0;

    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(command_table[i].word, word) == 0) {
            commands |= IN(command_table[i].id);
        }
    }
    return commands;
}

/* Adds what `cco help` explains beside commands and options. */
static void add_topics(struct buf *out)
{
    const char *topic;

    (void)buf_add_c(out, "man options ");
    for (size_t i = 0; (topic = manual_topic(i)) != NULL; i++) {
        (void)buf_addf(out, "%s ", topic);
    }
}

/* Adds all spellings of an option with "|" between them: a pattern for bash. */
static void add_spellings(struct buf *out, const struct option *opt)
{
    (void)buf_addf(out, "--%s", opt->name);
    if (opt->alias != NULL) {
        (void)buf_addf(out, "|--%s", opt->alias);
    }
    if (opt->letter != '\0') {
        (void)buf_addf(out, "|-%c", opt->letter);
    }
}

/* Completes $cur with files ("-f") or directories ("-d"). */
static void bash_paths(struct buf *out, const char *kind)
{
    (void)buf_addf(out, "compopt -o filenames; COMPREPLY=($(compgen %s -- \"$cur\"))", kind);
}

/* Completes $cur with the words of a value or of a command. */
static void bash_words(struct buf *out, const struct choice *choices, enum complete complete,
                       struct arena *a)
{
    if (choices != NULL) {
        (void)buf_addf(out, "COMPREPLY=($(compgen -W '%s' -- \"$cur\"))",
                       choice_join(choices, ' ', a));
        return;
    }
    switch (complete) {
    case COMPLETE_FILE:
        bash_paths(out, "-f");
        break;
    case COMPLETE_DIR:
        bash_paths(out, "-d");
        break;
    case COMPLETE_SESSION:
        (void)buf_add_c(out, "COMPREPLY=($(compgen -W \"$(" SESSIONS ")\" -- \"$cur\"))");
        break;
    case COMPLETE_COMMAND:
        (void)buf_add_c(out, "COMPREPLY=($(compgen -W '");
        add_topics(out);
        add_command_words(out);
        (void)buf_add_c(out, "' -- \"$cur\"))");
        break;
    case COMPLETE_NOTHING:
        (void)buf_add_c(out, ":");
        break;
    }
}

static void bash_values(struct buf *out, struct arena *a)
{
    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];

        if (!option_has_value(opt)) {
            continue;
        }
        (void)buf_add_c(out, "    ");
        add_spellings(out, opt);
        (void)buf_add_c(out, ") ");
        bash_words(out, opt->choices, opt->complete, a);
        (void)buf_add_c(out, "; return ;;\n");
    }
}

static void bash_command(struct buf *out, size_t i, struct arena *a)
{
    const struct command *c = &command_table[i];

    (void)buf_add_c(out, "    ");
    add_pattern(out, c);
    (void)buf_add_c(out, ") if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '");
    add_options_of(out, commands_of_word(c->word));
    (void)buf_add_c(out, "' -- \"$cur\")); else ");
    if (c->sub != NULL) {
        (void)buf_add_c(out, "if [[ $sub == \"\" ]]; then COMPREPLY=($(compgen -W '");
        add_sub_words(out, c->word);
        (void)buf_add_c(out, "' -- \"$cur\")); else ");
        bash_paths(out, "-f");
        (void)buf_add_c(out, "; fi");
    } else {
        bash_words(out, c->choices, c->complete, a);
    }
    (void)buf_add_c(out, "; fi ;;\n");
}

static void bash(struct buf *out, struct arena *a)
{
    (void)buf_add_c(out, "# bash completion for cco, made by: cco completion bash\n"
                         "_cco() {\n"
                         "  local cur prev i word= sub=\n"
                         "  cur=${COMP_WORDS[COMP_CWORD]}\n"
                         "  prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                         "  COMPREPLY=()\n"
                         "  case $prev in\n");
    bash_values(out, a);
    (void)buf_add_c(out, "  esac\n"
                         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
                         "    case ${COMP_WORDS[i]} in\n");
    for (size_t i = 0; i < option_count; i++) {
        if (option_has_value(&option_table[i])) {
            (void)buf_add_c(out, "    ");
            add_spellings(out, &option_table[i]);
            (void)buf_add_c(out, ") ((i++)) ;;\n");
        }
    }
    (void)buf_add_c(out, "    -*) ;;\n"
                         "    *) if [[ $word == \"\" ]]; then word=${COMP_WORDS[i]}; "
                         "elif [[ $sub == \"\" ]]; then sub=${COMP_WORDS[i]}; fi ;;\n"
                         "    esac\n"
                         "  done\n"
                         "  case $word in\n"
                         "    '') if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '");
    add_options_of(out, IN(CMD_CLAUDE));
    (void)buf_add_c(out, "' -- \"$cur\")); else COMPREPLY=($(compgen -W '");
    add_command_words(out);
    (void)buf_add_c(out, "' -- \"$cur\")); fi ;;\n");
    for (size_t i = 0; i < command_count; i++) {
        if (is_first_of_word(i)) {
            bash_command(out, i, a);
        }
    }
    (void)buf_add_c(out, "    *) ");
    bash_paths(out, "-f");
    (void)buf_add_c(out, " ;;\n"
                         "  esac\n"
                         "}\n"
                         "complete -F _cco cco\n");
}

/* _arguments gives brackets and colons a meaning, so they are escaped. */
static void add_zsh_text(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("[]:\\", *text) != NULL) {
            (void)buf_add_byte(out, '\\');
        }
        if (*text == '\'') {
            (void)buf_add_c(out, "'\\''");
        } else {
            (void)buf_add_byte(out, (unsigned char)*text);
        }
    }
}

/* Adds what _arguments needs for one spelling: "--env" or "-e". */
static void zsh_option(struct buf *out, const char *spelling, const struct option *opt,
                       struct arena *a)
{
    const char *metavar = option_metavar(opt, a);

    (void)buf_addf(out, "    '%s%s%s[", opt->repeatable ? "*" : "", spelling,
                   metavar != NULL && spelling[1] == '-' ? "=" : "");
    add_zsh_text(out, opt->help);
    (void)buf_add_byte(out, ']');
    if (metavar != NULL) {
        (void)buf_add_byte(out, ':');
        add_zsh_text(out, metavar);
        (void)buf_add_byte(out, ':');
    }
    if (opt->choices != NULL) {
        (void)buf_addf(out, "(%s)", choice_join(opt->choices, ' ', a));
    } else if (opt->complete == COMPLETE_FILE) {
        (void)buf_add_c(out, "_files");
    } else if (opt->complete == COMPLETE_DIR) {
        (void)buf_add_c(out, "_files -/");
    }
    (void)buf_add_c(out, "' \\\n");
}

static void zsh_topics(struct buf *out, struct arena *a)
{
    const char *topic;

    (void)buf_add_c(out, "_cco_topics() {\n"
                         "  local -a topics=(\n"
                         "    'man:the whole manual, for man -l -'\n"
                         "    'options:all options'\n");
    for (size_t i = 0; (topic = manual_topic(i)) != NULL; i++) {
        (void)buf_addf(out, "    '%s:", topic);
        add_zsh_text(out, manual_summary(topic, a));
        (void)buf_add_c(out, "'\n");
    }
    (void)buf_add_c(out, "  )\n"
                         "  _describe topic topics\n"
                         "}\n");
}

static void zsh(struct buf *out, struct arena *a)
{
    (void)buf_add_c(out, "#compdef cco\n"
                         "# zsh completion for cco, made by: cco completion zsh\n"
                         "_cco_commands() {\n"
                         "  local -a commands=(\n");
    for (size_t i = 0; i < command_count; i++) {
        if (is_first_of_word(i)) {
            (void)buf_addf(out, "    '%s:", command_table[i].word);
            add_zsh_text(out, command_table[i].sub == NULL ? command_table[i].help
                                                           : "manage cco's images");
            (void)buf_add_c(out, "'\n");
        }
    }
    (void)buf_add_c(out, "  )\n"
                         "  _describe command commands\n"
                         "}\n");
    zsh_topics(out, a);
    (void)buf_add_c(out, "_cco_words() {\n"
                         "  case $words[1] in\n");
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];

        if (!is_first_of_word(i)) {
            continue;
        }
        (void)buf_add_c(out, "  ");
        add_pattern(out, c);
        (void)buf_add_c(out, ") ");
        if (c->sub != NULL) {
            (void)buf_add_c(out, "if (( CURRENT == 2 )); then compadd ");
            add_sub_words(out, c->word);
            (void)buf_add_c(out, "; else _files; fi");
        } else if (c->complete == COMPLETE_SESSION) {
            (void)buf_add_c(out, "compadd ${(f)\"$(" SESSIONS ")\"}");
        } else if (c->choices != NULL) {
            (void)buf_addf(out, "compadd %s", choice_join(c->choices, ' ', a));
        } else if (c->complete == COMPLETE_COMMAND) {
            (void)buf_add_c(out, "_cco_commands; _cco_topics; compadd -- ");
            add_options_of(out, IN(c->id));
        } else {
            (void)buf_add_c(out, "_files");
        }
        (void)buf_add_c(out, " ;;\n");
    }
    (void)buf_add_c(out, "  *) _files ;;\n"
                         "  esac\n"
                         "}\n"
                         "_cco() {\n"
                         "  _arguments -S \\\n");
    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];

        zsh_option(out, arena_printf(a, "--%s", opt->name), opt, a);
        if (opt->letter != '\0') {
            zsh_option(out, arena_printf(a, "-%c", opt->letter), opt, a);
        }
    }
    (void)buf_add_c(
        out, "    '1:command:_cco_commands' \\\n"
             "    '*::argument:_cco_words'\n"
             "}\n"
             "if [ \"$funcstack[1]\" = _cco ]; then _cco \"$@\"; else compdef _cco cco; fi\n");
}

static void fish_option(struct buf *out, const struct option *opt, struct arena *a)
{
    (void)buf_addf(out, "complete -c cco -l %s", opt->name);
    if (opt->letter != '\0') {
        (void)buf_addf(out, " -s %c", opt->letter);
    }
    if (option_has_value(opt)) {
        (void)buf_add_c(out, " -r");
        if (opt->choices != NULL) {
            (void)buf_addf(out, " -f -a '%s'", choice_join(opt->choices, ' ', a));
        } else if (opt->complete == COMPLETE_DIR) {
            (void)buf_add_c(out, " -f -a '(__fish_complete_directories)'");
        } else if (opt->complete == COMPLETE_NOTHING) {
            (void)buf_add_c(out, " -f");
        }
    }
    (void)buf_add_c(out, " -d ");
    add_quoted(out, opt->help);
    (void)buf_add_byte(out, '\n');
}

static void fish(struct buf *out, struct arena *a)
{
    (void)buf_add_c(out, "# fish completion for cco, made by: cco completion fish\n");
    for (size_t i = 0; i < option_count; i++) {
        fish_option(out, &option_table[i], a);
    }
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];

        if (c->sub != NULL) {
            (void)buf_addf(out,
                           "complete -c cco -f -n '__fish_seen_subcommand_from %s; and not "
                           "__fish_seen_subcommand_from %s' -a %s -d ",
                           c->word, c->sub, c->sub);
            add_quoted(out, c->help);
            (void)buf_add_byte(out, '\n');
        }
        if (is_first_of_word(i)) {
            (void)buf_addf(out, "complete -c cco -f -n __fish_use_subcommand -a %s -d ",
                           c->word);
            add_quoted(out, c->sub == NULL ? c->help : "manage cco's images");
            (void)buf_add_byte(out, '\n');
        }
        if (c->complete == COMPLETE_SESSION) {
            (void)buf_addf(out,
                           "complete -c cco -f -n '__fish_seen_subcommand_from %s' -a '(cco "
                           "sessions 2>/dev/null | sed \"1d;s/ .*//\")'\n",
                           c->word);
        } else if (c->choices != NULL) {
            (void)buf_addf(out,
                           "complete -c cco -f -n '__fish_seen_subcommand_from %s' -a '%s'\n",
                           c->word, choice_join(c->choices, ' ', a));
        } else if (c->complete == COMPLETE_COMMAND) {
            (void)buf_addf(out, "complete -c cco -f -n '__fish_seen_subcommand_from %s' -a '",
                           c->word);
            add_topics(out);
            add_command_words(out);
            add_options_of(out, IN(c->id));
            (void)buf_add_c(out, "'\n");
        }
    }
}

int cmd_completion(struct app *app, struct err *e)
{
    static void (*const write[])(struct buf * out, struct arena * a) = {
        [SHELL_BASH] = bash, [SHELL_ZSH] = zsh, [SHELL_FISH] = fish};
    const struct choice *shell = choice_find(completion_shells, str_c(app->opts.args.v[0]));
    struct buf out;

    buf_init(&out, SCRIPT_MAX);
    write[shell->value](&out, &app->arena);
    return app_print(app, &out, e);
}
