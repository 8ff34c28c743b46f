/* SPDX-License-Identifier: MIT */
/* Which program a process becomes by its name and its arguments. */
int cco_main(int argc, char **argv, char **env);
#define main cco_main
#include "main.c"
#undef main

#include "child.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <stdlib.h>

/* Runs main() in a child, whose output goes to a file. Returns its exit status, and 98 if other
 * processes can read its memory. */
static int run(const char *name, const char *first, const char *second)
{
    static char words[3][64];
    static char home[600];
    char *argv[4] = {words[0], words[1], second == NULL ? NULL : words[2], NULL};
    static char host[] = "DOCKER_HOST=unix:///nowhere/docker.sock";
    char *env[] = {home, host, NULL};
    int status = 0;
    pid_t pid;

    (void)snprintf(words[0], sizeof(words[0]), "%s", name);
    (void)snprintf(words[1], sizeof(words[1]), "%s", first);
    (void)snprintf(words[2], sizeof(words[2]), "%s", second == NULL ? "" : second);
    (void)snprintf(home, sizeof(home), "HOME=%s", in_tmp("home"));
    (void)fflush(stdout);
    pid = fork();
    if (pid == 0) {
        int out = open(in_tmp("out"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        int in = open("/dev/null", O_RDONLY | O_CLOEXEC);

        if (out < 0 || in < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0 ||
            chdir(in_tmp("home/project")) < 0) {
            _exit(99);
        }
        status = cco_main(second == NULL ? 2 : 3, argv, env);
        (void)fflush(stdout);
        _exit(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? status : 98);
    }
    return status_of(pid);
}

int main(void)
{
    tmpdir_make();
    (void)mkdir(in_tmp("home"), 0700);
    (void)mkdir(in_tmp("home/project"), 0700);
    is_int(run("cco", "--version", NULL), 0,
           "cco runs on the host, and its memory cannot be read");
    is_str(get_file(in_tmp("out")), "cco " CCO_VERSION "\n", "cco prints its version");
    is_int(run("cco", "init", "--dry-run"), 0, "on the host, init is a word for claude");
    ok(strstr(get_file(in_tmp("out")), "\"init\"") != NULL, "the word init passes to claude");
    is_int(run("cco", "line", NULL), 125,
           "under another name than init's, line is a word for claude");
    ok(strstr(get_file(in_tmp("out")), "/nowhere/docker.sock") != NULL,
       "the word line needs an engine for claude");
    ok(run(PLAN_INIT_PATH, "line", NULL) != 0,
       "under init's name, line is the helper, which fails outside of a sandbox");
    ok(strstr(get_file(in_tmp("out")), "/nowhere") == NULL,
       "the helper does not need an engine");
    tmpdir_remove();
    return done_testing();
}
