/* SPDX-License-Identifier: MIT */
/* escape PLACE NAME=VALUE... makes all attempts and prints a line of TAP for each. escape
 * --list prints their names, expected results and reasons. escape --bait KEY DIR: see bait.c.
 * escape --who prints the uid, the gid and the capabilities with which it runs. */
#include "escape.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORD = 64, SECONDS = 20 };

struct world {
    const char *place; /* where this program runs: the kind of sandbox, or outside */
    char **values;     /* the arguments NAME=VALUE */
    int count;
    long init; /* the pid of the session's init */
};

/* If an attempt has no word for a place, the word for the kind of the place applies, and so on.
 */
static const struct {
    const char *place, *kind;
} kinds[] = {{"user", "native"},
             {"none", "native"},
             {"userns", "native"},
             {"userns-user", "userns"},
             {"tty", "native"},
             {"subids", "user"},
             {"docker-tty", "docker"},
             {"landlock-only-user", "landlock-only"},
             {"podman", "docker"},
             {"podman-rootless", "podman"},
             {"docker-rootless", "docker"},
             {"out-user", "out"}};

#define ERRNO(x)                                                                               \
    {                                                                                          \
        x, #x                                                                                  \
    }
static const struct {
    int number;
    const char *name;
} errnos[] = {
    ERRNO(EPERM),        ERRNO(ENOENT),          ERRNO(ESRCH),           ERRNO(EINTR),
    ERRNO(EIO),          ERRNO(ENXIO),           ERRNO(E2BIG),           ERRNO(ENOEXEC),
    ERRNO(EBADF),        ERRNO(ECHILD),          ERRNO(EAGAIN),          ERRNO(ENOMEM),
    ERRNO(EACCES),       ERRNO(EFAULT),          ERRNO(ENOTBLK),         ERRNO(EBUSY),
    ERRNO(EEXIST),       ERRNO(EXDEV),           ERRNO(ENODEV),          ERRNO(ENOTDIR),
    ERRNO(EISDIR),       ERRNO(EINVAL),          ERRNO(ENFILE),          ERRNO(EMFILE),
    ERRNO(ENOTTY),       ERRNO(ETXTBSY),         ERRNO(EFBIG),           ERRNO(ENOSPC),
    ERRNO(EROFS),        ERRNO(ENOSYS),          ERRNO(ENOTEMPTY),       ERRNO(ELOOP),
    ERRNO(EOPNOTSUPP),   ERRNO(EAFNOSUPPORT),    ERRNO(ECONNREFUSED),    ERRNO(ENETUNREACH),
    ERRNO(EHOSTUNREACH), ERRNO(EADDRNOTAVAIL),   ERRNO(ENOKEY),          ERRNO(EUSERS),
    ERRNO(ENOTCONN),     ERRNO(EISCONN),         ERRNO(EPROTONOSUPPORT), ERRNO(ETIMEDOUT),
    ERRNO(EDQUOT),       ERRNO(ESOCKTNOSUPPORT), ERRNO(ENODATA),         ERRNO(EMLINK),
    ERRNO(EOVERFLOW)};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

const char *failure(int errnum)
{
    static char other[WORD];

    for (size_t i = 0; i < COUNT(errnos); i++) {
        if (errnos[i].number == errnum) {
            return errnos[i].name;
        }
    }
    (void)snprintf(other, sizeof(other), "errno-%d", errnum);
    return other;
}

const char *result(long rc)
{
    return rc < 0 ? failure(errno) : OPEN;
}

const char *given(const struct world *w, const char *name)
{
    size_t len = strlen(name);

    for (int i = 0; i < w->count; i++) {
        if (strncmp(w->values[i], name, len) == 0 && w->values[i][len] == '=') {
            return w->values[i] + len + 1;
        }
    }
    return NULL;
}

long given_number(const struct world *w, const char *name)
{
    const char *text = given(w, name);

    return text == NULL ? 0 : strtol(text, NULL, 0);
}

const char *place(const struct world *w, const char *path, char out[TEXT])
{
    char name[WORD];
    size_t end = path[0] == '@' ? strcspn(path, "/") : path[0] == '/' ? 0 : 1;
    const char *base = "";

    if (end > 0) {
        (void)snprintf(name, sizeof(name), "%.*s", (int)end - 1, path + 1);
        base = given(w, path[0] == '~' ? "home" : path[0] == '%' ? "project" : name);
    }
    if (base == NULL) {
        return NULL;
    }
    (void)snprintf(out, TEXT, "%s%s", base, path + end);
    return out;
}

long init_pid(const struct world *w)
{
    return w->init;
}

static const char *whose_stat(const struct world *w, const struct stat *st, const char *path)
{
    char name[TEXT];
    char id[WORD];
    const char *host;

    (void)snprintf(name, sizeof(name), "id:%s", path);
    (void)snprintf(id, sizeof(id), "%ju:%ju", (uintmax_t)st->st_dev, (uintmax_t)st->st_ino);
    host = given(w, name);
    return host != NULL && strcmp(host, id) == 0 ? OPEN : OWN;
}

const char *whose(const struct world *w, int fd, const char *path)
{
    struct stat st;

    return fstat(fd, &st) < 0 ? failure(errno) : whose_stat(w, &st, path);
}

const char *call(const struct world *w, const struct attempt *a)
{
    (void)w;
    return result(
        syscall(a->nr, a->args[0], a->args[1], a->args[2], a->args[3], a->args[4], a->args[5]));
}

/* Finds the word for a place among the expected results, and writes it to `out`. Returns `out`,
 * and NULL if there is none. */
static const char *word_for(const char *wanted, const char *where, char out[WORD])
{
    size_t len = strlen(where);

    while (*wanted != '\0') {
        size_t end = strcspn(wanted, " ");
        size_t name = strcspn(wanted, "= ");
        bool named = name < end;

        if (named ? name == len && strncmp(wanted, where, len) == 0 : len == 0) {
            size_t skip = named ? len + 1 : 0;

            (void)snprintf(out, WORD, "%.*s", (int)(end - skip), wanted + skip);
            return out;
        }
        wanted += end + strspn(wanted + end, " ");
    }
    return NULL;
}

/* Returns the expected result in a place, and "-" if the attempt is not made there. */
static const char *expected(const char *wanted, const char *where, char out[WORD])
{
    bool outside = false;

    while (where != NULL) {
        const char *kind = NULL;

        if (word_for(wanted, where, out) != NULL) {
            return out;
        }
        outside = outside || strcmp(where, "out") == 0;
        for (size_t i = 0; i < COUNT(kinds); i++) {
            kind = strcmp(kinds[i].place, where) == 0 ? kinds[i].kind : kind;
        }
        where = kind;
    }
    return outside || word_for(wanted, "", out) == NULL ? "-" : out;
}

/* Returns true if the word is one of `words`, which '|' separates. */
static bool is_one_of(const char *words, const char *word)
{
    size_t len = strlen(word);

    for (const char *at = words; *at != '\0'; at += *at == '|') {
        size_t end = strcspn(at, "|");

        if (end == len && strncmp(at, word, len) == 0) {
            return true;
        }
        at += end;
    }
    return false;
}

/* Makes an attempt in a process of its own, which may die of it, and writes the result to
 * `got`. */
static void try_one(const struct world *w, const struct attempt *a, char got[WORD])
{
    int fds[2];
    int status = 0;
    pid_t pid;
    ssize_t len;

    if (pipe(fds) < 0 || (pid = fork()) < 0) {
        (void)snprintf(got, WORD, "%.32s", failure(errno));
        return;
    }
    if (pid == 0) {
        const char *end;

        (void)close(fds[0]);
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)alarm(SECONDS);
        end = a->try(w, a);
        _exit(write(fds[1], end, strlen(end)) < 0 ? 1 : 0);
    }
    (void)close(fds[1]);
    len = read(fds[0], got, WORD - 1);
    got[len > 0 ? len : 0] = '\0';
    (void)close(fds[0]);
    (void)waitpid(pid, &status, 0);
    if (len <= 0) {
        (void)snprintf(got, WORD, "%s-%d", WIFSIGNALED(status) ? "signal" : "exit",
                       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    }
}

typedef const struct attempt *(*subject)(size_t *count);

static const subject subjects[] = {attempts_reading,  attempts_writing,  attempts_processes,
                                   attempts_mounts,   attempts_kernel,   attempts_network,
                                   attempts_identity, attempts_inherited};

/* Makes an attempt and prints its line. Returns false if the result is wrong. */
static bool report(const struct world *w, const struct attempt *a, int number)
{
    char wanted[WORD] = "";
    char got[WORD] = "";
    const char *want = expected(a->wanted, w->place, wanted);
    bool fine;

    if (strcmp(want, "-") == 0) {
        (void)printf("ok %d - %s %s # SKIP not made in this place\n", number, a->verb, a->what);
        return true;
    }
    (void)fflush(stdout);
    try_one(w, a, got);
    if (strcmp(got, ABSENT) == 0) {
        (void)printf("ok %d - %s %s # SKIP this machine does not have it\n", number, a->verb,
                     a->what);
        return true;
    }
    fine = is_one_of(want, got);
    (void)printf("%sok %d - %s %s # %s", fine ? "" : "not ", number, a->verb, a->what, got);
    if (!fine) {
        (void)printf(", not %s: %s", want, a->why);
    }
    (void)putchar('\n');
    return fine;
}

static int all(const struct world *w, bool list)
{
    int number = 0;
    int failed = 0;

    for (size_t i = 0; i < COUNT(subjects); i++) {
        size_t count = 0;
        const struct attempt *a = subjects[i](&count);

        for (size_t k = 0; k < count; k++) {
            if (list) {
                (void)printf("%s %s\t%s\t%s\n", a[k].verb, a[k].what, a[k].wanted, a[k].why);
            } else {
                failed += report(w, &a[k], ++number) ? 0 : 1;
            }
        }
    }
    if (!list) {
        (void)printf("1..%d\n", number);
    }
    return failed > 0 ? 1 : 0;
}

/* Shows what a setuid file, or a file with capabilities, has made of the process that runs it.
 */
static int who(void)
{
    char line[TEXT];
    FILE *f = fopen("/proc/self/status", "re");

    (void)printf("%d %d", (int)geteuid(), (int)getegid());
    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        if (strncmp(line, "CapEff:\t", 8) == 0) {
            (void)printf(" %.16s", line + 8);
        }
    }
    (void)putchar('\n');
    return 0;
}

int main(int argc, char **argv)
{
    struct world w = {.place = argc > 1 ? argv[1] : "", .values = argv + 2, .count = argc - 2};

    if (argc < 2) {
        (void)fputs(
            "usage: escape PLACE NAME=VALUE... | --list | --bait NAME=VALUE... | --who\n",
            stderr);
        return 2;
    }
    if (strcmp(argv[1], "--who") == 0) {
        return who();
    }
    if (strcmp(argv[1], "--bait") == 0) {
        return bait(argc, argv);
    }
    (void)signal(SIGURG, SIG_IGN); /* an attempt sends it to every process */
    w.init = strncmp(w.place, "landlock-only", 13) == 0 || strncmp(w.place, "out", 3) == 0
                 ? getppid()
                 : 1;
    return all(&w, strcmp(argv[1], "--list") == 0);
}
