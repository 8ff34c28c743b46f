/* SPDX-License-Identifier: MIT */
#include "cli/prompt.h"

#include "tap.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum kind { YES_OR_NO, WITH_NO, WITHOUT_NO };

/* Returns the result of a question of this kind on a terminal on which `typed` was typed. */
static int answer(enum kind kind, const char *typed)
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
    rc = kind == YES_OR_NO ? prompt_yes("really?", false, &sig, &e)
                           : prompt_choice("which?", kind == WITH_NO, &sig, &e);
    if (kind != YES_OR_NO && rc < 0 && (e.kind != ERR_CANCELED || e.code != SIGINT)) {
        rc = 97;
    }
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

    is_int(answer(YES_OR_NO, "y\n"), 1, "y is yes");
    is_int(answer(YES_OR_NO, " YES \n"), 1, "YES with blanks is yes");
    is_int(answer(YES_OR_NO, "n\n"), 0, "n is no");
    is_int(answer(YES_OR_NO, "\n"), 0, "an empty line is no");
    is_int(answer(YES_OR_NO, "yesterday\n"), 0, "another word is no");
    is_int(answer(YES_OR_NO, "\x04"), 0, "the end of input is no");
    is_int(answer(WITH_NO, "Yes\n"), 1, "a choice accepts yes");
    is_int(answer(WITH_NO, "n\n"), 0, "a choice accepts no");
    is_int(answer(WITH_NO, "q\n"), -1, "a choice accepts quit");
    is_int(answer(WITH_NO, "\x04"), -1, "the end of input is quit");
    is_int(answer(WITH_NO, "what\n\ny\n"), 1, "a choice asks three times");
    is_int(answer(WITH_NO, "what\n\nwhat\ny\n"), -1, "and not a fourth time");
    is_int(answer(WITHOUT_NO, "no\nq\n"), -1, "a choice without no does not accept no");
    is_int(answer(WITHOUT_NO, "y\n"), 1, "but yes");
    ok(!prompt_can_ask((char *[]){NULL}), "nobody can be asked without a terminal");
    ok(null >= 0 && dup2(null, 0) == 0, "standard input is not a terminal");
    is_int(prompt_yes("really?", true, &sig, &e), 1, "--yes needs no terminal");
    ok(prompt_yes("really?", false, &sig, &e) < 0 && e.kind == ERR_USAGE &&
           strstr(e.hint, "--yes") != NULL,
       "a question needs a terminal, and the hint names --yes");
    return done_testing();
}
