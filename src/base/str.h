/* SPDX-License-Identifier: MIT */
/* A view of bytes that another object owns. It is not NUL-terminated and may contain any byte.
 * The empty view may have p == NULL. No function here copies or allocates: a returned view
 * points into the same bytes as the argument. Pure. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *p;
    size_t len;
};

/* A view of a string literal, usable in static tables. */
#define STR(literal)                                                                           \
    {                                                                                          \
        (literal), sizeof(literal) - 1                                                         \
    }

struct str str_c(const char *s); /* NULL gives the empty view */
struct str str_n(const char *p, size_t len);
bool str_eq(struct str a, struct str b);
bool str_eq_c(struct str a, const char *b);

/* Compares without regard to the case of ASCII letters, as HTTP does for field names. */
bool str_eq_nocase(struct str a, const char *b);

bool str_starts(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);
bool str_contains(struct str s, const char *needle); /* true if `needle` is empty */
bool str_is_zeros(struct str s);                     /* true if s is all NULs or is empty */

/* Compares the bytes as unsigned numbers. A proper prefix sorts before the longer view. Returns
 * a number below, equal to or above 0, as strcmp(3) does. */
int str_cmp(struct str a, struct str b);

/* Returns the index of the first `c`, or s.len if there is none. */
size_t str_index(struct str s, char c);

/* Splits *s at the first `sep`: *head becomes the part before it and *s the part after it.
 * Returns true if `sep` was found. Otherwise *head becomes all of *s, *s becomes empty, and the
 * function returns false. */
bool str_cut(struct str *s, char sep, struct str *head);

/* Returns s without its first n bytes; the empty view if n exceeds s.len. */
struct str str_drop(struct str s, size_t n);

/* Returns s without the blanks at both ends; see str_is_blank(). */
struct str str_trim(struct str s);

/* Returns true for space, tab, CR and LF. These are also the blanks of JSON. */
bool str_is_blank(char c);

/* Returns true for the letters and digits of ASCII. */
bool str_is_alnum(char c);

/* Returns the lower-case letter for an upper-case letter of ASCII, and otherwise c. */
char str_lower(char c);

/* Returns the number of bytes (0 to 3) at the end of s that are the beginning of an incomplete
 * UTF-8 sequence. */
size_t str_utf8_cut(struct str s);

/* Returns the length in bytes (1 to 4) of the well-formed UTF-8 sequence at the start of s, and
 * 0 if s does not start with a well-formed sequence. Surrogates, overlong forms and code points
 * above U+10FFFF are not well-formed. RFC 3629. */
size_t str_utf8_len(struct str s);

/* Returns true if the first character of `text` is invisible but breaks the line or reverses
 * its direction, so that a name could pretend to be another one: U+061C, U+200E, U+200F, U+2028
 * to U+202E, U+2066 to U+2069. `len` is the length of that character in bytes, from
 * str_utf8_len(). Messages show such a character as \xNN, and JSON as \uNNNN. Other output that
 * contains text from outside must check for it or use log_escape(). */
bool str_is_steering(struct str text, size_t len);

/* Writes the code point `code`, at most U+10FFFF, to `out` as UTF-8, without a NUL. Returns the
 * number of bytes written (1 to 4). */
enum { STR_UTF8_MAX = 4 };
size_t str_utf8_put(uint32_t code, char out[STR_UTF8_MAX]);

#endif
