/* SPDX-License-Identifier: MIT */
#include "term/sequence.h"

#include <string.h>

enum {
    BEL = 0x07,
    CAN = 0x18,
    SUB = 0x1a,
    ESC = 0x1b,
    DEL = 0x7f,
    C1_FIRST = 0x80,
    C1_LAST = 0x9f,
    C1_LEAD = 0xc2, /* the first byte of a C1 control in UTF-8 */
    ST = 0x9c
};

static bool is_c1(unsigned char c)
{
    return c >= C1_FIRST && c <= C1_LAST;
}

/* Returns the length of the text at the start of `in`. C1 controls in UTF-8 are not text. */
static size_t text_len(struct str in)
{
    size_t n = 0;

    while (n < in.len) {
        unsigned char c = (unsigned char)in.p[n];
        size_t len;

        if (c >= 0x20 && c < DEL) {
            n++;
            continue;
        }
        len = c < C1_LEAD ? 0 : str_utf8_len(str_drop(in, n));
        if (len == 0 || (c == C1_LEAD && is_c1((unsigned char)in.p[n + 1]))) {
            break;
        }
        n += len;
    }
    return n;
}

static void enter(struct sequence_parser *p, enum sequence_state state)
{
    p->state = state;
    p->cut = p->ending = false;
    p->tails = p->lead = 0;
    p->held_len = 0;
}

static void hold(struct sequence_parser *p, unsigned char c)
{
    if (p->held_len < p->held_max) {
        p->held[p->held_len++] = (char)c;
    } else {
        p->cut = true;
    }
}

/* Sets *out to the sequence that the parser holds, and leaves it. Returns true. */
static bool give_held(struct sequence_parser *p, enum sequence_kind kind, bool ended,
                      struct sequence *out)
{
    *out = (struct sequence){.kind = kind,
                             .bytes = str_n(p->held, p->held_len),
                             .string = kind == SEQUENCE_STRING ? p->string : '\0',
                             .whole = ended && !p->cut};
    p->state = SEQUENCE_GROUND;
    p->tails = p->lead = 0;
    return true;
}

/* Sets *out to one byte, or to two if `second` is not 0. Returns true. */
static bool give(struct sequence_parser *p, enum sequence_kind kind, unsigned char first,
                 unsigned char second, struct sequence *out)
{
    p->given[0] = (char)first;
    p->given[1] = (char)second;
    *out = (struct sequence){
        .kind = kind, .bytes = str_n(p->given, second != 0 ? 2 : 1), .whole = true};
    return true;
}

/* Handles the byte that follows ESC and intermediate bytes, or the letter of a C1 control.
 * Returns true if a sequence is complete. */
static bool take_escape(struct sequence_parser *p, unsigned char c, struct sequence *out)
{
    static const char strings[] = "]P_^Xk";

    if (p->held_len == 0 && c == '[') {
        enter(p, SEQUENCE_IN_CSI);
        return false;
    }
    if (p->held_len == 0 && strchr(strings, c) != NULL) {
        enter(p, SEQUENCE_IN_STRING);
        p->string = (char)c;
        return false;
    }
    hold(p, c);
    return c < 0x30 ? false : give_held(p, SEQUENCE_ESCAPE, true, out);
}

/* Follows the UTF-8 characters. Returns true if `c`, a byte from 0x80 on, is a C1 control, or
 * the second byte of one. */
static bool is_c1_here(struct sequence_parser *p, unsigned char c)
{
    const unsigned char lead = p->lead;
    const bool wrong =
        (lead == 0xe0 && c < 0xa0) || (lead == 0xf0 && c < 0x90) || (lead == 0xf4 && c >= 0x90);

    p->lead = 0;
    if (p->tails > 0 && c < 0xc0 && !wrong) {
        p->tails--;
        return lead == C1_LEAD && is_c1(c);
    }
    if (c >= C1_LEAD && c <= 0xf4) {
        p->lead = c;
        p->tails = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
    } else {
        p->tails = 0;
    }
    return is_c1(c);
}

/* Handles a byte from 0x80 on outside of a string. It ends a sequence without effect. */
static bool take_high(struct sequence_parser *p, unsigned char c, struct sequence *out)
{
    const unsigned char lead = p->lead;
    const bool c1 = is_c1_here(p, c);

    if (p->state != SEQUENCE_GROUND) {
        p->state = SEQUENCE_GROUND;
        p->held_len = 0;
    }
    if (c1) {
        enter(p, SEQUENCE_IN_ESCAPE);
        return take_escape(p, (unsigned char)(c - 0x40), out);
    }
    if (p->lead == C1_LEAD) {
        return false; /* the next byte decides whether this is a C1 control */
    }
    return lead == C1_LEAD ? give(p, SEQUENCE_TEXT, lead, c, out)
                           : give(p, SEQUENCE_TEXT, c, 0, out);
}

/* Handles a byte in a string. */
static bool take_string(struct sequence_parser *p, unsigned char c, struct sequence *out)
{
    if (c >= 0x80) {
        const bool in_utf8 = p->lead == C1_LEAD;

        if (!is_c1_here(p, c)) {
            hold(p, c);
            return false;
        }
        if (in_utf8 && p->held_len > 0 && !p->cut) {
            p->held_len--; /* the lead byte */
        }
        return c == ST ? give_held(p, SEQUENCE_STRING, true, out) : false;
    }
    p->tails = p->lead = 0;
    if (c == ESC) {
        p->ending = true;
    } else if (c == CAN || c == SUB) {
        return give_held(p, SEQUENCE_STRING, false, out);
    } else if (c == BEL && p->string == ']') {
        return give_held(p, SEQUENCE_STRING, true, out);
    } else {
        hold(p, c);
    }
    return false;
}

/* Handles a byte below 0x20, or DEL, outside of a string. */
static bool take_control(struct sequence_parser *p, unsigned char c, struct sequence *out)
{
    if (c == ESC) {
        enter(p, SEQUENCE_IN_ESCAPE);
        return false;
    }
    if (c == CAN || c == SUB) {
        enter(p, SEQUENCE_GROUND);
    }
    return give(p, SEQUENCE_CONTROL, c, 0, out);
}

/* Handles one byte outside of text. */
static bool take(struct sequence_parser *p, unsigned char c, struct sequence *out)
{
    if (p->state == SEQUENCE_IN_STRING) {
        return take_string(p, c, out);
    }
    if (c >= 0x80) {
        return take_high(p, c, out);
    }
    p->tails = p->lead = 0;
    if (c < 0x20 || c == DEL) {
        return take_control(p, c, out);
    }
    if (p->state == SEQUENCE_IN_ESCAPE) {
        return take_escape(p, c, out);
    }
    if (p->state == SEQUENCE_GROUND) {
        return give(p, SEQUENCE_TEXT, c, 0, out);
    }
    hold(p, c);
    return c < 0x40 ? false : give_held(p, SEQUENCE_CSI, true, out);
}

/* Handles what `c` decides about the byte before it: the end of a string after ESC, and a lead
 * byte that was held back. Returns true if *out is set; `c` must be handled after that, unless
 * *used. */
static bool settle(struct sequence_parser *p, unsigned char c, bool *used, struct sequence *out)
{
    if (p->state == SEQUENCE_IN_STRING && p->ending) {
        *used = c == '\\';
        p->ending = false;
        (void)give_held(p, SEQUENCE_STRING, *used, out);
        if (!*used) { /* another sequence; what the string holds stays valid until its bytes */
            p->state = SEQUENCE_IN_ESCAPE;
            p->cut = false;
            p->held_len = 0;
        }
        return true;
    }
    if (p->state == SEQUENCE_GROUND && p->lead == C1_LEAD && (c < 0x80 || c >= 0xc0)) {
        p->tails = p->lead = 0;
        return give(p, SEQUENCE_TEXT, C1_LEAD, 0, out);
    }
    return false;
}

bool sequence_next(struct sequence_parser *p, struct str *in, struct sequence *out)
{
    while (in->len > 0) {
        const unsigned char c = (unsigned char)in->p[0];
        bool used = false;
        size_t len;

        if (settle(p, c, &used, out)) {
            *in = str_drop(*in, used ? 1 : 0);
            return true;
        }
        len = p->state == SEQUENCE_GROUND && p->tails == 0 ? text_len(*in) : 0;
        if (len > 0) {
            *out = (struct sequence){
                .kind = SEQUENCE_TEXT, .bytes = str_n(in->p, len), .whole = true};
            *in = str_drop(*in, len);
            return true;
        }
        *in = str_drop(*in, 1);
        if (take(p, c, out)) {
            return true;
        }
    }
    return false;
}

int sequence_number(struct str list, size_t i)
{
    int n = -1;

    for (size_t k = 0; k < list.len; k++) {
        const char c = list.p[k];

        if (c == ';') {
            if (i == 0) {
                break;
            }
            i--;
        } else if (i == 0 && c >= '0' && c <= '9') {
            n = (n < 0 ? 0 : n) * 10 + (c - '0');
            n = n > SEQUENCE_NUMBER_MAX ? SEQUENCE_NUMBER_MAX : n;
        } else if (i == 0 && n >= 0) {
            break; /* a part behind ':' */
        }
    }
    return n;
}

bool sequence_csi(struct str bytes, struct sequence_csi *out)
{
    size_t n = 0;
    size_t from;

    *out = (struct sequence_csi){0};
    if (bytes.len == 0) {
        return false;
    }
    if (bytes.p[0] >= '<' && bytes.p[0] <= '?') {
        out->leader = bytes.p[n++];
    }
    from = n;
    while (n < bytes.len && bytes.p[n] >= '0' && bytes.p[n] <= ';') {
        n++;
    }
    out->numbers = str_n(bytes.p + from, n - from);
    from = n;
    while (n < bytes.len && bytes.p[n] >= 0x20 && bytes.p[n] < 0x30) {
        n++;
    }
    out->between = str_n(bytes.p + from, n - from);
    out->final = bytes.p[bytes.len - 1];
    return n + 1 == bytes.len && out->final >= 0x40;
}
