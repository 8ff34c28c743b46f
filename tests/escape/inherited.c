/* SPDX-License-Identifier: MIT */
/* Attempts to use something that the session may have inherited from the process that started
 * it: open files, variables, a terminal. */
#include "escape.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FD_MAX = 4096 };

/* Looks for open descriptors other than the three streams and the pipe of try_one(). */
static const char *descriptors(const struct world *w, const struct attempt *a)
{
    bool seen = false;

    (void)w;
    (void)a;
    for (int fd = 3; fd < FD_MAX; fd++) {
        struct stat st;

        if (fcntl(fd, F_GETFD) < 0 || fstat(fd, &st) < 0) {
            continue;
        }
        seen = seen || !S_ISFIFO(st.st_mode) || fd > 5;
    }
    return seen ? OPEN : NONE;
}

static bool stat_is(const struct stat *st, const char *id)
{
    char ours[64];

    (void)snprintf(ours, sizeof(ours), "%ju:%ju", (uintmax_t)st->st_dev, (uintmax_t)st->st_ino);
    return strcmp(ours, id) == 0;
}

/* Examines a standard stream. A file of the host could be written from its beginning, and a
 * directory would lead out of the sandbox. */
static const char *stream(const struct world *w, const struct attempt *a)
{
    const char *host = given(w, "tty");
    struct stat st;

    if (fstat((int)a->nr, &st) < 0) {
        return failure(errno);
    }
    /* The sandbox's devpts has terminals with the same numbers, so the device number of the
     * file system is compared as well. */
    if (host != NULL && stat_is(&st, host)) {
        return OPEN;
    }
    return S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) || S_ISBLK(st.st_mode) ||
                   S_ISSOCK(st.st_mode)
               ? OPEN
               : OWN;
}

/* Goes up from the working directory to the root, which must be the sandbox's. */
static const char *way_up(const struct world *w, const struct attempt *a)
{
    (void)a;
    for (int i = 0; i < 64; i++) {
        (void)chdir("..");
    }
    return whose(w, open(".", O_PATH | O_DIRECTORY | O_CLOEXEC), "/");
}

static const char *variable(const struct world *w, const struct attempt *a)
{
    const char *mark = given(w, "mark");
    const char *value = getenv(a->what);

    if (mark == NULL) {
        return NOT_GIVEN;
    }
    return value == NULL ? NONE : strstr(value, mark) != NULL ? OPEN : OWN;
}

/* Looks for any variable that contains the mark of the test. */
static const char *variables(const struct world *w, const struct attempt *a)
{
    const char *mark = given(w, "mark");

    (void)a;
    for (char **e = environ; mark != NULL && *e != NULL; e++) {
        if (strstr(*e, mark) != NULL) {
            return OPEN;
        }
    }
    return mark == NULL ? NOT_GIVEN : NONE;
}

static const char *terminal(const struct world *w, const struct attempt *a)
{
    (void)w;
    (void)a;
    return open("/dev/tty", O_RDWR | O_CLOEXEC) < 0 ? failure(errno) : OWN;
}

/* Looks for signals that are blocked from outside. Programs would not get them from init. */
static const char *blocked_signals(const struct world *w, const struct attempt *a)
{
    sigset_t blocked;

    (void)w;
    (void)a;
    (void)sigprocmask(SIG_BLOCK, NULL, &blocked);
    for (int signo = 1; signo < 32; signo++) {
        if (sigismember(&blocked, signo) == 1) {
            return OPEN;
        }
    }
    return NONE;
}

#define VARIABLE(name, why)                                                                    \
    {                                                                                          \
        "find the variable", name, variable, "NONE|OWN out=OPEN|OWN", why, 0,                  \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }
#define STREAM(name, number)                                                                   \
    {                                                                                          \
        "see what is", name, stream, "OWN out=OPEN|OWN", "a file of the host's", number,       \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }

/* clang-format off */
static const struct attempt attempts[] = {
    {"find", "descriptors of the host's", descriptors, "NONE out=OPEN", "a directory that leads out, a secret, a socket", 0, {NULL}},
    STREAM("standard input", STDIN_FILENO),
    STREAM("standard output", STDOUT_FILENO),
    STREAM("standard error", STDERR_FILENO),
    {"go up from", "the project", way_up, "OWN landlock-only=OPEN out=OPEN", "the host's root", 0, {NULL}},
    {"open", "the controlling terminal", terminal, "ENXIO tty=OWN docker-tty=OWN", "input as if the user typed it", 0, {NULL}},
    {"find", "signals blocked", blocked_signals, "NONE", "programs that no signal ends", 0, {NULL}},
    VARIABLE("SSH_CONNECTION", "the address of the user"),
    VARIABLE("SSH_CLIENT", "the address of the user"),
    VARIABLE("DOCKER_HOST", "an engine"),
    VARIABLE("DBUS_SESSION_BUS_ADDRESS", "the user's session"),
    VARIABLE("XAUTHORITY", "the user's screen"),
    VARIABLE("KUBECONFIG", "a cluster"),
    VARIABLE("GITHUB_TOKEN", "repositories"),
    VARIABLE("GH_TOKEN", "repositories"),
    VARIABLE("NPM_TOKEN", "packages"),
    VARIABLE("VAULT_TOKEN", "all stored secrets"),
    VARIABLE("DATABASE_URL", "a database"),
    VARIABLE("AWS_SESSION_TOKEN_OF_MINE", "a cloud"),
    VARIABLE("OPENAI_API_KEY", "an account at another company"),
    VARIABLE("GPG_AGENT_INFO", "keys"),
    VARIABLE("LD_PRELOAD", "code in every program"),
    VARIABLE("LD_LIBRARY_PATH", "code in every program"),
    VARIABLE("BASH_ENV", "code in every shell"),
    VARIABLE("NODE_OPTIONS", "code in every node"),
    VARIABLE("PYTHONSTARTUP", "code in every python"),
    VARIABLE("GIT_SSH_COMMAND", "code in every git"),
    VARIABLE("PROMPT_COMMAND", "code in every shell"),
    VARIABLE("XDG_RUNTIME_DIR", "the path of cco's secrets"),
    VARIABLE("OLDPWD", "a directory of the user"),
    VARIABLE("MAIL", "the path of the user's mail"),
    VARIABLE("SUDO_COMMAND", "the command that the user called"),
    {"find", "another variable that is the host's", variables, "NONE out=OPEN", "a value of the host", 0, {NULL}},
};
/* clang-format on */

const struct attempt *attempts_inherited(size_t *count)
{
    *count = sizeof(attempts) / sizeof(attempts[0]);
    return attempts;
}
