/* SPDX-License-Identifier: MIT */
/* Makes the calls that BearSSL makes. test_tls.c has whole handshakes. */
#include "net/tls_peer.h"

#include "net/authorities.h"
#include "pairs.h"
#include "tap.h"
#include "wire/pem.h"

static struct authorities *authorities;
static struct pem chain;

static void set_up(struct tls_peer *p, const char *host, bool believed)
{
    tls_peer_init(p, host, believed);
    br_x509_minimal_init(&p->minimal, &br_sha256_vtable, authorities_anchors(authorities),
                         authorities_count(authorities));
    br_x509_minimal_set_rsa(&p->minimal, br_rsa_i31_pkcs1_vrfy);
    br_x509_minimal_set_ecdsa(&p->minimal, &br_ec_prime_i31, br_ecdsa_i31_vrfy_asn1);
    br_x509_minimal_set_time(&p->minimal, 719528 + 365 * 80, 0); /* about the year 2049 */
    br_x509_minimal_set_hash(&p->minimal, br_sha256_ID, &br_sha256_vtable);
}

static unsigned judge(const char *host, bool believed, size_t certificates)
{
    static struct tls_peer p;
    const unsigned char *der = (const unsigned char *)buf_data(&chain.der);
    unsigned problem;
    unsigned usages = 0;

    set_up(&p, host, believed);
    p.vtable->start_chain(&p.vtable, tls_peer_name(&p, host));
    for (size_t i = 0; i < certificates; i++) {
        p.vtable->start_cert(&p.vtable, (uint32_t)chain.der.len);
        for (size_t at = 0; at < chain.der.len; at++) {
            p.vtable->append(&p.vtable, der + at, 1);
        }
        p.vtable->end_cert(&p.vtable);
    }
    problem = p.vtable->end_chain(&p.vtable);
    if (problem == 0) {
        ok(p.vtable->get_pkey(&p.vtable, &usages) != NULL && usages != 0,
           "%s: the server's key is returned", host);
    }
    tls_peer_release(&p);
    return problem;
}

int main(void)
{
    struct tls_peer p;
    struct str text = str_c(address_pem);

    authorities = authorities_new();
    authorities_add(authorities, str_c(ec_authority_pem));
    pem_init(&chain);
    ok(pem_next(&text, &chain), "a certificate is read");
    is_int(judge("engine.example", false, 1), 0, "a name in the certificate is accepted");
    is_int(judge("other.example", false, 1), BR_ERR_X509_BAD_SERVER_NAME,
           "another name is refused");
    is_int(judge("192.0.2.7", false, 1), 0, "an IPv4 address in the certificate is accepted");
    is_int(judge("2001:db8::7", false, 1), 0, "an IPv6 address in the certificate is accepted");
    is_int(judge("2001:DB8:0:0:0:0:0:7", false, 1), 0,
           "another spelling of the address is accepted");
    is_int(judge("192.0.2.8", false, 1), BR_ERR_X509_BAD_SERVER_NAME,
           "another IPv4 address is refused");
    is_int(judge("2001:db8::8", false, 1), BR_ERR_X509_BAD_SERVER_NAME,
           "another IPv6 address is refused");
    is_int(judge("192.0.2.7", false, 0), BR_ERR_X509_EMPTY_CHAIN,
           "a chain without certificates is refused");
    is_int(judge("other.example", true, 1), 0, "without a check, any name is accepted");
    is_int(judge("192.0.2.8", true, 2), 0, "without a check, any address is accepted");
    is_int(judge("192.0.2.8", true, 0), BR_ERR_X509_EMPTY_CHAIN,
           "without a check, there must still be a certificate");

    authorities_free(authorities);
    authorities = authorities_new();
    authorities_add(authorities, str_c(ec_pem));
    is_int(judge("192.0.2.7", false, 1), BR_ERR_X509_NOT_TRUSTED,
           "an unknown authority is refused");
    is_int(judge("192.0.2.7", true, 1), 0, "without a check, an unknown authority is accepted");
    authorities_free(authorities);

    tls_peer_init(&p, "fe80::1%eth0", false);
    ok(p.address_len == 16 && tls_peer_name(&p, "fe80::1%eth0") == NULL,
       "an address with a zone is an address");
    tls_peer_init(&p, "1.2.3.4.5", false);
    is_str(tls_peer_name(&p, "1.2.3.4.5"), "1.2.3.4.5",
           "a text that is not an address is a name");
    tls_peer_init(&p, "1111:2222:3333:4444:5555:6666:7777:8888:9999:0000:aaaa:bbbb", false);
    ok(p.address_len == 0, "a text that is too long is not an address");
    pem_release(&chain);
    return done_testing();
}
