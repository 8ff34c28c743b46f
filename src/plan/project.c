/* SPDX-License-Identifier: MIT */
/* Decides which directories can be a project. */
#include "plan/build.h"

#include "base/path.h"
#include "plan/claude_state.h"
#include "plan/place_table.h"
#include "plan/untrusted.h"

#include <string.h>

static bool holds(const char *project, const char *path)
{
    return path != NULL && path_is_inside(path, project);
}

/* Returns the first of claude's files that this machine's claude obeys and that is in the
 * project, or NULL. */
static const char *obeyed_in(const struct builder *b)
{
    const struct facts *f = b->f;

    for (size_t i = 0; i < claude_state_count; i++) {
        const char *path = path_join(b->a, f->claude_dir, claude_state[i].name);

        if (claude_state[i].share != STATE_PROJECT && claude_state[i].share != STATE_PARTS &&
            holds(f->project, f->claude_state[i].physical)) {
            return path;
        }
    }
    return NULL;
}

static bool lies_in(const char *project, const char *dir)
{
    return dir != NULL && path_is_inside(project, dir);
}

/* Returns true if `path` is the directory of the row, or if the row refuses it as a part of
 * that directory. */
static bool is_at(const struct place *row, const char *path, const char *place)
{
    return strcmp(path, place) == 0 || (row->below && path_is_inside(path, place));
}

bool project_is_system(const char *path)
{
    for (size_t i = 0; i < places_of_machine_count; i++) {
        const struct place *row = &places_of_machine[i];

        if (row->of_sandbox && is_at(row, path, row->path)) {
            return true;
        }
    }
    return false;
}

/* Returns why `rest`, a path relative to a home, is refused, or NULL. A row about the directory
 * itself comes before a row about a directory in it. */
static const char *why_in_home(const char *rest)
{
    for (size_t i = 0; i < places_of_home_count; i++) {
        if (is_at(&places_of_home[i], rest, places_of_home[i].path)) {
            return places_of_home[i].why;
        }
    }
    for (size_t i = 0; i < places_of_home_count; i++) {
        if (path_is_inside(places_of_home[i].path, rest)) {
            return places_of_home[i].why;
        }
    }
    return NULL;
}

static const char *why_by_home(const char *path, const char *home)
{
    if (strcmp(path, home) == 0) {
        return "it is the home of a user, with all keys and settings";
    }
    if (path_is_inside(home, path)) {
        return "the home of a user is inside it";
    }
    return path_is_inside(path, home) ? why_in_home(path + strlen(home) + 1) : NULL;
}

/* Returns true for the directories in which desktops and WSL mount disks: /media/ann and
 * /run/media/ann with the disks of a user, and /mnt/c. */
static bool has_disks(struct arena *a, const char *path)
{
    const char *dir = path_dir(a, path);

    return strcmp(dir, "/media") == 0 || strcmp(dir, "/run/media") == 0 ||
           (strcmp(dir, "/mnt") == 0 && strlen(path_base(path)) == 1);
}

const char *project_place(const struct builder *b, const char *path)
{
    const struct facts *f = b->f;
    const char *why = NULL;

    for (size_t i = 0; i < places_of_machine_count; i++) {
        if (is_at(&places_of_machine[i], path, places_of_machine[i].path)) {
            return places_of_machine[i].why;
        }
    }
    if (has_disks(b->a, path)) {
        return "other file systems are mounted in it";
    }
    why = why_by_home(path, f->home_physical);
    why = why != NULL ? why : why_by_home(path, f->home);
    for (size_t i = 0; why == NULL && i < f->homes.count; i++) {
        why = why_by_home(path, f->homes.v[i]);
    }
    for (size_t i = 0; why == NULL && f->home_places != NULL && i < places_of_home_count; i++) {
        if (f->home_places[i] != NULL && is_at(&places_of_home[i], path, f->home_places[i])) {
            why = arena_printf(b->a, "~/%s leads to it, and %s", places_of_home[i].path,
                               places_of_home[i].why);
        }
    }
    return why;
}

/* Returns why the directory or file `path` of the home `home` is, contains or is in a place
 * with secrets, or NULL. */
static const char *secret_of_home(const char *path, const char *home)
{
    const char *rest = path + strlen(home) + 1;

    for (size_t i = 0; path_is_inside(path, home) && i < places_of_home_count; i++) {
        const struct place *row = &places_of_home[i];

        if (place_is_secret(row) && (strcmp(path, home) == 0 || is_at(row, rest, row->path) ||
                                     path_is_inside(row->path, rest))) {
            return row->why;
        }
    }
    return NULL;
}

const char *project_secrets(const struct facts *f, const char *path)
{
    const char *why = secret_of_home(path, f->home_physical);

    why = why != NULL ? why : secret_of_home(path, f->home);
    for (size_t i = 0; why == NULL && i < f->homes.count; i++) {
        why = secret_of_home(path, f->homes.v[i]);
    }
    for (size_t i = 0; why == NULL && f->home_places != NULL && i < places_of_home_count; i++) {
        const struct place *row = &places_of_home[i];
        const char *place = f->home_places[i];

        if (place != NULL && place_is_secret(row) &&
            (is_at(row, path, place) || path_is_inside(place, path))) {
            why = row->why;
        }
    }
    return why;
}

/* Refuses a session if an agent could decide where cco or claude keeps its own files: a session
 * reads and writes them, so they cannot be left out. */
static int check_own_files(const struct builder *b, struct err *e)
{
    const struct facts *f = b->f;
    const struct {
        const char *what, *path;
    } own[] = {
        {"claude's directory", f->claude_path}, {"claude's file", f->claude_json.path},
        {"the login", f->login.path},           {"cco's data", f->data_dir},
        {"cco's state", f->state_dir},          {"cco's directory of sessions", f->runtime_dir},
    };

    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        const char *why = untrusted_why(f, own[i].path);

        if (why != NULL) {
            (void)err_set(e, ERR_REFUSED, "%s (%s) cannot be used: %s", own[i].what,
                          own[i].path, why);
            return err_hint(e, "Every session uses it. Move it out of the directories in which "
                               "sandboxes can write, or correct the link that leads there.");
        }
    }
    return 0;
}

const char *project_refusal(const struct facts *f, const char *dir, struct arena *a)
{
    const struct builder b = {.f = f, .a = a};
    const char *obeyed;
    const char *why;

    if (strcmp(dir, "/") == 0) {
        return "the agent would get the whole machine";
    }
    if (strcmp(dir, f->home_physical) == 0 || strcmp(dir, f->home) == 0) {
        return "it is your home, with all your keys and settings";
    }
    if (holds(dir, f->home_physical) || holds(dir, f->home)) {
        return "your home is inside it";
    }
    if (holds(dir, f->claude_dir) || holds(dir, f->claude_json.physical) ||
        holds(dir, f->login.path)) {
        return "claude's configuration or login is inside it";
    }
    obeyed = f->project_leads_to != NULL ? f->project_leads_to : obeyed_in(&b);
    if (obeyed != NULL) {
        return arena_printf(a, "%s, which this machine's claude or cco uses, leads into it",
                            obeyed);
    }
    if (lies_in(dir, f->claude_dir)) {
        return "it is part of claude's configuration, which this machine's claude obeys";
    }
    if (holds(dir, f->data_dir) || holds(dir, f->runtime_dir) || lies_in(dir, f->data_dir) ||
        lies_in(dir, f->runtime_dir) || holds(dir, f->config_dir) ||
        lies_in(dir, f->config_dir)) {
        return "cco keeps its own data there";
    }
    why = project_place(&b, dir);
    return why != NULL ? why : strv_has(&f->for_all, dir) ? PLAN_FOR_ALL : NULL;
}

int project_check(const struct builder *b, struct err *e)
{
    const struct facts *f = b->f;
    const char *dir = f->project;
    const char *why = project_refusal(f, dir, b->a);

    if (f->home_owner != NULL) {
        (void)err_set(e, ERR_REFUSED,
                      "HOME is the home of %s, and root would make files there that %s cannot "
                      "use: %s",
                      f->home_owner, f->home_owner, f->home);
        return err_hint(e,
                        "Run cco as that user (sudo -u %s cco), or with root's home "
                        "(sudo -H cco).",
                        f->home_owner);
    }
    if (why != NULL) {
        (void)err_set(e, ERR_REFUSED, "%s cannot be the project: %s", dir, why);
        return err_hint(e, "Change to the directory of one project and run cco there.");
    }
    if (f->cwd_why != NULL) {
        (void)err_set(e, ERR_REFUSED, "%s cannot be the project: %s", dir, f->cwd_why);
        return err_hint(e, "If you mean that directory, go there by its own path: cd %s",
                        path_word(b->a, f->cwd_physical));
    }
    return check_own_files(b, e);
}
