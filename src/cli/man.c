/* SPDX-License-Identifier: MIT */
#include "cli/man.h"

#include "cli/options.h"

#include <string.h>

static const char head[] =
    ".SH NAME\n"
    "cco \\- Claude Code in a sandbox\n"
    ".SH SYNOPSIS\n"
    ".B cco\n"
    "[options] [arguments for claude]\n"
    ".br\n"
    ".B cco\n"
    "[options] command\n"
    ".SH DESCRIPTION\n"
    "Runs Claude Code, the\n"
    ".B claude\n"
    "command-line agent, with full autonomy inside a sandbox: type\n"
    ".B cco\n"
    "where you would type\n"
    ".BR claude .\n"
    "Arguments, terminal, files, pipes and exit status are as with claude.\n"
    ".PP\n"
    "cco's own options are taken wherever they stand, as\n"
    ".BI \\-\\-name \" value\"\n"
    "and\n"
    ".BI \\-\\-name= value\\fR,\n"
    "until\n"
    ".B \\-\\-\n"
    "or one of claude's own subcommands; from there on, and where cco does not know an "
    "option,\n"
    "everything goes to claude as it is. A command of cco's counts only as the first word:\n"
    ".B cco \\-\\- shell\n"
    "is a prompt.\n"
    ".PP\n"
    "Paths that claude's own options name\n"
    ".RB ( \\-\\-mcp\\-config ,\n"
    ".BR \\-\\-settings ,\n"
    ".B \\-\\-plugin\\-dir\n"
    "and so on) are readable inside;\n"
    ".B \\-\\-dangerously\\-skip\\-permissions\n"
    "is added unless the arguments choose about permissions themselves.\n";

static const char tail[] =
    ".SH EXIT STATUS\n"
    "The command's own, 128+n where signal n ended it;\n"
    ".B 125\n"
    "where cco or the engine failed;\n"
    ".B 126\n"
    "where the command cannot be run;\n"
    ".B 127\n"
    "where it was not found;\n"
    ".B 2\n"
    "for wrong usage;\n"
    ".B 3\n"
    "as\n"
    ".B \\-\\-strict\n"
    "says.\n"
    ".SH FILES\n"
    ".TP\n"
    ".I ~/.config/cco/config\n"
    "Defaults for options: lines of\n"
    ".IR name \" = \" value ,\n"
    "names without dashes;\n"
    ".B true\n"
    "or\n"
    ".B false\n"
    "for options without a value; # begins a comment. Repeatable "
    "options may stand several times.\n"
    "What stands on the command line counts before it. A project's own "
    "files are never read for this.\n"
    ".TP\n"
    ".I ~/.config/cco/Dockerfile\n"
    "Replaces the Dockerfile of cco's image.\n"
    ".TP\n"
    ".I .env\n"
    "Of the project: variables for the sandbox.\n"
    ".TP\n"
    ".I ~/.local/share/cco, ~/.local/state/cco, $XDG_RUNTIME_DIR/cco\n"
    "What cco keeps.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n"
    ".B DOCKER_HOST\n"
    "names the engine: unix://PATH, tcp://HOST[:PORT], "
    "ssh://[USER@]HOST[:PORT][/SOCKET]. Without it DOCKER_CONTEXT or the "
    "current context of Docker's command line does; else the first known "
    "socket where one answers is taken; where none does, the sandbox is one of cco's own, out "
    "of "
    "namespaces, Landlock and a filter of system calls (\\-\\-engine native). cco info tells "
    "which, "
    "and why.\n"
    ".TP\n"
    ".B DOCKER_CONTEXT, DOCKER_CONFIG\n"
    "a context of Docker's command line, and its directory (~/.docker).\n"
    ".TP\n"
    ".B DOCKER_TLS_VERIFY, DOCKER_TLS, DOCKER_CERT_PATH\n"
    "for tcp://: TLS with a check of who answers, TLS without one, and the directory of "
    "ca.pem, cert.pem and key.pem.\n"
    ".TP\n"
    ".B DOCKER_API_VERSION\n"
    "1.30 to 1.55: what to speak, instead of what is agreed on.\n"
    ".TP\n"
    ".B CCO_ENGINE\n"
    "the same as \\-\\-engine, which is stronger.\n"
    ".TP\n"
    ".B CCO_ENGINE_TIMEOUT\n"
    "bounds each answer of the engine, in seconds (60).\n"
    ".TP\n"
    ".B CCO_LINE\n"
    "stream: bytes of the terminal go through the engine.\n"
    ".TP\n"
    ".B CCO_KEYCHAIN\n"
    "a program that is used like macOS's security(1).\n"
    ".TP\n"
    ".B CCO_UPDATE_URL\n"
    "where self-update looks.\n"
    ".TP\n"
    ".B NO_COLOR\n"
    "no colours, whatever its value.\n"
    ".PP\n"
    "XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_RUNTIME_DIR "
    "and CLAUDE_CONFIG_DIR mean what they always mean.\n"
    ".SH SEE ALSO\n"
    ".BR docker (1),\n"
    ".BR tmux (1)\n";

/* Text as roff wants it: no hyphens of its own, no lines that look like requests. */
static void add_text(struct buf *out, const char *text)
{
    bool at_start = true;

    for (; *text != '\0'; text++) {
        if (at_start && (*text == '.' || *text == '\'')) {
            (void)buf_add_c(out, "\\&");
        }
        at_start = *text == '\n';
        if (*text == '-') {
            (void)buf_add_c(out, "\\-");
        } else if (*text == '\\') {
            (void)buf_add_c(out, "\\e");
        } else {
            (void)buf_add_byte(out, (unsigned char)*text);
        }
    }
}

static void add_option(struct buf *out, const struct option *opt, struct arena *a)
{
    const char *metavar = option_metavar(opt, a);

    (void)buf_add_c(out, ".TP\n\\fB");
    if (opt->letter != '\0') {
        (void)buf_addf(out, "\\-%c\\fR, \\fB", opt->letter);
    }
    add_text(out, "--");
    add_text(out, opt->name);
    (void)buf_add_c(out, "\\fR");
    if (metavar != NULL) {
        (void)buf_add_c(out, " \\fI");
        add_text(out, metavar);
        (void)buf_add_c(out, "\\fR");
    }
    if (opt->alias != NULL) {
        (void)buf_add_c(out, " (also \\fB");
        add_text(out, "--");
        add_text(out, opt->alias);
        (void)buf_add_c(out, "\\fR)");
    }
    (void)buf_add_byte(out, '\n');
    add_text(out, opt->help);
    (void)buf_add_c(out, opt->in_config ? ". May stand in the configuration.\n" : ".\n");
}

static void add_command(struct buf *out, const struct command *c)
{
    (void)buf_add_c(out, ".TP\n\\fBcco ");
    add_text(out, c->usage);
    (void)buf_add_c(out, "\\fR\n.nf\n");
    add_text(out, c->about);
    (void)buf_add_c(out, "\n.fi\n");
}

void man_page(struct buf *out, struct arena *a)
{
    (void)buf_add_c(out, ".TH CCO 1\n");
    (void)buf_add_c(out, head);
    (void)buf_add_c(out, ".SH COMMANDS\n");
    for (size_t i = 0; i < command_count; i++) {
        add_command(out, &command_table[i]);
    }
    (void)buf_add_c(out, ".SH OPTIONS\n");
    for (int g = 0; g < GROUP_COUNT; g++) {
        (void)buf_add_c(out, ".SS ");
        add_text(out, g == GROUP_COMMAND ? "of single commands" : option_groups[g]);
        (void)buf_add_byte(out, '\n');
        for (size_t i = 0; i < option_count; i++) {
            if ((int)option_table[i].group == g) {
                add_option(out, &option_table[i], a);
            }
        }
    }
    (void)buf_add_c(out, tail);
}
