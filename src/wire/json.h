/* SPDX-License-Identifier: MIT */
/* JSON as RFC 8259 defines it: UTF-8 only, no comments, no trailing commas, no leading zeros,
 * one value per text.
 *
 * json_parse() checks a text once, as a whole. All other functions here are cursors over the
 * checked bytes and cannot fail, except that a value may be missing or may have another type.
 * Values are views into the text and live as long as it does. Only functions that get an arena
 * or a buf keep copies. The nesting is limited to LIMIT_JSON_DEPTH and the size to
 * LIMIT_JSON_TEXT. Duplicate keys are allowed. Pure.
 *
 * json_parse.c: the check, and the values of a stream. json_read.c: the cursors. json_write.c:
 * the writer. */
#ifndef WIRE_JSON_H
#define WIRE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum json_type {
    JSON_NONE = 0, /* there is no such value */
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

/* One value inside a checked text: its bytes exactly as written, without blanks around them. */
struct json {
    enum json_type type;
    struct str raw;
};

/* Checks the whole text and sets *root to its value. Returns 0 on success and -1 on error;
 * *root is then unchanged. ERR_FORMAT names the byte offset; ERR_LIMIT means too large or too
 * deeply nested. */
int json_parse(struct str text, struct json *root, struct err *e);

/* Returns the value whose checked bytes are `raw`, which has no blanks around it; JSON_NONE if
 * it is empty. */
struct json json_of(struct str raw);

/* Finds where the values of a stream of JSON texts end. Newlines, CR LF, blanks or nothing
 * stand between the values. The input may be split anywhere. Only nesting and strings are
 * followed: the caller must still give the value itself to json_parse(). All zeros is the
 * initial state. */
struct json_split {
    unsigned depth;
    bool in_string;
    bool escaped;
    bool in_value;
    bool failed;
};

/* Scans bytes up to and including the end of a value. Returns how many it consumed, and sets
 * *complete if a value ended there. Bytes between values are consumed too: the caller appends
 * everything to the text that it collects, and json_parse() accepts blanks in front. A closing
 * bracket without an opening one sets s->failed. */
size_t json_split_scan(struct json_split *s, struct str in, bool *complete);

/* Returns the first member `key` of an object, compared after unescaping; JSON_NONE if v is not
 * an object or has no such member. */
struct json json_get(struct json v, const char *key);

/* Does several steps at once, separated by '.': json_path(v, "State.OOMKilled"). A key that
 * contains a dot, or has 64 bytes or more, needs json_get(). */
struct json json_path(struct json v, const char *path);

/* Iterates over the items of an array or the members of an object, in the order written. An
 * iterator over any other value is empty. */
struct json_iter {
    struct str rest;
    bool in_object;
};
struct json_iter json_iter(struct json v);
bool json_next(struct json_iter *it, struct json *key,
               struct json *value); /* key may be NULL */

/* Adds the unescaped text of a string to out; escaped lone surrogates become U+FFFD. Returns 0
 * on success and -1 if v is not a string or out's maximum is exceeded. */
int json_string(struct json v, struct buf *out);

/* The same into an arena. Returns NULL if v is not a string. A NUL inside ends the C string. */
const char *json_string_dup(struct json v, struct arena *a);

bool json_is(struct json v, const char *text); /* a string equal to text */
bool json_true(struct json v);                 /* the literal true */
bool json_u64(struct json v, uint64_t *out);   /* a plain non-negative integer that fits */
bool json_i64(struct json v, int64_t *out); /* a plain integer that fits; INT64_MIN does not */

/* Adds the value in the form in which values are compared: without blanks, strings unescaped,
 * numbers as they are spelled, members in the order written. Two values are equal if their
 * forms are. The form is never longer than the value as written. `out` must have room for
 * it. */
void json_canonical(struct json v, struct buf *out);

/* Returns whether the forms of a and b are equal. JSON_NONE equals only JSON_NONE. */
bool json_same(struct json a, struct json b);

/* The members of an object, sorted, so that one is found in O(log n). `list` is in the order
 * written. */
struct json_member {
    struct str key; /* unescaped */
    struct json raw_key;
    struct json value;
    bool twice; /* another member has the same key */
    bool last;  /* of the members with this key */
};
struct json_members {
    struct json_member *list;
    struct json_member **sorted;
    size_t count;
};

/* The budget bounds how many items a hostile text makes the caller hold. Counts the items or
 * members of v and subtracts the number from *budget. Returns false, with *budget unchanged, if
 * there are more. */
bool json_count_items(struct json v, size_t *budget, size_t *count);

/* Collects the members of v, none if v is not an object. The lists, and the keys that had to be
 * unescaped, are in the arena. The rest are views into the text. Each member is subtracted from
 * *budget. Returns false, with *out empty, if there are more. */
bool json_members(struct json v, struct arena *a, size_t *budget, struct json_members *out);

/* Returns the last member with that key, which is the one that counts in JavaScript, or
 * NULL. */
const struct json_member *json_member(const struct json_members *all, struct str key);

/* The writer adds one value to a buf, with commas and (optional) indentation. Errors are
 * sticky: the buf's maximum, a depth past the limit, or a misuse such as a value without a key
 * in an object. json_done() reports them. In a string that is not UTF-8, each bad byte is
 * written as U+FFFD, and `lossy` is set. */
struct json_w {
    struct buf *out;
    unsigned indent; /* blanks per level; 0: all on one line without blanks */
    unsigned depth;
    uint64_t in_object; /* bit per level */
    uint64_t has_item;  /* bit per level */
    bool after_key;
    bool written; /* the one value at the top, or its beginning */
    bool failed;
    bool lossy;
};
void json_w_init(struct json_w *w, struct buf *out, unsigned indent);
void json_w_object(struct json_w *w);
void json_w_array(struct json_w *w);
void json_w_end(struct json_w *w); /* of the innermost object or array */
void json_w_key(struct json_w *w, const char *key);
void json_w_str(struct json_w *w, struct str s);
void json_w_c(struct json_w *w, const char *s); /* NULL writes null */
void json_w_u64(struct json_w *w, uint64_t n);
void json_w_i64(struct json_w *w, int64_t n);
void json_w_bool(struct json_w *w, bool b);
void json_w_null(struct json_w *w);
void json_w_raw(struct json_w *w, struct str checked); /* a checked value, copied as it is */
/* A key with its value; a key with a list of strings. */
void json_w_member(struct json_w *w, const char *key, const char *value);
void json_w_member_bool(struct json_w *w, const char *key, bool value);
void json_w_member_u64(struct json_w *w, const char *key, uint64_t value);
void json_w_member_list(struct json_w *w, const char *key, const char *const *items,
                        size_t count);
/* A key with a list of the words of `text`, which are separated by blanks. NULL has none. */
void json_w_member_words(struct json_w *w, const char *key, const char *text);

/* Returns 0 if exactly one complete value was written and nothing failed, otherwise -1. */
int json_done(const struct json_w *w);

#endif
