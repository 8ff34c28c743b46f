/* SPDX-License-Identifier: MIT */
#include "net/tls_peer.h"

#include "base/limits.h"
#include "wire/certificate.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { V4_LEN = 4, V6_LEN = 16 };

static void on_start_chain(const br_x509_class **ctx, const char *server_name)
{
    struct tls_peer *p = (struct tls_peer *)ctx; /* ctx points to the first member */

    p->certificates = 0;
    buf_reset(&p->own);
    p->minimal.vtable->start_chain(&p->minimal.vtable, p->address_len > 0 ? NULL : server_name);
}

static void on_start_cert(const br_x509_class **ctx, uint32_t length)
{
    struct tls_peer *p = (struct tls_peer *)ctx;

    p->certificates++;
    if (p->believed && p->certificates == 1) {
        br_x509_decoder_init(&p->decoder, NULL, NULL);
    } else if (!p->believed) {
        p->minimal.vtable->start_cert(&p->minimal.vtable, length);
    }
}

static void on_append(const br_x509_class **ctx, const unsigned char *bytes, size_t len)
{
    struct tls_peer *p = (struct tls_peer *)ctx;

    if (p->believed && p->certificates == 1) {
        br_x509_decoder_push(&p->decoder, bytes, len);
    } else if (!p->believed) {
        p->minimal.vtable->append(&p->minimal.vtable, bytes, len);
    }
    if (p->address_len > 0 && p->certificates == 1) {
        /* If the certificate does not fit, it is incomplete and no address is found in it. */
        (void)buf_add(&p->own, bytes, len);
    }
}

static void on_end_cert(const br_x509_class **ctx)
{
    struct tls_peer *p = (struct tls_peer *)ctx;

    if (!p->believed) {
        p->minimal.vtable->end_cert(&p->minimal.vtable);
    }
}

static unsigned on_end_chain(const br_x509_class **ctx)
{
    struct tls_peer *p = (struct tls_peer *)ctx;
    unsigned problem;

    if (p->believed) {
        return p->certificates == 0 ? BR_ERR_X509_EMPTY_CHAIN
                                    : (unsigned)br_x509_decoder_last_error(&p->decoder);
    }
    problem = p->minimal.vtable->end_chain(&p->minimal.vtable);
    if (problem == BR_ERR_OK && p->address_len > 0 &&
        !certificate_has_address(buf_str(&p->own),
                                 str_n((const char *)p->address, p->address_len))) {
        return BR_ERR_X509_BAD_SERVER_NAME;
    }
    return problem;
}

static const br_x509_pkey *on_get_pkey(const br_x509_class *const *ctx, unsigned *usages)
{
    /* BearSSL passes a const pointer, but the object itself is not const. */
    struct tls_peer *p = (struct tls_peer *)(uintptr_t)ctx;

    if (!p->believed) {
        return p->minimal.vtable->get_pkey(&p->minimal.vtable, usages);
    }
    if (usages != NULL) {
        *usages = BR_KEYTYPE_KEYX | BR_KEYTYPE_SIGN;
    }
    return br_x509_decoder_get_pkey(&p->decoder);
}

static const br_x509_class peer_class = {
    .context_size = sizeof(struct tls_peer),
    .start_chain = on_start_chain,
    .start_cert = on_start_cert,
    .append = on_append,
    .end_cert = on_end_cert,
    .end_chain = on_end_chain,
    .get_pkey = on_get_pkey,
};

/* Parses an IP address and ignores a zone ("fe80::1%eth0"), which names an interface of this
 * machine and is not part of the address in a certificate. Returns the length of the address in
 * bytes, and 0 if `host` is not an address. */
static size_t parse_address(const char *host, unsigned char out[V6_LEN])
{
    char text[INET6_ADDRSTRLEN];
    size_t len = strcspn(host, "%");

    if (len >= sizeof(text)) {
        return 0;
    }
    (void)snprintf(text, sizeof(text), "%.*s", (int)len, host);
    if (inet_pton(AF_INET, text, out) == 1) {
        return V4_LEN;
    }
    return inet_pton(AF_INET6, text, out) == 1 ? (size_t)V6_LEN : 0;
}

void tls_peer_init(struct tls_peer *p, const char *host, bool believed)
{
    memset(p, 0, sizeof(*p));
    p->vtable = &peer_class;
    p->believed = believed;
    p->address_len = parse_address(host, p->address);
    buf_init(&p->own, LIMIT_TLS_HANDSHAKE);
}

const char *tls_peer_name(const struct tls_peer *p, const char *host)
{
    return p->address_len > 0 ? NULL : host;
}

void tls_peer_release(struct tls_peer *p)
{
    buf_release(&p->own);
}
