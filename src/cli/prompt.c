/* SPDX-License-Identifier: MIT */
#include "cli/prompt.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/env.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/str.h"
#include "net/wait.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

enum { ANSWER_MAX = 64, TRIES = 3 };

/* Prints `question` on stderr and reads one line from stdin. Adds the line without blanks
 * around it to `answer`. Returns 1 on success, 0 at the end of the file, and -1 on error. */
static int ask(const char *question, struct sig *sig, struct buf *answer, struct err *e)
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
    rc = ask(arena_printf(&a, "%s [y/N]", question), sig, &answer, e);
    if (rc == 1) {
        rc = str_eq_nocase(buf_str(&answer), "y") || str_eq_nocase(buf_str(&answer), "yes");
    }
    buf_release(&answer);
    arena_release(&a);
    return rc;
}

bool prompt_can_ask(char *const *env)
{
    const char *ci = env_value(env, "CI");

    return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 &&
           (ci == NULL || ci[0] == '\0' || str_eq_c(str_c(ci), "false"));
}

/* Returns 1, 0 or 2 for an answer that means yes, no or quit, and -1 for another answer. */
static int meaning(struct str word, bool has_no)
{
    if (str_eq_nocase(word, "y") || str_eq_nocase(word, "yes")) {
        return 1;
    }
    if (has_no && (str_eq_nocase(word, "n") || str_eq_nocase(word, "no"))) {
        return 0;
    }
    return str_eq_nocase(word, "q") || str_eq_nocase(word, "quit") ? 2 : -1;
}

int prompt_choice(const char *question, bool has_no, struct sig *sig, struct err *e)
{
    struct arena a = {0};
    struct buf answer;
    int rc = -1;

    question = arena_printf(&a, "%s %s", question, has_no ? "[y/n/q]" : "[y/q]");
    buf_init(&answer, ANSWER_MAX);
    for (int i = 0; rc < 0 && i < TRIES; i++) {
        int got;

        buf_reset(&answer);
        got = ask(question, sig, &answer, e);
        if (got < 0) {
            break;
        }
        rc = got == 0 ? 2 : meaning(buf_str(&answer), has_no);
    }
    buf_release(&answer);
    arena_release(&a);
    if (rc == 0 || rc == 1) {
        return rc;
    }
    if (e->kind == ERR_NONE) {
        (void)err_set(e, ERR_CANCELED, "nothing was started");
        e->code = SIGINT;
    }
    return -1;
}
