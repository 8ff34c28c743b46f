/* SPDX-License-Identifier: MIT */
/* ECDSA signatures on P-256 over SHA-256 (FIPS 186-5), by BearSSL. Pure. */
#ifndef BASE_ECDSA_H
#define BASE_ECDSA_H

#include <stdbool.h>

#include "base/str.h"

/* A public key is a point of the curve: 0x04, x, y. */
enum { ECDSA_KEY_SIZE = 65 };

/* Whether `signature` (DER, as `openssl dgst -sha256 -sign` makes it) is the key's for these
 * bytes. False for a key or a signature of any other form. */
bool ecdsa_is_valid(struct str key, struct str signed_bytes, struct str signature);

#endif
