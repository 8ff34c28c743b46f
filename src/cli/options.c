/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include "base/str.h"
#include "cli/claude_cli.h"
#include "cli/option_value.h"

#include <stdint.h>
#include <string.h>

const struct option option_table[] = {
    {OPT_ENV, "env", 'e', "NAME[=VALUE]",
     "--env NAME=VALUE, or --env NAME to copy it from here",
     "set a variable inside, or pass it on; repeatable"},
    {OPT_PACKAGES, "packages", '\0', "NAME[,NAME...]", "--packages ffmpeg,graphviz",
     "add Debian packages to the image; repeatable"},
    {OPT_REBUILD, "rebuild", '\0', NULL, "--rebuild",
     "build the image with the newest claude first"},
    {OPT_IMAGE, "image", '\0', "REF", "--image debian:trixie-slim",
     "run this image instead of cco's own"},
    {OPT_NETWORK, "network", '\0', "host|bridge|none", "--network bridge",
     "network inside (default: host where that works)"},
    {OPT_NAME, "name", '\0', "NAME", "--name work", "name of the session"},
    {OPT_DETACH, "detach", '\0', NULL, "--detach",
     "start in the background; print the session's name"},
    {OPT_DETACH_KEYS, "detach-keys", '\0', "KEYS|none", "--detach-keys ctrl-p,ctrl-q",
     "leave a session that goes on (default: ctrl-\\,d)"},
    {OPT_RECORD, "record", '\0', "FILE", "--record demo.cast",
     "record the terminal as an asciicast"},
    {OPT_ALLOW_OAUTH_REFRESH, "allow-oauth-refresh", '\0', NULL, "--allow-oauth-refresh",
     "let claude renew the login, and keep it renewed"},
    {OPT_STRICT, "strict", '\0', NULL, "--strict",
     "exit 3 if what the host may execute was changed"},
    {OPT_DRY_RUN, "dry-run", '\0', NULL, "--dry-run",
     "print the whole plan as JSON; start nothing"},
    {OPT_TIMING, "timing", '\0', NULL, "--timing", "on exit, tell what took how long"},
    {OPT_YES, "yes", 'y', NULL, "--yes", "answer yes to cco's questions"},
    {OPT_QUIET, "quiet", '\0', NULL, "--quiet", "no warnings, no progress"},
    {OPT_VERBOSE, "verbose", '\0', NULL, "--verbose",
     "tell more; claude gets this flag as well"},
    {OPT_HELP, "help", 'h', NULL, "--help", "this text (`cco -- --help`: claude's)"},
    {OPT_VERSION, "version", 'v', NULL, "--version", "cco's version"},
    {OPT_JSON, "json", '\0', NULL, "cco info --json", NULL},
    {OPT_READ_ONLY, "read-only", '\0', NULL, "cco attach --read-only", NULL},
    {OPT_WAIT, "wait", '\0', NULL, "cco attach --wait", NULL},
    {OPT_ALL, "all", '\0', NULL, "cco cleanup --all", NULL},
    {OPT_LIST, "list", '\0', NULL, "cco backup-creds --list", NULL},
};
const size_t option_count = sizeof(option_table) / sizeof(option_table[0]);

const struct command_word command_table[] = {
    {"shell", "shell [WORD...]", "a login shell, or a command, in the same sandbox"},
    {"info", "info [--json]", "what is ready here, and how to mend what is not"},
    {"sessions", "sessions [--json]", "what runs, in this project and elsewhere"},
    {"attach", "attach [NAME]", "come back; --read-only looks on, --wait only waits"},
    {"stop", "stop [NAME]", "end a session"},
    {"cleanup", "cleanup [--all]", "remove what ended or killed sessions left behind"},
    {"backup-creds", "backup-creds [--list]",
     "copy the stored login; list the copies (--json)"},
    {"restore-creds", "restore-creds [FILE]", "put a copy back: FILE, or the newest one"},
};
const size_t command_count = sizeof(command_table) / sizeof(command_table[0]);

static const enum opts_command command_ids[] = {
    CMD_SHELL, CMD_INFO,    CMD_SESSIONS,     CMD_ATTACH,
    CMD_STOP,  CMD_CLEANUP, CMD_BACKUP_CREDS, CMD_RESTORE_CREDS};

struct parse {
    int argc, next;
    char *const *argv;
    struct arena *arena;
    struct opts *o;
    bool seen_bare; /* a word without a dash came, so no later one is a command */
};

/* The option that `arg` names, and its "=value" part if there is one. */
static const struct option *find_option(const char *arg, const char **value)
{
    *value = NULL;
    if (arg[0] != '-') {
        return NULL;
    }
    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];
        size_t len = strlen(opt->name);

        if (opt->letter != '\0' && arg[1] == opt->letter && arg[2] == '\0') {
            return opt;
        }
        if (arg[1] != '-' || strncmp(arg + 2, opt->name, len) != 0) {
            continue;
        }
        if (arg[2 + len] == '\0') {
            return opt;
        }
        if (arg[2 + len] == '=') {
            *value = arg + 2 + len + 1;
            return opt;
        }
    }
    return NULL;
}

static void set_flag(struct opts *o, const struct option *opt)
{
    o->rebuild |= opt->id == OPT_REBUILD;
    o->dry_run |= opt->id == OPT_DRY_RUN;
    o->timing |= opt->id == OPT_TIMING;
    o->yes |= opt->id == OPT_YES;
    o->quiet |= opt->id == OPT_QUIET;
    o->verbose |= opt->id == OPT_VERBOSE;
    o->json |= opt->id == OPT_JSON;
    o->all |= opt->id == OPT_ALL;
    o->list |= opt->id == OPT_LIST;
    o->allow_oauth_refresh |= opt->id == OPT_ALLOW_OAUTH_REFRESH;
    o->strict |= opt->id == OPT_STRICT;
    o->detach |= opt->id == OPT_DETACH;
    o->read_only |= opt->id == OPT_READ_ONLY;
    o->wait |= opt->id == OPT_WAIT;
    if (opt->id == OPT_HELP) {
        o->command = CMD_HELP;
    } else if (opt->id == OPT_VERSION) {
        o->command = CMD_VERSION;
    }
}

/* Handles the option at p->next - 1; `value` is its "=value" part or NULL. */
static int take_option(struct parse *p, const struct option *opt, const char *value,
                       struct err *e)
{
    if (opt->value == NULL) {
        if (value != NULL) {
            return option_usage(e, opt, "this option takes no value");
        }
        set_flag(p->o, opt);
        return 0;
    }
    if (value == NULL) {
        if (p->next >= p->argc) {
            return option_usage(e, opt, "its value is missing");
        }
        value = p->argv[p->next++];
    }
    return option_set_value(p->arena, p->o, opt, value, e);
}

static void give(struct parse *p, const char *arg)
{
    strv_add(&p->o->args, p->arena, arg);
    p->o->chose_permissions |= claude_is_permission_option(arg);
}

static void give_rest(struct parse *p)
{
    while (p->next < p->argc) {
        give(p, p->argv[p->next++]);
    }
}

/* An option that is not cco's goes on to claude, and with it the words that are its value. */
static void give_option(struct parse *p, const char *arg)
{
    enum claude_value value = claude_option_value(arg);

    give(p, arg);
    if (value == CLAUDE_VALUE_NONE || p->next >= p->argc) {
        return;
    }
    if (value == CLAUDE_VALUE_OPTIONAL && p->argv[p->next][0] == '-') {
        return;
    }
    give(p, p->argv[p->next++]);
    while (value == CLAUDE_VALUE_MANY && p->next < p->argc && p->argv[p->next][0] != '-') {
        give(p, p->argv[p->next++]);
    }
}

static bool runs(enum opts_command command)
{
    return command == CMD_CLAUDE || command == CMD_SHELL;
}

/* Which options mean something to which command. */
static bool option_fits(const struct option *opt, enum opts_command command, bool nothing_given)
{
    switch (opt->id) {
    case OPT_JSON:
        return command == CMD_INFO || command == CMD_SESSIONS || command == CMD_BACKUP_CREDS;
    case OPT_LIST:
        return command == CMD_BACKUP_CREDS;
    case OPT_READ_ONLY:
    case OPT_WAIT:
        return command == CMD_ATTACH;
    case OPT_DETACH_KEYS:
        return runs(command) || command == CMD_ATTACH;
    case OPT_NAME:
    case OPT_DETACH:
    case OPT_RECORD:
    case OPT_ALLOW_OAUTH_REFRESH:
    case OPT_STRICT:
        return runs(command);
    case OPT_ALL:
        return command == CMD_CLEANUP;
    case OPT_HELP:
    case OPT_VERSION:
        return nothing_given;
    case OPT_ENV:
    case OPT_PACKAGES:
    case OPT_REBUILD:
    case OPT_IMAGE:
    case OPT_NETWORK:
    case OPT_DRY_RUN:
    case OPT_TIMING:
    case OPT_YES:
    case OPT_QUIET:
    case OPT_VERBOSE:
        break;
    }
    return true;
}

static bool take_command(struct parse *p, const char *word)
{
    if (p->o->args.count > 0 || p->o->command != CMD_CLAUDE) {
        return false;
    }
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(word, command_table[i].word) == 0) {
            p->o->command = command_ids[i];
            return true;
        }
    }
    return false;
}

/* How many words may stand behind a command. */
static size_t words_max(enum opts_command command)
{
    if (runs(command)) {
        return SIZE_MAX;
    }
    return command == CMD_ATTACH || command == CMD_STOP || command == CMD_RESTORE_CREDS ? 1 : 0;
}

static int too_many(const struct opts *o, const char *word, struct err *e)
{
    const char *name = "this";
    const char *what = o->command == CMD_RESTORE_CREDS ? "one file" : "one name";

    for (size_t i = 0; i < command_count; i++) {
        name = command_ids[i] == o->command ? command_table[i].word : name;
    }
    (void)err_set(e, ERR_USAGE, "%s takes %s: %s", name,
                  words_max(o->command) == 0 ? "no argument" : what, word);
    return err_hint(e, "See cco --help.");
}

static int bare_word(struct parse *p, const char *word, struct err *e)
{
    struct opts *o = p->o;
    bool first = !p->seen_bare;

    p->seen_bare = true;
    if (first && take_command(p, word)) {
        return 0;
    }
    if (o->args.count >= words_max(o->command)) {
        return too_many(o, word, e);
    }
    give(p, word);
    o->claude_subcommand = first && o->command == CMD_CLAUDE && claude_is_subcommand(word);
    if (o->command == CMD_SHELL || o->claude_subcommand) {
        give_rest(p);
    }
    return 0;
}

static int one_argument(struct parse *p, struct err *e)
{
    const char *arg = p->argv[p->next++];
    const char *value = NULL;
    const struct option *opt = find_option(arg, &value);
    struct opts *o = p->o;

    if (strcmp(arg, "--") == 0) {
        if (o->args.count > 0) {
            give(p, arg);
        }
        give_rest(p);
        return 0;
    }
    if (opt != NULL && option_fits(opt, o->command, o->args.count == 0)) {
        return take_option(p, opt, value, e);
    }
    if (o->command == CMD_CLAUDE && strcmp(arg, "--info") == 0 && o->args.count == 0) {
        o->command = CMD_INFO;
        p->seen_bare = true;
        return 0;
    }
    if (arg[0] != '-' || arg[1] == '\0') {
        return bare_word(p, arg, e);
    }
    if (o->command != CMD_CLAUDE) {
        (void)err_set(e, ERR_USAGE, "unknown option %s", arg);
        return err_hint(
            e,
            o->command == CMD_SHELL
                ? "A command that starts with a dash goes behind --: cco shell -- %s"
                : "See cco --help; it does not take %s.",
            arg);
    }
    give_option(p, arg);
    return 0;
}

/* What only shows when everything was read. */
static int check(const struct opts *o, struct err *e)
{
    if (o->args.count > words_max(o->command)) {
        return too_many(o, o->args.v[o->args.count - 1], e);
    }
    if (o->read_only && o->wait) {
        (void)err_set(e, ERR_USAGE, "--read-only and --wait exclude each other");
        return err_hint(e, "Give one of them.");
    }
    if (o->quiet && o->verbose) {
        (void)err_set(e, ERR_USAGE, "--quiet and --verbose exclude each other");
        return err_hint(e, "Give one of them.");
    }
    if (o->image != NULL && (o->packages.count > 0 || o->rebuild)) {
        (void)err_set(e, ERR_USAGE,
                      "--image runs that image unmodified: %s cannot be used with it",
                      o->rebuild ? "--rebuild" : "--packages");
        return err_hint(e, "Leave one of the two out.");
    }
    return 0;
}

int options_parse(int argc, char *const *argv, struct arena *a, struct opts *o, struct err *e)
{
    struct parse p = {.argc = argc, .next = 1, .argv = argv, .arena = a, .o = o};

    *o = (struct opts){.command = CMD_CLAUDE};
    while (p.next < argc) {
        if (one_argument(&p, e) < 0) {
            return -1;
        }
        if (o->command == CMD_HELP || o->command == CMD_VERSION) {
            return 0;
        }
    }
    return check(o, e);
}
