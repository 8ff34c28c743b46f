/* SPDX-License-Identifier: MIT */
/* Who we are to a server that wants to know: a certificate, those that lead up to its
 * authority, and its private key. RSA, and ECDSA on P-256, P-384 and P-521; keys as PKCS#1,
 * SEC1 or PKCS#8 have them. */
#ifndef NET_TLS_IDENTITY_H
#define NET_TLS_IDENTITY_H

#include "base/err.h"

struct identity;

/* Reads both PEM files. ERR_REFUSED for a key with a passphrase, one of another kind, and one
 * that does not belong to the certificate; ERR_FORMAT where there is none in the file; errors
 * of file_read(). */
struct identity *identity_load(const char *certificate, const char *key, struct err *e);

/* Wipes the key. NULL is fine. */
void identity_free(struct identity *id);

/* For net/tls.c: makes a br_ssl_client_context answer with it, which it must outlive. */
void identity_offer(const struct identity *id, void *client);

#endif
