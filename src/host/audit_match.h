/* SPDX-License-Identifier: MIT */
/* Inside of the audit: matches the names in a directory with the rules of the table. Pure. */
#ifndef HOST_AUDIT_MATCH_H
#define HOST_AUDIT_MATCH_H

#include "base/arena.h"
#include "host/audit_table.h"

/* A rule that is partly matched: `rest` is the part of its pattern that names below a directory
 * must still match. */
struct audit_item {
    unsigned rule;
    bool has_star;    /* its first component has a '*' */
    size_t len;       /* of its first component */
    const char *rest; /* borrowed */
};

/* A list in an arena. {0} is empty. */
struct audit_items {
    struct audit_item *v;
    size_t count;
    size_t cap;
};

/* Adds a partly matched rule to the list. `rest` is not copied. If it begins with "**" and a
 * slash, the rule is added without this beginning as well. */
void audit_items_add(struct audit_items *items, struct arena *a, unsigned rule,
                     const char *rest);

/* The rules that apply in every directory of a tree, found by the first component of their
 * patterns. Everything lives in the arena. */
struct audit_index;

struct audit_index *audit_index_new(struct arena *a);

/* Returns the rules that apply in git's own directory, for a directory that git takes for one.
 */
struct audit_items audit_index_git(const struct audit_index *index);

/* The result of matching one name. */
struct audit_match {
    bool is_file;       /* a rule matches it as a file; `rule` is the first such rule */
    bool by_name;       /* is_file, and such a rule has this name, not a pattern */
    bool below_by_name; /* a rule that goes on below it has this name, not a pattern */
    bool bulk;          /* a rule of AUDIT_SECTION_BULK has this name; `rule` is that rule */
    unsigned rule;      /* the first rule that matches in any way */
    /* what must match below it, if it is a directory; empty if no rule goes on */
    struct audit_items below;
};

/* Matches a name with `items` and, unless `index` is NULL, with the rules of the index. Returns
 * true if a rule matches, and then fills *out. Lists are added in the arena. */
bool audit_match(const struct audit_index *index, const struct audit_items *items,
                 const char *name, struct arena *a, struct audit_match *out);

#endif
