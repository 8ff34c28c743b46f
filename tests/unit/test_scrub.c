/* SPDX-License-Identifier: MIT */
/* Tests that a forked process shows nothing of the arguments and environment of its parent. */
#include "native/scrub.h"

#include "base/file.h"
#include "child.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { TEXT_MAX = 1 << 20 };

static const char *secret;

static bool holds(const char *path, const char *what)
{
    struct buf text;
    struct err e = {0};
    bool found;

    buf_init(&text, TEXT_MAX);
    found = file_read(path, &text, &e) < 0 || text.len == 0 ||
            memmem(buf_data(&text), text.len, what, strlen(what)) != NULL;
    buf_release(&text);
    return found;
}

/* Returns 0 if scrub() removes everything, and otherwise the number of the failed step. */
static int scrubbed(const char *name)
{
    struct err e = {0};
    char comm[16] = "";

    if (!holds("/proc/self/environ", "CCO_TEST_HIDDEN=of-the-host") ||
        !holds("/proc/self/cmdline", "an-argument")) {
        return 2;
    }
    if (scrub(name, &e) < 0) {
        return 3;
    }
    if (holds("/proc/self/environ", "of-the-host") || strncmp(secret, "of-", 3) == 0 ||
        getenv("CCO_TEST_HIDDEN") != NULL) {
        return 4;
    }
    if (holds("/proc/self/cmdline", "an-argument") ||
        !holds("/proc/self/cmdline", "/cco-init")) {
        return 5;
    }
    (void)prctl(PR_GET_NAME, comm);
    if (strcmp(comm, "cco-init") != 0) {
        return 6;
    }
    return setenv("PATH", "/bin", 1) == 0 && strcmp(getenv("PATH"), "/bin") == 0 ? 0 : 7;
}

/* Runs this program with arguments that are shorter than the name. */
static int short_child(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        char *args[] = {(char[]){"c"}, (char[]){"s"}, NULL};
        char *vars[] = {(char[]){"CCO_TEST_HIDDEN=of-the-host"}, NULL};

        (void)execve("/proc/self/exe", args, vars);
        _exit(99);
    }
    return status_of(pid);
}

/* The program that short_child() runs. */
static int short_arguments(void)
{
    struct err e = {0};

    return scrub("/cco-init", &e) == 0 && holds("/proc/self/cmdline", "/cco-init") &&
                   !holds("/proc/self/cmdline", "of-the-host")
               ? 0
               : 1;
}

static int scrubbed_child(const char *name)
{
    pid_t pid = fork();

    if (pid == 0) {
        _exit(scrubbed(name));
    }
    return status_of(pid);
}

int main(int argc, char **argv, char **env)
{
    static char hidden[] = "CCO_TEST_HIDDEN=of-the-host";
    char *again[] = {argv[0], (char[]){"an-argument"}, NULL};
    char *with[] = {hidden, (char[]){"OTHER="}, NULL};

    (void)env;
    if (argc == 1) {
        (void)execve("/proc/self/exe", again, with);
        return 1;
    }
    if (argc == 2 && strcmp(argv[1], "s") == 0) {
        return short_arguments();
    }
    secret = getenv("CCO_TEST_HIDDEN");
    is_int(scrubbed_child("/cco-init"), 0, "arguments and environment are removed");
    is_int(scrubbed_child(
               "/cco-init of a name that is longer than all there was before, by far, "
               "whatever the path to this program may have been, and then some more, and "
               "some more, and some more, and some more, and some more, and some more"),
           6, "a name that is longer than the arguments is cut");
    is_int(short_child(), 0, "short arguments do not cut the name");
    is_str(secret, "of-the-host", "the environment of the parent is unchanged");
    return done_testing();
}
