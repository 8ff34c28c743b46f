/* SPDX-License-Identifier: MIT */
/* Inside of net/tls.c: whether a server asks who we are. Around what BearSSL has for a client's
 * certificate. */
#ifndef NET_TLS_ASK_H
#define NET_TLS_ASK_H

#include <bearssl.h>
#include <stdbool.h>

struct tls_ask {
    const br_ssl_client_certificate_class *vtable; /* first: BearSSL gets its address */
    const br_ssl_client_certificate_class **inner; /* NULL: there is none of ours */
    bool asked;
};

/* Steps in front of what the client has (net/tls_identity.h), which may be nothing. Must stay
 * where it is. */
void tls_ask_init(struct tls_ask *a, br_ssl_client_context *client);

#endif
