/* SPDX-License-Identifier: MIT */
#include "wire/pem.h"

#include "tap.h"

static struct pem block;

static bool next(struct str *text)
{
    return pem_next(text, &block);
}

static void several_blocks(void)
{
    struct str text =
        str_c("Bag Attributes\n    friendlyName: x\n"
              "-----BEGIN CERTIFICATE-----\r\nAQID\r\nBAUG\r\n-----END CERTIFICATE-----\r\n"
              "between\n-----BEGIN EC PRIVATE KEY-----\n/w==\n-----END EC PRIVATE KEY-----");

    ok(next(&text) && str_eq_c(block.label, "CERTIFICATE"), "the first one's label");
    is_mem(buf_data(&block.der), block.der.len, "\1\2\3\4\5\6", 6,
           "and bytes, of lines with CR");
    ok(next(&text) && str_eq_c(block.label, "EC PRIVATE KEY"),
       "the second one's, without a last newline");
    is_mem(buf_data(&block.der), block.der.len, "\377", 1, "and bytes");
    ok(!block.encrypted, "in the clear");
    ok(!next(&text) && text.len == 0, "no third one");
}

static void passphrases(void)
{
    struct str old = str_c("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
                           "DEK-Info: AES-128-CBC,00\n\nAQID\n-----END RSA PRIVATE KEY-----\n");
    struct str new = str_c(
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAQID\n-----END ENCRYPTED PRIVATE KEY-----\n");

    ok(next(&old) && block.encrypted, "the older format tells it by a field");
    ok(next(&new) && block.encrypted, "PKCS#8 by its label");
}

static void broken_ones_are_passed_over(void)
{
    static const char good[] = "-----BEGIN A-----\nAQID\n-----END A-----\n";
    static const char *const broken[] = {
        "-----BEGIN X-----\nAQID\n-----END Y-----\n",
        "-----BEGIN X-----\nA!ID\n-----END X-----\n",
        "-----BEGIN X-----\nAQI\n-----END X-----\n",
        "-----BEGIN X\nAQID\n-----END X-----\n",
        "----BEGIN X-----\nAQID\n-----END X-----\n",
        "-----END X-----\n",
        "-----BEGIN -----END\n",
    };
    static char text[256];

    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        struct str in;

        (void)snprintf(text, sizeof(text), "%s%s", broken[i], good);
        in = str_c(text);
        ok(next(&in) && str_eq_c(block.label, "A"), "broken one %zu", i);
    }
    struct str cut = str_c("-----BEGIN A-----\nAQID\n");

    ok(!next(&cut), "one without an end");
}

static void a_long_one_is_passed_over(void)
{
    struct buf text;
    struct str in;

    buf_init(&text, 4 << 20);
    (void)buf_add_c(&text, "-----BEGIN A-----\n");
    for (int i = 0; i < 5 * PEM_BLOCK_MAX / 8; i++) {
        (void)buf_add_c(&text, "AQIDAQID\n");
    }
    (void)buf_add_c(&text, "-----END A-----\n");
    in = buf_str(&text);
    ok(!next(&in), "past the limit");
    buf_release(&text);
}

int main(void)
{
    pem_init(&block);
    several_blocks();
    passphrases();
    broken_ones_are_passed_over();
    a_long_one_is_passed_over();
    pem_release(&block);
    return done_testing();
}
