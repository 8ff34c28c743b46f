/* SPDX-License-Identifier: MIT */
/* `cco trust`: shows what a project would run and records that the user trusts it; lists and
 * removes such records. */
#include "base/limits.h"
#include "base/list.h"
#include "base/log.h"
#include "base/path.h"
#include "cli/app.h"
#include "cli/ask_trust.h"
#include "cli/prompt.h"
#include "host/git_top.h"
#include "host/project_trust.h"
#include "plan/plan.h"
#include "trust/ledger.h"
#include "trust/lookup.h"
#include "trust/pins.h"
#include "trust/trust_record.h"
#include "wire/json.h"

#include <string.h>
#include <sys/stat.h>

/* Shows the items and records the user's trust in them. Returns 0 on success and -1 on error.
 */
static int trust_items(struct app *app, const struct trust_project *p,
                       const struct trust_items *t, struct err *e)
{
    int answer;

    if (p->digest[0] == '\0') {
        log_info(
            "%s: nothing to trust: the project runs, sets and reaches nothing at the start",
            p->path);
        return 0;
    }
    if (trust_project_state(p, &app->arena) == TRUST_GIVEN) {
        ask_trust_show(app,
                       arena_printf(&app->arena,
                                    "%s is trusted already. At the start of a session this "
                                    "runs, sets or reaches:",
                                    p->path),
                       t, t->count);
        return 0;
    }
    if (p->state_dir == NULL) {
        (void)err_set(e, ERR_REFUSED, "%s: is inside of the project, which could change it",
                      app->facts.state_dir);
        return err_hint(e, "Set XDG_STATE_HOME to a directory outside of the project.");
    }
    ask_trust_show(
        app,
        arena_printf(&app->arena,
                     "%s: at the start of a session this would run, set or reach:", p->path),
        t, t->count);
    if (p->unreadable) {
        (void)err_set(e, ERR_REFUSED, "%s: a file that cannot be examined is not trusted",
                      p->path);
        return err_hint(e, "Replace it, or use --trust for a single run.");
    }
    answer = prompt_yes("trust this project?", app->opts.yes, &app->sig, e);
    if (answer == 1) {
        return trust_project_decide(p, true, e);
    }
    if (answer == 0) {
        log_info("nothing was changed");
    }
    return answer;
}

/* Returns -1 if the directory can never be a project. */
static int check_project(struct app *app, const char *dir, struct err *e)
{
    struct facts f = app->facts;
    const char *why;

    if (strcmp(dir, f.project) != 0) {
        f.project = dir;
        f.project_leads_to = NULL; /* concerns the current project */
    }
    why = project_refusal(&f, dir, &app->arena);

    if (why == NULL) {
        return 0;
    }
    (void)err_set(e, ERR_REFUSED, "%s: cannot be a project: %s", dir, why);
    return err_hint(e, "Name a project.");
}

static int trust_here(struct app *app, struct err *e)
{
    const struct trust_project p = host_trust_project(&app->facts, true, &app->arena);

    if (check_project(app, p.path, e) < 0) {
        return -1;
    }
    return trust_items(app, &p, &app->facts.trust_items, e);
}

/* Pins a path to which the way leads through a tree that a session could write. */
static int pin(struct app *app, const struct lookup *found, struct err *e)
{
    int answer;

    log_error("%s leads to %s; a session could write in %s", found->path, found->physical,
              found->tree);
    answer = prompt_yes("accept its present content?", app->opts.yes, &app->sig, e);
    if (answer == 1) {
        return pin_make(app->facts.state_dir, found->path, e);
    }
    if (answer == 0) {
        log_info("nothing was changed");
    }
    return answer;
}

/* Records that the user accepts the repository, which an agent could have made, as the project
 * of the directories in it. `parts` are those that sessions had without the rest of it. */
static int trust_repository(struct app *app, const char *top, const struct strv *parts,
                            struct err *e)
{
    int answer;

    log_error("%s: sessions in its subdirectories would get all of it, with its git repository",
              top);
    for (size_t i = 0; i < parts->count; i++) {
        log_error("an earlier session had only %s", parts->v[i]);
    }
    answer = prompt_yes("use it as their project?", app->opts.yes, &app->sig, e);
    if (answer == 1) {
        return git_top_accept(app->facts.state_dir, parts, top, e);
    }
    if (answer == 0) {
        log_info("nothing was changed");
    }
    return answer;
}

/* Returns true if the directory is the top level of a repository that the user must accept
 * before it is the project of all its subdirectories. Adds those that sessions had without the
 * rest of it to `parts`. `trees` are those of the ledger. */
static bool is_strange_top(struct app *app, const struct ledger *trees, const char *dir,
                           struct strv *parts)
{
    const char *state = app->facts.state_dir;
    const char *top = git_top_find(&app->arena, dir, app->facts.uid).top;

    if (top == NULL || strcmp(top, dir) != 0) {
        return false;
    }
    git_top_parts(&app->arena, state, trees, app->facts.uid, dir, parts);
    return parts->count > 0 || !git_top_is_own(&app->arena, state, trees, dir);
}

/* Trusts a project, or pins a file or directory. A directory in a writable tree can be either:
 * it is a project if no link leads there, and if it is the tree itself or has items. */
static int trust_path(struct app *app, const char *path, struct err *e)
{
    struct arena *a = &app->arena;
    const char *full = path_clean(a, path_join(a, app->facts.cwd_physical, path));
    struct trust_items *t = arena_alloc(a, sizeof(*t));
    struct ledger trees = {0};
    struct trust_project p;
    struct lookup found;
    struct strv parts = {0};
    struct stat st;
    bool is_dir;
    bool strange;

    if (ledger_read(app->facts.state_dir, a, &trees, e) < 0) {
        return -1;
    }
    found = lookup_path(a, &trees, full, LOOKUP_OBEYED);
    if (found.physical == NULL || lstat(found.physical, &st) < 0) {
        return err_set(e, ERR_USAGE, "trust %s: no such file or directory", path);
    }
    is_dir = S_ISDIR(st.st_mode);
    if (is_dir) {
        host_trust_other(&app->facts, found.physical, a, t, &p);
    }
    strange = is_dir && strcmp(found.physical, full) == 0 &&
              is_strange_top(app, &trees, found.physical, &parts);
    if (strange && (check_project(app, found.physical, e) < 0 ||
                    trust_repository(app, found.physical, &parts, e) < 0)) {
        return -1;
    }
    if (strange && p.digest[0] == '\0') {
        return 0;
    }
    if (found.tree != NULL &&
        (!is_dir || strcmp(found.physical, full) != 0 ||
         (strcmp(found.physical, found.tree) != 0 && p.digest[0] == '\0'))) {
        return pin(app, &found, e);
    }
    if (!is_dir) {
        (void)err_set(e, ERR_USAGE, "%s: needs no trust", path);
        return err_hint(e, "Name a project, or a path that cco has named to you.");
    }
    return check_project(app, found.physical, e) < 0 ? -1 : trust_items(app, &p, t, e);
}

/* Returns the word for what a record says. */
static const char *record_word(const struct trust_record *r)
{
    return trust_record_get(r, "trusted") != NULL   ? "trusted"
           : trust_record_get(r, "refused") != NULL ? "refused"
                                                    : "seen";
}

/* Adds an entry as JSON, or as a line if `w` is NULL. */
static void print_entry(struct json_w *w, struct buf *out, const char *kind, const char *path,
                        const char *state)
{
    if (w != NULL) {
        json_w_object(w);
        json_w_member(w, "kind", kind);
        json_w_member(w, "path", path);
        json_w_member(w, "state", state);
        json_w_end(w);
    } else {
        (void)buf_addf(out, "%-8s  %-10s  ", state, kind);
        log_escape(out, str_c(path));
        (void)buf_add_byte(out, '\n');
    }
}

static int print_list(struct app *app, struct err *e)
{
    size_t count = 0;
    size_t pins = 0;
    size_t tops = 0;
    size_t part_count = 0;
    const struct trust_record *all =
        trust_record_list(app->facts.state_dir, TRUST_PROJECTS, &app->arena, &count);
    const struct trust_record *repositories =
        trust_record_list(app->facts.state_dir, TRUST_REPOSITORIES, &app->arena, &tops);
    const struct trust_record *parts =
        trust_record_list(app->facts.state_dir, TRUST_PARTS, &app->arena, &part_count);
    const struct pin *pinned = pin_list(app->facts.state_dir, &app->arena, &pins);
    struct buf out;
    struct json_w w;

    buf_init(&out, LIMIT_REQUEST);
    json_w_init(&w, &out, 2);
    if (app->opts.json) {
        json_w_array(&w);
    }
    for (size_t i = 0; i < count; i++) {
        print_entry(app->opts.json ? &w : NULL, &out, "project", all[i].key,
                    record_word(&all[i]));
    }
    for (size_t i = 0; i < tops; i++) {
        print_entry(app->opts.json ? &w : NULL, &out, "repository", repositories[i].key,
                    "trusted");
    }
    for (size_t i = 0; i < part_count; i++) {
        print_entry(app->opts.json ? &w : NULL, &out, "part", parts[i].key, "trusted");
    }
    for (size_t i = 0; i < pins; i++) {
        print_entry(app->opts.json ? &w : NULL, &out, "pin", pinned[i].path,
                    pinned[i].state == PIN_HOLDS ? "trusted" : "changed");
    }
    if (app->opts.json) {
        json_w_end(&w);
        (void)buf_add_byte(&out, '\n');
    } else if (count + tops + part_count + pins == 0) {
        (void)buf_add_c(&out, "no decisions\n");
    }
    return app_print(app, &out, e);
}

/* Removes the record of a path, which need not exist any more. Removes that of its repository,
 * and those of the parts of the repository, only if the user has `named` the path. */
static int remove_path(struct app *app, const char *path, bool named, struct err *e)
{
    struct arena *a = &app->arena;
    const char *full = path_clean(a, path_join(a, app->facts.cwd_physical, path));
    const char *physical = lookup_physical(a, full);
    const char *const names[] = {physical != NULL ? physical : full, full};
    static const char *const kinds[] = {TRUST_PROJECTS, TRUST_REPOSITORIES, TRUST_PARTS};
    bool found = false;
    int removed;
    const size_t end = named ? 2 * sizeof(kinds) / sizeof(kinds[0]) : 2;

    for (size_t i = 0; i < end; i++) {
        const char *kind = kinds[i / 2];
        struct trust_record r;

        if (trust_record_read(app->facts.state_dir, kind, names[i % 2], a, &r)) {
            found = true;
            if (trust_record_remove(app->facts.state_dir, kind, names[i % 2], e) < 0) {
                return -1;
            }
            if (strcmp(kind, TRUST_REPOSITORIES) == 0) {
                log_info("if a session could write in %s, it is not the project of its "
                         "subdirectories any more: sessions there get no git repository",
                         names[i % 2]);
            }
        }
    }
    for (size_t i = 0; named && i < 2; i++) {
        const int parts = git_top_forget_parts(app->facts.state_dir, names[i], e);

        if (parts < 0) {
            return -1;
        }
        found = found || parts > 0;
    }
    removed = pin_remove(app->facts.state_dir, full, e);
    if (found || removed != 0) {
        return removed < 0 ? -1 : 0;
    }
    (void)err_set(e, ERR_NOT_FOUND, "%s: nothing is recorded about it", path);
    return err_hint(e, "cco trust --list shows what is recorded.");
}

int cmd_trust(struct app *app, struct err *e)
{
    const struct strv *paths = &app->opts.args;
    int rc = app_probe(app, e);

    if (rc == 0 && app->opts.list && paths->count > 0) {
        (void)err_set(e, ERR_USAGE, "--list takes no path: %s", paths->v[0]);
        return err_hint(e, "cco trust --list lists all decisions.");
    }
    if (rc == 0 && app->opts.list) {
        return print_list(app, e);
    }
    if (rc == 0 && paths->count == 0) {
        return app->opts.remove ? remove_path(app, app->facts.project, false, e)
                                : trust_here(app, e);
    }
    for (size_t i = 0; rc == 0 && i < paths->count; i++) {
        rc = app->opts.remove ? remove_path(app, paths->v[i], true, e)
                              : trust_path(app, paths->v[i], e);
    }
    return rc;
}
