/* SPDX-License-Identifier: MIT */
#include "host/git_settings.h"

#include "base/buf.h"
#include "base/env.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/path.h"
#include "host/git_config.h"
#include "host/git_signing.h"
#include "host/look.h"
#include "host/named_files.h"
#include "trust/lookup.h"

#include <string.h>

/* The variables that name a file or directory which git only reads, or hooks. */
static const struct {
    const char *section;
    const char *subsection; /* NULL: none */
    const char *key;
    enum named_kind kind;
    const char *why;
} variables[] = {
    {"core", NULL, "excludesfile", NAMED_FILE, "files that git ignores"},
    {"core", NULL, "attributesfile", NAMED_FILE, "git's attributes"},
    {"core", NULL, "hookspath", NAMED_DIR, "the user's git hooks"},
    {"commit", NULL, "template", NAMED_FILE, "the template of commit messages"},
    {"init", NULL, "templatedir", NAMED_DIR, "the template of git repositories"},
    {"mailmap", NULL, "file", NAMED_FILE, "names of authors"},
    {"blame", NULL, "ignorerevsfile", NAMED_FILE, "commits that git blame ignores"},
    {"user", NULL, "signingkey", NAMED_KEY, "the public key that signs"},
    {"gpg", "ssh", "allowedsignersfile", NAMED_FILE, "the keys of signers"},
    {"gpg", "ssh", "revocationfile", NAMED_FILE, "keys of signers that are revoked"},
};

/* Returns the path that a value of the settings `file` names, or NULL. */
static const char *path_of(const struct named_files *r, const char *value, const char *file)
{
    return path_named(r->a, r->f->home, path_dir(r->a, file), value);
}

/* Returns true if no directory of the project can be at or below what the pattern of a
 * condition "gitdir" can match. */
static bool is_elsewhere(const struct named_files *r, const char *pattern, const char *file)
{
    const char *path = NULL;
    const char *physical;
    char *cut;

    if (strncmp(pattern, "./", 2) == 0 || pattern[0] == '/' || pattern[0] == '~') {
        path = path_of(r, pattern, file);
    }
    if (path == NULL) {
        return false; /* git puts a "**" in front of it */
    }
    cut = arena_strdup(r->a, path);
    cut[strcspn(cut, "*?[\\")] = '\0';
    path = strlen(cut) < strlen(path) ? path_dir(r->a, cut) : cut;
    physical = lookup_physical(r->a, path);
    for (int i = 0; i < 2; i++) {
        const char *dir = i == 0 ? path : physical;

        if (dir != NULL &&
            (path_is_inside(r->f->project, dir) || path_is_inside(dir, r->f->project) ||
             (r->f->git_common_dir != NULL && path_is_inside(r->f->git_common_dir, dir)))) {
            return false;
        }
    }
    return true;
}

static void include(struct named_files *r, const struct named_source *s,
                    const struct git_config_item *item)
{
    const char *condition = item->subsection != NULL ? item->subsection : "";
    const char *colon = strchr(condition, ':');
    const char *path = path_of(r, item->value, s->file.path);
    const char *target = path_of(r, item->value, s->target);

    if (path == NULL ||
        (strncmp(condition, "gitdir", 6) == 0 && colon != NULL &&
         strncmp(condition, "gitdir/i:", 9) != 0 && is_elsewhere(r, colon + 1, s->file.path))) {
        return;
    }
    named_files_include(r, s, path, target, "git's settings");
}

/* Brings what a variable names. git looks up a relative name in the repository. */
static void name_file(struct named_files *r, const struct git_config_item *item)
{
    const char *path = path_named(r->a, r->f->home, NULL, item->value);

    for (size_t i = 0; path != NULL && i < sizeof(variables) / sizeof(variables[0]); i++) {
        const bool same_sub = variables[i].subsection == NULL
                                  ? item->subsection == NULL
                                  : item->subsection != NULL &&
                                        strcmp(variables[i].subsection, item->subsection) == 0;

        if (!same_sub || strcmp(variables[i].section, item->section) != 0 ||
            strcmp(variables[i].key, item->key) != 0) {
            continue;
        }
        (void)named_files_bring(r, path, path, variables[i].kind, variables[i].why);
        if (variables[i].kind == NAMED_KEY) { /* ssh-keygen finds the public key beside it */
            path = arena_printf(r->a, "%s.pub", path);
            (void)named_files_bring(r, path, path, NAMED_KEY, variables[i].why);
        }
    }
}

/* Takes a variable. `s` is the file that contains it; NULL: the environment does. */
static void take(struct named_files *r, const struct named_source *s,
                 const struct git_config_item *item)
{
    git_signing_take(r->f, item);
    if (item->value == NULL) {
        return;
    }
    if (strcmp(item->section, "credential") == 0 && strcmp(item->key, "helper") == 0 &&
        item->value[0] != '\0') {
        r->f->credential_helper = item->value;
    }
    if (strcmp(item->section, "include") != 0 && strcmp(item->section, "includeif") != 0) {
        name_file(r, item);
    } else if (s != NULL && strcmp(item->key, "path") == 0) {
        include(r, s, item);
    }
}

/* Makes ASCII letters small, in place. Returns `text`. */
static const char *lower(char *text)
{
    for (char *c = text; *c != '\0'; c++) {
        *c = str_lower(*c);
    }
    return text;
}

/* Takes the settings of GIT_CONFIG_COUNT, GIT_CONFIG_KEY_N and GIT_CONFIG_VALUE_N. git does not
 * include files from there. */
static void read_variables(struct named_files *r, char *const *env)
{
    const char *count = env_value(env, "GIT_CONFIG_COUNT");
    uint64_t n = 0;

    if (count == NULL || !str_u64(str_c(count), 10, GIT_SETTINGS_VARIABLES, &n)) {
        return;
    }
    for (uint64_t i = 0; i < n; i++) {
        const char *key =
            env_value(env, arena_printf(r->a, "GIT_CONFIG_KEY_%llu", (unsigned long long)i));
        struct git_config_item item = {
            .value = env_value(
                env, arena_printf(r->a, "GIT_CONFIG_VALUE_%llu", (unsigned long long)i))};
        char *name = arena_strdup(r->a, key != NULL ? key : "");
        char *first = strchr(name, '.');
        char *last = strrchr(name, '.');

        if (first == NULL || item.value == NULL) {
            continue;
        }
        *first = *last = '\0';
        item.section = lower(name);
        item.subsection = last > first ? first + 1 : NULL;
        item.key = lower(last + 1);
        take(r, NULL, &item);
    }
}

void git_settings_probe(char *const *env, struct arena *a, struct facts *f)
{
    static const char *const names[] = {"config", "ignore", "attributes"};
    const char *config = env_value(env, "XDG_CONFIG_HOME");
    const char *global = env_value(env, "GIT_CONFIG_GLOBAL");
    const char *dir = path_join(
        a, config != NULL && config[0] == '/' ? config : path_join(a, f->home, ".config"),
        "git");
    struct named_files r = {.a = a, .f = f, .max_depth = GIT_SETTINGS_DEPTH};
    struct named_source s;
    struct buf text;

    f->gitconfig = look_readable(
        a, f,
        global != NULL && global[0] == '/' ? global : path_join(a, f->home, ".gitconfig"));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        f->git_files[i] = look_readable(a, f, path_join(a, dir, names[i]));
    }
    if (global != NULL) {
        f->git_files[0].type = FACT_MISSING;
        f->gitconfig.type = global[0] == '/' ? f->gitconfig.type : FACT_MISSING;
    }
    named_files_start(&r, &f->git_files[0], path_join(a, f->home, ".config/git/config"));
    named_files_start(&r, &f->gitconfig, path_join(a, f->home, ".gitconfig"));
    buf_init(&text, LIMIT_FILE_SMALL);
    while (named_files_next(&r, &s, &text)) {
        struct git_config c = {.a = a, .rest = buf_str(&text)};
        struct git_config_item item;

        while (git_config_next(&c, &item)) {
            take(&r, &s, &item);
        }
    }
    buf_wipe(&text);
    read_variables(&r, env);
}
