/* SPDX-License-Identifier: MIT */
/* Decides which files of a project that the user has not trusted a session leaves out. */
#include "plan/build.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/path.h"

#include <string.h>

/* The number of files or variables that a warning names. */
enum { SHOWN = 6 };

static bool counts(const struct builder *b, const struct trust_item *item)
{
    return !item->if_prompting || b->o->chose_permissions;
}

/* Returns whether an item of this part has an effect. Items that are not in the list can be of
 * either part. */
static bool has_part(const struct builder *b, enum trust_part part)
{
    const struct trust_items *t = &b->f->trust_items;

    for (size_t i = 0; i < t->count; i++) {
        if (t->list[i].part == part && counts(b, &t->list[i])) {
            return true;
        }
    }
    return t->more > 0;
}

/* Adds the files of the items of this part to `out`, each once. */
static void add_files(const struct builder *b, enum trust_part part, struct strv *out)
{
    const struct trust_items *t = &b->f->trust_items;

    for (size_t i = 0; i < t->count; i++) {
        const struct trust_item *item = &t->list[i];

        if (item->part == part && counts(b, item) && !strv_has(out, item->file)) {
            strv_add(out, b->a, item->file);
        }
    }
}

static void add_variables(const struct builder *b, struct strv *out)
{
    for (size_t i = 0; i < b->f->dotenv_count; i++) {
        const struct fact_dotenv *d = &b->f->dotenv[i];

        if (d->needs_trust && !strv_has(out, d->key)) {
            strv_add(out, b->a, d->key);
        }
    }
}

/* Returns whether an item with an effect is in a directory that an option passes to claude:
 * `cco trust` does not see that directory. */
static bool is_from_option(const struct builder *b)
{
    const struct trust_items *t = &b->f->trust_items;

    for (size_t i = 0; i < t->count; i++) {
        const char *file = t->list[i].file;

        for (size_t k = 0; k < b->f->option_path_count && counts(b, &t->list[i]); k++) {
            const char *dir = b->f->option_paths[k].physical;

            if (dir != NULL && path_is_absolute(file) && path_is_inside(file, dir)) {
                return true;
            }
        }
    }
    return false;
}

/* Returns why the project is not trusted, and how the user can change that. */
static const char *next_step(const struct builder *b)
{
    const bool option = is_from_option(b);

    if (b->f->trust == TRUST_REFUSED) {
        return option ? "you said no; to change that: cco trust --remove, or --trust"
                      : "you said no; to change that: cco trust";
    }
    return arena_printf(b->a, "%sto trust it: %s, or --trust",
                        b->f->trust == TRUST_CHANGED ? "its files have changed; " : "",
                        option ? "answer cco's question on a terminal" : "cco trust");
}

void trust_warn(struct builder *b)
{
    struct strv files = {0};
    struct strv variables = {0};
    struct strv parts = {0};

    if (!b->p->trust.safe) {
        return;
    }
    if (!b->p->env.hides_dotenv) {
        add_variables(b, &variables);
    }
    if (variables.count > 0) {
        strv_add(&parts, b->a,
                 arena_printf(b->a, "%s of .env", strv_some(&variables, SHOWN, b->a)));
    }
    add_files(b, TRUST_CLAUDE, &files);
    if (files.count > 0) {
        strv_add(&parts, b->a,
                 arena_printf(b->a, "claude's settings, servers and skills in %s",
                              strv_some(&files, SHOWN, b->a)));
    }
    files = (struct strv){0};
    add_files(b, TRUST_GIT, &files);
    if (files.count > 0) {
        strv_add(&parts, b->a,
                 arena_printf(b->a, "the git directory or objects outside of it that %s names",
                              strv_some(&files, SHOWN, b->a)));
    }
    if (parts.count > 0) {
        strv_add(&b->p->warnings, b->a,
                 arena_printf(b->a, "this project is not trusted: starting without %s (%s)",
                              strv_join(&parts, " and without ", b->a), next_step(b)));
    }
}

void trust_build(struct builder *b)
{
    b->p->trust.state = b->f->trust;
    b->p->trust.safe = trust_state_is_safe(b->f->trust);
}

/* Returns whether the user's arguments contain the option, with or without "=value". */
static bool has_arg(const struct builder *b, const char *option)
{
    const size_t len = strlen(option);

    for (size_t i = 0; i < b->o->args.count; i++) {
        const char *arg = b->o->args.v[i];

        if (strncmp(arg, option, len) == 0 && (arg[len] == '\0' || arg[len] == '=')) {
            return true;
        }
    }
    return false;
}

bool trust_passes_dir(struct builder *b, const char *dir)
{
    const struct trust_items *t = &b->f->trust_items;
    struct buf shown; /* the names of items are escaped in this way */
    bool passes = true;

    if (!b->p->trust.safe || !has_part(b, TRUST_CLAUDE)) {
        return true;
    }
    buf_init(&shown, (size_t)LIMIT_PATH * 4);
    log_escape(&shown, str_c(dir));
    for (size_t i = 0; i < t->count && passes; i++) {
        passes = t->list[i].part != TRUST_CLAUDE || !counts(b, &t->list[i]) ||
                 !path_is_inside(t->list[i].file, buf_c(&shown));
    }
    buf_release(&shown);
    return passes && t->more == 0;
}

void trust_claude_env(struct builder *b)
{
    if (b->p->trust.safe && has_part(b, TRUST_CLAUDE)) {
        env_fixed(b, "CLAUDE_CODE_DISABLE_CRON", "1");
        env_fixed(b, "CLAUDE_CODE_DISABLE_WORKFLOWS", "1");
    }
}

/* Returns whether the settings of the project can switch claude's own sandbox on: an item is
 * "sandbox", or not all items are known. */
static bool sets_sandbox(const struct builder *b)
{
    const struct trust_items *t = &b->f->trust_items;

    for (size_t i = 0; i < t->count; i++) {
        const struct trust_item *item = &t->list[i];

        if (item->part == TRUST_CLAUDE &&
            (strcmp(item->text, "sandbox") == 0 || strncmp(item->text, "sandbox:", 8) == 0)) {
            return true;
        }
    }
    return t->more > 0;
}

/* Switches claude's own sandbox off, which cannot work inside. Settings of the command line
 * have precedence over those of the project. */
static void switch_sandbox_off(struct builder *b)
{
    if (b->o->claude_subcommand || !sets_sandbox(b)) {
        return;
    }
    if (has_arg(b, "--settings")) {
        missing_add(
            &b->p->missing, b->a, "sandbox of the project's settings",
            "claude's own sandbox, which the project's settings can switch on, does not "
            "work inside. Add this to your --settings: {\"sandbox\":{\"enabled\":false}}");
        return;
    }
    strv_add(&b->p->command.argv, b->a, "--settings");
    strv_add(&b->p->command.argv, b->a, "{\"sandbox\":{\"enabled\":false}}");
}

void trust_claude_args(struct builder *b)
{
    struct strv *argv = &b->p->command.argv;

    switch_sandbox_off(b);
    if (!b->p->trust.safe || !has_part(b, TRUST_CLAUDE)) {
        return;
    }
    if (!has_arg(b, "--setting-sources")) {
        strv_add(argv, b->a, "--setting-sources");
        strv_add(argv, b->a, "user");
    }
    if (!has_arg(b, "--strict-mcp-config")) {
        strv_add(argv, b->a, "--strict-mcp-config");
    }
}
