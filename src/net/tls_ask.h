/* SPDX-License-Identifier: MIT */
/* Internal to net/tls.c: records whether a server requests a client certificate. It wraps the
 * object with which BearSSL answers such a request. */
#ifndef NET_TLS_ASK_H
#define NET_TLS_ASK_H

#include <bearssl.h>
#include <stdbool.h>

struct tls_ask {
    /* Must be the first member: BearSSL gets its address and passes it to each function. */
    const br_ssl_client_certificate_class *vtable;
    /* The wrapped object, to which requests are passed on; NULL: no client certificate exists
     * and the answer to a request is empty. */
    const br_ssl_client_certificate_class **inner;
    bool asked; /* the server has requested a certificate */
};

/* Wraps the object that identity_offer() has set in `client`, if any, and sets a as the
 * client's object. a must outlive the client and must not be moved. */
void tls_ask_init(struct tls_ask *a, br_ssl_client_context *client);

#endif
