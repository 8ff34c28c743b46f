/* SPDX-License-Identifier: MIT */
/* The client's certificate for TLS, the intermediate certificates up to its authority, and its
 * private key. The key is RSA, or ECDSA on P-256, P-384 or P-521, in PKCS#1, SEC1 or PKCS#8. */
#ifndef NET_TLS_IDENTITY_H
#define NET_TLS_IDENTITY_H

#include "base/err.h"

struct identity;

/* Reads both PEM files. Returns the identity, which the caller frees with identity_free(), and
 * NULL on error. ERR_REFUSED means that the key has a passphrase, is of an unsupported kind, or
 * does not belong to the certificate; ERR_FORMAT that a file contains no certificate or no key;
 * ERR_LIMIT that there are more than eight certificates. The other errors are those of
 * file_read(). */
struct identity *identity_load(const char *certificate, const char *key, struct err *e);

/* Wipes the key and frees the identity. Accepts NULL. */
void identity_free(struct identity *id);

/* Makes a BearSSL client answer a request for a certificate with this identity. `client` points
 * to a br_ssl_client_context. The identity must outlive that context. For net/tls.c. */
void identity_offer(const struct identity *id, void *client);

#endif
