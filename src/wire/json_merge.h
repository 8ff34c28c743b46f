/* SPDX-License-Identifier: MIT */
/* Three-way merge of JSON objects, for a file that two sides changed. `base` is what both sides
 * began with, `ours` is kept byte for byte, and the permitted changes of `theirs` go into it. A
 * table of rules says what is permitted; a member that no rule matches stays as ours has it.
 * Pure. */
#ifndef WIRE_JSON_MERGE_H
#define WIRE_JSON_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "wire/json.h"

enum {
    JSON_MERGE_LEVELS = 8,        /* objects that JSON_DESCEND enters, including the root */
    JSON_MERGE_SCALAR = 64 << 10, /* longer numbers and strings of theirs are not taken */
    JSON_MERGE_KEY = 256,         /* JSON_KEY_ANY does not match longer keys */
    JSON_MERGE_MEMBERS = 1 << 20  /* examined members and items of all texts together */
};

enum json_match {
    JSON_KEY,        /* the key itself, after unescaping */
    JSON_KEY_STARTS, /* keys that begin with it */
    JSON_KEY_ENDS,
    JSON_KEY_NAMED, /* the key is the merge's `name` */
    JSON_KEY_ANY
};

enum json_verdict {
    JSON_KEEP,   /* as ours has it, whatever theirs did */
    JSON_TAKE,   /* takes a change or deletion of theirs unless ours changed the member too */
    JSON_PREFER, /* takes it in any case */
    JSON_DESCEND /* an object: merges it member by member with the rules `inside` */
};

struct json_rules;
struct json_rule {
    enum json_match match;
    const char *key; /* NULL with JSON_KEY_NAMED and JSON_KEY_ANY */
    enum json_verdict verdict;
    /* JSON_IS() of the types that theirs' value, and ours' if it exists, must have; 0: any
     * type. */
    unsigned types;
    bool stays;                      /* a deletion is not taken */
    const struct json_rules *inside; /* of JSON_DESCEND */
    const char *why;
};
#define JSON_IS(type) (1U << (type))

/* The first rule that matches decides. */
struct json_rules {
    const struct json_rule *list;
    size_t count;
};

struct json_merge {
    struct str base, ours, theirs;
    const struct json_rules *rules;
    const char *name;
};

/* Adds ours with the changes of theirs to out, and sets *changed to whether the result differs
 * from ours. Values are compared as json_same() does. If a key stands twice in base or theirs,
 * the last one counts, as in JavaScript; in ours such a key is left alone. If both sides
 * changed an array that may be taken, json_join() merges it. Returns 0 on success and -1 on
 * error, with *changed unchanged. ERR_FORMAT, with the text's name in front, means that a text
 * is not a JSON object; nothing was added. ERR_LIMIT means out's maximum or JSON_MERGE_MEMBERS;
 * out then holds a part. Takes O(n log n) time, whatever the texts are. */
int json_merge(const struct json_merge *in, struct buf *out, bool *changed, struct err *e);

enum json_joined { JSON_JOIN_MANY = -1, JSON_JOIN_NOTHING, JSON_JOIN_DONE };

/* Adds ours, an array, with those items of theirs that are neither in base nor in ours: in
 * front if they stand before all other items of theirs, otherwise at the end. JSON_JOIN_NOTHING
 * means that there are none and nothing was added. Every examined item is subtracted from
 * *budget; JSON_JOIN_MANY means that there are more. `out` is grown at once, so that no copies
 * of its content stay in freed memory. Takes O(n log n) time. */
enum json_joined json_join(struct json base, struct json ours, struct json theirs,
                           size_t *budget, struct buf *out);

#endif
