/* SPDX-License-Identifier: MIT */
/* Internal to net/tls.c: the check of a server's certificates. BearSSL's validator ("minimal")
 * does most of it. This module wraps the validator, in order to also support servers that are
 * addressed by an IP address, which BearSSL does not compare with a certificate, and servers
 * whose certificate is not checked at all. */
#ifndef NET_TLS_PEER_H
#define NET_TLS_PEER_H

#include <bearssl.h>
#include <stdbool.h>

#include "base/buf.h"

struct tls_peer {
    /* Must be the first member: BearSSL gets its address and passes it to each function. */
    const br_x509_class *vtable;
    br_x509_minimal_context minimal; /* BearSSL's validator; used unless `believed` is set */
    br_x509_decoder_context decoder; /* reads the server's public key if `believed` is set */
    bool believed;                   /* the certificate is not checked */
    unsigned char address[16];       /* the IP address of the server, in network byte order */
    size_t address_len;              /* 4 or 16 bytes; 0: the server has a name */
    size_t certificates;             /* certificates of the chain that have begun so far */
    struct buf own; /* the server's own certificate in DER; filled if address_len > 0 */
};

/* Prepares p for a server. `host` is a name, or an IP address without brackets. The caller then
 * initializes p->minimal and passes &p->vtable to br_ssl_engine_set_x509(). p must not be moved
 * afterwards. */
void tls_peer_init(struct tls_peer *p, const char *host, bool believed);

/* Returns `host` if it is a name that the client sends to the server (server_name), and NULL if
 * it is an address, which RFC 6066 forbids there. */
const char *tls_peer_name(const struct tls_peer *p, const char *host);

/* Frees what p holds. A second call does nothing. */
void tls_peer_release(struct tls_peer *p);

#endif
