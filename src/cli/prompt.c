/* SPDX-License-Identifier: MIT */
#include "cli/prompt.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/str.h"
#include "net/wait.h"

#include <poll.h>
#include <unistd.h>

enum { ANSWER_MAX = 64 };

int prompt_line(const char *question, struct sig *sig, struct buf *answer, struct err *e)
{
    const struct net_wait wait = {.deadline_ms = -1, .sig = sig};
    char line[ANSWER_MAX];
    ssize_t len;

    log_question("%s", question);
    if (net_wait(&wait, STDIN_FILENO, POLLIN, e) < 0) {
        (void)fd_write(STDERR_FILENO, "\n", 1); /* the message comes on a line of its own */
        return -1;
    }
    len = fd_read(STDIN_FILENO, line, sizeof(line));
    if (len <= 0) {
        (void)fd_write(STDERR_FILENO, "\n", 1);
        return 0;
    }
    (void)buf_add_str(answer, str_trim(str_n(line, (size_t)len)));
    return 1;
}

int prompt_yes(const char *question, bool assume_yes, struct sig *sig, struct err *e)
{
    struct arena a = {0};
    struct buf answer;
    int rc;

    if (assume_yes) {
        return 1;
    }
    if (isatty(STDIN_FILENO) != 1) {
        (void)err_set(e, ERR_USAGE, "cannot ask \"%s\": standard input is not a terminal",
                      question);
        return err_hint(e, "To answer yes without a terminal, use --yes.");
    }
    buf_init(&answer, ANSWER_MAX);
    rc = prompt_line(arena_printf(&a, "%s [y/N]", question), sig, &answer, e);
    if (rc == 1) {
        rc = str_eq_nocase(buf_str(&answer), "y") || str_eq_nocase(buf_str(&answer), "yes");
    }
    buf_release(&answer);
    arena_release(&a);
    return rc;
}
