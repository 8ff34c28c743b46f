/* SPDX-License-Identifier: MIT */
/* Which of the two lives it is, and what holds for both. */
int cco_main(int argc, char **argv, char **env);
#define main cco_main
#include "main.c"
#undef main

#include "child.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <stdlib.h>

/* The exit status of main() in a child, whose output goes to a file; 98: it can be looked into.
 */
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
    is_int(run("cco", "--version", NULL), 0, "on the host, and nobody looks into it");
    is_str(get_file(in_tmp("out")), "cco " CCO_VERSION "\n", "its version");
    is_int(run("cco", "init", "--dry-run"), 0, "init is a word for claude there");
    ok(strstr(get_file(in_tmp("out")), "\"init\"") != NULL, "and goes to it");
    is_int(run("cco", "line", NULL), 125, "so is line, under any other name than init's");
    ok(strstr(get_file(in_tmp("out")), "/nowhere/docker.sock") != NULL,
       "which wants an engine");
    ok(run(PLAN_INIT_PATH, "line", NULL) != 0,
       "under init's name it leads to a sandbox's init");
    ok(strstr(get_file(in_tmp("out")), "/nowhere") == NULL, "and wants no engine");
    tmpdir_remove();
    return done_testing();
}
