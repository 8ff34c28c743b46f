/* SPDX-License-Identifier: MIT */
#include "tap.h"
#include "wire/dotenv.h"

#include "base/buf.h"

/* Compares the entries of `text` with `want`: K=V as "K=<V>", malformed lines as "!N", each
 * followed by '|'. */
static void check(const char *text, const char *want, const char *name)
{
    struct dotenv d;
    struct str k = {0};
    struct str v = {0};
    struct buf out;
    enum dotenv_kind kind;

    buf_init(&out, 1024);
    dotenv_init(&d, str_c(text));
    while ((kind = dotenv_next(&d, &k, &v)) != DOTENV_END) {
        if (kind == DOTENV_BAD) {
            (void)buf_addf(&out, "!%u|", d.line);
        } else {
            (void)buf_addf(&out, "%.*s=<%.*s>|", (int)k.len, k.p, (int)v.len, v.p);
        }
    }
    is_str(buf_c(&out), want, name);
    buf_release(&out);
}

int main(void)
{
    check("A=1\nB=2", "A=<1>|B=<2>|", "a last line without a line break is read");
    check("\n  \t\n# c\n  # d\nA=1\n", "A=<1>|", "blank lines and comments are skipped");
    check("  A=1\n\texport B=2\nexport\tC=3\n", "A=<1>|B=<2>|C=<3>|",
          "leading blanks and 'export' are dropped");
    check("A=\"x y\"\nB='z'\nC=\"q'\nD=\"\nE=''\n", "A=<x y>|B=<z>|C=<\"q'>|D=<\">|E=<>|",
          "one matching pair of quotes is removed");
    check("A=$HOME `x` # no\n", "A=<$HOME `x` # no>|", "nothing is expanded");
    check("A=1\r\nB=\"2\"\r\n", "A=<1>|B=<2>|", "carriage returns are dropped");
    check("A=a=b\nB=\n", "A=<a=b>|B=<>|", "the first '=' ends the key");
    check("A\n  B  \nexport C\nD=1\n", "!1|!2|!3|D=<1>|",
          "a key alone does not copy the host's variable");
    check("1A=1\nA B=2\n=3\nA-B=4\nC=5", "!1|!2|!3|!4|C=<5>|",
          "malformed lines are reported by their number");
    check("\xef\xbb\xbf"
          "A=1",
          "A=<1>|", "a byte order mark is skipped");
    ok(dotenv_is_key(str_c("_a9")) && !dotenv_is_key(str_c("9a")) && !dotenv_is_key(str_c("")),
       "keys are names of variables");
    return done_testing();
}
