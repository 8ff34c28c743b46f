/* SPDX-License-Identifier: MIT */
#include "base/str.h"

#include "tap.h"

static bool is_utf8(struct str s)
{
    size_t len = s.len > 0 ? str_utf8_len(s) : 0;

    while (len > 0) {
        s = str_drop(s, len);
        len = s.len > 0 ? str_utf8_len(s) : 0;
    }
    return s.len == 0;
}

static void utf8(void)
{
    static const char *const good[] = {"",
                                       "a",
                                       "\xc3\xa9",
                                       "\xe2\x82\xac",
                                       "\xf0\x9f\x98\x80",
                                       "\xed\x9f\xbf",
                                       "\xf4\x8f\xbf\xbf",
                                       "\xef\xbf\xbf"};
    static const char *const bad[] = {"\x80",
                                      "\xc3",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xe0\x80\x80",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf",
                                      "\xf0\x80\x80\x80",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xe2\x82",
                                      "\xe2\x28\xa1",
                                      "\xff",
                                      "a\xfe"};

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        ok(is_utf8(str_c(good[i])), "sequence %zu is well-formed", i);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ok(!is_utf8(str_c(bad[i])), "sequence %zu is malformed", i);
    }
    is_int((long long)str_utf8_len(str_c("\xf0\x9f\x98\x80x")), 4,
           "a sequence of four bytes has the length 4");
    is_int((long long)str_utf8_len(str_c("\xf0\x9f\x98")), 0,
           "an incomplete sequence has the length 0");
}

static void cut(void)
{
    static const struct {
        const char *text;
        size_t cut;
    } cases[] = {
        {"", 0},
        {"a", 0},
        {"a\303", 1},
        {"\303\244", 0},
        {"\342\202", 2},
        {"x\342\202\254", 0},
        {"\360\237\230", 3},
        {"\360\237\230\200", 0},
        {"\360", 1},
        {"\200\200\200\200", 0},
        {"\377", 0},
        {"\301", 0},
        {"\303\244\342", 1},
        {"a\200", 0},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ok(str_utf8_cut(str_c(cases[i].text)) == cases[i].cut,
           "case %zu: the incomplete bytes at the end are counted", i);
    }
}

static void writes_utf8(void)
{
    static const struct {
        uint32_t code;
        const char *bytes;
    } rows[] = {{0, ""},
                {0x7f, "\x7f"},
                {0x80, "\xc2\x80"},
                {0x7ff, "\xdf\xbf"},
                {0x800, "\xe0\xa0\x80"},
                {0xfffd, "\xef\xbf\xbd"},
                {0xffff, "\xef\xbf\xbf"},
                {0x10000, "\xf0\x90\x80\x80"},
                {0x10ffff, "\xf4\x8f\xbf\xbf"}};
    char out[STR_UTF8_MAX];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t len = str_utf8_put(rows[i].code, out);

        ok(len == (i == 0 ? 1 : strlen(rows[i].bytes)) && memcmp(out, rows[i].bytes, len) == 0,
           "U+%04X is encoded", (unsigned)rows[i].code);
    }
    ok(str_is_alnum('a') && str_is_alnum('Z') && str_is_alnum('0') && !str_is_alnum('_') &&
           !str_is_alnum('\xe9') && !str_is_alnum('\0'),
       "letters and digits are those of ASCII");
    ok(str_lower('A') == 'a' && str_lower('Z') == 'z' && str_lower('[') == '[' &&
           str_lower('\xc9') == '\xc9',
       "only letters of ASCII get smaller");
    ok(str_is_blank(' ') && str_is_blank('\t') && str_is_blank('\r') && str_is_blank('\n'),
       "space, tab, CR and LF are blanks");
    ok(!str_is_blank('\v') && !str_is_blank('\0') && !str_is_blank('x'),
       "other bytes are not blanks");
}

int main(void)
{
    ok(str_is_zeros(str_n("\0\0", 2)) && str_is_zeros(str_c("")) &&
           !str_is_zeros(str_n("\0x", 2)),
       "a view of NULs, and an empty view, are zeros");
    struct str s = str_c("a=b=c");
    struct str head = {0};

    ok(str_c(NULL).len == 0 && str_eq(str_c(""), str_c(NULL)), "a view of NULL is empty");
    ok(str_eq_c(str_n("abc", 2), "ab") && !str_eq_c(str_n("abc", 2), "abc"),
       "only the bytes of a view are compared");
    ok(str_eq_nocase(str_c("CoNtEnT"), "content") &&
           !str_eq_nocase(str_c("\xc3\x89"), "\xc3\xa9"),
       "only ASCII letters are compared without regard to case");
    ok(str_starts(s, "a=") && !str_starts(s, "a=b=c=") && str_ends(s, "=c") &&
           !str_ends(str_c("c"), "=c"),
       "prefixes and suffixes are found");
    ok(str_contains(s, "b=") && !str_contains(s, "x") && str_contains(s, ""),
       "a part is found");
    ok(str_cmp(str_c("a"), str_c("ab")) < 0 && str_cmp(str_c("\xff"), str_c("a")) > 0 &&
           str_cmp(s, s) == 0,
       "views are ordered by bytes, a prefix first");
    ok(str_cut(&s, '=', &head) && str_eq_c(head, "a") && str_eq_c(s, "b=c"),
       "a view is cut at the first separator");
    s = str_c("none");
    ok(!str_cut(&s, '=', &head) && str_eq_c(head, "none") && s.len == 0,
       "without a separator, the head is the whole view");
    ok(str_index(str_c("abc"), 'c') == 2 && str_index(str_c("abc"), 'x') == 3,
       "the index of a byte is found, or the length is returned");
    ok(str_drop(str_c("abc"), 2).len == 1 && str_drop(str_c("abc"), 9).len == 0,
       "dropping more than the length gives the empty view");
    ok(str_eq_c(str_trim(str_c(" \t\r\na b \n")), "a b") && str_trim(str_c(" \n")).len == 0,
       "blanks at both ends are removed");
    utf8();
    cut();
    writes_utf8();
    return done_testing();
}
