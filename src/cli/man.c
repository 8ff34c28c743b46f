/* SPDX-License-Identifier: MIT */
#include "cli/man.h"

#include "cli/features.h"
#include "cli/manual.h"
#include "cli/option_text.h"
#include "cli/options.h"
#include "cli/roff.h"

static const char head[] = ".TH CCO 1\n"
                           ".SH NAME\n"
                           "cco \\- run Claude Code in a sandbox\n"
                           ".SH SYNOPSIS\n"
                           ".B cco\n"
                           "[options] [arguments for claude]\n"
                           ".br\n"
                           ".B cco\n"
                           "[options] COMMAND [arguments]\n"
                           ".SH DESCRIPTION\n";

/* Markdown, as the manual's pages are. */
static const char description[] =
    "cco runs Claude Code, the `claude` command-line agent, with full autonomy in a sandbox. "
    "Type "
    "`cco` where you would type `claude`: arguments, terminal, files, pipes and exit status "
    "are "
    "the same. GETTING STARTED below describes which arguments are cco's.\n";

/* Sections that readers of manual pages look for. Pages of the manual contain them. */
static const struct {
    const char *name, *topic, *heading;
} elsewhere[] = {
    {"EXIT STATUS", "CI", "Exit statuses"},
    {"FILES", "CONFIGURATION", "Where files are"},
    {"ENVIRONMENT", "CONFIGURATION", "Variables for cco"},
};

static const char tail[] = ".SH SEE ALSO\n"
                           ".BR docker (1),\n"
                           ".BR tmux (1)\n";

static void add_form(struct buf *out, const struct option *opt, struct arena *a)
{
    const char *metavar = option_metavar(opt, a);

    (void)buf_add_c(out, ".TP\n\\fB");
    if (opt->letter != '\0') {
        (void)buf_addf(out, "\\-%c\\fR, \\fB", opt->letter);
    }
    roff_text(out, str_c("--"));
    roff_text(out, str_c(opt->name));
    (void)buf_add_c(out, "\\fR");
    if (metavar != NULL) {
        (void)buf_add_c(out, " \\fI");
        roff_text(out, str_c(metavar));
        (void)buf_add_c(out, "\\fR");
    }
    if (opt->alias != NULL) {
        (void)buf_add_c(out, ", \\fB");
        roff_text(out, str_c("--"));
        roff_text(out, str_c(opt->alias));
        (void)buf_add_c(out, "\\fR");
    }
    (void)buf_add_byte(out, '\n');
}

static int add_option(struct buf *out, const struct option *opt, struct arena *a, struct err *e)
{
    const struct option_text *text = option_text(opt);

    add_form(out, opt, a);
    if (roff_words(out, str_c(text->text), false, e) < 0) {
        return err_wrap(e, "--%s", opt->name);
    }
    if (text->standard != NULL) {
        (void)buf_add_c(out, ".br\nWithout it: ");
        if (roff_words(out, str_c(text->standard), false, e) < 0) {
            return err_wrap(e, "--%s", opt->name);
        }
    }
    if (opt->needs != 0) {
        (void)buf_add_c(out, ".br\nEngine: ");
        roff_text(out, str_c(features_text(opt, a)));
        (void)buf_add_byte(out, '\n');
    }
    if (option_has_value(opt)) {
        (void)buf_addf(out, ".br\n%s: ", opt->repeatable ? "Repeatable. Example" : "Example");
        roff_text(out, str_c(opt->example));
        (void)buf_add_byte(out, '\n');
    }
    return 0;
}

static int add_options(struct buf *out, struct arena *a, struct err *e)
{
    (void)buf_add_c(out, ".SH OPTIONS\n");
    for (int g = 0; g < GROUP_COUNT; g++) {
        (void)buf_addf(out, ".SS %s\n", option_groups[g]);
        for (size_t i = 0; i < option_count; i++) {
            if ((int)option_table[i].group == g &&
                add_option(out, &option_table[i], a, e) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

static int add_commands(struct buf *out, struct arena *a, struct err *e)
{
    (void)buf_add_c(out, ".SH COMMANDS\n");
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];

        (void)buf_add_c(out, ".SS cco ");
        roff_text(out, str_c(c->usage));
        (void)buf_add_byte(out, '\n');
        if (roff_blocks(out, str_c(c->about), e) < 0) {
            return err_wrap(e, "%s", c->usage);
        }
        if (c->also != NULL) {
            (void)buf_add_c(out, ".PP\nOther spellings: ");
            roff_text(out, str_c(command_spellings(c, a)));
            (void)buf_add_byte(out, '\n');
        }
    }
    return 0;
}

static int add_pages(struct buf *out, struct err *e)
{
    const char *topic;
    struct str page;

    for (size_t i = 0; (topic = manual_topic(i)) != NULL; i++) {
        if (manual_find(topic, &page) && roff_page(out, str_c(topic), page, e) < 0) {
            return err_wrap(e, "%s.md", topic);
        }
    }
    return 0;
}

int man_page(struct buf *out, struct arena *a, struct err *e)
{
    (void)buf_add_c(out, head);
    if (roff_blocks(out, str_c(description), e) < 0 || add_commands(out, a, e) < 0 ||
        add_options(out, a, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
        (void)buf_addf(out, ".SH %s\nSee \\(lq%s\\(rq in %s.\n", elsewhere[i].name,
                       elsewhere[i].heading, elsewhere[i].topic);
    }
    if (add_pages(out, e) < 0) {
        return -1;
    }
    (void)buf_add_c(out, tail);
    return out->overflowed ? err_set(e, ERR_LIMIT, "the manual exceeds its limit") : 0;
}
