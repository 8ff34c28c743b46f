/* SPDX-License-Identifier: MIT */
/* Runs commands as init does, but not as process 1. Needs root, because privileges are
 * dropped. */
#include "init/job.h"

#include "base/fd.h"
#include "tap.h"
#include "tmpdir.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena arena;
static struct sig sig = {.fd = -1};
static struct boot boot;

static void start(struct job *j, const char *script, bool tty)
{
    struct err e = {0};

    boot = (struct boot){.uid = 4321,
                         .gid = 4321,
                         .user = "ann",
                         .home = "/",
                         .workdir = "/",
                         .shell = "/bin/sh",
                         .tty = tty};
    strv_add(&boot.argv, &arena, "sh");
    strv_add(&boot.argv, &arena, "-c");
    strv_add(&boot.argv, &arena, script);
    strv_add(&boot.env, &arena, "PATH=/usr/bin:/bin");
    job_init(j, &boot);
    if (job_open(j, &e) == 0) {
        job_start(j, &arena, &sig);
    } else {
        (void)printf("# %s\n", e.text);
    }
}

/* Waits until the command has ended. If it stops itself, continues it, and returns true. */
static bool finish(struct job *j)
{
    bool stopped = false;

    for (int i = 0; i < 500 && !j->ended; i++) {
        (void)usleep(10000);
        if (job_reap(j)) {
            stopped = true;
            job_signal(j, SIGCONT);
        }
    }
    return stopped;
}

/* Checks what can be read from `fd`. */
static void reads(int fd, const char *want, const char *name)
{
    char got[256];
    struct pollfd p = {.fd = fd, .events = POLLIN};
    ssize_t n = poll(&p, 1, 5000) > 0 ? fd_read(fd, got, sizeof(got)) : 0;

    is_mem(got, n > 0 ? (size_t)n : 0, want, strlen(want), name);
}

static void missing_program_that_an_option_needs_is_named(void)
{
    struct job j;

    start(&j, "", false);
    job_close(&j);
    (void)finish(&j);
    boot.argv.v[boot.argv.count - 1] = "echo error >&2";
    strv_add(&boot.wanted, &arena, "sh it is there");
    strv_add(&boot.wanted, &arena, "no-such-program cco: --docker: no docker");
    job_init(&j, &boot);
    job_start(&j, &arena, &sig);
    (void)finish(&j);
    reads(j.err, "cco: --docker: no docker\nerror\n",
          "only the line of a program that is not there is printed, before the command runs");
    job_close(&j);
}

static void command_has_the_umask_and_the_limits_of_the_caller(void)
{
    struct job j;

    start(&j, "", false);
    job_close(&j);
    (void)finish(&j);
    boot.argv.v[boot.argv.count - 1] = "umask; ulimit -n; ulimit -H -n; kill -USR1 $$; nice";
    boot.umask = 026;
    boot.nice = 7;
    strv_add(&boot.ignored, &arena, "USR1");
    strv_add(&boot.ignored, &arena, "unknown");
    strv_add(&boot.limits, &arena, "nofile 40 50");
    strv_add(&boot.limits, &arena, "nproc unlimited unlimited");
    job_init(&j, &boot);
    job_start(&j, &arena, &sig);
    (void)finish(&j);
    reads(j.out, "0026\n40\n50\n7\n",
          "the command has its umask, its limits and its nice value, and ignores the signal");
    job_close(&j);
    boot.limits.v[0] = "nofile none";
    job_init(&j, &boot);
    job_start(&j, &arena, &sig);
    ok(j.ended && j.exit.reason == FRAME_NOT_STARTED,
       "a command does not start if a limit is malformed: %s", j.why.text);
    job_close(&j);
}

static void commands_run_and_end(void)
{
    struct job j;

    start(&j, "read x; echo \"got $x\"; echo err >&2; exit 3", false);
    ok(!j.ended && fd_write(j.in, "it\n", 3) == 3, "a command on pipes starts and gets input");
    reads(j.out, "got it\n", "the output comes through a pipe");
    reads(j.err, "err\n", "the error output comes through another pipe");
    (void)finish(&j);
    ok(j.exit.status == 3 && j.exit.reason == FRAME_EXITED, "the job has the command's status");
    job_close(&j);
    start(&j, "kill -STOP $$; kill -USR2 $$", false);
    ok(finish(&j) && j.exit.status == 128 + SIGUSR2 && j.exit.reason == FRAME_SIGNALED &&
           j.exit.signo == SIGUSR2,
       "a command that stopped itself and was ended by a signal is reported");
    job_close(&j);
    start(&j, "exec sleep 60", false);
    job_signal(&j, SIGTSTP);
    (void)usleep(50000);
    ok(!job_reap(&j), "a stop from outside is not reported as the command's own");
    job_signal(&j, SIGCONT);
    job_signal(&j, SIGTERM);
    (void)finish(&j);
    is_int(j.exit.status, 143, "a continued command gets later signals");
    job_close(&j);
    start(&j, "tty >/dev/null && echo yes; (sleep 60 &)", true);
    reads(j.out, "yes\r\n", "a command on a terminal writes to it");
    (void)finish(&j);
    is_int(j.exit.status, 0, "a command on a terminal ends although a child of it runs");
    job_sweep(&j, 0);
    job_close(&j);
    start(&j, "x", false);
    boot.argv.v[0] = "/nowhere/at-all";
    job_close(&j);
    (void)finish(&j);
    job_init(&j, &boot);
    job_start(&j, &arena, &sig);
    ok(j.ended && j.exit.status == 127 && j.exit.reason == FRAME_NOT_STARTED &&
           strstr(j.why.text, "/nowhere/at-all") != NULL,
       "a missing command is reported: %s", j.why.text);
    job_close(&j);
    (void)setenv("PATH", tmpdir, 1);
    put_file(in_tmp("script"), "#!/nowhere/interpreter\n");
    (void)chmod(tmpdir, 0755);
    (void)chmod(in_tmp("script"), 0755);
    for (int i = 0; i < 2; i++) {
        boot.argv.v[0] = i == 0 ? in_tmp("script") : "script";
        job_init(&j, &boot);
        job_start(&j, &arena, &sig);
        ok(j.ended && j.exit.status == 126 && j.exit.reason == FRAME_NOT_STARTED &&
               strstr(j.why.text, "interpreter") != NULL,
           "a missing interpreter is reported: %s", j.why.text);
        job_close(&j);
    }
    boot.argv.v[0] = "scrip";
    job_init(&j, &boot);
    job_start(&j, &arena, &sig);
    is_int(j.exit.status, 127, "a command that is not in PATH gives 127");
    job_close(&j);
}

int main(void)
{
    struct err e = {0};

    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
    if (geteuid() != 0) {
        ok(true, "commands # SKIP needs root");
        return done_testing();
    }
    is_int(sig_open(&sig, &e), 0, "the signal descriptor opens");
    tmpdir_make();
    missing_program_that_an_option_needs_is_named();
    command_has_the_umask_and_the_limits_of_the_caller();
    commands_run_and_end();
    tmpdir_remove();
    sig_close(&sig);
    arena_release(&arena);
    return done_testing();
}
