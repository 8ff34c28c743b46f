/* SPDX-License-Identifier: MIT */
#include "wire/certificate.h"

#include "certificates.h"
#include "pairs.h"
#include "tap.h"
#include "wire/pem.h"

#include <stdlib.h>

static const char v4[] = {(char)192, 0, 2, 7};
static const char v6[] = {0x20, 0x01, 0x0d, (char)0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};

/* Copies the certificate to a heap block of its size, so that a sanitizer detects a read past
 * its end. */
static bool has(const char *der, size_t len, const char *address, size_t address_len)
{
    char *copy = malloc(len > 0 ? len : 1);
    bool found;

    if (copy == NULL) {
        abort();
    }
    memcpy(copy, der, len);
    found = certificate_has_address(str_n(copy, len), str_n(address, address_len));
    free(copy);
    return found;
}

static void damaged_certificates_do_no_harm(const char *der, size_t len)
{
    static char bytes[4096];
    size_t found = 0;

    for (size_t cut = 0; cut < len; cut++) {
        found += has(der, cut, v4, sizeof(v4)) ? 1U : 0U;
    }
    is_int((long long)found, 0, "a truncated certificate has no address");
    for (size_t bit = 0; bit < 8 * len; bit++) {
        memcpy(bytes, der, len);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        found += has(bytes, len, v4, sizeof(v4)) ? 0U : 1U;
    }
    ok(found > 0, "flipped bits do no harm; %zu of them hide the address", found);
}

int main(void)
{
    const unsigned char *other = server_der;
    struct str text = str_c(address_pem);
    struct pem p;

    pem_init(&p);
    ok(pem_next(&text, &p), "the PEM text contains a certificate");
    ok(has(buf_data(&p.der), p.der.len, v4, sizeof(v4)),
       "the certificate has the IPv4 address");
    ok(has(buf_data(&p.der), p.der.len, v6, sizeof(v6)),
       "the certificate has the IPv6 address");
    ok(!has(buf_data(&p.der), p.der.len, "\300\0\2\10", 4),
       "the certificate does not have the next IPv4 address");
    ok(!has(buf_data(&p.der), p.der.len, v6, 4),
       "the certificate does not have a part of the IPv6 address");
    ok(!has((const char *)other, sizeof(server_der), v4, sizeof(v4)),
       "a certificate with names only has no address");
    ok(!has("", 0, v4, sizeof(v4)), "an empty text has no address");
    damaged_certificates_do_no_harm(buf_data(&p.der), p.der.len);
    pem_release(&p);
    return done_testing();
}
