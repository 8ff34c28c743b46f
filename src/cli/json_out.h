/* SPDX-License-Identifier: MIT */
/* The conventions of everything that cco prints as JSON (src/manual/json.md): names in
 * snake_case, times as RFC 3339 in UTC, sizes in bytes, durations in seconds, and null for what
 * is not known. These functions add members to the object that `w` is writing. Pure. */
#ifndef CLI_JSON_OUT_H
#define CLI_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "wire/json.h"

/* Adds a value, or null unless it is known. */
void json_out_u64(struct json_w *w, const char *key, uint64_t value, bool known);
void json_out_bool(struct json_w *w, const char *key, bool value, bool known);

/* Adds a time in seconds since 1970, or null unless it is greater than 0. */
void json_out_time(struct json_w *w, const char *key, int64_t seconds);

/* Adds a text, or null if it is NULL or empty. */
void json_out_text(struct json_w *w, const char *key, const char *text);

/* Adds the member "error": an object for *e with the exit status for it, or null if *e is
 * empty. */
void json_out_error(struct json_w *w, const struct err *e, int status);

#endif
