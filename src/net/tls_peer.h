/* SPDX-License-Identifier: MIT */
/* Inside of net/tls.c: what a server's certificates must be. BearSSL's own validation does the
 * work; around it, the address that a certificate must be for where the server was not named,
 * and servers that need not prove anything. */
#ifndef NET_TLS_PEER_H
#define NET_TLS_PEER_H

#include <bearssl.h>
#include <stdbool.h>

#include "base/buf.h"

struct tls_peer {
    const br_x509_class *vtable; /* first: BearSSL gets its address */
    br_x509_minimal_context minimal;
    br_x509_decoder_context decoder; /* of the server's own, where nothing is proved */
    bool believed;                   /* without a proof */
    unsigned char address[16];
    size_t address_len; /* 0: the server has a name */
    size_t certificates;
    struct buf own; /* the server's, where there is an address to look for */
};

/* `host` is a name, or an IP address without brackets. `minimal` is to be set up by the caller
 * afterwards. */
void tls_peer_init(struct tls_peer *p, const char *host, bool believed);

/* The name to ask for (RFC 6066: never an address); NULL: none. */
const char *tls_peer_name(const struct tls_peer *p, const char *host);

void tls_peer_release(struct tls_peer *p);

#endif
