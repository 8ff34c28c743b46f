/* SPDX-License-Identifier: MIT */
#include "sync/ignore_config.h"

#include "tap.h"

/* "name=<value>" or "name", '|' behind each. */
static void check(const char *text, const char *want, const char *name)
{
    struct ignore_config c;
    struct buf out;

    buf_init(&out, 4096);
    ignore_config_init(&c, str_c(text));
    while (ignore_config_next(&c)) {
        (void)buf_add_c(&out, c.name);
        if (c.has_value) {
            (void)buf_addf(&out, "=<%.*s>", (int)c.value.len, buf_data(&c.value));
        }
        (void)buf_add_byte(&out, '|');
    }
    is_str(buf_c(&out), want, name);
    ignore_config_release(&c);
    buf_release(&out);
}

static void well_formed(void)
{
    check("[core]\n\tignoreCase = true\n", "core.ignorecase=<true>|", "a variable");
    check("[Core] A=1\nB = 2", "core.a=<1>|core.b=<2>|",
          "on the section's line, and at the end");
    check("# c\n; c\n[a] # c\nb = 1 # c\nc = 2;c\n", "a.b=<1>|a.c=<2>|", "comments");
    check("[a]\nb\nc  \nd=\n", "a.b|a.c|a.d=<>|", "variables without a value");
    check("[a \"X y\"]\nb=1\n[A.X]\nb=2\n", "a.X y.b=<1>|a.x.b=<2>|", "subsections");
    check("[a \"q\\\"\\\\\"]\nb=1\n", "a.q\"\\.b=<1>|", "quotes in them");
    check("[a]\nb = x  y \nc = \" x \" \nd=a\" b\"c\n", "a.b=<x  y>|a.c=< x >|a.d=<a bc>|",
          "blanks");
    check("[a]\nb=\"# ;\"\nc=\\\"\\\\\\n\\t\\b\n", "a.b=<# ;>|a.c=<\"\\\n\t\b>|",
          "quoted bytes");
    check("[a]\nb=x\\\n  y\nc=1\n", "a.b=<x  y>|a.c=<1>|", "lines that go on");
    check("\xef\xbb\xbf[a]\r\nb=1\r\nc\r\n", "a.b=<1>|a.c|", "as Windows has them");
    check("b=1\n[a]\nc=1\n", "a.c=<1>|", "what is in no section");
    check("[a-b]\nc-d=1\n", "a-b.c-d=<1>|", "names with a dash");
}

static void damaged(void)
{
    check("[a]\nb=1\n[c\nd=1\n", "a.b=<1>|", "a section that is not closed ends it");
    check("[a]\nb=1\n[a \"b\nc=1\n", "a.b=<1>|", "nor its quotes");
    check("[a]\nb=1\n[a b]\nc=1\n", "a.b=<1>|", "a subsection without quotes");
    check("[a]\nb=1\nc=\"x\nd=1\n", "a.b=<1>|", "a value whose quotes are not closed");
    check("[a]\nb=1\nc=\\x\nd=1\n", "a.b=<1>|", "a quoted byte that is none");
    check("[a]\nb=1\nc d\ne=1\n", "a.b=<1>|", "a name with a blank");
    check("[a]\nb=1\n=1\ne=1\n", "a.b=<1>|", "no name at all");
    check("[a \"012345678901234567890123456789012345678901234567890123456789"
          "0123456789012345678901234567890123456789012345678901234567890123456789\"]\n"
          "b=1\n[c]\nd=1\n",
          "c.d=<1>|", "a name that is longer than any that counts");
}

static void booleans(void)
{
    static const struct {
        const char *text;
        bool otherwise, want;
    } cases[] = {
        {"[a]b", false, true},    {"[a]b=", true, false},     {"[a]b=Yes", false, true},
        {"[a]b=on", false, true}, {"[a]b=TRUE", false, true}, {"[a]b=1", false, true},
        {"[a]b=no", true, false}, {"[a]b=Off", true, false},  {"[a]b=false", true, false},
        {"[a]b=0", true, false},  {"[a]b=what", true, true},  {"[a]b=what", false, false}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct ignore_config c;

        ignore_config_init(&c, str_c(cases[i].text));
        ok(ignore_config_next(&c) &&
               ignore_config_bool(&c, cases[i].otherwise) == cases[i].want,
           "the boolean of %s", cases[i].text);
        ignore_config_release(&c);
    }
}

int main(void)
{
    well_formed();
    damaged();
    booleans();
    return done_testing();
}
