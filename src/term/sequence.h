/* SPDX-License-Identifier: MIT */
/* Splits what a program writes to its terminal into text, control characters and escape
 * sequences (ECMA-48, and the strings that terminals added). The bytes may be cut anywhere.
 * Memory is bounded: content that is longer than the caller's storage is cut.
 *
 * The 8-bit forms of C1 controls begin and end sequences as well, also if they are encoded in
 * UTF-8 (U+0080 to U+009F). A byte from 0x80 to 0x9f inside a well-formed UTF-8 character is
 * text. CAN and SUB end a sequence without effect, and ESC begins another one, also inside a
 * string. Pure. */
#ifndef TERM_SEQUENCE_H
#define TERM_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum sequence_kind {
    SEQUENCE_TEXT,    /* printable characters, parts of them, and bytes that are not UTF-8 */
    SEQUENCE_CONTROL, /* one byte: a C0 control except ESC, or DEL */
    SEQUENCE_ESCAPE,  /* ESC, and bytes that do not begin a longer sequence */
    SEQUENCE_CSI,
    SEQUENCE_STRING /* OSC, DCS, APC, PM, SOS, or the title of screen (ESC k) */
};

struct sequence {
    enum sequence_kind kind;
    /* TEXT and CONTROL: the bytes. ESCAPE: the bytes behind ESC, "E" for the C1 control NEL.
     * CSI: the bytes behind the introducer; the last one is the final byte. STRING: the content
     * without introducer and end. Valid until the next call of sequence_next() with the same
     * parser. */
    struct str bytes;
    char string; /* STRING: ']' OSC, 'P' DCS, '_' APC, '^' PM, 'X' SOS, 'k' title */
    bool whole;  /* CSI, ESCAPE and STRING: it has its end, and its content is not cut */
};

/* The states between two bytes. */
enum sequence_state {
    SEQUENCE_GROUND,
    SEQUENCE_IN_ESCAPE,
    SEQUENCE_IN_CSI,
    SEQUENCE_IN_STRING
};

/* The initial state is zero. It holds no resource. */
struct sequence_parser {
    /* Storage for the content of one sequence, which the caller sets before each call of
     * sequence_next(). Its bytes must stay between the calls, but it may move. */
    char *held;
    size_t held_max;
    size_t held_len; /* the used part */
    enum sequence_state state;
    char string;        /* as in struct sequence */
    bool cut;           /* the content was longer than held_max */
    bool ending;        /* in a string: the last byte was ESC, which ends it */
    unsigned tails;     /* bytes that the UTF-8 character still lacks */
    unsigned char lead; /* the lead byte, if the second byte comes next; 0: none */
    char given[2];      /* storage for the bytes of the last result */
};

/* Takes the next piece from the front of *in. Returns true with the piece in *out. Returns
 * false if *in is used up; the beginning of an incomplete piece is then kept in p. */
bool sequence_next(struct sequence_parser *p, struct str *in, struct sequence *out);

/* Returns the number at index `i` of the parameters of a CSI sequence, or of another list of
 * numbers that ";" separates. Bytes in front of the number that are not digits are skipped.
 * Returns -1 if it is missing or empty, and SEQUENCE_NUMBER_MAX if it is larger than that. */
enum { SEQUENCE_NUMBER_MAX = 1000000 };
int sequence_number(struct str list, size_t i);

/* The parts of a CSI sequence, as views into its bytes. */
struct sequence_csi {
    char leader;        /* '<', '=', '>' or '?'; 0: none */
    struct str numbers; /* digits, ';' and ':' */
    struct str between; /* intermediate bytes, 0x20 to 0x2f */
    char final;
};

/* Splits the bytes of a CSI sequence. Returns false if it does not have the form
 * [leader] numbers between final, for example if a leader follows a digit. */
bool sequence_csi(struct str bytes, struct sequence_csi *out);

#endif
