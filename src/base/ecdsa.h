/* SPDX-License-Identifier: MIT */
/* ECDSA signatures on P-256 over SHA-256 (FIPS 186-5), by BearSSL. Pure. */
#ifndef BASE_ECDSA_H
#define BASE_ECDSA_H

#include <stdbool.h>

#include "base/str.h"

/* Size in bytes of a public key: an uncompressed point of the curve (0x04, x, y). */
enum { ECDSA_KEY_SIZE = 65 };

/* Returns true if `signature` is a valid signature of `signed_bytes` with `key`. The signature
 * is in DER, as `openssl dgst -sha256 -sign` writes it. Returns false if it is not valid, and
 * if the key or the signature has any other form. */
bool ecdsa_is_valid(struct str key, struct str signed_bytes, struct str signature);

#endif
