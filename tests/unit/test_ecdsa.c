/* SPDX-License-Identifier: MIT */
#include "base/ecdsa.h"

#include "certificates.h"
#include "tap.h"

#include <bearssl.h>

int main(void)
{
    static const char text[] = "{\"format\":1}";
    const br_ec_private_key secret = {BR_EC_secp256r1, server_key, sizeof(server_key)};
    unsigned char point[BR_EC_KBUF_PUB_MAX_SIZE];
    unsigned char sum[br_sha256_SIZE];
    char der[80];
    struct str signed_text = str_c(text);
    struct str key;
    struct str signature;
    br_sha256_context hash;
    size_t accepted = 0;

    br_sha256_init(&hash);
    br_sha256_update(&hash, text, sizeof(text) - 1);
    br_sha256_out(&hash, sum);
    key = str_n((char *)point, br_ec_compute_pub(&br_ec_prime_i31, NULL, point, &secret));
    is_int((long long)key.len, ECDSA_KEY_SIZE, "the public key has 65 bytes");
    signature = str_n(
        der, br_ecdsa_i31_sign_asn1(&br_ec_prime_i31, &br_sha256_vtable, sum, &secret, der));
    ok(ecdsa_is_valid(key, signed_text, signature), "a signature is valid");
    for (size_t i = 0; i < signature.len; i++) {
        accepted += ecdsa_is_valid(key, signed_text, str_n(der, i));
        for (unsigned bit = 0; bit < 8; bit++) {
            der[i] = (char)((unsigned char)der[i] ^ (1U << bit));
            accepted += ecdsa_is_valid(key, signed_text, signature);
            der[i] = (char)((unsigned char)der[i] ^ (1U << bit));
        }
    }
    is_int((long long)accepted, 0, "no part of a signature and no changed bit is valid");
    for (size_t i = 0; i < key.len; i++) {
        point[i] ^= 1;
        accepted += ecdsa_is_valid(key, signed_text, signature);
        point[i] ^= 1;
        accepted += ecdsa_is_valid(str_n(key.p, i), signed_text, signature);
    }
    is_int((long long)accepted, 0, "a signature is not valid for another key");
    ok(!ecdsa_is_valid(key, str_n(text, sizeof(text) - 2), signature),
       "a signature is not valid for other bytes");
    ok(!ecdsa_is_valid(key, str_c(""), signature), "a signature is not valid for no bytes");
    ok(!ecdsa_is_valid((struct str){0}, signed_text, signature), "an empty key is refused");
    ok(!ecdsa_is_valid(key, signed_text, (struct str){0}), "an empty signature is refused");
    der[signature.len] = 0;
    ok(!ecdsa_is_valid(key, signed_text, str_n(der, signature.len + 1)),
       "a signature with an additional byte is refused");
    ok(ecdsa_is_valid(key, signed_text, signature), "the unchanged signature is still valid");
    return done_testing();
}
