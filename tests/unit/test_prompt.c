/* SPDX-License-Identifier: MIT */
#include "cli/prompt.h"

#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* Returns the result of prompt_yes() on a terminal on which `typed` was typed. */
static int answer(const char *typed)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    int keep = dup(0);
    int slave;
    struct sig sig = {.fd = -1};
    struct err e = {0};
    int rc;

    if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0) {
        return 99;
    }
    slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0 || dup2(slave, 0) < 0 || write(master, typed, strlen(typed)) < 0) {
        return 98;
    }
    rc = prompt_yes("really?", false, &sig, &e);
    (void)dup2(keep, 0);
    (void)close(keep);
    (void)close(slave);
    (void)close(master);
    return rc;
}

int main(void)
{
    struct sig sig = {.fd = -1};
    struct err e = {0};
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    is_int(answer("y\n"), 1, "y is yes");
    is_int(answer(" YES \n"), 1, "YES with blanks is yes");
    is_int(answer("n\n"), 0, "n is no");
    is_int(answer("\n"), 0, "an empty line is no");
    is_int(answer("yesterday\n"), 0, "another word is no");
    is_int(answer("\x04"), 0, "the end of input is no");
    ok(null >= 0 && dup2(null, 0) == 0, "standard input is not a terminal");
    is_int(prompt_yes("really?", true, &sig, &e), 1, "--yes needs no terminal");
    ok(prompt_yes("really?", false, &sig, &e) < 0 && e.kind == ERR_USAGE &&
           strstr(e.hint, "--yes") != NULL,
       "a question needs a terminal, and the hint names --yes");
    return done_testing();
}
