/* SPDX-License-Identifier: MIT */
/* The blocks of a PEM text (RFC 7468), certificates and keys. What is between them, and what is
 * broken, is passed over: such files carry comments. Pure. */
#ifndef WIRE_PEM_H
#define WIRE_PEM_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

enum { PEM_BLOCK_MAX = 16 << 10 };

struct pem {
    struct str label; /* "CERTIFICATE"; a view into the text */
    bool encrypted;   /* with a passphrase: der is of no use */
    struct buf der;
    struct buf text; /* the same in base64, of no interest */
};

void pem_init(struct pem *p);
void pem_release(struct pem *p); /* wiped: it may be a key */

/* The next whole block of *text, which then begins behind it. False where there is none. */
bool pem_next(struct str *text, struct pem *p);

#endif
