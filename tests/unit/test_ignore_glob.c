/* SPDX-License-Identifier: MIT */
/* The expected results are those of git 2.39. tests/e2e/test_ignore.py compares many more with
 * git. */
#include "sync/ignore_glob.h"

#include "base/limits.h"
#include "tap.h"

static void check(unsigned flags, const char *pattern, const char *text, bool want)
{
    struct arena a = {0};
    struct ignore_glob g = ignore_glob_compile(str_c(pattern), flags, &a);

    ok(ignore_glob_match(&g, str_c(text), (flags & IGNORE_GLOB_NOCASE) != 0) == want,
       "'%s' %s '%s'%s", pattern, want ? "matches" : "does not match", text,
       (flags & IGNORE_GLOB_NOCASE) != 0 ? " in any case" : "");
    arena_release(&a);
}

struct pair {
    const char *pattern, *text;
};

static void all(unsigned flags, const struct pair *pairs, size_t count, bool want)
{
    for (size_t i = 0; i < count; i++) {
        check(flags, pairs[i].pattern, pairs[i].text, want);
    }
}

#define ALL(flags, pairs, want) all(flags, pairs, sizeof(pairs) / sizeof((pairs)[0]), want)

static void names(void)
{
    static const struct pair yes[] = {{"foo", "foo"},
                                      {"*", "foo"},
                                      {"*.o", "a.o"},
                                      {"*.o", ".o"},
                                      {"a*b*c", "abbbbbc"},
                                      {"a*bc", "abbcbc"},
                                      {"a**c", "abc"},
                                      {"?", "x"},
                                      {"a?c", "abc"},
                                      {"\\*", "*"},
                                      {"\\!a", "!a"},
                                      {"a\\b", "ab"},
                                      {"a\\\\", "a\\"},
                                      {"[a-c]x", "bx"},
                                      {"[!a-c]x", "dx"},
                                      {"[^a-c]x", "dx"},
                                      {"[]]", "]"},
                                      {"[!]]", "a"},
                                      {"[a-]", "-"},
                                      {"[-a]", "-"},
                                      {"[a-c-e]", "-"},
                                      {"[\\]]", "]"},
                                      {"[a-\\c]", "b"},
                                      {"[\\a-c]", "b"},
                                      {"[[:alpha:][:digit:]]", "7"},
                                      {"[![:upper:]]", "a"},
                                      {"[[:space:]]", "\t"},
                                      {"[[:punct:]]", "~"},
                                      {"[[:xdigit:]]", "F"},
                                      {"[[:blank:]]", " "},
                                      {"[[:cntrl:]]", "\x7f"},
                                      {"[[:graph:]]", "a"},
                                      {"[[:print:]]", " "},
                                      {"[[:alnum:]]", "Z"},
                                      {"[[:lower:]]", "z"},
                                      {"[[:al]", ":"},
                                      {"[[]", "["},
                                      {"[[:]", "["},
                                      {"\xc3\xa9*", "\xc3\xa9t\xc3\xa9"},
                                      {"[\x80-\xff]", "\xe9"}};
    static const struct pair no[] = {
        {"foo", "Foo"},       {"foo", "fo"},        {"foo", "fooo"},
        {"*.o", "a.oo"},      {"a*b*c", "abbbbb"},  {"?", ""},
        {"?", "xy"},          {"\\*", "a"},         {"foo\\", "foo"},
        {"foo\\", "foo\\"},   {"[a-c]", "d"},       {"[!a-c]", "b"},
        {"[c-a]", "b"},       {"[a-c-e]", "d"},     {"[ab", "a"},
        {"[ab", "[ab"},       {"[a\\", "a"},        {"[", "["},
        {"[]", "]"},          {"[[:alpha:", "a"},   {"[[:foo:]]", "f"},
        {"[[:foo:]]", ":"},   {"[a[:foo:]]", "a"},  {"[[:space:]]", "\v"},
        {"[[:graph:]]", " "}, {"[[:cntrl:]]", " "}, {"[[:upper:]]", "a"},
        {"[[:punct:]]", "a"}};

    ALL(0, yes, true);
    ALL(0, no, false);
}

static void paths(void)
{
    static const struct pair yes[] = {
        {"a/b", "a/b"},
        {"a/*", "a/b"},
        {"a/*/c", "a/b/c"},
        {"a*/b", "axx/b"},
        {"**/b", "b"},
        {"**/b", "a/b"},
        {"**/b", "x/y/b"},
        {"**/b/c", "b/b/c"},
        {"a/**", "a/b"},
        {"a/**", "a/b/c/d"},
        {"a/**/b", "a/b"},
        {"a/**/b", "a/x/b"},
        {"a/**/b", "a/x/y/b"},
        {"a/**/b/**/c", "a/b/x/b/y/c"},
        {"a/**/*b*/c", "a/x/abc/abd/c"},
        {"**", "a/b/c"},
        {"a/***/b", "a/x/y/b"},
        {"a\\/b", "a/b"},
        {"a/**\\/b", "a/x/b"},
        {"a/b**/c", "a/bx/y/c"}, /* as in git, whose literal prefix ends before the stars */
        {"a/[/b]c", "a/bc"}};
    static const struct pair no[] = {{"a/b", "x/a/b"},
                                     {"a/*", "a/b/c"},
                                     {"a/*", "a"},
                                     {"a/**", "a"},
                                     {"a?b/c", "a/b/c"},
                                     {"a[/]b/c", "a/b/c"},
                                     {"a[!x]b/c", "a/b/c"},
                                     {"**/b", "xb"},
                                     {"**/b", "a/xb"},
                                     {"a/**/b", "a/xb"},
                                     {"a/**/b", "ab"},
                                     {"a/**\\/b", "a/b"},
                                     {"a/*x**/c", "a/bx/y/c"},
                                     {"a/**x/c", "a/b/x/c"},
                                     {"a/*/c", "a/c"},
                                     {"a/**/b/**/c", "a/x/y/c"}};

    ALL(IGNORE_GLOB_PATH, yes, true);
    ALL(IGNORE_GLOB_PATH, no, false);
}

static void any_case(void)
{
    static const struct pair yes[] = {
        {"foo", "FOO"}, {"FOO", "foo"},       {"*.O", "a.o"},       {"[a-c]", "B"},
        {"[A-C]", "b"}, {"[[:upper:]]", "a"}, {"[[:lower:]]", "A"}, {"F?o*X", "fOOOx"},
        {"\\F*", "f"},  {"[!A]", "a"}};
    static const struct pair no[] = {
        {"foo", "fo"}, {"[!a-c]", "B"}, {"[A]", "a"}, {"\xc3\x89", "\xc3\xa9"}};

    ALL(IGNORE_GLOB_NOCASE, yes, true);
    ALL(IGNORE_GLOB_NOCASE, no, false); /* git does not convert a single letter in brackets */
}

static void last_bytes(void)
{
    static const struct {
        const char *pattern;
        int last;
    } cases[] = {{"foo", 'o'},  {"*.c", 'c'}, {"fo*", -1},
                 {"fo[a]", -1}, {"a/**", -1}, {"", -1}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena a = {0};
        struct ignore_glob g =
            ignore_glob_compile(str_c(cases[i].pattern), IGNORE_GLOB_PATH, &a);

        ok(ignore_glob_last(&g) == cases[i].last,
           "the last byte of texts that match '%s' is right", cases[i].pattern);
        arena_release(&a);
    }
}

/* Patterns for which simple matchers take exponential time. */
static void hostile_ones(void)
{
    static char pattern[LIMIT_PATH + 2];
    static char text[LIMIT_PATH];
    struct arena a = {0};
    struct ignore_glob g;

    memset(text, 'a', sizeof(text));
    for (size_t i = 0; i + 1 < LIMIT_PATH; i += 2) {
        memcpy(pattern + i, "*a", 2);
    }
    pattern[LIMIT_PATH - 1] = 'b';
    g = ignore_glob_compile(str_n(pattern, LIMIT_PATH), 0, &a);
    ok(!ignore_glob_match(&g, str_n(text, sizeof(text)), false),
       "a pattern with many stars is matched quickly");
    for (size_t i = 0; i + 5 < LIMIT_PATH; i += 5) {
        memcpy(pattern + i, "**/a/", 5);
    }
    for (size_t i = 1; i < sizeof(text); i += 2) {
        text[i] = '/';
    }
    g = ignore_glob_compile(str_n(pattern, LIMIT_PATH - LIMIT_PATH % 5), IGNORE_GLOB_PATH, &a);
    ok(!ignore_glob_match(&g, str_n(text, sizeof(text) - 1), false),
       "a pattern with many double stars is matched quickly");
    memset(pattern, 'a', sizeof(pattern));
    g = ignore_glob_compile(str_n(pattern, LIMIT_PATH + 1), 0, &a);
    ok(g.never, "a pattern that is longer than any path matches nothing");
    g = ignore_glob_compile(str_n("a\0b", 3), 0, &a);
    ok(g.never, "a pattern with a NUL matches nothing");
    arena_release(&a);
}

int main(void)
{
    names();
    paths();
    any_case();
    last_bytes();
    hostile_ones();
    return done_testing();
}
