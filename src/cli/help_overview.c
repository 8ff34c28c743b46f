/* SPDX-License-Identifier: MIT */
#include "cli/help.h"
#include "cli/manual.h"
#include "cli/wrap.h"

#include <string.h>

enum { COLUMN = 31, COLUMNS = 80, TOPICS_INDENT = 2 };

static const char intro[] = "usage: cco [options] [arguments for claude]\n"
                            "       cco [options] COMMAND [arguments]\n"
                            "\n"
                            "  cco                            run claude in this directory\n"
                            "  cco -p \"say hi\"                print the answer and exit\n"
                            "  git diff | cco -p review       use pipes as with claude\n"
                            "\n"
                            "Commands (cco help COMMAND):\n";

void help_line(struct buf *out, const char *left, const char *right)
{
    if (strlen(left) >= COLUMN) {
        (void)buf_addf(out, "  %s\n  %-*s %s\n", left, COLUMN, "", right);
    } else {
        (void)buf_addf(out, "  %-*s %s\n", COLUMN, left, right);
    }
}

void help_option_line(struct buf *out, const struct option *opt, struct arena *a)
{
    const char letter[] = {'-', opt->letter, ',', '\0'};
    const char *metavar = option_metavar(opt, a);

    help_line(out,
              arena_printf(a, "%3s --%s%s%s", opt->letter != '\0' ? letter : "", opt->name,
                           metavar != NULL ? " " : "", metavar != NULL ? metavar : ""),
              opt->help);
}

/* Returns the number of commands after command i that share a line with it. */
static size_t shared(size_t i)
{
    const struct command *c = &command_table[i];
    size_t k = i + 1;

    while (k < command_count &&
           (c->sub != NULL ? strcmp(c->word, command_table[k].word) == 0
                           : c->together != NULL && command_table[k].together != NULL &&
                                 strcmp(c->together, command_table[k].together) == 0)) {
        k++;
    }
    return k - i - 1;
}

static void add_commands(struct buf *out, struct arena *a)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        const char *names = c->sub != NULL ? c->sub : c->word;
        size_t more = shared(i);

        for (size_t k = i + 1; k <= i + more; k++) {
            names = arena_printf(a, "%s, %s", names,
                                 c->sub != NULL ? command_table[k].sub : command_table[k].word);
        }
        if (c->sub != NULL) {
            help_line(out, arena_printf(a, "%s COMMAND", c->word), names);
        } else if (more > 0) {
            help_line(out, names, c->together);
        } else {
            help_line(out, c->usage, c->help);
        }
        i += more;
    }
}

static void add_topics(struct buf *out, struct arena *a)
{
    const char *topics = manual_topics(a);
    struct wrap w;

    (void)buf_addf(out, "%*s", TOPICS_INDENT, "");
    wrap_init(&w, out, TOPICS_INDENT, TOPICS_INDENT, COLUMNS);
    wrap_text(&w, str_c(topics), false);
    wrap_end(&w);
}

void help_overview(struct buf *out, struct arena *a)
{
    (void)buf_add_c(out, intro);
    add_commands(out, a);
    (void)buf_add_c(out, "\nCommon options (all: cco help options; one: cco help --OPTION):\n");
    for (size_t i = 0; i < option_count; i++) {
        if (option_table[i].common) {
            help_option_line(out, &option_table[i], a);
        }
    }
    (void)buf_add_c(out, "\nTopics of the manual (cco help TOPIC; all of it: cco help man):\n");
    add_topics(out, a);
    (void)buf_add_c(out, "Other arguments go to claude. Its own help: cco -- --help\n");
}
