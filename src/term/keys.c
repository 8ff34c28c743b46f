/* SPDX-License-Identifier: MIT */
#include "term/keys.h"

#include <stdio.h>
#include <string.h>

enum { CTRL_BIT = 0x60, FORM_MAX = 24 };

static bool parse_key(struct str word, unsigned char *key)
{
    char c;

    if (word.len == 1) {
        *key = (unsigned char)word.p[0];
        return *key > 0x20 && *key < 0x7f;
    }
    if (word.len != 6 || !str_eq_nocase(str_n(word.p, 5), "ctrl-")) {
        return false;
    }
    c = word.p[5];
    if (c >= 'A' && c <= 'Z') {
        c = (char)(c - 'A' + 'a');
    }
    *key = (unsigned char)c & 0x1fU;
    return (c >= 'a' && c <= 'z') || (c != '\0' && strchr("@[\\]^_", c) != NULL);
}

static int refuse(const char *spec, struct err *e)
{
    return err_set(e, ERR_USAGE,
                   "%s: not a detach sequence; expected none, or 1 to %d keys separated by "
                   "commas, each a character or ctrl-CHARACTER",
                   spec, KEYS_MAX);
}

int keys_parse(struct keys *k, const char *spec, struct err *e)
{
    struct str rest = str_c(spec);

    *k = (struct keys){.deadline_ms = -1};
    if (str_eq_c(rest, "none")) {
        return 0;
    }
    if (str_ends(rest, ",")) {
        return refuse(spec, e);
    }
    do {
        struct str word = {0};

        (void)str_cut(&rest, ',', &word);
        if (k->len == KEYS_MAX || !parse_key(word, &k->seq[k->len])) {
            return refuse(spec, e);
        }
        k->len++;
    } while (rest.len > 0);
    return 0;
}

/* Returns `len` if `in` starts with the `len` bytes of `form`, and 0 if not. A negative `len`
 * is an error of snprintf(3). */
static size_t starts_with(struct str in, const char *form, int len)
{
    size_t n = len > 0 ? (size_t)len : 0;

    return n > 0 && in.len >= n && memcmp(in.p, form, n) == 0 ? n : 0;
}

/* Returns how many bytes at the start of `in` are this key, and 0 if another key is there. */
static size_t match(struct str in, unsigned char key)
{
    bool ctrl = key < 0x20;
    unsigned code = ctrl ? key | CTRL_BIT : key;
    unsigned modifiers = ctrl ? 5 : 1;
    char form[FORM_MAX];
    size_t used = 0;

    /* Terminals report ctrl-[ to ctrl-_ with the code of the key's own character, and ctrl-@
     * with 64 (its character) or 32 (space), of which only 64 is recognized. */
    if (ctrl && (key == 0 || key > 26)) {
        code = key | 0x40U;
    }
    if ((unsigned char)in.p[0] == key) {
        return 1;
    }
    if (in.p[0] != '\033') {
        return 0;
    }
    used = starts_with(in, form, snprintf(form, sizeof(form), "\033[%u;%uu", code, modifiers));
    if (used == 0) {
        used = starts_with(in, form,
                           snprintf(form, sizeof(form), "\033[%u;%u:1u", code, modifiers));
    }
    if (used == 0 && !ctrl) {
        used = starts_with(in, form, snprintf(form, sizeof(form), "\033[%uu", code));
    }
    if (used == 0) {
        used = starts_with(in, form,
                           snprintf(form, sizeof(form), "\033[27;%u;%u~", modifiers, code));
    }
    return used;
}

/* Returns the length of the report of a key's release at the start of `in`, and 0 if there is
 * none. Terminals send such reports if a program asked for them. A release between two keys of
 * the sequence does not interrupt the sequence. */
static size_t match_release(struct str in)
{
    size_t n = 2;

    if (in.len < 6 || in.p[0] != '\033' || in.p[1] != '[') {
        return 0;
    }
    while (n < in.len && ((in.p[n] >= '0' && in.p[n] <= '9') || in.p[n] == ';')) {
        n++;
    }
    return n + 2 < in.len && in.p[n] == ':' && in.p[n + 1] == '3' && in.p[n + 2] == 'u' ? n + 3
                                                                                        : 0;
}

static void hold(struct keys *k, struct str bytes)
{
    if (k->held_len + bytes.len <= sizeof(k->held)) {
        memcpy(k->held + k->held_len, bytes.p, bytes.len);
        k->held_len += bytes.len;
    }
}

static void let_go(struct keys *k, struct buf *out)
{
    (void)buf_add(out, k->held, k->held_len); /* fits: the caller has left room for it */
    k->held_len = 0;
    k->matched = 0;
    k->deadline_ms = -1;
}

void keys_expire(struct keys *k, int64_t now_ms, struct buf *out)
{
    if (k->deadline_ms >= 0 && now_ms >= k->deadline_ms) {
        let_go(k, out);
    }
}

bool keys_in(struct keys *k, struct str in, int64_t now_ms, struct buf *out)
{
    keys_expire(k, now_ms, out);
    while (in.len > 0) {
        size_t used = k->len > 0 ? match(in, k->seq[k->matched]) : 0;

        if (k->len == 0) {
            (void)buf_add_str(out, in); /* fits: the caller has left room for it */
            return false;
        }
        if (used > 0) {
            hold(k, str_n(in.p, used));
            k->matched++;
            k->deadline_ms = now_ms + KEYS_HOLD_MS;
            in = str_drop(in, used);
            if (k->matched == k->len) {
                k->held_len = 0;
                k->matched = 0;
                k->deadline_ms = -1;
                return true;
            }
            continue;
        }
        used = k->matched > 0 ? match_release(in) : 0;
        if (used > 0 && k->held_len + used <= sizeof(k->held)) {
            hold(k, str_n(in.p, used));
            in = str_drop(in, used);
            continue;
        }
        if (k->matched > 0) {
            let_go(k, out); /* another key, which may be the first of the sequence */
            continue;
        }
        (void)buf_add_byte(out, (unsigned char)in.p[0]);
        in = str_drop(in, 1);
    }
    return false;
}

/* Returns the length of the terminal's answer at the start of `in`, and 0 if there is none. */
static size_t report_len(struct str in)
{
    size_t n = 2;

    if (in.len < 4 || in.p[0] != '\033') {
        return 0;
    }
    if (in.p[1] == ']' || in.p[1] == 'P') {
        while (n < in.len && in.p[n] != '\a' && in.p[n] != '\033') {
            n++;
        }
        if (n < in.len && in.p[n] == '\a') {
            return n + 1;
        }
        return n + 1 < in.len && in.p[n + 1] == '\\' ? n + 2 : 0;
    }
    if (in.p[1] != '[') {
        return 0;
    }
    while (n < in.len && in.p[n] >= 0x20 && in.p[n] < 0x40) {
        n++;
    }
    if (n >= in.len || n == 2) {
        return 0;
    }
    /* These bytes end an answer: c device attributes (DA), n status (DSR), y modes (DECRPM), t
     * size, u kitty's flags (with "?", because a key can end in u as well), R cursor position
     * (CPR, which has two numbers). */
    switch (in.p[n]) {
    case 'c':
    case 'n':
    case 'y':
    case 't':
        return n + 1;
    case 'u':
        return in.p[2] == '?' ? n + 1 : 0;
    case 'R':
        return str_contains(str_n(in.p + 2, n - 2), ";") ? n + 1 : 0;
    default:
        return 0;
    }
}

bool keys_is_report(struct str in)
{
    bool any = false;

    while (in.len > 0) {
        size_t len = report_len(in);

        if (len == 0) {
            return false;
        }
        in = str_drop(in, len);
        any = true;
    }
    return any;
}
