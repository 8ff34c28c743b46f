/* SPDX-License-Identifier: MIT */
#include "host/audit_scope.h"

#include "base/list.h"
#include "base/path.h"
#include "host/audit_table.h"
#include "trust/ledger.h"
#include "trust/lookup.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

enum {
    LEADS_MAX = 4096,
    NAMES_MAX = 8192 /* names read from directories of the home */
};

struct search {
    struct audit_scope *scope;
    struct arena *a;
    struct ledger trees; /* those of the scope */
    size_t cap;
    size_t names_left;
};

void audit_scope_add_tree(struct audit_scope *scope, struct arena *a, const char *path,
                          bool is_git)
{
    struct audit_tree *more = arena_array(a, scope->tree_count + 1, sizeof(*more));

    for (size_t i = 0; i < scope->tree_count; i++) {
        if (path_is_inside(path, scope->trees[i].path)) {
            return;
        }
        more[i] = scope->trees[i];
    }
    more[scope->tree_count++] = (struct audit_tree){.path = path, .is_git = is_git, .id = ""};
    scope->trees = more;
}

static bool leads_into_a_tree(const struct search *s, const char *path)
{
    return !lookup_is_safe(s->a, &s->trees, path);
}

static void add_lead(struct search *s, const char *shown, const char *path, unsigned rule)
{
    struct audit_scope *scope = s->scope;

    for (size_t i = 0; i < scope->lead_count; i++) {
        if (strcmp(scope->leads[i].path, path) == 0) {
            return;
        }
    }
    if (scope->lead_count < LEADS_MAX) {
        scope->leads =
            list_grow(s->a, scope->leads, scope->lead_count, &s->cap, sizeof(scope->leads[0]));
        scope->leads[scope->lead_count++] =
            (struct audit_lead){.shown = shown, .path = path, .rule = rule};
    }
}

/* Looks at the names of one directory of the home that match a component: adds those that lead
 * into a tree. Adds the other directories among them to *dirs. */
static void look_in(struct search *s, const char *shown, const char *path,
                    const char *component, unsigned rule, struct strv *dirs)
{
    DIR *d = opendir(path);
    const struct dirent *entry;

    while (d != NULL && s->names_left > 0 && (entry = readdir(d)) != NULL) {
        const char *name = entry->d_name;
        const char *below;

        s->names_left--;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
            (entry->d_type != DT_LNK && entry->d_type != DT_DIR &&
             entry->d_type != DT_UNKNOWN) ||
            !audit_glob(component, strlen(component), name)) {
            continue;
        }
        below = path_join(s->a, path, name);
        if (leads_into_a_tree(s, below)) {
            add_lead(s, path_join(s->a, shown, name), below, rule);
        } else if (entry->d_type == DT_DIR) {
            strv_add(dirs, s->a, path_join(s->a, shown, name));
        }
    }
    if (d != NULL) {
        (void)closedir(d);
    }
}

/* Looks at one pattern of the table. Its first components are names, and only the last one can
 * be "*", "**" or a pattern. */
static void look_for(struct search *s, const char *home, unsigned rule)
{
    const char *pattern = audit_rule(rule)->pattern;
    const char *last = path_base(pattern);
    bool has_star = strchr(last, '*') != NULL;
    const char *dir = strchr(pattern, '/') != NULL ? path_dir(s->a, pattern) : "";
    const char *named = has_star ? dir : pattern;
    const char *path = named[0] != '\0' ? path_join(s->a, home, named) : home;
    const char *shown = named[0] != '\0' ? path_join(s->a, "~", named) : "~";
    struct strv dirs = {0};
    struct strv deeper = {0}; /* not read: most of what is there is data */
    struct stat st;

    if (lstat(path, &st) < 0) {
        return;
    }
    if (named[0] != '\0' && leads_into_a_tree(s, path)) {
        add_lead(s, shown, path, rule);
        return;
    }
    if (!has_star) {
        return;
    }
    look_in(s, shown, path, strcmp(last, "**") == 0 ? "*" : last, rule, &dirs);
    for (size_t i = 0; strcmp(last, "**") == 0 && i < dirs.count; i++) {
        look_in(s, dirs.v[i], path_join(s->a, home, dirs.v[i] + 2), "*", rule, &deeper);
    }
}

void audit_scope_add_leads(struct audit_scope *scope, struct arena *a, const char *home,
                           const char *search)
{
    struct search s = {.scope = scope, .a = a, .names_left = NAMES_MAX};
    struct str rest = str_c(search);
    unsigned count = (unsigned)audit_rule_count();

    scope->home = home;
    for (size_t i = 0; i < scope->tree_count; i++) {
        ledger_add(&s.trees, a, scope->trees[i].path);
    }
    for (unsigned i = AUDIT_SPECIALS; i < count; i++) {
        if (audit_rule_section(i) == AUDIT_SECTION_HOME) {
            look_for(&s, home, i);
        }
    }
    while (rest.len > 0) {
        struct str name = {0};
        const char *path;

        (void)str_cut(&rest, ':', &name);
        path = name.len > 0 ? arena_str(a, name) : ".";
        path = path_clean(a, path_join(a, scope->trees[0].path, path));
        if (leads_into_a_tree(&s, path)) {
            add_lead(&s, path, path, AUDIT_RULE_PATH);
        }
    }
}
