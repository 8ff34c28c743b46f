/* SPDX-License-Identifier: MIT */
/* JSON, strict to RFC 8259: UTF-8 only, no comments, no trailing commas, no leading zeros, one
 * value per text. A text is checked once, as a whole, by json_parse(); what follows are cursors
 * over the checked bytes, which cannot fail but for "not there" and "another type". Nothing is
 * copied or allocated: values are views into the text and live as long as it does. Depth is
 * limited to LIMIT_JSON_DEPTH, size to LIMIT_JSON_TEXT. Duplicate keys are allowed, the first
 * one is found. Pure. */
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
    JSON_NONE = 0, /* no such value */
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

/* One value inside a checked text: its bytes exactly as written, without blanks around. */
struct json {
    enum json_type type;
    struct str raw;
};

/* Checks the whole text and gives its value. ERR_FORMAT with the byte offset, or ERR_LIMIT. */
int json_parse(struct str text, struct json *root, struct err *e);

/* The member `key` (compared after unescaping) of an object; JSON_NONE where v is no object or has
 * no such member. */
struct json json_get(struct json v, const char *key);

/* Several steps at once, '.' between: json_path(v, "State.OOMKilled"). Keys with dots need
 * json_get(). */
struct json json_path(struct json v, const char *path);

/* Goes over an array's items or an object's members, in the order written. */
struct json_iter {
    struct str rest;
    bool in_object;
};
struct json_iter json_iter(struct json v); /* of anything else: an empty one */
bool json_next(struct json_iter *it, struct json *key,
               struct json *value); /* key may be NULL */

/* A string's text, unescaped, added to out (escaped lone surrogates become U+FFFD). -1 for another
 * type, or past out's maximum. */
int json_string(struct json v, struct buf *out);

/* The same into an arena; NULL for another type. A NUL inside cuts the C string. */
const char *json_string_dup(struct json v, struct arena *a);

bool json_is(struct json v, const char *text); /* a string equal to text */
bool json_true(struct json v);                 /* the literal true */
bool json_u64(struct json v, uint64_t *out);   /* a plain non-negative integer that fits */
bool json_i64(struct json v, int64_t *out);

/* The writer: adds one value to a buf, commas and (optional) indentation by itself. Errors (the
 * buf's maximum, a depth past the limit, a misuse such as a value without a key in an object)
 * are sticky; json_done() tells. Strings that are not UTF-8 are written with U+FFFD for each
 * bad byte and set `lossy`. */
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
void json_w_raw(struct json_w *w,
                struct str checked); /* a checked value, copied as it stands */
/* A key with its value; a key with a list of strings. */
void json_w_member(struct json_w *w, const char *key, const char *value);
void json_w_member_bool(struct json_w *w, const char *key, bool value);
void json_w_member_u64(struct json_w *w, const char *key, uint64_t value);
void json_w_member_list(struct json_w *w, const char *key, const char *const *items,
                        size_t count);
/* 0 where exactly one complete value was written and nothing failed, else -1. */
int json_done(const struct json_w *w);

/* Finds where the values of a stream of JSON texts end (newlines, CR LF, blanks or nothing between
 * them; any split of the input). Only nesting and strings are followed: the value itself must
 * still be given to json_parse(). */
struct json_split {
    unsigned depth;
    bool in_string;
    bool escaped;
    bool in_value;
    bool failed;
};
/* Scans bytes; returns how many belong to what came so far, up to and with the end of a value.
 * *complete tells whether a value ended there. Bytes between values count as consumed and
 * must be dropped by the caller with them (the caller's accumulated text may start with blanks,
 * which json_parse() accepts). A closing bracket without an opening one sets failed. */
size_t json_split_scan(struct json_split *s, struct str in, bool *complete);

#endif
