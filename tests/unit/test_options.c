/* SPDX-License-Identifier: MIT */
/* The command line: which words are for cco, and which are for claude. */
#include "base/buf.h"
#include "cli/options.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

enum { ARGS_MAX = 16 };

struct parsed {
    struct arena arena;
    struct opts o;
    struct err e;
    int rc;
};

/* Splits at '|', so that samples read like command lines and may hold blanks. */
static void parse(struct parsed *p, const char *line)
{
    char *argv[ARGS_MAX] = {NULL};
    char *copy;
    int argc = 1;

    *p = (struct parsed){0};
    copy = arena_strdup(&p->arena, line);
    argv[0] = arena_strdup(&p->arena, "cco");
    while (copy != NULL && line[0] != '\0' && argc < ARGS_MAX - 1) {
        char *bar = strchr(copy, '|');

        argv[argc++] = copy;
        if (bar != NULL) {
            *bar = '\0';
        }
        copy = bar == NULL ? NULL : bar + 1;
    }
    p->rc = options_parse(argc, argv, &p->arena, &p->o, &p->e);
}

static const char *joined(struct parsed *p, const struct strv *l)
{
    char *text = arena_strdup(&p->arena, "");

    for (size_t i = 0; i < l->count; i++) {
        text = arena_printf(&p->arena, "%s%s%s", text, i == 0 ? "" : "|", l->v[i]);
    }
    return text;
}

static const struct {
    const char *line;
    enum opts_command command;
    const char *args;
    const char *env;
} accepted[] = {
    {"", CMD_CLAUDE, "", ""},
    {"-p|say hi", CMD_CLAUDE, "-p|say hi", ""},
    {"say hi|-p", CMD_CLAUDE, "say hi|-p", ""},
    {"--env|A=b|-p|x", CMD_CLAUDE, "-p|x", "A=b"},
    {"-p|x|--env|A=b", CMD_CLAUDE, "-p|x", "A=b"},
    {"--env=A=b=c|-p", CMD_CLAUDE, "-p", "A=b=c"},
    {"-e|A|-e|B=", CMD_CLAUDE, "", "A|B="},
    {"--", CMD_CLAUDE, "", ""},
    {"--|shell", CMD_CLAUDE, "shell", ""},
    {"--|--env|A=b", CMD_CLAUDE, "--env|A=b", ""},
    {"-p|--|--env|A=b", CMD_CLAUDE, "-p|--|--env|A=b", ""},
    {"mcp|add|x|--env|K=V|--|npx|y", CMD_CLAUDE, "mcp|add|x|--env|K=V|--|npx|y", ""},
    {"--env|A=b|mcp|list|--env|C", CMD_CLAUDE, "mcp|list|--env|C", "A=b"},
    {"--model|opus|mcp|add|--env|K=V", CMD_CLAUDE, "--model|opus|mcp|add|--env|K=V", ""},
    {"--model|mcp|--env|K=V", CMD_CLAUDE, "--model|mcp", "K=V"},
    {"--resume|shell", CMD_CLAUDE, "--resume|shell", ""},
    {"--resume|--env|K=V", CMD_CLAUDE, "--resume", "K=V"},
    {"--allowedTools|Bash|Edit|--env|K=V|hi", CMD_CLAUDE, "--allowedTools|Bash|Edit|hi", "K=V"},
    {"fix|mcp|--env|K=V", CMD_CLAUDE, "fix|mcp", "K=V"},
    {"shell", CMD_SHELL, "", ""},
    {"shell|ls|-la", CMD_SHELL, "ls|-la", ""},
    {"shell|ls|--env|K=V", CMD_SHELL, "ls|--env|K=V", ""},
    {"--env|K=V|shell|--env|L=W|env", CMD_SHELL, "env", "K=V|L=W"},
    {"shell|--|-x|--env", CMD_SHELL, "-x|--env", ""},
    {"-p|shell", CMD_CLAUDE, "-p|shell", ""},
    {"info", CMD_INFO, "", ""},
    {"--info", CMD_INFO, "", ""},
    {"info|--json", CMD_INFO, "", ""},
    {"--json", CMD_CLAUDE, "--json", ""},
    {"--all", CMD_CLAUDE, "--all", ""},
    {"cleanup|--all|-y", CMD_CLEANUP, "", ""},
    {"sync", CMD_SYNC, "", ""},
    {"sync|--json|--dry-run|--image|x", CMD_SYNC, "", ""},
    {"--sync|push|sync", CMD_SYNC, "", ""},
    {"--sync=both,all|hi", CMD_CLAUDE, "hi", ""},
    {"backup-creds", CMD_BACKUP_CREDS, "", ""},
    {"backup-creds|--list|--json", CMD_BACKUP_CREDS, "", ""},
    {"restore-creds|--yes", CMD_RESTORE_CREDS, "", ""},
    {"restore-creds|a file", CMD_RESTORE_CREDS, "a file", ""},
    {"restore-creds|--|-file", CMD_RESTORE_CREDS, "-file", ""},
    {"--|backup-creds", CMD_CLAUDE, "backup-creds", ""},
    {"--list", CMD_CLAUDE, "--list", ""},
    {"--allow-oauth-refresh|--strict|hi", CMD_CLAUDE, "hi", ""},
    {"--strict|shell|--allow-oauth-refresh|true", CMD_SHELL, "true", ""},
    {"--help", CMD_HELP, "", ""},
    {"-h", CMD_HELP, "", ""},
    {"--env|A=b|--help", CMD_HELP, "", "A=b"},
    {"-p|--help", CMD_CLAUDE, "-p|--help", ""},
    {"mcp|--help", CMD_CLAUDE, "mcp|--help", ""},
    {"--|--help", CMD_CLAUDE, "--help", ""},
    {"-v", CMD_VERSION, "", ""},
    {"-V", CMD_VERSION, "", ""},
    {"-p|-V", CMD_CLAUDE, "-p|-V", ""},
    {"-q|hi", CMD_CLAUDE, "hi", ""},
    {"ls", CMD_SESSIONS, "", ""},
    {"-q|ps|--json", CMD_SESSIONS, "", ""},
    {"rm|work|play", CMD_STOP, "work|play", ""},
    {"stop|--all", CMD_STOP, "", ""},
    {"image|ls|--json", CMD_IMAGE_LIST, "", ""},
    {"image|rm|cco:1|2", CMD_IMAGE_PRUNE, "cco:1|2", ""},
    {"--|ls", CMD_CLAUDE, "ls", ""},
    {"fix|ls", CMD_CLAUDE, "fix|ls", ""},
    {"-p|ls", CMD_CLAUDE, "-p|ls", ""},
    {"-p|-v", CMD_CLAUDE, "-p|-v", ""},
    {"-", CMD_CLAUDE, "-", ""},
    {"--environment|x", CMD_CLAUDE, "--environment|x", ""},
    {"--dry-run|--image|alpine|--network=none|hi", CMD_CLAUDE, "hi", ""},
};

static const struct {
    const char *line;
    const char *names; /* the option or command that the message must name */
} refused[] = {
    {"--env", "--env"},
    {"--env|1A=b", "--env"},
    {"--env|=b", "--env"},
    {"--env|", "--env"},
    {"--env=", "--env"},
    {"--packages|a b", "--packages"},
    {"--packages|a,,b", "--packages"},
    {"--packages|-x", "--packages"},
    {"--packages|$(id)", "--packages"},
    {"--network|lan", "--network"},
    {"--rebuild=1", "--rebuild"},
    {"--image", "--image"},
    {"--image|x|--packages|jq", "--packages"},
    {"--image|x|--rebuild", "--rebuild"},
    {"--quiet|--verbose", "--quiet"},
    {"info|now", "info"},
    {"info|--|now", "info"},
    {"stop|--json", "--json"},
    {"ls|-la", "-la"},
    {"ls|x", "sessions"},
    {"image|ps", "ps"},
    {"cleanup|--list", "--list"},
    {"backup-creds|x", "backup-creds"},
    {"backup-creds|--list=x", "--list"},
    {"backup-creds|--strict", "--strict"},
    {"restore-creds|a|b", "restore-creds"},
    {"restore-creds|--json", "--json"},
    {"info|--allow-oauth-refresh", "--allow-oauth-refresh"},
    {"--strict=1", "--strict"},
    {"shell|-l", "-l"},
    {"info|-p", "-p"},
};

static void accepted_command_lines_are_split_as_expected(void)
{
    for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
        struct parsed p;

        parse(&p, accepted[i].line);
        ok(p.rc == 0, "accepted: %s", accepted[i].line);
        is_int(p.o.command, accepted[i].command, accepted[i].line);
        is_str(joined(&p, &p.o.args), accepted[i].args, accepted[i].line);
        is_str(joined(&p, &p.o.env), accepted[i].env, accepted[i].line);
        arena_release(&p.arena);
    }
}

static void refused_command_lines_have_a_message_and_a_hint(void)
{
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        struct parsed p;

        parse(&p, refused[i].line);
        ok(p.rc < 0 && p.e.kind == ERR_USAGE, "refused: %s", refused[i].line);
        ok(strstr(p.e.text, refused[i].names) != NULL && p.e.hint[0] != '\0',
           "the message names it, and the hint has the right form: %s", p.e.text);
        arena_release(&p.arena);
    }
}

static void a_base_given_as_a_build_argument_is_kept(void)
{
    struct parsed p;

    parse(&p, "--engine|native|--build-arg|BASE=mirror/debian");
    is_int(p.rc, 0, "it is accepted, because the engine's features are checked later");
    is_str(p.o.base, "mirror/debian", "an engine that builds no image does not unset it");
    arena_release(&p.arena);
    parse(&p, "--image|x|--build-arg|BASE=y");
    ok(p.rc < 0 && strstr(p.e.text, "--build-arg") != NULL, "it is refused with --image: %s",
       p.e.text);
    arena_release(&p.arena);
    parse(&p, "--build-arg|BASE=y|sessions");
    ok(p.rc < 0 && strstr(p.e.text, "--build-arg") != NULL,
       "it is refused for a command that does not take it: %s", p.e.text);
    arena_release(&p.arena);
}

static void packages_are_sorted_and_unique(void)
{
    struct parsed p;

    parse(&p, "--packages|zsh, jq|--packages=jq,graphviz,libc6-dev:i386");
    is_int(p.rc, 0, "packages are accepted");
    is_str(joined(&p, &p.o.packages), "graphviz|jq|libc6-dev:i386|zsh",
           "packages are sorted and appear once");
    arena_release(&p.arena);
}

static void flags_are_set(void)
{
    struct parsed p;

    parse(&p, "--allow-oauth-refresh|-p|x");
    ok(p.o.allow_oauth_refresh && !p.o.strict, "--allow-oauth-refresh is set alone");
    arena_release(&p.arena);
    parse(&p, "--strict|-p|x");
    ok(p.o.strict && !p.o.allow_oauth_refresh, "--strict is set alone");
    arena_release(&p.arena);
    parse(&p, "backup-creds|--list");
    ok(p.o.list && !p.o.json, "--list is set alone");
    arena_release(&p.arena);
}

static void options_about_permissions_and_subcommands_are_noticed(void)
{
    static const struct {
        const char *line;
        bool chosen, subcommand;
    } cases[] = {
        {"-p|x", false, false},
        {"--permission-mode|plan", true, false},
        {"--permission-mode=plan", true, false},
        {"--dangerously-skip-permissions", true, false},
        {"--allow-dangerously-skip-permissions", true, false},
        {"mcp|list", false, true},
        {"hello|mcp", false, false},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct parsed p;

        parse(&p, cases[i].line);
        is_int(p.o.chose_permissions, cases[i].chosen, cases[i].line);
        is_int(p.o.claude_subcommand, cases[i].subcommand, cases[i].line);
        arena_release(&p.arena);
    }
}

/* Linux allows thousands of arguments, and 128 KiB for each of them. */
static void many_and_long_arguments_are_accepted(void)
{
    enum { MANY = 4096, LONG = 128 << 10 };
    static char longest[LONG];
    static char *argv[MANY + 5];
    static char words[5][8] = {"cco", "--env", "-p", "x", "--"};
    struct parsed p = {0};
    int argc = 0;

    memset(longest, 'v', LONG - 1);
    longest[0] = 'A';
    longest[1] = '=';
    argv[argc++] = words[0];
    argv[argc++] = words[1];
    argv[argc++] = longest;
    argv[argc++] = words[2];
    for (int i = 0; i < MANY; i++) {
        argv[argc++] = i % 7 == 0 ? longest : words[3];
    }
    p.rc = options_parse(argc, argv, &p.arena, &p.o, &p.e);
    ok(p.rc == 0 && p.o.args.count == MANY + 1, "4,096 arguments go to claude");
    ok(p.o.args.v[1] == longest && p.o.args.v[MANY - 1] == words[3],
       "they are passed on unchanged, without a copy");
    ok(p.o.env.count == 1 && strlen(p.o.env.v[0]) == LONG - 1, "a value may have 128 KiB");
    arena_release(&p.arena);
}

int main(void)
{
    many_and_long_arguments_are_accepted();
    accepted_command_lines_are_split_as_expected();
    refused_command_lines_have_a_message_and_a_hint();
    a_base_given_as_a_build_argument_is_kept();
    packages_are_sorted_and_unique();
    options_about_permissions_and_subcommands_are_noticed();
    flags_are_set();
    return done_testing();
}
