/* SPDX-License-Identifier: MIT */
#include "sync/ignore_config.h"

#include "tap.h"

/* Checks the variables of a text: "name=<value>|", or "name|" for one without a value. */
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
    check("[core]\n\tignoreCase = true\n", "core.ignorecase=<true>|", "a variable is read");
    check("[Core] A=1\nB = 2", "core.a=<1>|core.b=<2>|",
          "variables on the line of the section and at the end are read");
    check("# c\n; c\n[a] # c\nb = 1 # c\nc = 2;c\n", "a.b=<1>|a.c=<2>|",
          "comments are skipped");
    check("[a]\nb\nc  \nd=\n", "a.b|a.c|a.d=<>|", "variables without a value are read");
    check("[a \"X y\"]\nb=1\n[A.X]\nb=2\n", "a.X y.b=<1>|a.x.b=<2>|",
          "subsections keep their case");
    check("[a \"q\\\"\\\\\"]\nb=1\n", "a.q\"\\.b=<1>|", "a subsection may contain quotes");
    check("[a]\nb = x  y \nc = \" x \" \nd=a\" b\"c\n", "a.b=<x  y>|a.c=< x >|a.d=<a bc>|",
          "blanks outside of quotes are removed at both ends of a value");
    check("[a]\nb=\"# ;\"\nc=\\\"\\\\\\n\\t\\b\n", "a.b=<# ;>|a.c=<\"\\\n\t\b>|",
          "quoted bytes are read");
    check("[a]\nb=x\\\n  y\nc=1\n", "a.b=<x  y>|a.c=<1>|",
          "a value continues behind a backslash at the end of the line");
    check("\xef\xbb\xbf[a]\r\nb=1\r\nc\r\n", "a.b=<1>|a.c|",
          "a byte order mark and CR LF are accepted");
    check("b=1\n[a]\nc=1\n", "a.c=<1>|", "a variable outside of a section is skipped");
    check("[a-b]\nc-d=1\n", "a-b.c-d=<1>|", "names may contain a dash");
}

static void damaged(void)
{
    check("[a]\nb=1\n[c\nd=1\n", "a.b=<1>|", "a section that is not closed ends the file");
    check("[a]\nb=1\n[a \"b\nc=1\n", "a.b=<1>|",
          "a subsection that is not closed ends the file");
    check("[a]\nb=1\n[a b]\nc=1\n", "a.b=<1>|", "a subsection without quotes ends the file");
    check("[a]\nb=1\nc=\"x\nd=1\n", "a.b=<1>|",
          "a value whose quotes are not closed ends the file");
    check("[a]\nb=1\nc=\\x\nd=1\n", "a.b=<1>|", "an unknown escape sequence ends the file");
    check("[a]\nb=1\nc d\ne=1\n", "a.b=<1>|", "a name with a blank ends the file");
    check("[a]\nb=1\n=1\ne=1\n", "a.b=<1>|", "a line without a name ends the file");
    check("[a \"012345678901234567890123456789012345678901234567890123456789"
          "0123456789012345678901234567890123456789012345678901234567890123456789\"]\n"
          "b=1\n[c]\nd=1\n",
          "c.d=<1>|", "a variable with a name that is too long is skipped");
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
           "the boolean of %s is right", cases[i].text);
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
