/* SPDX-License-Identifier: MIT */
#include "base/num.h"

#include "tap.h"

static void big_endian(void)
{
    unsigned char bytes[6] = {0xaa, 0, 0, 0, 0, 0xaa};

    be32_put(bytes + 1, 0x01fe80c3);
    ok(memcmp(bytes, "\xaa\x01\xfe\x80\xc3\xaa", sizeof(bytes)) == 0,
       "be32_put() writes four bytes, the most significant first");
    ok(be32_get(bytes + 1) == 0x01fe80c3, "be32_get() reads them");
    be32_put(bytes + 1, UINT32_MAX);
    ok(be32_get(bytes + 1) == UINT32_MAX, "the largest number is written and read");
}

int main(void)
{
    static const char *const bad[] = {"",
                                      "-1",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "0x1",
                                      "1a",
                                      "18446744073709551616",
                                      "99999999999999999999"};
    uint64_t n = 7;
    size_t z = 7;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ok(!str_u64(str_c(bad[i]), 10, UINT64_MAX, &n) && n == 7, "'%s' is not a number",
           bad[i]);
    }
    ok(str_u64(str_c("18446744073709551615"), 10, UINT64_MAX, &n) && n == UINT64_MAX,
       "the largest number is parsed");
    ok(str_u64(str_c("00042"), 10, 42, &n) && n == 42,
       "leading zeros and the maximum itself are accepted");
    ok(!str_u64(str_c("43"), 10, 42, &n), "a number above the maximum is refused");
    ok(str_u64(str_c("fF"), 16, 255, &n) && n == 255 && !str_u64(str_c("g"), 16, 255, &n),
       "hexadecimal digits are parsed in either case");
    ok(str_u64(str_c("755"), 8, 07777, &n) && n == 0755 && !str_u64(str_c("8"), 8, 99, &n),
       "octal digits are parsed");
    ok(!str_u64(str_n("1\0", 2), 10, 99, &n), "a NUL is not a digit");
    ok(size_add(1, 2, &z) && z == 3 && !size_add(SIZE_MAX, 1, &z) && z == 3,
       "size_add() detects an overflow");
    ok(size_mul(4, 5, &z) && z == 20 && !size_mul(SIZE_MAX, 2, &z) && z == 20,
       "size_mul() detects an overflow");
    ok(u64_add(1, 2, &n) && n == 3 && !u64_add(UINT64_MAX, 1, &n) && n == 3,
       "u64_add() detects an overflow");
    big_endian();
    return done_testing();
}
