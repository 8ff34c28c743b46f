/* SPDX-License-Identifier: MIT */
#include "host/audit.h"

#include "base/list.h"
#include "host/audit_dirs.h"
#include "host/audit_table.h"

#include <stdlib.h>
#include <string.h>

/* The permission bits that are compared: execution, sticky, set-id, and writing by everybody.
 * The other permissions depend on the umask. */
enum { MODE_COMPARED = 07113, MODE_SETID = 06000 };

struct diff {
    const struct audit *before;
    const struct audit *after;
    struct arena *a;
    struct audit_report *out;
    size_t cap;
};

/* Returns true if two entries of the same kind have the same content. */
static bool same_content(const struct audit_entry *a, const struct audit_entry *b)
{
    bool hashed = a->digest[0] != '\0' && b->digest[0] != '\0';

    switch (a->kind) {
    case AUDIT_FILE:
        if (a->size != b->size || (hashed && strcmp(a->digest, b->digest) != 0)) {
            return false;
        }
        return (hashed && a->size <= AUDIT_HASH_MAX) || strcmp(a->stamp, b->stamp) == 0;
    case AUDIT_LINK:
        return strcmp(a->target, b->target) == 0 && strcmp(a->digest, b->digest) == 0;
    case AUDIT_DIR:
        return strcmp(a->digest, b->digest) == 0;
    case AUDIT_UNREADABLE:
        return a->size == b->size && strcmp(a->stamp, b->stamp) == 0;
    case AUDIT_FIFO:
    case AUDIT_SOCKET:
    case AUDIT_DEVICE:
    case AUDIT_KINDS:
    default:
        return true;
    }
}

static void add(struct diff *d, enum audit_what what, const struct audit_entry *was,
                const struct audit_entry *now)
{
    struct audit_report *out = d->out;
    const struct audit_entry *known = now != NULL ? now : was;

    out->findings =
        list_grow(d->a, out->findings, out->count, &d->cap, sizeof(out->findings[0]));
    out->findings[out->count++] = (struct audit_finding){
        .what = what,
        .path = known->path,
        .kind = known->kind,
        .old_mode = was != NULL ? was->mode : 0,
        .mode = now != NULL ? now->mode : 0,
        .target = now != NULL ? now->target : NULL,
        .rule = known->rule,
        .in_new_dir = what == AUDIT_ADDED && audit_dir_is_new(d->before, known->path)};
}

/* Returns the index of the first entry whose path does not sort before `path`, and s->count if
 * there is none. */
static size_t find(const struct audit *s, const char *path)
{
    size_t low = 0;
    size_t high = s->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(s->entries[middle].path, path) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Returns true if a directory above the path is something else now. That is then the finding,
 * and not the missing path. */
static bool lost_with_directory(struct diff *d, const char *path)
{
    size_t root = find(d->after, ".");

    if (path[0] != '/' && path[0] != '~' && root < d->after->count &&
        strcmp(d->after->entries[root].path, ".") == 0) {
        return true;
    }
    for (int i = 1; path[i] != '\0'; i++) {
        if (path[i] == '/') {
            const char *above = arena_printf(d->a, "%.*s", i, path);
            size_t at = find(d->after, above);

            if (at < d->after->count && strcmp(d->after->entries[at].path, above) == 0 &&
                d->after->entries[at].kind != AUDIT_DIR) {
                return true;
            }
        }
    }
    return false;
}

/* Returns true if `path` is now a directory that contains an entry. */
static bool holds_something(struct diff *d, const char *path)
{
    const char *below = arena_printf(d->a, "%s/", path);
    size_t at = find(d->after, below);

    return at < d->after->count &&
           strncmp(d->after->entries[at].path, below, strlen(below)) == 0;
}

/* Adds a finding for an entry that the second snapshot does not contain. */
static void add_removed(struct diff *d, const struct audit_entry *was)
{
    struct audit_entry now = {.path = was->path, .rule = was->rule, .kind = AUDIT_DIR};

    /* If git's configuration names other files than before, the old ones were not examined.
     * That is not a change of these files. */
    if (was->harmless || was->rule == AUDIT_RULE_HOOKS || was->rule == AUDIT_RULE_INCLUDED ||
        was->rule == AUDIT_RULE_NAMED) {
        return;
    }
    if (holds_something(d, was->path)) {
        /* It is a directory now. If it could not be read before, it may have been a directory
         * then, too. */
        if (was->kind != AUDIT_UNREADABLE) {
            add(d, AUDIT_TYPE, was, &now);
        }
    } else if (!lost_with_directory(d, was->path)) {
        add(d, AUDIT_REMOVED, was, NULL);
    }
}

/* Returns true if the content of the entry is a regular file's that counts. */
static bool is_added(const struct audit_entry *now)
{
    return now->kind == AUDIT_FILE || (now->kind == AUDIT_DIR && now->digest[0] != '\0');
}

/* Adds the findings for an entry of the second snapshot. `was` is the entry of the same path in
 * the first one; NULL if there is none. */
static void compare(struct diff *d, const struct audit_entry *was,
                    const struct audit_entry *now)
{
    bool is_setid = now->kind == AUDIT_FILE &&
                    (now->mode & ~(was != NULL ? was->mode : 0U) & MODE_SETID) != 0;

    if (now->harmless && (was == NULL || was->harmless)) {
        /* A harmless file was there, or none, and a harmless file is there now. */
    } else if (was == NULL) {
        if (!is_setid || now->rule != AUDIT_RULE_SETID) {
            add(d, is_added(now) ? AUDIT_ADDED : AUDIT_TYPE, NULL, now);
        }
    } else if (was->kind != now->kind) {
        add(d, AUDIT_TYPE, was, now);
    } else if (was->harmless != now->harmless || !same_content(was, now)) {
        add(d,
            now->kind == AUDIT_LINK && strcmp(was->target, now->target) != 0 ? AUDIT_TYPE
                                                                             : AUDIT_CHANGED,
            was, now);
    } else if (now->kind == AUDIT_FILE &&
               ((was->mode ^ now->mode) & MODE_COMPARED & ~(unsigned)MODE_SETID) != 0) {
        add(d, AUDIT_MODE, was, now);
    }
    if (is_setid) {
        add(d, AUDIT_SETID, was, now);
    }
}

static bool is_known(const struct audit *s, uint64_t state)
{
    size_t low = 0;
    size_t high = s->linked_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (s->linked[middle].state == state) {
            return true;
        }
        if (s->linked[middle].state < state) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

static int by_where(const void *a, const void *b)
{
    const struct audit_linked *x = a;
    const struct audit_linked *y = b;

    return strcmp(x->where, y->where);
}

/* Adds a finding for each directory with changed files that have hard links outside of the
 * trees. */
static void compare_linked(struct diff *d)
{
    const struct audit *after = d->after;
    struct audit_linked *changed =
        arena_array(d->a, after->linked_count + 1, sizeof(changed[0]));
    size_t count = 0;

    for (size_t i = 0; i < after->linked_count; i++) {
        if (!is_known(d->before, after->linked[i].state)) {
            changed[count++] = after->linked[i];
        }
    }
    if (count > 1) {
        qsort(changed, count, sizeof(changed[0]), by_where);
    }
    for (size_t i = 0, seen = 0; i < count; i += seen) {
        struct audit_entry where = {
            .path = changed[i].where, .rule = AUDIT_RULE_LINKED, .kind = AUDIT_DIR};

        for (seen = 1; i + seen < count && by_where(&changed[i], &changed[i + seen]) == 0;) {
            seen++;
        }
        add(d, AUDIT_RELINKED, NULL, &where);
        d->out->findings[d->out->count - 1].count = seen;
    }
}

static int by_rule(const void *a, const void *b)
{
    const struct audit_finding *x = a;
    const struct audit_finding *y = b;
    bool x_first = x->what == AUDIT_OVERFLOW;
    bool y_first = y->what == AUDIT_OVERFLOW;
    int order = (x->rule > y->rule) - (x->rule < y->rule);

    if (x_first != y_first) {
        return x_first ? -1 : 1;
    }
    order = order != 0 ? order : strcmp(x->path, y->path);
    return order != 0 ? order : (x->what > y->what) - (x->what < y->what);
}

void audit_diff(const struct audit *before, const struct audit *after, struct arena *a,
                struct audit_report *out)
{
    struct diff d = {.before = before, .after = after, .a = a, .out = out};
    const char *more = after->overflow != NULL ? after->overflow : before->overflow;
    size_t i = 0;
    size_t k = 0;

    *out = (struct audit_report){0};
    if (more != NULL) {
        out->findings = list_grow(a, NULL, 0, &d.cap, sizeof(out->findings[0]));
        out->findings[out->count++] =
            (struct audit_finding){.what = AUDIT_OVERFLOW, .path = more, .kind = AUDIT_DIR};
    }
    while (i < before->count || k < after->count) {
        int order = i == before->count ? 1
                    : k == after->count
                        ? -1
                        : strcmp(before->entries[i].path, after->entries[k].path);

        if (order < 0) {
            add_removed(&d, &before->entries[i++]);
        } else if (order > 0) {
            compare(&d, NULL, &after->entries[k++]);
        } else {
            compare(&d, &before->entries[i++], &after->entries[k++]);
        }
    }
    compare_linked(&d);
    if (out->count > 1) {
        qsort(out->findings, out->count, sizeof(out->findings[0]), by_rule);
    }
}
