/* SPDX-License-Identifier: MIT */
/* Three-way merge of JSON objects, for a file that two sides changed. `base` is what both began with, `ours` the
 * side that is kept byte for byte, `theirs` the side whose permitted changes go into it. What is permitted is a
 * table of rules; what no rule names stays as ours has it. Pure. */
#ifndef WIRE_JSONMERGE_H
#define WIRE_JSONMERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum {
    JSON_MERGE_LEVELS = 8,        /* objects that JSON_DESCEND goes into, the root with them */
    JSON_MERGE_SCALAR = 64 << 10, /* theirs' longer numbers and strings are not taken */
    JSON_MERGE_KEY = 256,         /* JSON_KEY_ANY matches no longer key */
    JSON_MERGE_MEMBERS = 1 << 20  /* members and items that are looked at, all texts together */
};

enum json_match {
    JSON_KEY,        /* the key itself, after unescaping */
    JSON_KEY_STARTS, /* keys that begin with it */
    JSON_KEY_ENDS,
    JSON_KEY_NAMED, /* the key that the merge's `name` tells */
    JSON_KEY_ANY
};

enum json_verdict {
    JSON_KEEP,   /* as ours has it, whatever theirs did */
    JSON_TAKE,   /* a change or deletion of theirs counts unless ours changed it, too */
    JSON_PREFER, /* it counts in any case */
    JSON_DESCEND /* an object: member by member, by the rules `inside` */
};

struct json_rules;
struct json_rule {
    enum json_match match;
    const char *key; /* NULL with JSON_KEY_NAMED and JSON_KEY_ANY */
    enum json_verdict verdict;
    unsigned
        types; /* JSON_IS(): theirs' value, and ours where there is one, must be of these; 0: any */
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

/* Adds ours with theirs' changes to out, and tells in *changed whether it differs from ours by a byte. Values are
 * compared without blanks and after unescaping, numbers as they are spelled, objects in the order written. Of a key
 * that stands twice in base or theirs the last counts, as in JavaScript; in ours it is left alone. Where both
 * sides changed an array that may be taken, ours keeps its items and gets those of theirs that neither base nor
 * ours has: in front, where they stand before all others in theirs, else at the end.
 * All three must be JSON objects: ERR_FORMAT, "base", "ours" or "theirs" in front; nothing was added then. ERR_LIMIT
 * past out's maximum or JSON_MERGE_MEMBERS; out then holds a part. Takes O(n log n), whatever the texts. */
int json_merge(const struct json_merge *in, struct buf *out, bool *changed, struct err *e);

#endif
