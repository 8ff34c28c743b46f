/* SPDX-License-Identifier: MIT */
#include "wire/certificate.h"

#include "certificates.h"
#include "pairs.h"
#include "tap.h"
#include "wire/pem.h"

#include <stdlib.h>

static const char v4[] = {(char)192, 0, 2, 7};
static const char v6[] = {0x20, 0x01, 0x0d, (char)0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};

/* At the very end of its memory, so that a sanitizer sees a step too far. */
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

static void spoiled(const char *der, size_t len)
{
    static char bytes[4096];
    size_t found = 0;

    for (size_t cut = 0; cut < len; cut++) {
        found += has(der, cut, v4, sizeof(v4)) ? 1U : 0U;
    }
    is_int((long long)found, 0, "cut anywhere it is none");
    for (size_t bit = 0; bit < 8 * len; bit++) {
        memcpy(bytes, der, len);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        found += has(bytes, len, v4, sizeof(v4)) ? 0U : 1U;
    }
    ok(found > 0, "no flipped bit harms; %zu of them hide the address", found);
}

int main(void)
{
    const unsigned char *other = server_der;
    struct str text = str_c(address_pem);
    struct pem p;

    pem_init(&p);
    ok(pem_next(&text, &p), "a certificate");
    ok(has(buf_data(&p.der), p.der.len, v4, sizeof(v4)), "for an address of four bytes");
    ok(has(buf_data(&p.der), p.der.len, v6, sizeof(v6)), "and for one of sixteen");
    ok(!has(buf_data(&p.der), p.der.len, "\300\0\2\10", 4), "not for the one next to it");
    ok(!has(buf_data(&p.der), p.der.len, v6, 4), "not for a part of it");
    ok(!has((const char *)other, sizeof(server_der), v4, sizeof(v4)), "one with names only");
    ok(!has("", 0, v4, sizeof(v4)), "nothing");
    spoiled(buf_data(&p.der), p.der.len);
    pem_release(&p);
    return done_testing();
}
