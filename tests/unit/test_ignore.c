/* SPDX-License-Identifier: MIT */
#include "sync/ignore.h"

#include "base/buf.h"
#include "base/limits.h"
#include "tap.h"

#include <stdlib.h>

/* `path` with a slash at the end is a directory. */
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
    check("", "a", IGNORE_SILENT, "an empty file says nothing");
    check("a", "a", IGNORE_YES, "a last line without its end counts");
    check("# a\n\n\r\n", "# a", IGNORE_SILENT, "comments and empty lines");
    check("\\#a\n", "#a", IGNORE_YES, "a quoted number sign is none");
    check("a\r\nb\r\n", "a", IGNORE_YES, "carriage returns do not count");
    check("a\r", "a", IGNORE_YES, "not even at the end");
    check("\xef\xbb\xbf"
          "a\n",
          "a", IGNORE_YES, "nor does a byte order mark");
    check("a  \n", "a", IGNORE_YES, "blanks at the end do not count");
    check("a\\ \n", "a ", IGNORE_YES, "a quoted one does");
    check("a\\  \n", "a ", IGNORE_YES, "but what follows it does not");
    check("a \\\n", "a ", IGNORE_SILENT, "a backslash at the end is no pattern");
    check("a\t\n", "a", IGNORE_SILENT, "a tab at the end counts");
    check("a\t\n", "a\t", IGNORE_YES, "it does");
    check(" a\n", " a", IGNORE_YES, "blanks in front count");
    check("/\n//\n!\n!/\n", "a", IGNORE_SILENT, "lines that mean nothing");
}

static void kinds(void)
{
    check("a\n", "x/y/a", IGNORE_YES, "a name is looked for at any depth");
    check("a\n", "a/x", IGNORE_SILENT, "but says nothing about what is below");
    check("/a\n", "a", IGNORE_YES, "a slash in front ties it to the directory");
    check("/a\n", "x/a", IGNORE_SILENT, "to no other");
    check("x/a\n", "x/a", IGNORE_YES, "so does one inside");
    check("x/a\n", "y/x/a", IGNORE_SILENT, "so it does");
    check("a/\n", "x/a/", IGNORE_YES, "a slash behind: directories");
    check("a/\n", "x/a", IGNORE_SILENT, "only those");
    check("*.o\n", "x/b.o", IGNORE_YES, "a suffix");
    check("*.o\n", "x/b.oo", IGNORE_SILENT, "not the name's end");
    check("*\n", "x/b", IGNORE_YES, "a star alone takes every name");
    check("x/**\n", "x/a/b", IGNORE_YES, "all that is below");
    check("[ab]\n", "x/b", IGNORE_YES, "a bracket expression");
    check("a?\n", "ab", IGNORE_YES, "any byte");
    is_int(ask("*.O\nFoo\n", "x/b.o", true), IGNORE_YES, "a suffix in any case");
    is_int(ask("*.O\nFoo\n", "x/fOO", true), IGNORE_YES, "a name in any case");
    is_int(ask("*.O\nFoo\n", "x/fOO", false), IGNORE_SILENT, "otherwise case counts");
}

static void the_last_decides(void)
{
    check("*.o\n!a.o\n", "a.o", IGNORE_NO, "an exception");
    check("!a.o\n*.o\n", "a.o", IGNORE_YES, "that comes too early");
    check("a.o\n!a*\n*.o\n!*.x\n", "a.o", IGNORE_YES, "the last that matches, of all kinds");
    check("a*\n!a.o\n", "a.o", IGNORE_NO, "a name after a star");
    check("!a.o\na*\n", "a.o", IGNORE_YES, "a star after a name");
    check("!*\n*.o\n!b.o\n", "a.o", IGNORE_YES, "a suffix after a star");
    check("\\!a\n", "!a", IGNORE_YES, "a quoted exclamation mark");
    check("!!a\n", "!a", IGNORE_NO, "two of them");
    check("*\n!*/\n", "d/", IGNORE_NO, "directories excepted");
    check("*\n!*/\n", "d", IGNORE_YES, "files not");
}

/* Whatever the number of patterns, the answer is that of asking each on its own. */
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
    ok(good, "as many patterns as there may be");
    ok(ignore_ask(&ig, str_c("one-too-many"), false) == IGNORE_SILENT,
       "more of them ignore no more");
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
