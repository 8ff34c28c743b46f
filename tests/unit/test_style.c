/* SPDX-License-Identifier: MIT */
#include "cli/style.h"

#include "pty.h"
#include "tap.h"

static struct pty pty;

static void is(const char *a, const char *b, bool colour, bool utf8)
{
    char one[64];
    char two[64];
    char *env[] = {one, two, NULL};
    struct log_style s;

    (void)snprintf(one, sizeof(one), "%s", a);
    (void)snprintf(two, sizeof(two), "%s", b);
    s = style_find(env, pty.slave);
    ok(s.colour == colour && s.utf8 == utf8, "%s %s", a, b);
}

int main(void)
{
    char term[] = "TERM=xterm";
    char *env[] = {term, NULL};
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    pty = pty_new(24, 80);
    is("TERM=xterm", "LANG=de_DE.UTF-8", true, true);
    is("TERM=xterm", "NO_COLOR=1", false, false);
    is("TERM=xterm", "NO_COLOR=", true, false);
    is("TERM=dumb", "LANG=C", false, false);
    is("TERM=", "LANG=C.utf8", false, true);
    is("TERMINAL=xterm", "LC_ALL=en_US.ISO-8859-1", false, false);
    is("LC_ALL=C", "LANG=de_DE.UTF-8", false, false);
    is("LC_CTYPE=", "LANG=ca_ES.UTF-8@valencia", false, true);
    ok(!style_find(env, null).colour, "without a terminal there are no colours");
    (void)close(null);
    pty_close(&pty);
    return done_testing();
}
