/* SPDX-License-Identifier: MIT */
/* `cco help`, `cco --help` and `cco --version`. */
#include "cli/help.h"

#include "base/fd.h"
#include "cli/app.h"
#include "cli/man.h"
#include "cli/manual.h"
#include "cli/pager.h"
#include "cli/spelling.h"
#include "cli/style.h"
#include "term/raw.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HELP_MAX = 1 << 20, COLUMNS = 80, COLUMNS_LEAST = 40 };

/* Lines are no longer than the terminal is wide, and never longer than COLUMNS. */
static struct markdown_look look_of(const struct app *app)
{
    unsigned rows = 0;
    unsigned cols = 0;

    tty_size(STDOUT_FILENO, &rows, &cols);
    return (struct markdown_look){.columns =
                                      cols >= COLUMNS_LEAST && cols < COLUMNS ? cols : COLUMNS,
                                  .bold = style_find(app->env, STDOUT_FILENO).colour};
}

static void add_heading(struct buf *out, const char *text, const struct markdown_look *look)
{
    (void)buf_addf(out, "%s%s%s\n", look->bold ? "\033[1m" : "", text,
                   look->bold ? "\033[m" : "");
}

/* Adds the options that this command takes and not every command does. */
static void add_own_options(struct buf *out, const struct command *c,
                            const struct markdown_look *look, struct arena *a)
{
    bool first = true;

    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];

        if ((opt->commands & IN(c->id)) == 0 || opt->commands == UINT64_MAX) {
            continue;
        }
        if (first) {
            (void)buf_add_byte(out, '\n');
            add_heading(out, "Options", look);
        }
        help_option_line(out, opt, a);
        first = false;
    }
}

static int add_command(struct buf *out, const struct command *c,
                       const struct markdown_look *look, struct arena *a, struct err *e)
{
    add_heading(out, arena_printf(a, "usage: cco %s", c->usage), look);
    (void)buf_add_byte(out, '\n');
    if (markdown_text(str_c(c->about), look, out, e) < 0) {
        return err_wrap(e, "%s", c->usage);
    }
    if (c->also != NULL) {
        (void)buf_add_byte(out, '\n');
        add_heading(out, "Other spellings", look);
        (void)buf_addf(out, "  %s\n", command_spellings(c, a));
    }
    add_own_options(out, c, look, a);
    return 0;
}

/* Adds the command of these words, or all that begin with this word. Sets *found if there is
 * one. */
static int add_commands(struct buf *out, const char *topic, bool *found,
                        const struct markdown_look *look, struct arena *a, struct err *e)
{
    const struct command *named = command_named(topic);

    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];

        if (c != named && (c->sub == NULL || strcmp(c->word, topic) != 0)) {
            continue;
        }
        (void)buf_add_c(out, *found ? "\n" : "");
        if (add_command(out, c, look, a, e) < 0) {
            return -1;
        }
        *found = true;
    }
    return 0;
}

/* Returns the option that is called `topic` but for its dashes, or else the command or topic
 * whose name is like `topic`, or NULL. */
static const char *nearest(const char *topic, struct arena *a)
{
    const struct option *opt = option_find(str_c(topic));
    struct spelling s;
    const char *name;

    if (opt != NULL) {
        return arena_printf(a, "--%s", opt->name);
    }
    spelling_init(&s, str_c(topic));
    for (size_t i = 0; i < command_count; i++) {
        (void)spelling_offer(&s, command_table[i].word);
        (void)spelling_offer(&s, command_name(&command_table[i], a));
    }
    for (size_t i = 0; (name = manual_topic(i)) != NULL; i++) {
        (void)spelling_offer(&s, name);
    }
    (void)spelling_offer(&s, "options");
    return s.best;
}

static int unknown_topic(const char *topic, struct arena *a, struct err *e)
{
    const char *near = nearest(topic, a);

    if (near != NULL) {
        (void)err_set(e, ERR_USAGE, "help: no command or topic is called %s; did you mean %s?",
                      topic, near);
    } else {
        (void)err_set(e, ERR_USAGE, "help: no command or topic is called %s", topic);
    }
    return err_hint(e, "Topics: %s\nCommands: cco --help. Claude's own help: cco -- --help.",
                    manual_topics(a));
}

static int unknown_option(const char *arg, struct err *e)
{
    const struct option *like = option_like(arg);

    (void)err_set(e, ERR_USAGE, "help: cco has no option %s", arg);
    if (like != NULL) {
        return err_hint(e, "Did you mean --%s?", like->name);
    }
    return err_hint(e, "cco help options lists cco's options; cco -- --help lists claude's.");
}

/* Adds a command, a page of the manual, or both if they have the same name. */
static int add_topic(struct buf *out, const char *topic, const struct markdown_look *look,
                     struct arena *a, struct err *e)
{
    struct str page;
    bool found = false;

    if (add_commands(out, topic, &found, look, a, e) < 0) {
        return -1;
    }
    if (manual_find(topic, &page)) {
        (void)buf_add_c(out, found ? "\n" : "");
        return markdown_text(page, look, out, e) < 0 ? err_wrap(e, "%s.md", topic) : 0;
    }
    return found ? 0 : unknown_topic(topic, a, e);
}

static int add_option(struct buf *out, const char *arg, const struct markdown_look *look,
                      struct arena *a, struct err *e)
{
    const char *word = arena_str(a, str_n(arg, strcspn(arg, " ")));
    const char *value;
    const struct option *opt = option_named(word, &value);

    return opt != NULL ? help_option(out, opt, look, a, e) : unknown_option(word, e);
}

/* Prints the text, through a pager if `paged`. Returns the exit status, and -1 on error. A
 * closed pipe is not worth a message, as in `cco help | head`. */
static int print(struct app *app, const struct buf *out, bool paged, struct err *e)
{
    const int rc = paged ? pager_print(app, buf_str(out), e) : app_write(app, buf_str(out), e);

    if (rc < 0 && e->kind == ERR_SYS && e->errnum == EPIPE) {
        err_reset(e);
        return EXIT_FAILURE;
    }
    return rc;
}

int cmd_help(struct app *app, struct err *e)
{
    const char *topic = app->opts.help_of;
    const struct markdown_look look = look_of(app);
    struct arena *a = &app->arena;
    struct buf out;
    int rc = 0;

    buf_init(&out, HELP_MAX);
    if (topic == NULL) {
        help_overview(&out, a);
    } else if (strcmp(topic, "man") == 0) {
        rc = man_page(&out, a, e);
    } else if (strcmp(topic, "options") == 0) {
        help_options(&out, &look, a);
    } else if (topic[0] == '-') {
        rc = add_option(&out, topic, &look, a, e);
    } else {
        rc = add_topic(&out, topic, &look, a, e);
    }
    if (rc == 0) {
        rc = print(app, &out, topic != NULL && strcmp(topic, "man") != 0, e);
    }
    buf_release(&out);
    return rc;
}

int cmd_version(struct app *app, struct err *e)
{
    struct buf out;
    int status;

    buf_init(&out, HELP_MAX);
    (void)buf_addf(&out, "cco %s\n", CCO_VERSION);
    status = print(app, &out, false, e);
    buf_release(&out);
    return status;
}
