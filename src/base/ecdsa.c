/* SPDX-License-Identifier: MIT */
#include "base/ecdsa.h"

#include <bearssl.h>
#include <string.h>

bool ecdsa_is_valid(struct str key, struct str signed_bytes, struct str signature)
{
    unsigned char point[ECDSA_KEY_SIZE];
    unsigned char sum[br_sha256_SIZE];
    const br_ec_public_key public = {
        .curve = BR_EC_secp256r1, .q = point, .qlen = sizeof(point)};
    br_sha256_context hash;

    if (key.len != sizeof(point) || key.p[0] != 4 || signature.len == 0) {
        return false;
    }
    memcpy(point, key.p, sizeof(point));
    br_sha256_init(&hash);
    br_sha256_update(&hash, signed_bytes.p, signed_bytes.len);
    br_sha256_out(&hash, sum);
    /* Use the implementation that TLS uses (net/tls.c), so that the program contains only
     * one. */
    return br_ecdsa_i31_vrfy_asn1(&br_ec_prime_i31, sum, sizeof(sum), &public, signature.p,
                                  signature.len) == 1;
}
