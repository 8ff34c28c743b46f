/* SPDX-License-Identifier: MIT */
/* `cco completion bash|zsh|fish`: scripts made from the tables. They know cco's own words; where claude's begin, files are
 * completed. */
#include "base/buf.h"
#include "base/fd.h"
#include "cli/app.h"
#include "cli/options.h"

#include <string.h>
#include <unistd.h>

enum { SCRIPT_MAX = 64 << 10 };

/* Prints the names of this user's sessions. */
#define SESSIONS "cco sessions 2>/dev/null | sed '1d;s/ .*//'"

/* A value's name that lists its words, "host|bridge|none", as words for a shell. */
static void add_words(struct buf *out, const char *value)
{
    for (; *value != '\0'; value++) {
        (void)buf_add_byte(out, *value == '|' ? ' ' : (unsigned char)*value);
    }
}

/* In single quotes, for all three shells. */
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

/* Options that may stand behind this command (or in front of claude's words), with their dashes. */
static void add_options_of(struct buf *out, enum opts_command id)
{
    for (size_t i = 0; i < option_count; i++) {
        if ((option_table[i].commands & IN(id)) != 0) {
            (void)buf_addf(out, "--%s ", option_table[i].name);
        }
    }
}

static void bash_values(struct buf *out)
{
    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];

        if (opt->value == NULL) {
            continue;
        }
        (void)buf_addf(out, "    --%s", opt->name);
        if (opt->alias != NULL) {
            (void)buf_addf(out, "|--%s", opt->alias);
        }
        if (opt->letter != '\0') {
            (void)buf_addf(out, "|-%c", opt->letter);
        }
        (void)buf_add_c(out, ") ");
        if (opt->complete == COMPLETE_WORDS) {
            (void)buf_add_c(out, "COMPREPLY=($(compgen -W '");
            add_words(out, opt->value);
            (void)buf_add_c(out, "' -- \"$cur\"))");
        } else if (opt->complete == COMPLETE_FILE) {
            (void)buf_add_c(out, "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\"))");
        } else if (opt->complete == COMPLETE_DIR) {
            (void)buf_add_c(out, "compopt -o filenames; COMPREPLY=($(compgen -d -- \"$cur\"))");
        } else {
            (void)buf_add_c(out, ":");
        }
        (void)buf_add_c(out, "; return ;;\n");
    }
}

static void bash_words(struct buf *out, const struct command *c)
{
    switch (c->complete) {
    case COMPLETE_FILE:
        (void)buf_add_c(out, "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\"))");
        break;
    case COMPLETE_SESSION:
        (void)buf_add_c(out, "COMPREPLY=($(compgen -W \"$(" SESSIONS ")\" -- \"$cur\"))");
        break;
    case COMPLETE_WORDS:
        (void)buf_add_c(out, "COMPREPLY=($(compgen -W 'bash zsh fish' -- \"$cur\"))");
        break;
    case COMPLETE_COMMAND:
        (void)buf_add_c(out, "COMPREPLY=($(compgen -W 'man ");
        add_command_words(out);
        (void)buf_add_c(out, "' -- \"$cur\"))");
        break;
    case COMPLETE_NOTHING:
    case COMPLETE_DIR:
        (void)buf_add_c(out, ":");
        break;
    }
}

static void bash_command(struct buf *out, size_t i)
{
    const struct command *c = &command_table[i];

    (void)buf_addf(out, "    %s) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '", c->word);
    add_options_of(out, c->id);
    (void)buf_add_c(out, "' -- \"$cur\")); else ");
    if (c->sub != NULL) {
        (void)buf_add_c(out, "if [[ $sub == \"\" ]]; then COMPREPLY=($(compgen -W '");
        add_sub_words(out, c->word);
        (void)buf_add_c(out, "' -- \"$cur\")); else compopt -o filenames; "
                             "COMPREPLY=($(compgen -f -- \"$cur\")); fi");
    } else if (c->id == CMD_SHELL) {
        (void)buf_add_c(out, "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\"))");
    } else {
        bash_words(out, c);
    }
    (void)buf_add_c(out, "; fi ;;\n");
}

static void bash(struct buf *out)
{
    (void)buf_add_c(out, "# bash completion for cco, made by: cco completion bash\n"
                         "_cco() {\n"
                         "  local cur prev i word= sub=\n"
                         "  cur=${COMP_WORDS[COMP_CWORD]}\n"
                         "  prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                         "  COMPREPLY=()\n"
                         "  case $prev in\n");
    bash_values(out);
    (void)buf_add_c(out, "  esac\n"
                         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
                         "    case ${COMP_WORDS[i]} in\n"
                         "    ");
    for (size_t i = 0; i < option_count; i++) {
        if (option_table[i].value != NULL) {
            (void)buf_addf(out, "--%s|", option_table[i].name);
        }
    }
    (void)buf_add_c(out, "-e) ((i++)) ;;\n"
                         "    -*) ;;\n"
                         "    *) if [[ $word == \"\" ]]; then word=${COMP_WORDS[i]}; "
                         "elif [[ $sub == \"\" ]]; then sub=${COMP_WORDS[i]}; fi ;;\n"
                         "    esac\n"
                         "  done\n"
                         "  case $word in\n"
                         "    '') if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '");
    add_options_of(out, CMD_CLAUDE);
    (void)buf_add_c(out, "' -- \"$cur\")); else COMPREPLY=($(compgen -W '");
    add_command_words(out);
    (void)buf_add_c(out, "' -- \"$cur\")); fi ;;\n");
    for (size_t i = 0; i < command_count; i++) {
        if (is_first_of_word(i)) {
            bash_command(out, i);
        }
    }
    (void)buf_add_c(out,
                    "    *) compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n"
                    "  esac\n"
                    "}\n"
                    "complete -F _cco cco\n");
}

/* Brackets and colons mean something to _arguments. */
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

static void zsh_option(struct buf *out, const struct option *opt)
{
    (void)buf_addf(out, "    '*--%s%s[", opt->name, opt->value == NULL ? "" : "=");
    add_zsh_text(out, opt->help);
    (void)buf_add_byte(out, ']');
    if (opt->value != NULL) {
        (void)buf_add_byte(out, ':');
        add_zsh_text(out, opt->value);
        (void)buf_add_byte(out, ':');
        if (opt->complete == COMPLETE_WORDS) {
            (void)buf_add_byte(out, '(');
            add_words(out, opt->value);
            (void)buf_add_byte(out, ')');
        } else if (opt->complete == COMPLETE_FILE) {
            (void)buf_add_c(out, "_files");
        } else if (opt->complete == COMPLETE_DIR) {
            (void)buf_add_c(out, "_files -/");
        }
    }
    (void)buf_add_c(out, "' \\\n");
}

static void zsh(struct buf *out)
{
    (void)buf_add_c(out, "#compdef cco\n"
                         "# zsh completion for cco, made by: cco completion zsh\n"
                         "_cco_commands() {\n"
                         "  local -a commands=(\n");
    for (size_t i = 0; i < command_count; i++) {
        if (is_first_of_word(i)) {
            (void)buf_addf(out, "    '%s:", command_table[i].word);
            add_zsh_text(out, command_table[i].sub == NULL ? command_table[i].help : "images");
            (void)buf_add_c(out, "'\n");
        }
    }
    (void)buf_add_c(out, "  )\n"
                         "  _describe command commands\n"
                         "}\n"
                         "_cco_words() {\n"
                         "  case $words[1] in\n");
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];

        if (!is_first_of_word(i)) {
            continue;
        }
        (void)buf_addf(out, "  %s) ", c->word);
        if (c->sub != NULL) {
            (void)buf_add_c(out, "if (( CURRENT == 2 )); then compadd ");
            add_sub_words(out, c->word);
            (void)buf_add_c(out, "; else _files; fi");
        } else if (c->complete == COMPLETE_SESSION) {
            (void)buf_add_c(out, "compadd ${(f)\"$(" SESSIONS ")\"}");
        } else if (c->complete == COMPLETE_WORDS) {
            (void)buf_add_c(out, "compadd bash zsh fish");
        } else if (c->complete == COMPLETE_COMMAND) {
            (void)buf_add_c(out, "_cco_commands");
        } else {
            (void)buf_add_c(out, "_files");
        }
        (void)buf_add_c(out, " ;;\n");
    }
    (void)buf_add_c(out, "  *) _files ;;\n"
                         "  esac\n"
                         "}\n"
                         "_cco() {\n"
                         "  _arguments -S \\\n"
                         "    '*-e[set a variable]:NAME[=VALUE]:' \\\n");
    for (size_t i = 0; i < option_count; i++) {
        zsh_option(out, &option_table[i]);
    }
    (void)buf_add_c(
        out, "    '1:command:_cco_commands' \\\n"
             "    '*::argument:_cco_words'\n"
             "}\n"
             "if [ \"$funcstack[1]\" = _cco ]; then _cco \"$@\"; else compdef _cco cco; fi\n");
}

static void fish_option(struct buf *out, const struct option *opt)
{
    (void)buf_addf(out, "complete -c cco -l %s", opt->name);
    if (opt->letter != '\0') {
        (void)buf_addf(out, " -s %c", opt->letter);
    }
    if (opt->value != NULL) {
        (void)buf_add_c(out, " -r");
        if (opt->complete == COMPLETE_WORDS) {
            (void)buf_add_c(out, " -f -a '");
            add_words(out, opt->value);
            (void)buf_add_byte(out, '\'');
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

static void fish(struct buf *out)
{
    (void)buf_add_c(out, "# fish completion for cco, made by: cco completion fish\n");
    for (size_t i = 0; i < option_count; i++) {
        fish_option(out, &option_table[i]);
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
            add_quoted(out, c->sub == NULL ? c->help : "images");
            (void)buf_add_byte(out, '\n');
        }
        if (c->complete == COMPLETE_SESSION) {
            (void)buf_addf(out,
                           "complete -c cco -f -n '__fish_seen_subcommand_from %s' -a '(cco "
                           "sessions 2>/dev/null | sed \"1d;s/ .*//\")'\n",
                           c->word);
        } else if (c->complete == COMPLETE_WORDS) {
            (void)buf_addf(
                out,
                "complete -c cco -f -n '__fish_seen_subcommand_from %s' -a 'bash zsh "
                "fish'\n",
                c->word);
        }
    }
}

int cmd_completion(struct app *app, struct err *e)
{
    static const struct {
        const char *shell;
        void (*write)(struct buf *out);
    } shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    const char *shell = app->opts.args.v[0];
    struct buf out;
    int rc = -1;

    buf_init(&out, SCRIPT_MAX);
    for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
        if (strcmp(shell, shells[i].shell) == 0) {
            shells[i].write(&out);
            rc = fd_write_all(STDOUT_FILENO, buf_data(&out), out.len, e);
            buf_release(&out);
            return rc;
        }
    }
    (void)err_set(e, ERR_USAGE, "completion: %s is none of bash, zsh, fish", shell);
    return err_hint(e, "Use it like this: cco completion bash");
}
