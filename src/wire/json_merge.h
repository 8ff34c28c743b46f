/* SPDX-License-Identifier: MIT */
/* Merges two JSON objects, `ours` and `other`, that were changed independently since a common
 * state, `base` (a three-way merge). The result has every byte of ours, except where a
 * permitted change of `other` goes into it. A table of rules says which changes are permitted;
 * a member that no rule matches stays as ours has it. Pure. */
#ifndef WIRE_JSON_MERGE_H
#define WIRE_JSON_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "wire/json.h"

enum {
    JSON_MERGE_LEVELS = 8,        /* nested objects that are merged, including the root */
    JSON_MERGE_SCALAR = 64 << 10, /* longer numbers and strings of `other` are not taken */
    JSON_MERGE_KEY = 256,         /* JSON_KEY_ANY does not match keys of more bytes */
    JSON_MERGE_MEMBERS = 1 << 20  /* members and items of all three texts that are examined */
};

/* How a rule's key is compared with the key of a member, after unescaping. */
enum json_match {
    JSON_KEY,        /* both are equal */
    JSON_KEY_STARTS, /* the member's key begins with the rule's */
    JSON_KEY_ENDS,   /* the member's key ends with the rule's */
    JSON_KEY_NAMED,  /* the member's key is json_merge.name */
    JSON_KEY_ANY     /* always, up to JSON_MERGE_KEY bytes */
};

/* The treatment of a member that `other` has changed, added or deleted since base. */
enum json_verdict {
    JSON_KEEP,   /* the member stays as ours has it */
    JSON_TAKE,   /* the change is taken, unless ours has changed the member too */
    JSON_PREFER, /* the change is taken, even if ours has changed the member too */
    /* The member is an object, and its members are merged one by one with the rules `inside`.
     * If ours has no such member, it is added once a member of it is taken. If `other` has
     * deleted it, its members count as deleted, but the object itself stays, possibly empty. If
     * either side has a value that is not an object, the member stays. */
    JSON_DESCEND
};

struct json_rules;
struct json_rule {
    enum json_match match;
    const char *key; /* NULL with JSON_KEY_NAMED and JSON_KEY_ANY */
    enum json_verdict verdict;
    /* Which types the values of ours and `other` may have, as JSON_IS() of each; 0 permits
     * every type. If a value has another type, the member stays. */
    unsigned types;
    bool stays;                      /* a deletion of the member is not taken */
    const struct json_rules *inside; /* of JSON_DESCEND; otherwise NULL */
    const char *why;                 /* the reason for the rule, for readers of the table */
};
#define JSON_IS(type) (1U << (type)) /* of enum json_type */

/* The first rule that matches a member's key decides. */
struct json_rules {
    const struct json_rule *list;
    size_t count;
};

struct json_merge {
    struct str base, ours, other;   /* JSON texts whose values are objects */
    const struct json_rules *rules; /* for the root */
    const char *name;               /* for JSON_KEY_NAMED; NULL: those rules match nothing */
};

/* Adds ours with the changes of `other` to out, and sets *changed to whether the result differs
 * from ours. Values are compared by json_same(). If a key occurs twice in base or `other`, the
 * last one counts, as in JavaScript; members of ours whose key occurs twice stay. If both sides
 * have changed an array and the rule permits changes, json_join() merges the arrays. Returns 0
 * on success, and -1, with *changed unchanged, on error. ERR_FORMAT, with "base", "ours" or
 * "other" in front, means that this text is not a JSON object, and ERR_LIMIT in the same form
 * that it is too large or too deeply nested; nothing was added to out. Any other ERR_LIMIT
 * means that out's maximum or JSON_MERGE_MEMBERS is exceeded; out then holds a part. Takes O(n
 * log n) time for texts of n bytes with any content. */
int json_merge(const struct json_merge *in, struct buf *out, bool *changed, struct err *e);

enum json_joined {
    JSON_JOIN_MANY = -1, /* the arrays have more items than *budget; nothing was added */
    JSON_JOIN_NOTHING,   /* `other` has no new items; nothing was added */
    JSON_JOIN_DONE       /* the merged array was added */
};

/* Adds the array `ours` to out, with the items of `other` that are neither in `base` nor in
 * ours. New items that stand before all other items of `other` go in front. All other new items
 * go to the end. If `other` has only new items, they go to the end as well. Each item of the
 * three arrays is subtracted from *budget. `out` must have room for both arrays and 2 more
 * bytes; it grows once, so that no copies of its content remain in freed memory. Takes O(n log
 * n) time. */
enum json_joined json_join(struct json base, struct json ours, struct json other,
                           size_t *budget, struct buf *out);

#endif
