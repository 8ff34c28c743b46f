/* SPDX-License-Identifier: MIT */
#include "host/setup_commands.h"

#include "base/buf.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/path.h"
#include "base/proc.h"
#include "host/look.h"
#include "host/shell_words.h"
#include "plan/untrusted.h"
#include "trust/lookup.h"
#include "wire/json.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* NESTED: the texts of `sh -c TEXT` in one command. */
enum { HEAD = 256, NESTED = 4 };

struct finder {
    struct arena *a;
    struct facts *f;
    char *const *env;
    const char *what; /* of the present command */
    bool is_guard, is_server;
    size_t commands; /* that were examined */
    size_t cap;
};

/* A simple command. */
struct command {
    const struct shell_word *words;
    size_t count;
    const char
        *dir; /* the directory to which an earlier `cd` of the line has changed, or NULL */
};

static bool is_one_of(const char *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, list[i]) == 0) {
            return true;
        }
    }
    return false;
}
#define IS_ONE_OF(word, list) is_one_of(word, list, sizeof(list) / sizeof((list)[0]))

/* Words in front of a command, which run it or are a part of the shell's grammar. */
static bool is_prefix(const char *word)
{
    static const char *const prefixes[] = {
        "if",   "then", "elif",    "else", "do",      "while", "until", "!",     "{",
        "time", "exec", "command", "env",  "builtin", "nice",  "sudo",  "nohup", "-"};

    return IS_ONE_OF(word, prefixes);
}

static bool is_builtin(const char *word)
{
    static const char *const builtins[] = {
        "[",      "[[",       "]]",      ":",    "}",        "alias",    "break",  "case",
        "cd",     "continue", "declare", "done", "echo",     "esac",     "eval",   "exit",
        "export", "false",    "fi",      "for",  "function", "in",       "jobs",   "kill",
        "let",    "local",    "printf",  "pwd",  "read",     "readonly", "return", "set",
        "shift",  "test",     "trap",    "true", "type",     "ulimit",   "umask",  "unset",
        "wait",   "shopt",    "hash"};

    return IS_ONE_OF(word, builtins);
}

/* Programs that run the first file among their arguments. */
static bool runs_a_file(const char *word)
{
    static const char *const names[] = {
        "sh",   "bash", "dash",    "zsh",     "fish",  "ksh",       "node",   "nodejs", "bun",
        "deno", "tsx",  "ts-node", "npx",     "bunx",  "uv",        "uvx",    "ruby",   "perl",
        "php",  "lua",  "python",  "python3", "pypy3", "osascript", "source", "."};
    const char *name = path_base(word);

    return IS_ONE_OF(name, names) || strncmp(name, "python3.", 8) == 0;
}

static bool is_shell(const char *word)
{
    static const char *const names[] = {"sh", "bash", "dash", "zsh", "ksh"};

    return IS_ONE_OF(path_base(word), names);
}

/* Returns the program of the line "#!PROGRAM" of a file if it is in the home, in the arena; the
 * argument of env(1) does not count. NULL: there is none. */
static const char *interpreter_of(struct finder *s, const char *physical)
{
    struct err ignored = {0};
    char head[HEAD];
    int fd = lookup_open(physical, O_RDONLY | O_NONBLOCK, &ignored);
    ssize_t len = fd >= 0 ? pread(fd, head, sizeof(head), 0) : -1;
    struct str line = {0};
    struct str rest;

    fd_close(&fd);
    if (len < 3 || head[0] != '#' || head[1] != '!') {
        return NULL;
    }
    rest = str_n(head + 2, (size_t)len - 2);
    (void)str_cut(&rest, '\n', &line);
    line = str_trim(line);
    (void)str_cut(&line, ' ', &rest);
    return rest.len > 0 && rest.p[0] == '/' &&
                   (path_is_inside(arena_str(s->a, rest), s->f->home) ||
                    path_is_inside(arena_str(s->a, rest), s->f->home_physical))
               ? arena_str(s->a, rest)
               : NULL;
}

/* Returns the use of this path by the present command, or NULL. */
static struct fact_setup_use *find_use(const struct finder *s, const char *path)
{
    for (size_t i = 0; i < s->f->setup_use_count; i++) {
        struct fact_setup_use *u = &s->f->setup_uses[i];

        if (u->found.path != NULL && strcmp(u->found.path, path) == 0 &&
            strcmp(u->what, s->what) == 0) {
            return u;
        }
    }
    return NULL;
}

static struct fact_setup_use *add_use(struct finder *s, const char *word,
                                      struct fact_path found)
{
    struct facts *f = s->f;

    if (f->setup_use_count == SETUP_USES_MAX) {
        return NULL;
    }
    f->setup_uses =
        list_grow(s->a, f->setup_uses, f->setup_use_count, &s->cap, sizeof(f->setup_uses[0]));
    f->setup_uses[f->setup_use_count] = (struct fact_setup_use){.what = s->what,
                                                                .is_guard = s->is_guard,
                                                                .is_server = s->is_server,
                                                                .word = word,
                                                                .found = found};
    return &f->setup_uses[f->setup_use_count++];
}

/* Adds the file `path`, if it exists; for a server also a directory. */
static void add_file(struct finder *s, const char *word, const char *path, bool is_program,
                     bool by_name)
{
    struct fact_setup_use *u = find_use(s, path);

    if (u == NULL) {
        const struct fact_path found = look_obeyed(s->a, s->f, path);

        u = found.type == FACT_FILE || (found.type == FACT_DIR && s->is_server)
                ? add_use(s, word, found)
                : NULL;
    }
    if (u != NULL && is_program && !u->is_program) {
        u->is_program = true;
        u->by_name = by_name;
        u->interpreter =
            untrusted_why(s->f, path) == NULL ? interpreter_of(s, u->found.physical) : NULL;
    }
}

static bool is_in_home(const struct finder *s, const char *path)
{
    return path_is_inside(path, s->f->home) || path_is_inside(path, s->f->home_physical);
}

/* Returns the path of a word with a slash, or NULL if it is relative to the project. */
static const char *path_of(struct finder *s, const struct command *c, const char *word)
{
    if (word[0] == '/') {
        return path_clean(s->a, word);
    }
    return c->dir != NULL ? path_clean(s->a, path_join(s->a, c->dir, word)) : NULL;
}

static void take_program(struct finder *s, const struct command *c, const struct shell_word *w)
{
    const char *path = NULL;

    if (is_builtin(w->text)) {
        return;
    }
    if (w->unknown) {
        struct fact_setup_use *u = add_use(s, w->text, (struct fact_path){0});

        if (u != NULL) {
            u->is_program = true;
        }
        return;
    }
    if (strchr(w->text, '/') != NULL) {
        path = path_of(s, c, w->text);
    } else if (w->text[0] != '\0') {
        path = proc_find(w->text, s->env, s->a);
    }
    if (path != NULL) {
        add_file(s, w->text, path, true, strchr(w->text, '/') == NULL);
    }
}

static void take_arguments(struct finder *s, const struct command *c, bool runs_file)
{
    for (size_t i = 1; i < c->count; i++) {
        const struct shell_word *w = &c->words[i];
        const char *value = w->text[0] == '-' ? strchr(w->text, '=') : NULL;
        const char *text = value != NULL ? value + 1 : w->text;
        const char *path =
            text[0] != '-' && text[0] != '\0' && !w->unknown ? path_of(s, c, text) : NULL;

        if (path != NULL && is_in_home(s, path)) {
            add_file(s, text, path, runs_file, false);
        }
        runs_file = runs_file && w->text[0] == '-';
    }
}

/* Takes one simple command. Returns the text of `sh -c TEXT`, and otherwise NULL. */
static const char *take_command(struct finder *s, struct command c)
{
    bool runs_file;

    while (c.count > 0 && (is_prefix(c.words->text) ||
                           (c.words->text[0] == '-' && c.words->text[1] != '\0'))) {
        c.words++;
        c.count--;
    }
    if (c.count == 0) {
        return NULL;
    }
    take_program(s, &c, c.words);
    runs_file = !c.words->unknown && runs_a_file(c.words->text);
    for (size_t i = 1; i + 1 < c.count && is_shell(c.words->text); i++) {
        if (strcmp(c.words[i].text, "-c") == 0 || strcmp(c.words[i].text, "-lc") == 0) {
            return c.words[i + 1].text;
        }
    }
    take_arguments(s, &c, runs_file);
    return NULL;
}

/* Takes a line of the shell. Returns the texts of `sh -c TEXT` in `nested`. */
static void take_line(struct finder *s, const char *text, struct strv *nested)
{
    const struct facts *f = s->f;
    const struct shell_variable vars[] = {{"HOME", f->home},
                                          {"CLAUDE_PROJECT_DIR", f->cwd_physical},
                                          {"PWD", f->cwd_physical},
                                          {"USER", f->user}};
    struct shell_words w = {0};
    struct command c = {0};

    shell_words_split(str_c(text), f->home, vars, sizeof(vars) / sizeof(vars[0]), s->a, &w);
    for (size_t i = 0; i < w.count; i += c.count) {
        const char *inner;

        c.words = &w.list[i];
        c.count = 1;
        while (i + c.count < w.count && !w.list[i + c.count].starts) {
            c.count++;
        }
        if (strcmp(c.words->text, "cd") == 0 && c.count > 1) {
            c.dir = c.words[1].unknown ? NULL : path_of(s, &c, c.words[1].text);
            continue;
        }
        inner = take_command(s, c);
        if (inner != NULL && nested->count < NESTED) {
            strv_add(nested, s->a, inner);
        }
    }
}

static void take_text(struct finder *s, struct json command, const char *what, bool is_guard)
{
    const char *text = json_string_dup(command, s->a);
    struct strv nested = {0};

    if (text == NULL || s->commands == SETUP_COMMANDS_MAX) {
        return;
    }
    s->commands++;
    s->what = what;
    s->is_guard = is_guard;
    take_line(s, text, &nested);
    for (size_t i = 0; i < nested.count; i++) {
        take_line(s, nested.v[i], &nested);
    }
}

static void take_hooks(struct finder *s, struct json hooks)
{
    static const char *const guards[] = {"PreToolUse", "PermissionRequest", "UserPromptSubmit"};
    struct json_iter events = json_iter(hooks);
    struct json event = {0};
    struct json entries = {0};

    while (events.in_object && json_next(&events, &event, &entries)) {
        const char *name = json_string_dup(event, s->a);
        const char *what = arena_printf(s->a, "the hook %s", name != NULL ? name : "");
        struct json_iter it = json_iter(entries);
        struct json entry = {0};

        while (json_next(&it, NULL, &entry)) {
            struct json_iter list = json_iter(json_get(entry, "hooks"));
            struct json hook = {0};

            while (json_next(&list, NULL, &hook)) {
                take_text(s, json_get(hook, "command"), what,
                          name != NULL && IS_ONE_OF(name, guards));
            }
        }
    }
}

static void take_settings(struct finder *s, struct json root)
{
    static const char *const objects[] = {"statusLine", "subagentStatusLine", "fileSuggestion"};
    static const char *const texts[] = {"awsAuthRefresh", "awsCredentialExport",
                                        "gcpAuthRefresh", "otelHeadersHelper",
                                        "proxyAuthHelper"};

    if (!json_true(json_get(root, "disableAllHooks"))) {
        take_hooks(s, json_get(root, "hooks"));
        for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
            take_text(s, json_get(json_get(root, objects[i]), "command"), objects[i], false);
        }
    }
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        take_text(s, json_get(root, texts[i]), texts[i], false);
    }
}

/* Returns whether the user has switched the server off in this project. */
static bool is_disabled(struct json project, const char *name)
{
    static const char *const lists[] = {"disabledMcpServers", "disabledMcpjsonServers"};
    bool disabled = false;

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct json_iter it = json_iter(json_get(project, lists[i]));
        struct json item = {0};

        while (!disabled && !it.in_object && json_next(&it, NULL, &item)) {
            disabled = json_is(item, name);
        }
    }
    return disabled;
}

/* Takes the servers of one object `mcpServers` that are not switched off in `project`. Their
 * words are not split or expanded. A program in front of a script (node, npx, uvx) is expected
 * in the sandbox. */
static void take_servers(struct finder *s, struct json servers, struct json project)
{
    struct json_iter it = json_iter(servers);
    struct json key = {0};
    struct json server = {0};

    while (it.in_object && json_next(&it, &key, &server) && s->commands < SETUP_COMMANDS_MAX) {
        const char *name = json_string_dup(key, s->a);
        const char *program = json_string_dup(json_get(server, "command"), s->a);
        struct json_iter args = json_iter(json_get(server, "args"));
        struct json arg = {0};
        struct shell_words w = {0};
        struct command c;

        if (name == NULL || program == NULL || is_disabled(project, name)) {
            continue;
        }
        s->commands++;
        s->what = arena_printf(s->a, "the MCP server %s", name);
        do {
            const char *text = w.count == 0 ? program : json_string_dup(arg, s->a);

            w.list = list_grow(s->a, w.list, w.count, &w.cap, sizeof(w.list[0]));
            w.list[w.count++] = (struct shell_word){.text = text != NULL ? text : ""};
        } while (w.count < SHELL_WORDS_MAX && json_next(&args, NULL, &arg));
        c = (struct command){.words = w.list, .count = w.count};
        if (!runs_a_file(program)) {
            take_program(s, &c, c.words);
        }
        take_arguments(s, &c, runs_a_file(program));
    }
}

/* Takes the servers of .claude.json: those of every project, and those of this one. */
static void take_claude_json(struct finder *s)
{
    struct err ignored = {0};
    struct json root = {0};
    struct buf text;

    s->is_guard = false;
    s->is_server = true;
    buf_init(&text, LIMIT_CLAUDE_JSON);
    if (look_read(s->f, &s->f->claude_json, &text) &&
        json_parse(buf_str(&text), &root, &ignored) == 0) {
        const struct json project = json_get(json_get(root, "projects"), s->f->claude_root);

        take_servers(s, json_get(root, "mcpServers"), project);
        take_servers(s, json_get(project, "mcpServers"), project);
    }
    buf_wipe(&text); /* servers have variables, whose values may be secrets */
}

void setup_commands_probe(char *const *env, struct arena *a, struct facts *f)
{
    struct finder s = {.a = a, .f = f, .env = env};
    const struct fact_path settings = look_claude(a, f, "settings.json");
    struct err ignored = {0};
    struct json root = {0};
    struct buf text;

    buf_init(&text, LIMIT_FILE_SMALL);
    if (look_read(f, &settings, &text) && json_parse(buf_str(&text), &root, &ignored) == 0) {
        take_settings(&s, root);
    }
    buf_wipe(&text); /* settings contain variables, whose values may be secrets */
    take_claude_json(&s);
}
