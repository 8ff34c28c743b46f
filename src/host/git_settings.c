/* SPDX-License-Identifier: MIT */
#include "host/git_settings.h"

#include "base/buf.h"
#include "base/env.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/num.h"
#include "base/path.h"
#include "host/git_config.h"
#include "host/git_signing.h"
#include "host/look.h"
#include "host/ssh_public.h"
#include "plan/untrusted.h"
#include "trust/lookup.h"
#include "trust/obeyed.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The kinds of things that a variable names. */
enum named { NAMED_FILE, NAMED_DIR, NAMED_KEY };

/* The variables that name a file or directory which git only reads, or hooks. */
static const struct {
    const char *section;
    const char *subsection; /* NULL: none */
    const char *key;
    enum named named;
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

/* A file of settings that is still to be read. */
struct source {
    const struct fact_path *file;
    const char *target; /* its path in the sandbox, to which relative paths in it relate */
    int depth;
};

struct reader {
    struct arena *a;
    struct facts *f;
    struct source *queue;
    size_t count, cap;
    size_t files; /* how many files were added to f->brought */
};

/* Returns the path that a value of the settings `file` names, or NULL. */
static const char *path_of(const struct reader *r, const char *value, const char *file)
{
    return path_named(r->a, r->f->home, path_dir(r->a, file), value);
}

/* Returns true if the file contains a private key or is one of those in which git and other
 * programs keep passwords. */
static bool is_secret(const char *path, struct str text)
{
    static const char *const names[] = {".git-credentials", "credentials", ".netrc", "_netrc"};
    static const char key[] = "PRIVATE KEY-----";

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(path_base(path), names[i]) == 0) {
            return true;
        }
    }
    return memmem(text.p, text.len, key, sizeof(key) - 1) != NULL;
}

static bool is_brought(const struct facts *f, const char *target)
{
    for (size_t i = 0; i < f->brought_count; i++) {
        if (strcmp(f->brought[i].target, target) == 0) {
            return true;
        }
    }
    return false;
}

/* Adds a file or directory to f->brought. Returns its entry, or NULL if it does not count. */
static const struct fact_brought *bring(struct reader *r, const char *path, const char *target,
                                        enum named named, const char *why)
{
    struct facts *f = r->f;
    struct fact_path file;
    struct err ignored = {0};
    struct buf text;
    bool good;

    if (r->files == GIT_SETTINGS_FILES || is_brought(f, target) ||
        path_is_inside(path, f->project)) {
        return NULL; /* the sandbox sees the project itself */
    }
    file = look_obeyed(r->a, f, path);
    if (file.physical == NULL || access(file.physical, R_OK) < 0 ||
        file.type != (named == NAMED_DIR ? FACT_DIR : FACT_FILE)) {
        return NULL;
    }
    if (named != NAMED_DIR && untrusted_why(f, path) == NULL) {
        buf_init(&text, GIT_SETTINGS_MAX);
        good =
            obeyed_read(file.physical, untrusted_pin(f, file.physical), &text, &ignored) == 0 &&
            !is_secret(path, buf_str(&text)) &&
            (named != NAMED_KEY || ssh_public_is_key(file.physical));
        buf_wipe(&text);
        if (!good) {
            return NULL;
        }
    }
    r->files++;
    return look_bring(r->a, f, &(struct fact_brought){file, target, why});
}

/* Returns true if no directory of the project can be at or below what the pattern of a
 * condition "gitdir" can match. */
static bool is_elsewhere(const struct reader *r, const char *pattern, const char *file)
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

/* Adds a file to those that are still to be read. */
static void add_source(struct reader *r, const struct fact_path *file, const char *target,
                       int depth)
{
    if (file->type != FACT_FILE || untrusted_why(r->f, file->path) != NULL) {
        return;
    }
    r->queue = list_grow(r->a, r->queue, r->count, &r->cap, sizeof(r->queue[0]));
    r->queue[r->count++] = (struct source){file, target, depth};
}

static void include(struct reader *r, const struct source *s,
                    const struct git_config_item *item)
{
    const char *condition = item->subsection != NULL ? item->subsection : "";
    const char *colon = strchr(condition, ':');
    const char *path = path_of(r, item->value, s->file->path);
    const char *target = path_of(r, item->value, s->target);
    const struct fact_brought *got;

    if (path == NULL || s->depth == GIT_SETTINGS_DEPTH ||
        (strncmp(condition, "gitdir", 6) == 0 && colon != NULL &&
         strncmp(condition, "gitdir/i:", 9) != 0 &&
         is_elsewhere(r, colon + 1, s->file->path))) {
        return;
    }
    got = bring(r, path, target, NAMED_FILE, "git's settings");
    if (got != NULL) {
        add_source(r, &got->file, target, s->depth + 1);
    }
}

/* Brings what a variable names. git looks up a relative name in the repository. */
static void name_file(struct reader *r, const struct git_config_item *item)
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
        (void)bring(r, path, path, variables[i].named, variables[i].why);
        if (variables[i].named == NAMED_KEY) { /* ssh-keygen finds the public key beside it */
            path = arena_printf(r->a, "%s.pub", path);
            (void)bring(r, path, path, NAMED_KEY, variables[i].why);
        }
    }
}

/* Takes a variable. `s` is the file that contains it; NULL: the environment does. */
static void take(struct reader *r, const struct source *s, const struct git_config_item *item)
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
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    }
    return text;
}

/* Takes the settings of GIT_CONFIG_COUNT, GIT_CONFIG_KEY_N and GIT_CONFIG_VALUE_N. git does not
 * include files from there. */
static void read_variables(struct reader *r, char *const *env)
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

static void read_source(struct reader *r, const struct source *s)
{
    struct git_config c = {.a = r->a};
    struct git_config_item item;
    struct buf text;

    buf_init(&text, GIT_SETTINGS_MAX);
    if (look_read(r->f, s->file, &text)) {
        c.rest = buf_str(&text);
        while (git_config_next(&c, &item)) {
            take(r, s, &item);
        }
    }
    buf_wipe(&text);
}

void git_settings_probe(char *const *env, struct arena *a, struct facts *f)
{
    static const char *const names[] = {"config", "ignore", "attributes"};
    const char *config = env_value(env, "XDG_CONFIG_HOME");
    const char *global = env_value(env, "GIT_CONFIG_GLOBAL");
    const char *dir = path_join(
        a, config != NULL && config[0] == '/' ? config : path_join(a, f->home, ".config"),
        "git");
    struct reader r = {.a = a, .f = f};

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
    add_source(&r, &f->git_files[0], path_join(a, f->home, ".config/git/config"), 0);
    add_source(&r, &f->gitconfig, path_join(a, f->home, ".gitconfig"), 0);
    for (size_t i = 0; i < r.count; i++) {
        const struct source s = r.queue[i]; /* the queue grows meanwhile */

        read_source(&r, &s);
    }
    read_variables(&r, env);
}
