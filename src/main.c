/* SPDX-License-Identifier: MIT */
/* Chooses which program this process is. One binary is cco on the host, init (process 1 of a
 * sandbox), and the helpers that an engine executes inside a sandbox. */
#include "base/fd.h"
#include "cli/app.h"
#include "init/init.h"
#include "init/sync_main.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Returns true if an engine has executed this process in a sandbox (engine/docker_exec.h). */
static bool is_helper(const char *name)
{
    return strcmp(name, PLAN_INIT_LIVE) == 0 || strcmp(name, PLAN_INIT_PATH) == 0;
}

int main(int argc, char **argv, char **env)
{
    fd_secure_standard();
    /* This process's memory contains logins and keys. Without PR_SET_DUMPABLE the kernel writes
     * no core file of it, and no ordinary process of the user can trace or read it. prctl(2) */
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    /* Only process 1 is init. On a host, `cco init` passes the word to claude, like any other
     * word. */
    if (argc == 3 && getpid() == 1 && strcmp(argv[1], "init") == 0) {
        return init_main(argc - 1, argv + 1);
    }
    if (argc == 2 && is_helper(argv[0]) && strcmp(argv[1], "line") == 0) {
        return init_line_main();
    }
    if (argc == 2 && is_helper(argv[0]) && strcmp(argv[1], "sync") == 0) {
        return sync_main();
    }
    return app_main(argc, argv, env);
}
