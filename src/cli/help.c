/* SPDX-License-Identifier: MIT */
/* --help and --version, made from the tables that the parser reads. */
#include "base/buf.h"
#include "base/fd.h"
#include "cli/app.h"
#include "cli/options.h"

#include <stdio.h>
#include <unistd.h>

enum { HELP_MAX = 16 << 10, HELP_COLUMN = 27 };

static void add_option(struct buf *out, const struct option *opt)
{
    char left[64];
    int len;

    if (opt->letter != '\0') {
        len = snprintf(left, sizeof(left), "-%c, --%s%s%s", opt->letter, opt->name,
                       opt->value == NULL ? "" : " ", opt->value == NULL ? "" : opt->value);
    } else {
        len = snprintf(left, sizeof(left), "    --%s%s%s", opt->name,
                       opt->value == NULL ? "" : " ", opt->value == NULL ? "" : opt->value);
    }
    if (len >= HELP_COLUMN) {
        (void)buf_addf(out, "  %s\n  %-*s %s\n", left, HELP_COLUMN, "", opt->help);
    } else {
        (void)buf_addf(out, "  %-*s %s\n", HELP_COLUMN, left, opt->help);
    }
}

static int print(struct buf *out)
{
    struct err ignored = {0};
    int rc = fd_write_all(STDOUT_FILENO, buf_data(out), out->len, &ignored);

    buf_release(out);
    return rc < 0 ? 1 : 0; /* a closed pipe: as `cmd | head` has it */
}

int cmd_help(void)
{
    struct buf out;

    buf_init(&out, HELP_MAX);
    (void)buf_add_c(
        &out, "usage: cco [options] [arguments for claude]\n"
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
              "commands:\n");
    for (size_t i = 0; i < command_count; i++) {
        (void)buf_addf(&out, "  %-*s %s\n", HELP_COLUMN, command_table[i].usage,
                       command_table[i].help);
    }
    (void)buf_add_c(&out, "\noptions:\n");
    for (size_t i = 0; i < option_count; i++) {
        if (option_table[i].help != NULL) {
            add_option(&out, &option_table[i]);
        }
    }
    (void)buf_add_c(&out,
                    "\n"
                    "exit status: the command's own; 125 cco or the engine failed; 126 the\n"
                    "command cannot be run; 127 it was not found; 2 wrong usage; 3 --strict\n"
                    "found a change.\n"
                    "environment: DOCKER_HOST (unix://PATH) names the engine;\n"
                    "CCO_ENGINE_TIMEOUT (seconds) bounds each of its answers; CCO_LINE=stream\n"
                    "takes the terminal through it, not past it.\n");
    return print(&out);
}

int cmd_version(void)
{
    struct buf out;

    buf_init(&out, HELP_MAX);
    (void)buf_addf(&out, "cco %s\n", CCO_VERSION);
    return print(&out);
}
