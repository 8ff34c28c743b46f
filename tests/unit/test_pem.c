/* SPDX-License-Identifier: MIT */
#include "wire/pem.h"

#include "tap.h"

static struct pem block;

static bool next(struct str *text)
{
    return pem_next(text, &block);
}

static void blocks_are_read_in_order(void)
{
    struct str text =
        str_c("Bag Attributes\n    friendlyName: x\n"
              "-----BEGIN CERTIFICATE-----\r\nAQID\r\nBAUG\r\n-----END CERTIFICATE-----\r\n"
              "between\n-----BEGIN EC PRIVATE KEY-----\n/w==\n-----END EC PRIVATE KEY-----");

    ok(next(&text) && str_eq_c(block.label, "CERTIFICATE"), "the first block has its label");
    is_mem(buf_data(&block.der), block.der.len, "\1\2\3\4\5\6", 6,
           "the first block has the bytes of lines with CR");
    ok(next(&text) && str_eq_c(block.label, "EC PRIVATE KEY"),
       "the second block is read without a line break at the end");
    is_mem(buf_data(&block.der), block.der.len, "\377", 1, "the second block has its bytes");
    ok(!block.encrypted, "the block is not encrypted");
    ok(!next(&text) && text.len == 0, "there is no third block");
}

static void encrypted_blocks_are_marked(void)
{
    struct str old = str_c("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
                           "DEK-Info: AES-128-CBC,00\n\nAQID\n-----END RSA PRIVATE KEY-----\n");
    struct str new = str_c(
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAQID\n-----END ENCRYPTED PRIVATE KEY-----\n");

    ok(next(&old) && block.encrypted, "the older format marks encryption by a field");
    ok(next(&new) && block.encrypted, "PKCS#8 marks encryption by its label");
}

static void malformed_blocks_are_skipped(void)
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
        ok(next(&in) && str_eq_c(block.label, "A"), "malformed block %zu is skipped", i);
    }
    struct str cut = str_c("-----BEGIN A-----\nAQID\n");

    ok(!next(&cut), "a block without an end is skipped");
}

static void long_blocks_are_skipped(void)
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
    ok(!next(&in), "a block longer than the limit is skipped");
    buf_release(&text);
}

int main(void)
{
    pem_init(&block);
    blocks_are_read_in_order();
    encrypted_blocks_are_marked();
    malformed_blocks_are_skipped();
    long_blocks_are_skipped();
    pem_release(&block);
    return done_testing();
}
