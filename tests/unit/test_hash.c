/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include "tap.h"

/* The examples of FIPS 180-4. */
static void sha512_of_examples_is_right(void)
{
    static const unsigned char abc[] = {0xdd, 0xaf, 0x35, 0xa1, 0x93, 0x61, 0x7a, 0xba,
                                        0xcc, 0x41, 0x73, 0x49, 0xae, 0x20, 0x41, 0x31};
    static const unsigned char none[] = {0xcf, 0x83, 0xe1, 0x35, 0x7e, 0xef, 0xb8, 0xbd,
                                         0xf1, 0x54, 0x28, 0x50, 0xd6, 0x6d, 0x80, 0x07};
    unsigned char sum[SHA512_SIZE];
    struct sha512 h;

    sha512_init(&h);
    sha512_sum(&h, sum);
    is_mem(sum, sizeof(none), none, sizeof(none), "SHA-512 of nothing begins as it should");
    sha512_add(&h, "a", 1);
    sha512_add(&h, "bc", 2);
    sha512_sum(&h, sum);
    is_mem(sum, sizeof(abc), abc, sizeof(abc), "SHA-512 of \"abc\" begins as it should");
}

int main(void)
{
    /* The examples of FIPS 180-4. */
    static const char *const vectors[][2] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    char hex[SHA256_HEX];
    char short_hex[SHA1_HEX];
    char one[20];
    char two[20];
    struct err e = {0};

    sha1_hex(str_c("abc"), short_hex);
    is_str(short_hex, "a9993e364706816aba3e25717850c26c9cd0d89d", "SHA-1 of \"abc\"");
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        for (size_t step = 1; step < 60; step += 7) {
            struct sha256 h;
            const char *p = vectors[i][0];

            sha256_init(&h);
            while (*p != '\0') {
                size_t n = strlen(p) < step ? strlen(p) : step;

                sha256_add(&h, p, n);
                p += n;
            }
            sha256_hex(&h, hex);
            if (strcmp(hex, vectors[i][1]) != 0) {
                is_str(hex, vectors[i][1],
                       "the digest does not depend on how the bytes are split");
            }
        }
        is_str(hex, vectors[i][1], "the digest of an example is right");
    }
    sha512_of_examples_is_right();
    ok(random_hex(one, 17, &e) == 0 && random_hex(two, 17, &e) == 0, "random digits are made");
    ok(strlen(one) == 17 && strspn(one, "0123456789abcdef") == 17 && strcmp(one, two) != 0,
       "they have the requested length and differ");
    ok(hash_fnv1a(str_c("")) == 0xcbf29ce484222325U &&
           hash_fnv1a(str_c("a")) == 0xaf63dc4c8601ec8cU &&
           hash_fnv1a(str_c("foobar")) == 0x85944171f73967e8U,
       "FNV-1a gives the published values");
    return done_testing();
}
