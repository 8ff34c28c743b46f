/* SPDX-License-Identifier: MIT */
/* Decides on the environment of the sandbox. Each source overrides the sources before it:
 * defaults, the project's .env, the host's variables, the variables that mounts_build() has
 * added (ssh agent, certificates), the user's identity, --env. */
#include "plan/build.h"

#include "base/path.h"
#include "base/str.h"
#include "plan/passed.h"

#include <stdlib.h>
#include <string.h>

enum { GIT_LOGINS_NAMED = 8 };

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static bool has_var(const struct plan *p, const char *name)
{
    for (size_t i = 0; i < p->env.count; i++) {
        if (strcmp(p->env.vars[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Returns the variable of this name, which is added if it is missing. */
static struct plan_var *slot(struct builder *b, const char *name)
{
    struct plan *p = b->p;

    for (size_t i = 0; i < p->env.count; i++) {
        if (strcmp(p->env.vars[i].name, name) == 0) {
            return &p->env.vars[i];
        }
    }
    p->env.vars =
        list_grow(b->a, p->env.vars, p->env.count, &p->env.cap, sizeof(p->env.vars[0]));
    p->env.vars[p->env.count].name = name;
    return &p->env.vars[p->env.count++];
}

void env_fixed(struct builder *b, const char *name, const char *value)
{
    struct plan_var *v = slot(b, name);

    v->from = ENV_FIXED;
    v->value = value;
    v->index = 0;
    v->why = NULL;
}

static struct plan_var *env_from(struct builder *b, const char *name, enum plan_var_from from,
                                 size_t index)
{
    struct plan_var *v = slot(b, name);

    v->from = from;
    v->value = NULL;
    v->index = index;
    v->why = NULL;
    return v;
}

/* Returns true if a sandbox without namespaces can run programs of this directory. */
static bool can_be_reached(struct builder *b, const char *dir)
{
    const struct fact_native *n = b->p->native.facts;

    for (size_t i = 0; i < n->top_count; i++) {
        if (path_is_inside(dir, path_join(b->a, "/", n->tops[i].name))) {
            return true;
        }
    }
    for (size_t i = 0; i < b->p->files.mount_count; i++) {
        if (path_is_inside(dir, b->p->files.mounts[i].target)) {
            return true;
        }
    }
    for (size_t i = 0; i < n->program_count; i++) {
        const struct fact_program *p = &n->programs[i];

        if (path_is_inside(dir, p->path) || strcmp(dir, path_dir(b->a, p->path)) == 0 ||
            (p->link != NULL && strcmp(dir, path_dir(b->a, p->link)) == 0)) {
            return true;
        }
    }
    return false;
}

/* Returns the directories of a PATH that can be reached; in the others a shell would find
 * programs that it cannot run. Returns NULL if no directory can be reached. */
static const char *reachable_path(struct builder *b, const char *path)
{
    const char *out = NULL;
    struct str rest = str_c(path);
    struct str part = {0};

    while (rest.len > 0) {
        const char *dir;

        (void)str_cut(&rest, ':', &part);
        dir = arena_str(b->a, part);
        if (dir[0] != '/' || can_be_reached(b, dir)) {
            out = out == NULL ? dir : arena_printf(b->a, "%s:%s", out, dir);
        }
    }
    return out;
}

/* Lets the prompt of the shell begin with "(cco)". bash runs PROMPT_COMMAND before it prints
 * its prompt, which the user's files may have set. In an image without bash the shell is
 * another sh, which reads the file in ENV after its other files. No program that the user
 * starts sees this ENV, because the name has other meanings for programs. A remote engine does
 * not get the file. */
static void mark_prompt(struct builder *b)
{
    static const char mark[] = "case $PS1 in '(cco) '*) ;; *) PS1=\"(cco) $PS1\" ;; esac";
    struct plan_copy *s;

    if (b->p->kind == SANDBOX_REMOTE_CONTAINER) {
        env_fixed(b, "PROMPT_COMMAND", mark);
        return;
    }
    s = mounts_add_copy(b, COPY_TEXT, NULL, "prompt", "the prompt of a shell that is not bash");
    s->text = arena_printf(b->a, "%s\nunset ENV\n", mark);
    env_fixed(b, "ENV", s->target);
    env_fixed(b, "PROMPT_COMMAND",
              arena_printf(b->a, "[ \"$ENV\" != %s ] || unset ENV; %s",
                           path_word(b->a, s->target), mark));
}

static void add_defaults(struct builder *b)
{
    const char *path = b->f->image.path_env;

    path = plan_is_native(b->p) ? b->p->native.facts->path_env : path;
    if (b->p->kind == SANDBOX_LANDLOCK_ONLY && path != NULL) {
        path = reachable_path(b, path);
    }
    env_fixed(b, "PATH", path != NULL ? path : DEFAULT_PATH);
    env_fixed(b, "LANG", "C.UTF-8"); /* a locale that every image has */
    if (b->p->command.login_shell && b->p->command.tty) {
        mark_prompt(b);
    }
    env_fixed(b, "DISABLE_AUTOUPDATER", "1"); /* a new image brings a new claude */
    if (b->o->disable_background_tasks) {
        env_fixed(b, "CLAUDE_CODE_DISABLE_BACKGROUND_TASKS", "1");
    }
    if (b->f->tz != NULL) {
        env_fixed(b, "TZ", b->f->tz);
    }
    if (b->p->command.tty) {
        env_fixed(b, "TERM", "xterm-256color");
    }
}

static void add_dotenv(struct builder *b)
{
    for (size_t i = 0; !b->p->env.hides_dotenv && i < b->f->dotenv_count; i++) {
        const struct fact_dotenv *d = &b->f->dotenv[i];

        if (!d->needs_trust || !b->p->trust.safe) {
            (void)env_from(b, d->key, ENV_DOTENV, i);
        }
    }
}

static void add_host(struct builder *b)
{
    for (size_t i = 0; i < b->f->env_names.count; i++) {
        const char *name = b->f->env_names.v[i];
        const char *why = passed_why(b->f, name);

        if (why != NULL) {
            env_from(b, name, ENV_HOST, 0)->why = why;
        }
    }
}

/* Puts harmless settings in the place of those of git that can contain a password, so that the
 * others keep their numbers, and says so. */
static void replace_git_logins(struct builder *b)
{
    const struct strv *logins = &b->f->git_logins;
    const char *names = "";
    const char *options = "";

    for (size_t i = 0; i + 1 < logins->count; i += 2) {
        const char *key = arena_printf(b->a, PASSED_GIT_KEY "%s", logins->v[i]);
        const char *value = arena_printf(b->a, PASSED_GIT_VALUE "%s", logins->v[i]);

        env_fixed(b, key, "cco.leftout");
        env_fixed(b, value, "");
        if (strv_has(&b->o->env, value)) {
            continue;
        }
        if (names[0] == '\0') {
            options = arena_printf(b->a, "--env %s --env %s", key, value);
            names = logins->v[i + 1];
        } else if (i < 2 * (size_t)GIT_LOGINS_NAMED) {
            names = arena_printf(b->a, "%s, %s", names, logins->v[i + 1]);
        }
    }
    if (names[0] != '\0') {
        missing_add(&b->p->missing, b->a, arena_printf(b->a, "git-settings %s", names),
                    arena_printf(b->a,
                                 "settings of git in the environment that can contain a "
                                 "password are missing inside: %s. To pass %s: %s",
                                 names, strchr(names, ',') != NULL ? "the first" : "it",
                                 options));
    }
}

/* Lists the host's variables that claude reads and that do not pass. */
static void list_left_out(struct builder *b)
{
    for (size_t i = 0; i < b->f->env_names.count; i++) {
        const char *name = b->f->env_names.v[i];

        if (passed_is_claudes(name) && !has_var(b->p, name)) {
            strv_add(&b->p->env.left_out, b->a, name);
        }
    }
}

static void add_identity(struct builder *b)
{
    env_fixed(b, "HOME", b->p->user.home);
    env_fixed(b, "USER", b->p->user.name);
    env_fixed(b, "LOGNAME", b->p->user.name);
    env_fixed(b, "SHELL", "/bin/bash");
    env_fixed(b, "IS_SANDBOX", "1"); /* without it claude does not let root skip permissions */
}

static void add_options(struct builder *b)
{
    for (size_t i = 0; i < b->o->env.count; i++) {
        const char *text = b->o->env.v[i];
        const char *eq = strchr(text, '=');

        if (eq != NULL) {
            (void)env_from(b, arena_str(b->a, str_n(text, (size_t)(eq - text))), ENV_OPTION, i);
        } else if (strv_has(&b->f->env_names, text)) {
            env_from(b, text, ENV_HOST, 0)->why = "--env";
        } else if (i >= b->o->env_configured) {
            strv_add(&b->p->warnings, b->a,
                     arena_printf(b->a,
                                  "--env %s: has no effect, because %s is not set outside of "
                                  "the sandbox. To set it: --env %s=VALUE",
                                  text, text, text));
        }
    }
}

static int by_name(const void *a, const void *b)
{
    const struct plan_var *x = a;
    const struct plan_var *y = b;

    return strcmp(x->name, y->name);
}

void env_build(struct builder *b)
{
    struct plan *p = b->p;
    struct plan_var *mounted = p->env.vars;
    size_t count = p->env.count;

    p->env.vars = NULL;
    p->env.count = 0;
    p->env.cap = 0;
    add_defaults(b);
    add_dotenv(b);
    add_host(b);
    replace_git_logins(b);
    for (size_t i = 0; i < count; i++) {
        env_fixed(b, mounted[i].name, mounted[i].value);
    }
    trust_claude_env(b);
    add_identity(b);
    add_options(b);
    list_left_out(b);
    qsort(p->env.vars, p->env.count, sizeof(p->env.vars[0]), by_name);
}
