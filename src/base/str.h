/* SPDX-License-Identifier: MIT */
/* A view of bytes that another object owns: not NUL-terminated, any byte allowed. The empty
 * view may have p == NULL. Pure. */
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
bool str_eq_nocase(struct str a, const char *b); /* ASCII only, as HTTP field names want */
bool str_starts(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);
bool str_is_zeros(struct str s); /* nothing but NULs, or nothing */
bool str_contains(struct str s, const char *needle);

/* Byte-wise order, shorter first among equals; for qsort-like uses and sorted output. */
int str_cmp(struct str a, struct str b);

/* Returns the index of the first `c`, or s.len if there is none. */
size_t str_index(struct str s, char c);

/* Splits at the first `sep`: *head becomes the part before it and *s the part after it. Returns
 * false if there is no `sep`; *head is then the whole and *s is empty. */
bool str_cut(struct str *s, char sep, struct str *head);

struct str str_drop(struct str s, size_t n); /* without the first n bytes; n may exceed len */
struct str str_trim(struct str s);           /* without spaces, tabs, CR, LF at both ends */

/* Returns true for space, tab, CR and LF, which are the blanks of JSON too. */
bool str_is_blank(char c);

/* Returns how many bytes at the end of s begin a UTF-8 sequence that is not complete: 0 to
 * 3. */
size_t str_utf8_cut(struct str s);

/* Returns the length in bytes of the well-formed UTF-8 sequence at the start of s, 0 if s does
 * not start with one. RFC 3629: no surrogates, no overlong forms, up to U+10FFFF. */
size_t str_utf8_len(struct str s);

/* Writes the code point `code`, at most U+10FFFF, as UTF-8 to out. Returns the number of bytes:
 * 1 to 4. */
enum { STR_UTF8_MAX = 4 };
size_t str_utf8_put(uint32_t code, char out[STR_UTF8_MAX]);

#endif
