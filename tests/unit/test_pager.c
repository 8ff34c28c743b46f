/* SPDX-License-Identifier: MIT */
/* The pager of the user. tests/e2e/test_help.py has less itself. */
#include "cli/pager.h"

#include "child.h"
#include "cli/app.h"
#include "pty.h"
#include "tap.h"
#include "tmpdir.h"

#include <poll.h>
#include <sys/stat.h>

static char pager[120];
static char got[8192];

/* Writes a program that prints its arguments, LESS and its input in capital letters. */
static void make_pager(void)
{
    static const char script[] =
        "#!/bin/sh\nprintf '<%s|%s|%s>' \"$1\" \"$2\" \"$LESS\"\ntr a-z A-Z\nexit 7\n";
    int fd;

    (void)snprintf(pager, sizeof(pager), "%s", in_tmp("pager"));
    fd = open(pager, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
    ok(fd >= 0 && write(fd, script, sizeof(script) - 1) == (ssize_t)sizeof(script) - 1 &&
           close(fd) == 0,
       "a pager");
}

static void read_all(int fd, int timeout_ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    size_t len = strlen(got);

    while (len + 1 < sizeof(got) && poll(&p, 1, timeout_ms) == 1) {
        ssize_t n = read(fd, got + len, sizeof(got) - len - 1);

        if (n <= 0) {
            break;
        }
        len += (size_t)n;
        got[len] = '\0';
    }
}

/* Prints "text" in a child, to a terminal or to a pipe. Sets `got` to what came, and returns
 * the child's status. */
static int print(bool terminal, const char *first, const char *second)
{
    char path[] = "PATH=/usr/bin:/bin";
    char one[200];
    char two[200];
    char *env[] = {path, one, two, NULL};
    struct pty t = pty_new(24, 80);
    int pipe_fds[2];
    int status;
    pid_t pid;

    (void)snprintf(one, sizeof(one), "%s", first != NULL ? first : "");
    (void)snprintf(two, sizeof(two), "%s", second != NULL ? second : "");
    if (pipe(pipe_fds) < 0) {
        abort();
    }
    got[0] = '\0';
    (void)fflush(stdout);
    pid = fork();
    if (pid == 0) {
        static struct app app;
        static struct err e;

        app_init(&app, env);
        if (dup2(terminal ? t.slave : pipe_fds[1], STDOUT_FILENO) < 0 ||
            dup2(pipe_fds[1], STDERR_FILENO) < 0 || sig_open(&app.sig, &e) < 0) {
            _exit(99);
        }
        _exit(pager_print(&app, str_c("text\n"), &e) < 0 ? 98 : 0);
    }
    status = status_of(pid);
    (void)close(pipe_fds[1]);
    read_all(t.master, 100);
    read_all(pipe_fds[0], 1000);
    (void)close(pipe_fds[0]);
    pty_close(&t);
    return status;
}

static void the_pager_takes_the_place_of_cco(void)
{
    char env[200];

    (void)snprintf(env, sizeof(env), "PAGER=%s", pager);
    is_int(print(true, env, NULL), 7, "the status is that of the pager");
    is_str(got, "<||FRX>TEXT\r\n", "it gets the text, and LESS");
    is_int(print(true, env, "LESS=-i"), 7, "with LESS set");
    is_str(got, "<||-i>TEXT\r\n", "LESS is unchanged");
    is_int(print(true, env, "LESS="), 7, "with LESS empty");
    is_str(got, "<||>TEXT\r\n", "LESS is unchanged, too");
    (void)snprintf(env, sizeof(env), "PAGER= %s\t-a   'b;c' ", pager);
    is_int(print(true, env, NULL), 7, "with arguments");
    is_str(got, "<-a|'b;c'|FRX>TEXT\r\n", "they are split at blanks, and no shell sees them");
}

static void text_is_printed_without_a_pager(void)
{
    char env[200];

    (void)snprintf(env, sizeof(env), "PAGER=%s", pager);
    is_int(print(false, env, NULL), 0, "to a pipe");
    is_str(got, "text\n", "the text as it is");
    is_int(print(true, "PAGER=", NULL), 0, "with PAGER empty");
    is_str(got, "text\r\n", "the text as it is");
    is_int(print(true, "PAGER=  ", NULL), 0, "with blanks in PAGER");
    is_str(got, "text\r\n", "the text as it is");
    is_int(print(true, "PAGER=cat", NULL), 0, "with PAGER=cat");
    is_str(got, "text\r\n", "the text as it is");
}

static void a_pager_that_cannot_run_gets_a_warning(void)
{
    char env[200];

    is_int(print(true, "PAGER=/nowhere/pager -x", NULL), 0, "without such a program");
    ok(strncmp(got, "text\r\n", 6) == 0 && strstr(got, "PAGER: /nowhere/pager") != NULL,
       "the text is printed, with a warning: %s", got);
    (void)mkdir(in_tmp("dir"), 0700);
    (void)snprintf(env, sizeof(env), "PAGER=%s", in_tmp("dir"));
    is_int(print(true, env, NULL), 0, "with a directory in place of a program");
    ok(strncmp(got, "text\r\n", 6) == 0 && strstr(got, "PAGER: ") != NULL, "the same: %s", got);
}

int main(void)
{
    tmpdir_make();
    make_pager();
    the_pager_takes_the_place_of_cco();
    text_is_printed_without_a_pager();
    a_pager_that_cannot_run_gets_a_warning();
    tmpdir_remove();
    return done_testing();
}
