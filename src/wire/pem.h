/* SPDX-License-Identifier: MIT */
/* Reads the blocks of a PEM text (RFC 7468): certificates and keys. Text between the blocks is
 * skipped, because such files contain comments; malformed blocks are skipped too. Pure. */
#ifndef WIRE_PEM_H
#define WIRE_PEM_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

enum { PEM_BLOCK_MAX = 16 << 10 }; /* bytes of a decoded block; longer ones are skipped */

struct pem {
    struct str label; /* "CERTIFICATE": a view into the text */
    bool encrypted;   /* a passphrase protects the block; `der` is then empty */
    struct buf der;   /* the decoded bytes */
    struct buf text;  /* scratch: the block's base64 lines, joined */
};

/* Initializes *p and allocates both buffers at their full size, so that a key leaves no copies
 * in freed memory. The caller ends with pem_release(). */
void pem_init(struct pem *p);

/* Wipes and frees the buffers, which may hold a key. A second call does nothing. */
void pem_release(struct pem *p);

/* Reads the next complete block of *text into *p, and moves *text behind it. The block is valid
 * until the next call. Returns true if there is one, and false, with *text at its end, if there
 * is none. */
bool pem_next(struct str *text, struct pem *p);

#endif
