/* SPDX-License-Identifier: MIT */
/* The certificate authorities that cco trusts to certify a server: those of this system, and
 * those that the user or an engine's configuration adds. */
#ifndef NET_AUTHORITIES_H
#define NET_AUTHORITIES_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct authorities;

/* Reads the authorities of this system. SSL_CERT_FILE names a PEM file and SSL_CERT_DIR
 * directories, separated by ':'. If neither is set (an empty variable counts as unset), reads
 * the first of the usual files of Linux distributions that contains a certificate, or else the
 * directory /etc/ssl/certs. Also reads the file that NODE_EXTRA_CA_CERTS names, because claude
 * uses it. In a directory, reads only files named *.pem, *.crt or, as by c_rehash(1),
 * HHHHHHHH.0, and at most 4096 of them. Skips certificates and files of a directory that it
 * cannot read or use.
 *
 * Returns the authorities, which the caller frees with authorities_free(), and NULL on error.
 * It is an error if a named file or directory cannot be read (ERR_NOT_FOUND, ERR_SYS, and the
 * other errors of file_read()), if an agent could have written it (ERR_REFUSED, and the other
 * errors of obeyed_find_by_env()), or if no authority was found at all (ERR_NOT_FOUND). */
struct authorities *authorities_load(char *const *env, struct err *e);

/* Returns an empty list of authorities, which the caller frees with authorities_free(). */
struct authorities *authorities_new(void);

/* Returns the authorities that cco contains (vendor/roots): public ones that certify the
 * servers of npm, or may do so. A certificate from such an authority proves the name of a
 * server to every machine, not only to this one. The caller frees them with authorities_free().
 */
struct authorities *authorities_built_in(void);

/* Adds every certificate of a PEM text. Skips what is not a certificate, has a key that TLS
 * does not support here, or exceeds the maximum of 4096 authorities. A certificate that is not
 * an authority's is trusted for itself only, which is the case of a self-signed server. */
void authorities_add(struct authorities *t, struct str pem);

/* Like authorities_add() for the content of a file. Returns 0 on success and -1 on error; the
 * errors are those of file_read(). */
int authorities_add_file(struct authorities *t, const char *path, struct err *e);

size_t authorities_count(const struct authorities *t);
void authorities_free(struct authorities *t); /* accepts NULL */

/* Returns an array of authorities_count() elements of type br_x509_trust_anchor, for net/tls.c.
 * It belongs to t and is valid until the next call that adds or frees. The type is void because
 * users of this header do not include BearSSL's. */
const void *authorities_anchors(const struct authorities *t);

#endif
