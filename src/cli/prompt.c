/* SPDX-License-Identifier: MIT */
#include "cli/prompt.h"

#include "base/fd.h"
#include "base/log.h"
#include "base/str.h"
#include "net/wait.h"

#include <poll.h>
#include <unistd.h>

enum { ANSWER_MAX = 64 };

int prompt_yes(const char *question, bool assume_yes, struct sig *sig, struct err *e)
{
    const struct net_wait wait = {.deadline_ms = -1, .sig = sig};
    char answer[ANSWER_MAX];
    ssize_t len;

    if (assume_yes) {
        return 1;
    }
    if (isatty(STDIN_FILENO) != 1) {
        (void)err_set(e, ERR_USAGE, "cannot ask \"%s\": standard input is not a terminal",
                      question);
        return err_hint(e, "To answer yes without a terminal, use --yes.");
    }
    log_question("%s [y/N]", question);
    if (net_wait(&wait, STDIN_FILENO, POLLIN, e) < 0) {
        (void)fd_write(STDERR_FILENO, "\n", 1); /* the message comes on a line of its own */
        return -1;
    }
    len = fd_read(STDIN_FILENO, answer, sizeof(answer));
    if (len <= 0) {
        return 0;
    }
    struct str word = str_trim(str_n(answer, (size_t)len));

    return str_eq_nocase(word, "y") || str_eq_nocase(word, "yes") ? 1 : 0;
}
