/* SPDX-License-Identifier: MIT */
/* Mounts the files to which the user's set-up of claude leads: the targets of its links
 * (facts.claude_links), the files that instructions import (facts.claude_imports), and the
 * programs and files that commands of the settings name (facts.setup_uses). The links and
 * commands are the same in the sandbox, so each file has the path that they name. */
#include "plan/build.h"

#include "base/path.h"
#include "plan/claude_state.h"
#include "plan/place_table.h"

#include <string.h>

/* A file or directory that is to be shown. */
struct wanted {
    const char *at; /* the path of the sandbox */
    const char *physical;
    enum fact_type type;
};

/* Returns why a sandbox must not see a file, although the user's set-up leads to it. NULL: it
 * may. */
static const char *forbidden(struct builder *b, const struct wanted *w)
{
    const struct opts_path access = {.access = ACCESS_READ};
    const struct fact_option_path n = {
        .target = w->at, .physical = w->physical, .type = w->type};
    const char *state = path_join(b->a, b->p->user.home, ".claude");
    const char *why = project_secrets(b->f, w->physical);

    for (size_t i = 0; i < claude_state_count; i++) {
        const char *own = b->f->claude_state[i].physical;

        if (claude_state[i].share != STATE_LOCKED && own != NULL &&
            path_is_inside(w->physical, own)) {
            return "only a part of it is shared";
        }
    }
    if (why == NULL && b->p->kind == SANDBOX_LANDLOCK_ONLY &&
        !path_is_inside(w->at, b->p->user.home) && strcmp(w->at, w->physical) != 0) {
        why = "a sandbox without namespaces has it at another path";
    }
    if (why == NULL && b->p->kind == SANDBOX_REMOTE_CONTAINER && path_is_inside(w->at, state)) {
        why = "it is not sent to a remote engine";
    }
    if (why == NULL && w->type == FACT_DIR && project_is_system(w->physical)) {
        why = "it belongs to the system";
    }
    return why != NULL ? why : paths_forbidden(b, &access, &n);
}

/* Returns whether an option shares the path. */
static bool is_named(const struct builder *b, const char *at)
{
    for (size_t i = 0; i < b->f->option_path_count && i < b->o->path_count; i++) {
        if (b->o->paths[i].access != ACCESS_HIDE && b->f->option_paths[i].physical != NULL &&
            path_is_inside(at, b->f->option_paths[i].target)) {
            return true;
        }
    }
    return false;
}

/* Returns whether the sandbox sees the path without a mount of its own. */
static bool is_shown(struct builder *b, const char *at)
{
    for (size_t i = 0; i < b->p->files.copy_count; i++) {
        if (b->p->files.copies[i].by_init && strcmp(b->p->files.copies[i].target, at) == 0) {
            return true;
        }
    }
    return paths_shown(b, at) || is_named(b, at);
}

static void show(struct builder *b, const struct wanted *w, const char *why)
{
    mounts_add(b, w->physical, w->at, w->type == FACT_DIR, why)->read_only = true;
}

static void add_link(struct builder *b, const struct fact_claude_link *l)
{
    const struct wanted w = {l->at, l->found.physical, l->found.type};
    const char *why;

    if (l->is_foreign || is_shown(b, l->at) ||
        unshared_note(b, l->found.physical, l->found.path)) {
        return;
    }
    why = forbidden(b, &w);
    if (why == NULL) {
        show(b, &w, arena_printf(b->a, "%s leads to it", l->found.path));
        return;
    }
    missing_add(
        &b->p->missing, b->a, arena_printf(b->a, "link %s", l->found.path),
        arena_printf(b->a,
                     "%s leads to %s, which is missing inside: %s. Copy what claude needs in "
                     "place of the link",
                     l->found.path, l->found.physical, why));
}

/* Adds a line about the links of others that lead to what is missing inside. It does not
 * propose to share their targets. */
static void note_foreign(struct builder *b)
{
    enum { NAMED = 3 };
    struct strv links = {0};
    const char *list;

    for (size_t i = 0; i < b->f->claude_link_count; i++) {
        const struct fact_claude_link *l = &b->f->claude_links[i];

        if (l->is_foreign && !is_shown(b, l->at)) {
            strv_add(&links, b->a, l->found.path);
        }
    }
    if (links.count == 0) {
        return;
    }
    list = strv_some(&links, NAMED, b->a);
    missing_add(&b->p->missing, b->a, arena_printf(b->a, "foreign links %s", list),
                arena_printf(b->a,
                             "links in your set-up of claude lead to what is missing inside: "
                             "%s. cco follows only those directly in ~/.claude/skills and the "
                             "like, because others can have made the rest. Copy what claude "
                             "needs in place of the link",
                             list));
}

static bool is_in_home(const struct builder *b, const char *path)
{
    return path_is_inside(path, b->p->user.home) || path_is_inside(path, b->f->home_physical);
}

/* Returns whether every image has programs in the directory of this path. */
static bool is_usual(const char *path)
{
    static const char *const dirs[] = {"/bin", "/sbin", "/usr/bin", "/usr/sbin"};

    for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
        if (path_is_inside(path, dirs[i])) {
            return true;
        }
    }
    return false;
}

/* Returns whether the command finds a program of this name in the image, although this machine
 * has it in the home (~/.nvm, ~/.local/bin). These are the programs of image/Dockerfile that
 * scripts and hooks need. Other images are expected to have them, like the programs of
 * is_usual(). */
static bool is_in_image(const struct builder *b, const struct fact_setup_use *u)
{
    static const char *const names[] = {"cargo",   "gh",     "git", "go",     "jq",
                                        "node",    "npm",    "npx", "python", "rg",
                                        "python3", "nodejs", "uv",  "uvx"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(u->word, names[i]) == 0) {
            return u->by_name && !plan_is_native(b->p);
        }
    }
    return false;
}

/* Returns the directory of a script if it is a directory for such scripts, so that the script
 * finds the files beside it. NULL: only the script itself is shown. */
static const char *own_directory(struct builder *b, const struct fact_setup_use *u)
{
    const char *dir = path_dir(b->a, u->found.path);
    const char *state = path_join(b->a, b->p->user.home, ".claude");
    const char *name = path_base(dir);
    const struct wanted w = {dir, path_dir(b->a, u->found.physical), FACT_DIR};

    if (!u->is_program || strcmp(path_base(u->found.physical), path_base(u->found.path)) != 0 ||
        strcmp(dir, state) == 0) {
        return NULL;
    }
    return (path_is_inside(dir, state) || strstr(name, "hook") != NULL ||
            strstr(name, "statusline") != NULL) &&
                   forbidden(b, &w) == NULL
               ? dir
               : NULL;
}

/* Returns why the sandbox does not get a file of a command that it does not see yet. NULL: it
 * can be shown. */
static const char *why_missing(struct builder *b, const struct fact_setup_use *u)
{
    const struct wanted w = {u->found.path, u->found.physical, FACT_FILE};

    if (!is_in_home(b, u->found.path)) {
        return project_is_system(path_dir(b->a, u->found.path))
                   ? "the sandbox has its own system directories"
                   : "only files of the home are shared";
    }
    if (u->is_program && b->p->kind == SANDBOX_REMOTE_CONTAINER) {
        return "it is not sent to a remote engine";
    }
    if (u->by_name &&
        (!plan_is_native(b->p) || strcmp(u->found.path, u->found.physical) != 0)) {
        return "programs of the home are not in the sandbox";
    }
    if (u->interpreter != NULL && !is_shown(b, u->interpreter)) {
        return arena_printf(b->a, "it needs %s", u->interpreter);
    }
    return forbidden(b, &w);
}

static void add_missing(struct builder *b, const struct fact_setup_use *u, const char *why)
{
    const char *path = u->found.path;
    const char *next = project_is_system(path_dir(b->a, path)) && !is_in_home(b, path)
                           ? "Add it to the image: --packages, or ~/.config/cco/Dockerfile"
                           : arena_printf(b->a, "To share it: --ro %s", path_word(b->a, path));

    (u->is_guard && u->is_program ? missing_add_guard : missing_add)(
        &b->p->missing, b->a, arena_printf(b->a, "command %s %s", u->what, path),
        arena_printf(b->a, "%s of claude's settings %s %s, which is missing inside: %s%s. %s",
                     u->what, u->is_program ? "runs" : "names", path, why,
                     u->is_guard && u->is_program
                         ? ". Claude goes on without it, as if it had allowed everything"
                         : "",
                     next));
}

/* Adds that the program of a guard is not known. */
static void add_unknown(struct builder *b, const struct fact_setup_use *u)
{
    if (u->is_guard) {
        missing_add_guard(
            &b->p->missing, b->a, arena_printf(b->a, "command %s $%s", u->what, u->word),
            arena_printf(b->a,
                         "%s of claude's settings runs ...%s by a variable that cco does "
                         "not know, so it may be missing inside. Claude would go on as if "
                         "it had allowed everything. Name the program by its path",
                         u->what, u->word));
    }
}

/* Adds a line about a server that needs what the sandbox does not see. Nothing is shown: a
 * server usually needs more than the files that its command names, such as packages, and only
 * the user knows which directory has them. */
static void add_server(struct builder *b, const struct fact_setup_use *u)
{
    const char *path = u->found.path;
    struct wanted w = {path_dir(b->a, path), path_dir(b->a, u->found.physical), FACT_DIR};
    const char *why = NULL;

    if (!is_in_home(b, path) || path_is_inside(b->p->user.home, path)) {
        return;
    }
    if (u->found.type == FACT_DIR || path_is_inside(b->p->user.home, w.at) ||
        forbidden(b, &w) != NULL) {
        w = (struct wanted){path, u->found.physical, u->found.type};
        why = forbidden(b, &w);
    }
    missing_add(&b->p->missing, b->a, arena_printf(b->a, "command %s", u->what),
                arena_printf(b->a, "%s %s %s, which is missing inside%s%s", u->what,
                             u->is_program ? "runs" : "names", path,
                             why != NULL ? ": " : ". To share it: --ro ",
                             why != NULL ? why : path_word(b->a, w.at)));
}

static void add_use(struct builder *b, const struct fact_setup_use *u)
{
    const char *path = u->found.path;
    const char *dir;
    const char *why;
    struct wanted w = {path, u->found.physical, FACT_FILE};

    if (path == NULL) {
        add_unknown(b, u);
        return;
    }
    if (is_shown(b, path) || is_in_image(b, u) || (!is_in_home(b, path) && is_usual(path))) {
        return;
    }
    if (u->is_server) {
        add_server(b, u);
        return;
    }
    why = why_missing(b, u);
    if (why == NULL && unshared_note(b, u->found.physical, path)) {
        why = "it is not shared";
        if (!u->is_guard || !u->is_program) {
            return; /* a warning says so already */
        }
    }
    if (why != NULL) {
        add_missing(b, u, why);
        return;
    }
    dir = own_directory(b, u);
    if (dir != NULL) {
        w = (struct wanted){dir, path_dir(b->a, u->found.physical), FACT_DIR};
    }
    show(b, &w,
         arena_printf(b->a, "%s of claude's settings %s it", u->what,
                      u->is_program ? "runs" : "names"));
}

/* Lets init make a copy of an imported file. */
static void add_import(struct builder *b, const struct fact_claude_link *l, size_t number)
{
    const struct wanted w = {l->at, l->found.physical, FACT_FILE};
    const char *why;
    struct plan_copy *copy;

    if (l->is_foreign || is_shown(b, l->at) ||
        unshared_note(b, l->found.physical, l->found.path)) {
        return;
    }
    why = !is_in_home(b, l->at)                    ? "only files of the home are shared"
          : b->p->kind == SANDBOX_REMOTE_CONTAINER ? project_secrets(b->f, l->found.physical)
                                                   : forbidden(b, &w);
    if (why != NULL) {
        missing_add(&b->p->missing, b->a, arena_printf(b->a, "import %s", l->at),
                    arena_printf(b->a,
                                 "your instructions for claude import %s, which is missing "
                                 "inside: %s. To share it: --ro %s",
                                 l->at, why, path_word(b->a, l->at)));
        return;
    }
    copy = mounts_add_copy(b, COPY_FILE, l->found.physical,
                           arena_printf(b->a, "import-%zu", number),
                           "your instructions for claude import it");
    copy->by_init = true;
    copy->target = l->at;
}

/* Adds a line about the files that instructions above the project import, and that are only
 * named. */
static void note_imports(struct builder *b)
{
    enum { NAMED = 3 };
    struct strv files = {0};
    const char *list;

    for (size_t i = 0; i < b->f->claude_import_count; i++) {
        const struct fact_claude_link *l = &b->f->claude_imports[i];

        if (l->is_foreign && !is_shown(b, l->at)) {
            strv_add(&files, b->a, l->at);
        }
    }
    if (files.count == 0) {
        return;
    }
    list = strv_some(&files, NAMED, b->a);
    missing_add(
        &b->p->missing, b->a, arena_printf(b->a, "imports above %s", list),
        arena_printf(b->a,
                     "instructions of directories above the project import what is "
                     "missing inside: %s. cco copies only Markdown files that are beside "
                     "them. To share such a file: --ro %s",
                     list, path_word(b->a, files.v[0])));
}

void claude_setup_build(struct builder *b)
{
    for (size_t i = 0; i < b->f->claude_link_count; i++) {
        add_link(b, &b->f->claude_links[i]);
    }
    note_foreign(b);
    for (size_t i = 0; i < b->f->claude_import_count; i++) {
        add_import(b, &b->f->claude_imports[i], i);
    }
    note_imports(b);
    for (size_t i = 0; i < b->f->setup_use_count; i++) {
        add_use(b, &b->f->setup_uses[i]);
    }
}
