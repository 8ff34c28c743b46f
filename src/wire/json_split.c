/* SPDX-License-Identifier: MIT */
#include "wire/json.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void scan_in_string(struct json_split *s, char c)
{
    if (s->escaped) {
        s->escaped = false;
    } else if (c == '\\') {
        s->escaped = true;
    } else if (c == '"') {
        s->in_string = false;
    }
}

/* A byte outside of strings. True where a value ended with it. */
static bool scan_byte(struct json_split *s, char c)
{
    switch (c) {
    case '"':
        s->in_string = true;
        s->in_value = true;
        return false;
    case '{':
    case '[':
        s->depth++;
        s->in_value = true;
        return false;
    case '}':
    case ']':
        if (s->depth == 0) {
            s->failed = true;
            return false;
        }
        s->depth--;
        return s->depth == 0;
    default:
        s->in_value = s->in_value || !is_blank(c);
        return false;
    }
}

size_t json_split_scan(struct json_split *s, struct str in, bool *complete)
{
    *complete = false;
    for (size_t i = 0; i < in.len && !s->failed; i++) {
        char c = in.p[i];

        if (s->in_string) {
            scan_in_string(s, c);
            *complete = !s->in_string && s->depth == 0;
        } else if (s->in_value && s->depth == 0 && is_blank(c)) {
            *complete = true; /* a bare number or word ends at a blank */
        } else {
            *complete = scan_byte(s, c);
        }
        if (*complete) {
            s->in_value = false;
            return i + 1;
        }
    }
    return in.len;
}
