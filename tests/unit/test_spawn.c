/* SPDX-License-Identifier: MIT */
#include "base/spawn.h"

#include "base/env.h"
#include "base/fd.h"
#include "base/pty.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

static char path_variable[] = "PATH=/usr/bin:/bin";
static char *env[] = {path_variable, NULL};

static struct spawn shell(const char **argv, const char *script, int null)
{
    argv[0] = "sh";
    argv[1] = "-c";
    argv[2] = script;
    argv[3] = NULL;
    return (struct spawn){.program = "/bin/sh",
                          .argv = argv,
                          .env = env,
                          .in = null,
                          .out = null,
                          .err = null,
                          .terminal = -1};
}

static int status_of(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void streams(int null)
{
    const char *argv[4];
    struct spawn s = shell(argv, "read x; echo \"$x $PWD\"; echo error >&2", null);
    int to[2];
    int from[2];
    char got[256] = "";
    struct err e = {0};
    pid_t pid;

    ok(fd_pipe(to, &e) == 0 && fd_pipe(from, &e) == 0, "two pipes are made");
    s.in = to[0];
    s.out = s.err = from[1];
    s.dir = "/usr";
    pid = spawn_start(&s, &e);
    ok(pid > 0 && getsid(pid) == pid, "the program has its own terminal session");
    fd_close(&to[0]);
    fd_close(&from[1]);
    (void)fd_write_all(to[1], "word\n", 5, &e);
    is_int(status_of(pid), 0, "the program ends");
    (void)fd_read(from[0], got, sizeof(got) - 1);
    is_str(got, "word /usr\nerror\n", "it has the given streams and working directory");
    fd_close(&to[1]);
    fd_close(&from[0]);
}

static void hung_up(int null)
{
    const char *argv[4];
    struct spawn s = shell(argv, "echo ready > /dev/tty; exec sleep 1000", null);
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction before;
    char got[64];
    int master = -1;
    int slave = -1;
    struct err e = {0};
    pid_t pid;

    ok(pty_open(&master, &slave, &e) == 0, "a pseudo-terminal is made");
    s.err = s.terminal = slave; /* a master can be read only while its slave is open */
    (void)sigaction(SIGHUP, &ignore, &before); /* as nohup does */
    pid = spawn_start(&s, &e);
    (void)sigaction(SIGHUP, &before, NULL);
    fd_close(&slave);
    (void)fcntl(master, F_SETFL, 0);
    ok(pid > 0 && fd_read(master, got, sizeof(got)) > 0,
       "the terminal is the program's controlling terminal");
    fd_close(&master);
    is_int(status_of(pid), 128 + SIGHUP, "SIGHUP ends the program when the master is closed");
}

int main(void)
{
    const char *argv[4];
    char script[128];
    struct err e = {0};
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    struct spawn s = shell(argv, "exit 5", null);

    is_int(status_of(spawn_start(&s, &e)), 5, "a program runs and exits with its status");
    (void)snprintf(script, sizeof(script),
                   "read -r _ _ _ _ g s _ </proc/$$/stat; test $g-$s = %d-%d", (int)getpgrp(),
                   (int)getsid(0));
    argv[2] = script;
    is_int(status_of(spawn_start(&s, &e)), 1,
           "without `joins`, a program has its own process group and session");
    s.joins = true;
    is_int(status_of(spawn_start(&s, &e)), 0, "with `joins`, it has those of the caller");
    s.joins = false;
    argv[2] = "exit 5";
    s.program = "/nonexistent/program";
    ok(spawn_start(&s, &e) < 0 && e.kind == ERR_SYS && e.errnum == ENOENT, "%s", e.text);
    s.program = "/bin/sh";
    s.dir = "/nonexistent";
    ok(spawn_start(&s, &e) < 0 && e.errnum == ENOENT,
       "a missing working directory is an error: %s", e.text);
    streams(null);
    hung_up(null);
    return done_testing();
}
