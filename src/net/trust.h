/* SPDX-License-Identifier: MIT */
/* Whose word counts about who a server is: the certificate authorities of this system, and
 * those the user added. */
#ifndef NET_TRUST_H
#define NET_TRUST_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct trust;

/* Reads them: the files that SSL_CERT_FILE and SSL_CERT_DIR (directories with ':' between)
 * name; where neither is set the first of the usual places that exists. NODE_EXTRA_CA_CERTS,
 * which claude goes by, is added. What is in there and cannot be understood is passed over; a
 * file that was named and cannot be read is an error, and so is nobody at all. */
struct trust *trust_load(char *const *env, struct err *e);

/* Of none yet, and one more: every certificate of a PEM text. For tests and for authorities of
 * single engines. */
struct trust *trust_new(void);
void trust_add(struct trust *t, struct str pem);
int trust_add_file(struct trust *t, const char *path, struct err *e);

size_t trust_count(const struct trust *t);
void trust_free(struct trust *t); /* NULL is fine */

/* For net/tls.c: trust_count() of br_x509_trust_anchor, whose header no one else sees. They
 * live as long as t, and until the next trust_add(). */
const void *trust_anchors(const struct trust *t);

#endif
