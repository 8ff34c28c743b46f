/* SPDX-License-Identifier: MIT */
/* One binary, two lives: on the host it runs sandboxes, inside them it is PID 1. */
#include "base/fd.h"
#include "cli/app.h"
#include "init/init.h"
#include "init/sync_main.h"
#include "plan/plan.h"

#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv, char **env)
{
    fd_secure_standard();
    /* Logins and keys pass through this memory: no core file of it, no look into it
     * (PR_SET_DUMPABLE in prctl(2)). */
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    /* Only PID 1 is ever init: `cco init` on a host goes to claude like any other word. */
    if (argc == 3 && getpid() == 1 && strcmp(argv[1], "init") == 0) {
        return init_main(argc - 1, argv + 1);
    }
    if (argc == 2 && strcmp(argv[0], PLAN_INIT_PATH) == 0 && strcmp(argv[1], "line") == 0) {
        return init_line_main();
    }
    if (argc == 2 && strcmp(argv[0], PLAN_INIT_PATH) == 0 && strcmp(argv[1], "sync") == 0) {
        return sync_main();
    }
    return app_main(argc, argv, env);
}
