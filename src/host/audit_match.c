/* SPDX-License-Identifier: MIT */
#include "host/audit_match.h"

#include "base/hash.h"
#include "base/list.h"

#include <string.h>

/* The number of lists of names, a power of 2. */
enum { SLOTS = 1024 };

static const char git_dir[] = ".git/";
enum { GIT_DIR_LEN = sizeof(git_dir) - 1 };

struct audit_index {
    struct audit_items by_name[SLOTS]; /* by the hash of the first component */
    struct audit_items by_byte[256];   /* first components with a '*', by their first byte */
    struct audit_items git;
};

void audit_items_add(struct audit_items *items, struct arena *a, unsigned rule,
                     const char *rest)
{
    for (;;) {
        size_t len = strcspn(rest, "/");

        items->v = list_grow(a, items->v, items->count, &items->cap, sizeof(items->v[0]));
        items->v[items->count++] = (struct audit_item){
            .rule = rule, .has_star = memchr(rest, '*', len) != NULL, .len = len, .rest = rest};
        if (strncmp(rest, "**/", 3) != 0) {
            return;
        }
        rest += 3; /* "**" also stands for no directory at all */
    }
}

static size_t slot_of(const char *name, size_t len)
{
    return (size_t)(hash_fnv1a(str_n(name, len)) & (SLOTS - 1));
}

struct audit_index *audit_index_new(struct arena *a)
{
    struct audit_index *index = arena_alloc(a, sizeof(*index));
    unsigned count = (unsigned)audit_rule_count();

    for (unsigned i = 0; i < count; i++) {
        enum audit_section section = audit_rule_section(i);
        const char *pattern = audit_rule(i)->pattern;
        size_t len = strcspn(pattern, "/");

        if (section != AUDIT_SECTION_TREE && section != AUDIT_SECTION_BULK) {
            continue;
        }
        if (memchr(pattern, '*', len) != NULL) {
            audit_items_add(&index->by_byte[(unsigned char)pattern[0]], a, i, pattern);
        } else {
            audit_items_add(&index->by_name[slot_of(pattern, len)], a, i, pattern);
        }
        if (strncmp(pattern, git_dir, GIT_DIR_LEN) == 0) {
            audit_items_add(&index->git, a, i, pattern + GIT_DIR_LEN);
        }
    }
    return index;
}

struct audit_items audit_index_git(const struct audit_index *index)
{
    return index->git;
}

/* Samples of hooks, which git itself makes, are data. */
static bool is_sample(const struct audit_rule *rule, const char *name)
{
    return str_ends(str_c(name), ".sample") &&
           (rule == audit_rule(AUDIT_RULE_HOOKS) ||
            strncmp(rule->pattern, git_dir, GIT_DIR_LEN) == 0);
}

/* Matches one item with a name, and updates *m. */
static void match_item(const struct audit_item *item, const char *name, struct arena *a,
                       struct audit_match *m)
{
    const char *rest = item->rest;
    size_t len = item->len;
    bool is_last = rest[len] == '\0';
    bool any_depth = len == 2 && memcmp(rest, "**", 2) == 0;
    bool by_name = !item->has_star;

    if (by_name ? strncmp(rest, name, len) != 0 || name[len] != '\0'
                : !any_depth && !audit_glob(rest, len, name)) {
        return;
    }
    if (is_last && is_sample(audit_rule(item->rule), name)) {
        return;
    }
    if (is_last && audit_rule_section(item->rule) == AUDIT_SECTION_BULK) {
        m->bulk = true;
        m->rule = item->rule;
        return;
    }
    if (is_last) {
        m->rule = m->is_file && m->rule < item->rule ? m->rule : item->rule;
        m->is_file = true;
        m->by_name = m->by_name || by_name;
    }
    if (any_depth || !is_last) {
        m->rule = m->is_file || m->below.count > 0 ? m->rule : item->rule;
        m->below_by_name = m->below_by_name || by_name;
        audit_items_add(&m->below, a, item->rule, any_depth ? rest : rest + len + 1);
    }
}

static void match_items(const struct audit_items *items, const char *name, struct arena *a,
                        struct audit_match *m)
{
    for (size_t i = 0; i < items->count; i++) {
        match_item(&items->v[i], name, a, m);
    }
}

bool audit_match(const struct audit_index *index, const struct audit_items *items,
                 const char *name, struct arena *a, struct audit_match *out)
{
    *out = (struct audit_match){0};
    match_items(items, name, a, out);
    if (index != NULL) {
        match_items(&index->by_name[slot_of(name, strlen(name))], name, a, out);
        match_items(&index->by_byte[(unsigned char)name[0]], name, a, out);
        match_items(&index->by_byte[(unsigned char)'*'], name, a, out);
    }
    return out->is_file || out->bulk || out->below.count > 0;
}
