/* SPDX-License-Identifier: MIT */
/* The certificate authorities that cco trusts to certify a server: those of this system, and
 * those that the user or an engine's configuration adds. */
#ifndef NET_TRUST_H
#define NET_TRUST_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct trust;

/* Reads the authorities of this system. SSL_CERT_FILE names a PEM file and SSL_CERT_DIR
 * directories, separated by ':'. If neither is set (an empty variable counts as unset), reads
 * the first of the usual files of Linux distributions that contains a certificate, or else the
 * directory /etc/ssl/certs. Also reads the file that NODE_EXTRA_CA_CERTS names, because claude
 * uses it. In a directory, reads only files named *.pem, *.crt or, as by c_rehash(1),
 * HHHHHHHH.0, and at most 4096 of them. Skips certificates and files of a directory that it
 * cannot read or use.
 *
 * Returns the authorities, which the caller frees with trust_free(), and NULL on error. It is
 * an error if a named file or directory cannot be read (ERR_NOT_FOUND, ERR_SYS, and the other
 * errors of file_read()), or if no authority was found at all (ERR_NOT_FOUND). */
struct trust *trust_load(char *const *env, struct err *e);

/* Returns an empty list of authorities, which the caller frees with trust_free(). */
struct trust *trust_new(void);

/* Adds every certificate of a PEM text. Skips what is not a certificate, has a key that TLS
 * does not support here, or exceeds the maximum of 4096 authorities. A certificate that is not
 * an authority's is trusted for itself only, which is the case of a self-signed server. */
void trust_add(struct trust *t, struct str pem);

/* Like trust_add() for the content of a file. Returns 0 on success and -1 on error; the errors
 * are those of file_read(). */
int trust_add_file(struct trust *t, const char *path, struct err *e);

size_t trust_count(const struct trust *t);
void trust_free(struct trust *t); /* accepts NULL */

/* Returns an array of trust_count() elements of type br_x509_trust_anchor, for net/tls.c. It
 * belongs to t and is valid until the next call that adds or frees. The type is void because
 * users of this header do not include BearSSL's. */
const void *trust_anchors(const struct trust *t);

#endif
