/* SPDX-License-Identifier: MIT */
#include "host/look.h"

#include "base/list.h"
#include "base/path.h"
#include "plan/untrusted.h"
#include "trust/ledger.h"
#include "trust/lookup.h"
#include "trust/obeyed.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Notes in the facts whether what was found may be used. `as` is its path as the facts name
 * it. */
static void note(struct arena *a, struct facts *f, const struct obeyed *o, const char *as)
{
    if (o->why != NULL) {
        f->untrusted = list_grow(a, f->untrusted, f->untrusted_count, &f->untrusted_cap,
                                 sizeof(f->untrusted[0]));
        f->untrusted[f->untrusted_count++] = (struct fact_untrusted){as, o->why, o->can_pin};
    }
    if (o->sha256 != NULL) {
        f->pins = list_grow(a, f->pins, f->pin_count, &f->pin_cap, sizeof(f->pins[0]));
        f->pins[f->pin_count++] = (struct fact_pin){o->physical, o->sha256};
    }
}

static struct fact_path as_fact(const struct obeyed *o)
{
    const mode_t mode = o->id.mode;

    return (struct fact_path){.path = o->path,
                              .physical = o->physical,
                              .type = o->physical == NULL ? FACT_MISSING
                                      : S_ISREG(mode)     ? FACT_FILE
                                      : S_ISDIR(mode)     ? FACT_DIR
                                                          : FACT_OTHER};
}

struct fact_path look_obeyed(struct arena *a, struct facts *f, const char *path)
{
    const struct obeyed o = obeyed_find(a, f->state_dir, f->trees, path);

    note(a, f, &o, path);
    return as_fact(&o);
}

struct fact_path look_unpinned(struct arena *a, struct facts *f, const char *path)
{
    const struct obeyed o = obeyed_find_unpinned(a, f->trees, path);

    note(a, f, &o, path);
    return as_fact(&o);
}

struct fact_path look_readable(struct arena *a, struct facts *f, const char *path)
{
    struct fact_path p = look_obeyed(a, f, path);

    if (p.type == FACT_FILE && access(p.physical, R_OK) < 0) {
        p.type = FACT_MISSING;
    }
    return p;
}

bool look_read(const struct facts *f, const struct fact_path *file, struct buf *text)
{
    struct err ignored = {0};

    return file->type == FACT_FILE && untrusted_why(f, file->path) == NULL &&
           obeyed_read(file->physical, untrusted_pin(f, file->physical), text, &ignored) == 0;
}

const struct fact_brought *look_bring(struct arena *a, struct facts *f,
                                      const struct fact_brought *b)
{
    f->brought =
        list_grow(a, f->brought, f->brought_count, &f->brought_cap, sizeof(f->brought[0]));
    f->brought[f->brought_count] = *b;
    return &f->brought[f->brought_count++];
}

/* Returns true if the host's claude obeys the entry, so that no sandbox can write it. */
static bool is_obeyed(const struct state_entry *s)
{
    return s->share == STATE_LOCKED || s->share == STATE_COPIED;
}

struct fact_path look_state(struct arena *a, struct facts *f, const struct state_entry *s)
{
    const char *path = path_join(a, f->claude_dir, s->name);
    struct stat st;

    if (lstat(path, &st) < 0) {
        return (struct fact_path){.path = path, .type = FACT_MISSING};
    }
    if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
        return is_obeyed(s) ? look_obeyed(a, f, path) : look_unpinned(a, f, path);
    }
    return (struct fact_path){
        .path = path, .physical = path, .type = S_ISREG(st.st_mode) ? FACT_FILE : FACT_DIR};
}

struct fact_path look_claude(struct arena *a, const struct facts *f, const char *name)
{
    struct fact_path p = {.path = path_join(a, f->claude_dir, name)};

    for (size_t i = 0; i < claude_state_count && untrusted_why(f, p.path) == NULL; i++) {
        if (strcmp(claude_state[i].name, name) == 0) {
            p.physical = f->claude_state[i].physical;
            p.type = f->claude_state[i].type;
        }
    }
    return p;
}

struct fact_path look_certificates(struct arena *a, struct facts *f, const char *path,
                                   const char **why)
{
    const struct lookup named = lookup_path(a, f->trees, path, LOOKUP_NAMED);
    struct obeyed o = obeyed_find(a, f->state_dir, f->trees, path);

    if (named.tree == NULL && named.physical != NULL &&
        path_is_inside(named.physical, f->project)) {
        o = (struct obeyed){.path = o.path, .physical = o.physical, .id = o.id};
    }
    *why = obeyed_why(a, &o);
    o.why = NULL;
    note(a, f, &o, path);
    return as_fact(&o);
}

const char *look_through(struct arena *a, const struct facts *f, const char *dir)
{
    const char *const own[] = {f->claude_path, f->claude_json.path, f->login.path,
                               f->data_dir,    f->state_dir,        f->runtime_dir};
    struct ledger tree = {0};

    ledger_add(&tree, a, dir);
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        if (own[i] != NULL && !lookup_is_safe(a, &tree, own[i])) {
            return own[i];
        }
    }
    for (size_t i = 0; f->claude_state != NULL && i < claude_state_count; i++) {
        const char *path = path_join(a, f->claude_dir, claude_state[i].name);
        const char *physical = f->claude_state[i].physical;

        /* Only a link can lead out of claude's directory. */
        if (is_obeyed(&claude_state[i]) && physical != NULL && strcmp(physical, path) != 0 &&
            !lookup_is_safe(a, &tree, path)) {
            return path;
        }
    }
    return NULL;
}

const char *look_target(struct arena *a, const struct facts *f, const char *path, struct err *e)
{
    const char *whole;
    struct lookup l;

    if (f->cwd_physical == NULL) {
        return path;
    }
    whole = path_join(a, f->cwd_physical, path);
    l = lookup_path(a, f->trees, path_dir(a, whole), LOOKUP_NAMED);
    if (l.tree != NULL) {
        (void)err_set(e, ERR_REFUSED,
                      "%s: the link %s leads there, and an agent could have "
                      "made it",
                      path, l.link);
        (void)err_hint(e, "Name the file by a path without this link.");
        return NULL;
    }
    if (l.physical == NULL) {
        (void)err_sys(e, "%s", path);
        return NULL;
    }
    return path_join(a, l.physical, path_base(whole));
}
