/* SPDX-License-Identifier: MIT */
/* JSON as RFC 8259 defines it: UTF-8 only, no comments, no trailing commas, no leading zeros,
 * one value per text. Duplicate keys are allowed.
 *
 * json_parse() checks a text once, as a whole. All other functions that read JSON work on the
 * checked bytes. They have no errors, except that a value can be missing or have another type
 * than the caller asked for. A value is a view into the text and is valid as long as the text.
 * Only functions that get an arena or a buf make copies. Nesting is limited to
 * LIMIT_JSON_DEPTH, and a text to LIMIT_JSON_TEXT bytes. Pure.
 *
 * json_parse.c contains the check and json_split, json_read.c the functions that read, and
 * json_write.c the writer. */
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
    JSON_NONE = 0, /* no value */
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

/* One value of a checked text: its bytes exactly as written, without blanks around them. The
 * initial state {0} is JSON_NONE. */
struct json {
    enum json_type type;
    struct str raw;
};

/* Checks that the whole text is JSON, and sets *root to its value. Returns 0 on success, and
 * -1, with *root unchanged, on error. ERR_FORMAT names the byte offset of the mistake;
 * ERR_LIMIT means that the text is too large or too deeply nested. */
int json_parse(struct str text, struct json *root, struct err *e);

/* Returns the value whose checked bytes are `raw`, without blanks around them. Returns
 * JSON_NONE if `raw` is empty. */
struct json json_of(struct str raw);

/* Finds the ends of the values in a stream of JSON texts, which can be split anywhere. Between
 * the values are newlines, CR LF, blanks or nothing. Only brackets and strings are examined:
 * the caller must still pass each value to json_parse(). The initial state is {0}. */
struct json_split {
    unsigned depth;
    bool in_string;
    bool escaped;
    bool in_value;
    bool failed; /* the stream had a closing bracket without an opening one; this is final */
};

/* Scans bytes up to and including the end of a value. Sets *complete to whether a value ended
 * there. Returns how many bytes were scanned: all of `in` if no value ended. Bytes between
 * values are scanned too: the caller appends everything that was scanned to the text that it
 * collects, because json_parse() accepts blanks in front of a value. A number or a word ends
 * with the blank that follows it. Once s->failed is set, no value is complete any more. */
size_t json_split_scan(struct json_split *s, struct str in, bool *complete);

/* Returns the value of the first member of the object v whose key, after unescaping, is `key`.
 * Returns JSON_NONE if v is not an object or has no such member. */
struct json json_get(struct json v, const char *key);

/* Returns the value at the end of a path of keys that are separated by '.': json_path(v,
 * "State.OOMKilled"). A key that contains a dot or has 64 bytes or more needs json_get().
 * Returns JSON_NONE if a step does not exist. */
struct json json_path(struct json v, const char *path);

/* Iterates over the items of an array or the members of an object, in the order written. For
 * any other value the iteration is empty. */
struct json_iter {
    struct str rest;
    bool in_object;
};

/* Returns an iterator that stands before the first item of v. */
struct json_iter json_iter(struct json v);

/* Sets *value to the next item, and *key to the key of the member (JSON_NONE in an array).
 * `key` may be NULL. Returns false at the end, with both unchanged. */
bool json_next(struct json_iter *it, struct json *key, struct json *value);

/* Adds the unescaped text of the string v to out. An escaped surrogate without its other half
 * becomes U+FFFD. Returns 0 on success. Returns -1 if v is not a string, with nothing added, or
 * if out's maximum is exceeded; out then holds a part. */
int json_string(struct json v, struct buf *out);

/* Returns the unescaped text of the string v as a C string in the arena, and NULL if v is not a
 * string. A NUL inside the text ends the C string. */
const char *json_string_dup(struct json v, struct arena *a);

/* Returns true if v is a string whose unescaped text is `text`. */
bool json_is(struct json v, const char *text);

/* Returns true if v is the literal true. */
bool json_true(struct json v);

/* Set *out to the number v, and return true, if v is written as an integer without fraction and
 * exponent and is in the range: 0 to UINT64_MAX for json_u64(), and -INT64_MAX to INT64_MAX for
 * json_i64(). Otherwise they return false and leave *out unchanged. */
bool json_u64(struct json v, uint64_t *out);
bool json_i64(struct json v, int64_t *out);

/* Adds v to out in the form in which values are compared: without blanks, with strings
 * unescaped, with numbers spelled as in the text and members in the order written. The form is
 * not JSON and is never longer than the value as written; `out` must have room for that. */
void json_canonical(struct json v, struct buf *out);

/* Returns true if a and b have the same form (json_canonical()). JSON_NONE equals only
 * JSON_NONE. */
bool json_same(struct json a, struct json b);

/* The members of an object, sorted by key, so that json_member() takes O(log n) time. */
struct json_member {
    struct str key;      /* unescaped */
    struct json raw_key; /* as written */
    struct json value;
    bool twice; /* another member has the same key */
    bool last;  /* this is the last member with its key */
};
struct json_members {
    struct json_member *list;    /* in the order written */
    struct json_member **sorted; /* by key; members with the same key in the order written */
    size_t count;
};

/* A budget limits how many items a hostile text makes the caller examine. This function counts
 * the items or members of v into *count and subtracts the number from *budget. A value of
 * another type has none. Returns true on success. Returns false, with *budget unchanged and
 * *count undefined, if v has more items than *budget. */
bool json_count_items(struct json v, size_t *budget, size_t *count);

/* Collects the members of v; they are none if v is not an object. The arena owns the lists and
 * the keys that had to be unescaped; all other texts are views into the text of v. Subtracts
 * the number of members from *budget. Returns true on success. Returns false, with *out empty
 * and *budget unchanged, if v has more members than *budget. */
bool json_members(struct json v, struct arena *a, size_t *budget, struct json_members *out);

/* Returns the last member with this key, which also wins in JavaScript. Returns
 * NULL if there is none. */
const struct json_member *json_member(const struct json_members *all, struct str key);

/* The writer adds exactly one value to a buf, with commas and, if wanted, indentation. Its
 * errors are sticky, and json_done() reports them: out's maximum is exceeded, the nesting is
 * deeper than LIMIT_JSON_DEPTH, or the calls are in a wrong order, such as a value without a
 * key in an object. In a string that is not UTF-8 each bad byte becomes U+FFFD.
 * Control characters and the characters of str_is_steering() are written as \uNNNN, so that the
 * text of a string cannot control a terminal. All functions
 * copy what they get into the buf at once. */
struct json_w {
    struct buf *out; /* borrowed */
    unsigned indent; /* blanks per level; 0: everything on one line without blanks */
    unsigned depth;
    uint64_t in_object; /* a bit per level: the level is an object */
    uint64_t has_item;  /* a bit per level: the level has an item */
    bool after_key;     /* a key was written, and its value was not */
    bool written;       /* the one value at the top was begun */
    bool failed;
    bool lossy; /* a string was not UTF-8 */
};

/* Starts a value in out, which must live as long as *w is used. */
void json_w_init(struct json_w *w, struct buf *out, unsigned indent);

/* Begin an object or an array, which the caller ends with json_w_end(). */
void json_w_object(struct json_w *w);
void json_w_array(struct json_w *w);
void json_w_end(struct json_w *w); /* ends the innermost object or array */

/* Writes the key of the next value, in an object. */
void json_w_key(struct json_w *w, const char *key);

void json_w_str(struct json_w *w, struct str s);
void json_w_c(struct json_w *w, const char *s); /* NULL writes null */
void json_w_u64(struct json_w *w, uint64_t n);
void json_w_bool(struct json_w *w, bool b);
void json_w_null(struct json_w *w);

/* Copies the JSON value `checked` unchanged; the caller has checked that it is one. */
void json_w_raw(struct json_w *w, struct str checked);

/* Write a member of an object: a key with a string (NULL writes null), a boolean, a number, or
 * a list of strings. */
void json_w_member(struct json_w *w, const char *key, const char *value);
void json_w_member_bool(struct json_w *w, const char *key, bool value);
void json_w_member_u64(struct json_w *w, const char *key, uint64_t value);
void json_w_member_list(struct json_w *w, const char *key, const char *const *items,
                        size_t count);

/* Writes a key with the list of the words of `text`, which are separated by blanks. If `text`
 * is NULL, the list is empty. */
void json_w_member_words(struct json_w *w, const char *key, const char *text);

/* Returns 0 if exactly one complete value was written and nothing failed, otherwise -1. The buf
 * then holds a part that is of no use. */
int json_done(const struct json_w *w);

#endif
