/* SPDX-License-Identifier: MIT */
#include "sync/ignore.h"

#include "base/buf.h"
#include "base/limits.h"
#include "tap.h"

#include <stdlib.h>

/* Asks about a path. A slash at the end means a directory. */
static enum ignore_verdict ask(const char *text, const char *path, bool nocase)
{
    struct arena a = {0};
    struct ignore ig;
    struct str p = str_c(path);
    bool is_dir = str_ends(p, "/");
    enum ignore_verdict v;

    p.len -= is_dir ? 1 : 0;
    ignore_parse(&ig, str_c(text), nocase, &a);
    v = ignore_ask(&ig, p, is_dir);
    arena_release(&a);
    return v;
}

static void check(const char *text, const char *path, enum ignore_verdict want,
                  const char *name)
{
    is_int((long long)ask(text, path, false), (long long)want, name);
}

static void lines(void)
{
    check("", "a", IGNORE_SILENT, "an empty file matches nothing");
    check("a", "a", IGNORE_YES, "a last line without a newline is used");
    check("# a\n\n\r\n", "# a", IGNORE_SILENT, "comments and empty lines match nothing");
    check("\\#a\n", "#a", IGNORE_YES, "a line with a quoted number sign is not a comment");
    check("a\r\nb\r\n", "a", IGNORE_YES, "carriage returns at the end of lines are removed");
    check("a\r", "a", IGNORE_YES, "a carriage return at the end of the file is removed");
    check("\xef\xbb\xbf"
          "a\n",
          "a", IGNORE_YES, "a byte order mark is skipped");
    check("a  \n", "a", IGNORE_YES, "blanks at the end are removed");
    check("a\\ \n", "a ", IGNORE_YES, "a quoted blank is kept");
    check("a\\  \n", "a ", IGNORE_YES, "blanks behind a quoted blank are removed");
    check("a \\\n", "a ", IGNORE_SILENT, "a pattern with a backslash at the end is invalid");
    check("a\t\n", "a", IGNORE_SILENT, "a tab at the end is part of the pattern");
    check("a\t\n", "a\t", IGNORE_YES, "a tab at the end matches");
    check(" a\n", " a", IGNORE_YES, "blanks at the beginning are part of the pattern");
    check("/\n//\n!\n!/\n", "a", IGNORE_SILENT, "lines without a pattern match nothing");
}

static void kinds(void)
{
    check("a\n", "x/y/a", IGNORE_YES, "a name matches in any directory");
    check("a\n", "a/x", IGNORE_SILENT, "a name does not match paths below it");
    check("/a\n", "a", IGNORE_YES,
          "a slash at the beginning restricts the pattern to the directory");
    check("/a\n", "x/a", IGNORE_SILENT, "such a pattern does not match in other directories");
    check("x/a\n", "x/a", IGNORE_YES, "a slash inside restricts it as well");
    check("x/a\n", "y/x/a", IGNORE_SILENT,
          "a pattern with a slash inside does not match in other directories");
    check("a/\n", "x/a/", IGNORE_YES, "a pattern with a slash at the end matches a directory");
    check("a/\n", "x/a", IGNORE_SILENT,
          "a pattern with a slash at the end does not match a file");
    check("*.o\n", "x/b.o", IGNORE_YES, "a suffix matches");
    check("*.o\n", "x/b.oo", IGNORE_SILENT, "a suffix does not match inside a name");
    check("*\n", "x/b", IGNORE_YES, "a single star matches every name");
    check("x/**\n", "x/a/b", IGNORE_YES, "two stars match everything below");
    check("[ab]\n", "x/b", IGNORE_YES, "a bracket expression matches");
    check("a?\n", "ab", IGNORE_YES, "a question mark matches any byte");
    is_int(ask("*.O\nFoo\n", "x/b.o", true), IGNORE_YES, "a suffix matches in any case");
    is_int(ask("*.O\nFoo\n", "x/fOO", true), IGNORE_YES, "a name matches in any case");
    is_int(ask("*.O\nFoo\n", "x/fOO", false), IGNORE_SILENT,
           "by default, the case of letters matters");
}

static void the_last_decides(void)
{
    check("*.o\n!a.o\n", "a.o", IGNORE_NO, "an exception overrides an earlier pattern");
    check("!a.o\n*.o\n", "a.o", IGNORE_YES, "an exception does not override a later pattern");
    check("a.o\n!a*\n*.o\n!*.x\n", "a.o", IGNORE_YES,
          "the last matching pattern of any kind decides");
    check("a*\n!a.o\n", "a.o", IGNORE_NO, "a name behind a pattern with a star decides");
    check("!a.o\na*\n", "a.o", IGNORE_YES, "a pattern with a star behind a name decides");
    check("!*\n*.o\n!b.o\n", "a.o", IGNORE_YES, "a suffix behind a star decides");
    check("\\!a\n", "!a", IGNORE_YES, "a quoted exclamation mark is not an exception");
    check("!!a\n", "!a", IGNORE_NO, "an exception for a name with an exclamation mark");
    check("*\n!*/\n", "d/", IGNORE_NO, "directories are excepted");
    check("*\n!*/\n", "d", IGNORE_YES, "files are not excepted");
}

/* As many patterns as the limit allows. */
static void many(void)
{
    struct arena a = {0};
    struct buf text;
    struct ignore ig;
    bool good = true;

    buf_init(&text, 8 << 20);
    for (int i = 0; i < LIMIT_IGNORE_RULES; i++) {
        (void)buf_addf(&text, "name%d\n", i);
    }
    (void)buf_add_c(&text, "one-too-many\n");
    ignore_parse(&ig, buf_str(&text), false, &a);
    for (int i = 0; i < LIMIT_IGNORE_RULES; i += 1000) {
        char path[32];

        (void)snprintf(path, sizeof(path), "x/name%d", i);
        good = good && ignore_ask(&ig, str_c(path), false) == IGNORE_YES;
    }
    ok(good, "as many patterns as the limit allows are used");
    ok(ignore_ask(&ig, str_c("one-too-many"), false) == IGNORE_SILENT,
       "further patterns are not used");
    buf_release(&text);
    arena_release(&a);
}

int main(void)
{
    lines();
    kinds();
    the_last_decides();
    many();
    return done_testing();
}
