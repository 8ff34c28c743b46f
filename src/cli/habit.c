/* SPDX-License-Identifier: MIT */
#include "cli/habit.h"

#include "cli/claude_cli.h"
#include "cli/options.h"
#include "cli/spelling.h"

#include <string.h>

#define REBUILD "image build --rebuild"
/* --rebuild also fetches the newest claude for native sandboxes, which have no image. */
#define REBUILD_NATIVE "--rebuild"
#define NEWEST                                                                                 \
    "An update inside ends with the session. To get the newest claude: cco " REBUILD           \
    "; without an engine: cco " REBUILD_NATIVE

/* The words of other programs (docker, tmux, npm, git), and those of claude's subcommands that
 * do not do in a sandbox what the user expects. */
static const struct row {
    const char *word, *instead;
    bool has_words;   /* words may follow it, and belong to the command that is meant */
    const char *text; /* NULL: "cco's command for that: cco INSTEAD" */
} rows[] = {
    {"a", "attach", true, NULL},
    {"at", "attach", true, NULL},
    {"attach-session", "attach", true, NULL},
    {"bash", "shell", true, NULL},
    {"build", "image build", false, NULL},
    {"clean", "cleanup", false, NULL},
    {"exec", "shell", true, NULL},
    {"gc", "cleanup", false, NULL},
    {"images", "image list", false, NULL},
    {"install", REBUILD, false, NEWEST},
    {"kill-server", "stop --all", false, NULL},
    {"kill-session", "stop", true, NULL},
    {"list", "sessions", false, NULL},
    {"list-sessions", "sessions", false, NULL},
    {"login", NULL, false,
     "To log in, run claude on this machine, or type /login in a session. See cco help login."},
    {"logout", NULL, false,
     "The login is that of this machine: log out with claude there. See cco help login."},
    {"prune", "image prune", false, NULL},
    {"pull", "image build", false, NULL},
    {"rebuild", REBUILD, false, NULL},
    {"rmi", "image rm", true, NULL},
    {"sh", "shell", true, NULL},
    {"status", "info", false, NULL},
    {"update", REBUILD, false, NEWEST},
    {"upgrade", REBUILD, false, NEWEST},
    {"version", "--version", false, NULL},
};

static const struct row *row_of(const char *word)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(word, rows[i].word) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

/* Returns the first word of a command that is like `word`, or NULL. */
static const char *nearest(const char *word)
{
    struct spelling s;

    spelling_init(&s, str_c(word));
    for (size_t i = 0; i < command_count; i++) {
        (void)spelling_offer(&s, command_table[i].word);
    }
    return s.best;
}

/* Returns true if the arguments after the first can belong to a command of cco's. */
static bool rest_fits(const struct strv *args, bool has_words)
{
    for (size_t i = 1; i < args->count; i++) {
        const bool option = args->v[i][0] == '-';

        if (option ? claude_knows_option(args->v[i]) : !has_words) {
            return false;
        }
    }
    return true;
}

/* Returns the index of the first argument for claude in argv. Returns 0 if "--" precedes it. */
static int index_of_first(int argc, char *const *argv, const struct opts *o)
{
    int i = 1;

    while (i < argc && argv[i] != o->args.v[0]) {
        i++;
    }
    return i < argc && strcmp(argv[i - 1], "--") != 0 ? i : 0;
}

bool habit_find(int argc, char *const *argv, const struct opts *o, struct arena *a,
                struct habit *out)
{
    const char *word = o->args.count > 0 ? o->args.v[0] : "-";
    const struct row *row = row_of(word);
    const char *near = row == NULL && !o->claude_subcommand ? nearest(word) : NULL;
    int at;

    if (o->command != CMD_CLAUDE || word[0] == '-' || (row == NULL && near == NULL) ||
        (o->claude_subcommand && o->args.count > 1) ||
        !rest_fits(&o->args, row != NULL && row->has_words)) {
        return false;
    }
    at = index_of_first(argc, argv, o);
    if (at == 0) {
        return false;
    }
    *out = (struct habit){.word = word,
                          .at = at,
                          .instead = row != NULL ? row->instead : near,
                          .text = row != NULL ? row->text : NULL,
                          .of_claude = o->claude_subcommand};
    if (o->engine == ENGINE_NATIVE && out->instead != NULL &&
        strcmp(out->instead, REBUILD) == 0) {
        out->instead = REBUILD_NATIVE;
    }
    if (out->text == NULL) {
        out->text =
            arena_printf(a, "%s: cco %s",
                         row != NULL ? "cco's command for that" : "Did you mean", out->instead);
    }
    return true;
}

char **habit_replace(const struct habit *h, int *argc, char *const *argv, struct arena *a)
{
    const size_t most = (size_t)*argc + strlen(h->instead) + 1;
    char **out = arena_array(a, most, sizeof(out[0]));
    struct str rest = str_c(h->instead);
    struct str word = {0};
    int count = 0;

    while (count < h->at) {
        out[count] = argv[count];
        count++;
    }
    while (rest.len > 0) {
        (void)str_cut(&rest, ' ', &word);
        out[count++] = arena_str(a, word);
    }
    for (int i = h->at + 1; i < *argc; i++) {
        out[count++] = argv[i];
    }
    out[count] = NULL;
    *argc = count;
    return out;
}
