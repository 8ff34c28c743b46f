/* SPDX-License-Identifier: MIT */
/* --help, `cco help COMMAND` and --version, made from the tables that the parser reads. */
#include "base/buf.h"
#include "base/fd.h"
#include "cli/app.h"
#include "cli/man.h"
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HELP_MAX = 64 << 10, HELP_COLUMN = 29 };

static const char intro[] =
    "usage: cco [options] [arguments for claude]\n"
    "       cco [options] command\n"
    "\n"
    "Runs Claude Code in a sandbox with full autonomy: type cco where you would\n"
    "type claude. What is not listed here goes to claude untouched, and so does\n"
    "everything behind -- or behind one of claude's own subcommands.\n"
    "\n"
    "  cco                       claude, in this directory\n"
    "  cco -p \"say hi\"           print the answer and exit\n"
    "  git diff | cco -p review  pipes work as with claude\n"
    "\n"
    "commands (more: cco help COMMAND):\n";

static const char outro[] =
    "\n"
    "exit status: the command's own; 125 cco or the engine failed; 126 the command\n"
    "cannot be run; 127 it was not found; 2 wrong usage; 3 --strict found a change.\n"
    "files: ~/.config/cco/config has defaults for options (NAME = VALUE, a line\n"
    "each); ~/.config/cco/Dockerfile replaces that of the image.\n"
    "environment: DOCKER_HOST and more: cco help man.\n";

static void add_line(struct buf *out, const char *left, const char *right)
{
    if (strlen(left) >= HELP_COLUMN) {
        (void)buf_addf(out, "  %s\n  %-*s %s\n", left, HELP_COLUMN, "", right);
    } else {
        (void)buf_addf(out, "  %-*s %s\n", HELP_COLUMN, left, right);
    }
}

static void add_option(struct buf *out, const struct option *opt, struct arena *a)
{
    const char letter[] = {'-', opt->letter, ',', '\0'};
    const char *metavar = option_metavar(opt, a);

    add_line(out,
             arena_printf(a, "%3s --%s%s%s", opt->letter != '\0' ? letter : "", opt->name,
                          metavar != NULL ? " " : "", metavar != NULL ? metavar : ""),
             opt->help);
}

/* Commands of two words have one line together. */
static void add_commands(struct buf *out, struct arena *a)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];

        if (c->sub == NULL) {
            add_line(out, c->usage, c->help);
        } else if (i == 0 || strcmp(command_table[i - 1].word, c->word) != 0) {
            const char *subs = c->sub;

            for (size_t k = i + 1;
                 k < command_count && strcmp(command_table[k].word, c->word) == 0; k++) {
                subs = arena_printf(a, "%s, %s", subs, command_table[k].sub);
            }
            add_line(out, arena_printf(a, "%s COMMAND", c->word), subs);
        }
    }
}

static void add_groups(struct buf *out, struct arena *a)
{
    for (int g = 0; g < GROUP_COMMAND; g++) {
        (void)buf_addf(out, "\n%s:\n", option_groups[g]);
        for (size_t i = 0; i < option_count; i++) {
            if ((int)option_table[i].group == g) {
                add_option(out, &option_table[i], a);
            }
        }
    }
}

/* Options that a command has and not every one. */
static void add_own_options(struct buf *out, const struct command *c, struct arena *a)
{
    bool first = true;

    if (c->id == CMD_SHELL) {
        (void)buf_add_c(out, "\nOptions: all of cco --help, in front of the words.\n");
        return;
    }
    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];

        if ((opt->commands & IN(c->id)) == 0 || opt->commands == UINT64_MAX) {
            continue;
        }
        (void)buf_add_c(out, first ? "\noptions:\n" : "");
        add_option(out, opt, a);
        first = false;
    }
}

static void add_command(struct buf *out, const struct command *c, struct arena *a)
{
    (void)buf_addf(out, "usage: cco %s\n\n%s\n", c->usage, c->about);
    add_own_options(out, c, a);
}

/* A command, or all that begin with this word. False: there is none. */
static bool add_topic(struct buf *out, const char *topic, struct arena *a)
{
    const struct command *c = command_named(topic);
    bool found = c != NULL;

    if (c != NULL) {
        add_command(out, c, a);
        return true;
    }
    for (size_t i = 0; i < command_count; i++) {
        if (command_table[i].sub != NULL && strcmp(command_table[i].word, topic) == 0) {
            (void)buf_add_c(out, found ? "\n" : "");
            add_command(out, &command_table[i], a);
            found = true;
        }
    }
    return found;
}

static int print(struct buf *out)
{
    struct err ignored = {0};
    int rc = fd_write_all(STDOUT_FILENO, buf_data(out), out->len, &ignored);

    buf_release(out);
    return rc < 0 ? EXIT_FAILURE : 0; /* a closed pipe: as `cmd | head` has it */
}

int cmd_help(struct app *app, struct err *e)
{
    const char *topic = app->opts.help_of;
    struct arena *a = &app->arena;
    struct buf out;

    buf_init(&out, HELP_MAX);
    if (topic == NULL) {
        (void)buf_add_c(&out, intro);
        add_commands(&out, a);
        add_groups(&out, a);
        (void)buf_add_c(&out, outro);
    } else if (strcmp(topic, "man") == 0) {
        man_page(&out, a);
    } else if (!add_topic(&out, topic, a)) {
        buf_release(&out);
        (void)err_set(e, ERR_USAGE, "help: cco has no command %s", topic);
        return err_hint(e, "cco --help lists them; claude's own help: cco -- --help.");
    }
    return print(&out);
}

int cmd_version(void)
{
    struct buf out;

    buf_init(&out, HELP_MAX);
    (void)buf_addf(&out, "cco %s\n", CCO_VERSION);
    return print(&out);
}
