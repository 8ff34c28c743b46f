/* SPDX-License-Identifier: MIT */
#include "base/proc.h"

#include "base/clock.h"
#include "base/fd.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

enum { OUT_MAX = 64 << 10 };

static struct arena arena;

struct ran {
    struct buf out, err;
    struct err e;
    int rc, status;
};

/* Runs `sh -c SCRIPT` with this standard input. */
static struct ran run(const char *script, struct str in, size_t out_max, int timeout_ms)
{
    const char *argv[] = {"sh", "-c", script, NULL};
    char path[] = "PATH=/usr/bin:/bin";
    char *env[] = {path, NULL};
    struct ran r = {.rc = 0, .status = -1};
    struct proc p = {.program = "/bin/sh", .argv = argv, .env = env, .in = in};

    buf_init(&r.out, out_max);
    buf_init(&r.err, 64);
    p.out = &r.out;
    p.err = &r.err;
    p.deadline_ms = clock_ms() + timeout_ms;
    r.rc = proc_run(&p, &r.status, &r.e);
    return r;
}

static void done(struct ran *r)
{
    buf_release(&r->out);
    buf_release(&r->err);
}

static int children(void)
{
    return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD ? 0 : 1;
}

static void answers(void)
{
    static char big[1 << 20];
    struct ran r = run("cat; echo seen >&2; exit 3", str_c("hello"), OUT_MAX, 10000);

    ok(r.rc == 0 && r.status == 3, "the exit status is returned %s", r.e.text);
    is_mem(buf_data(&r.out), r.out.len, "hello", 5,
           "the program gets its input, and its output is returned");
    is_mem(buf_data(&r.err), r.err.len, "seen\n", 5, "its standard error is returned");
    done(&r);
    memset(big, 'x', sizeof(big));
    r = run("cat", str_n(big, sizeof(big)), sizeof(big), 20000);
    is_mem(buf_data(&r.out), r.out.len, big, sizeof(big),
           "a mebibyte of input and output is passed");
    done(&r);
    r = run("exec true", str_n(big, sizeof(big)), OUT_MAX, 10000);
    ok(r.rc == 0 && r.status == 0, "a program need not read its input: %s", r.e.text);
    done(&r);
    r = run("exec >&- 2>&-; cat >/dev/null; exit 5", str_n(big, sizeof(big)), OUT_MAX, 10000);
    ok(r.rc == 0 && r.status == 5, "a program may close its output and read on");
    done(&r);
    r = run("kill -KILL $$", str_c(""), OUT_MAX, 10000);
    ok(r.rc == 0 && r.status == 128 + SIGKILL,
       "a program that a signal ended has the status 128 + n");
    done(&r);
    r = run("i=0; while [ $i -lt 999 ]; do echo line $i >&2; i=$((i+1)); done", str_c(""),
            OUT_MAX, 10000);
    ok(r.rc == 0 && r.status == 0 && r.err.len == 64,
       "only the beginning of a long standard error is kept");
    done(&r);
    r = run("sleep 60 & echo $!", str_c(""), OUT_MAX, 10000);
    ok(r.rc == 0 && r.out.len > 1, "a grandchild that keeps the pipes open is not waited for");
    (void)kill((pid_t)atoi(buf_c(&r.out)), SIGKILL);
    done(&r);
    r = run("sleep 60 & exec cat /dev/zero", str_c(""), 100, 10000);
    ok(r.rc < 0 && r.e.kind == ERR_LIMIT, "output beyond the maximum is an error: %s",
       r.e.text);
    done(&r);
    is_int(children(), 0, "no child is left");
}

static void failures(void)
{
    int64_t start = clock_ms();
    struct ran r = run("echo $$; exec sleep 60", str_c(""), OUT_MAX, 200);
    const char *argv[] = {"none", NULL};
    char *env[] = {NULL};
    int status = -1;
    struct err e = {0};
    struct buf out;
    struct proc p = {.program = in_tmp("none"), .argv = argv, .env = env, .deadline_ms = -1};

    ok(r.rc < 0 && r.e.kind == ERR_TIMEOUT, "the deadline ends a program: %s", r.e.text);
    done(&r);
    r = run("trap '' TERM; echo ready; while :; do sleep 60; done", str_c(""), OUT_MAX, 200);
    ok(r.rc < 0 && r.e.kind == ERR_TIMEOUT, "also a program that ignores SIGTERM");
    ok(clock_ms() - start < 5000, "soon after the deadline");
    done(&r);
    buf_init(&out, OUT_MAX);
    p.out = &out;
    ok(proc_run(&p, &status, &e) < 0 && e.kind == ERR_SYS && e.errnum == ENOENT,
       "a missing program is an error: %s", e.text);
    p.program = tmpdir;
    ok(proc_run(&p, &status, &e) < 0 && e.errnum == EACCES, "a directory is not a program: %s",
       e.text);
    p.program = "sh";
    ok(proc_run(&p, &status, &e) < 0 && e.kind == ERR_USAGE, "a relative path is refused: %s",
       e.text);
    p.program = NULL;
    ok(proc_run(&p, &status, &e) < 0 && e.kind == ERR_USAGE,
       "a program that is NULL is refused: %s", e.text);
    is_int(children(), 0, "no child is left");
    buf_release(&out);
}

/* The output of a program that prints a secret is wiped if the call fails, and its storage
 * never moves. */
static void secrets(void)
{
    const char *argv[] = {"sh", "-c", "echo secret; exec sleep 60", NULL};
    char *env[] = {NULL};
    struct err e = {0};
    struct buf out;
    int status = -1;
    struct proc p = {.program = "/bin/sh", .argv = argv, .env = env, .secret = true};

    buf_init(&out, OUT_MAX);
    p.out = &out;
    p.deadline_ms = clock_ms() + 300;
    ok(proc_run(&p, &status, &e) < 0 && out.mem == NULL && out.len == 0,
       "the output is wiped after an error");
    argv[2] = "echo secret";
    argv[1] = "-c";
    p.deadline_ms = -1;
    ok(proc_run(&p, &status, &e) == 0 && out.len == 7 && out.cap >= OUT_MAX,
       "the whole maximum is reserved first");
    buf_wipe(&out);
}

/* A child has no blocked signals, even if the parent has, and none of the parent's descriptors.
 */
static void heritage(void)
{
    static const char *const mask[] = {"grep", "SigBlk", "/proc/self/status", NULL};
    static const char *const rest[] = {"sh", "-c", "ls /proc/self/fd | wc -l; env", NULL};
    struct sig sig;
    struct err e = {0};
    struct buf out;
    int status = -1;
    char only[] = "ONLY=this";
    char path[] = "PATH=/usr/bin:/bin";
    char *env[] = {only, path, NULL};
    struct proc p = {.env = env, .deadline_ms = -1};

    buf_init(&out, OUT_MAX);
    p.out = &out;
    is_int(sig_open(&sig, &e), 0, "signals are blocked in the parent");
    for (int i = 0; i < 2; i++) {
        p.sig = i == 0 ? NULL : &sig;
        p.program = proc_find("grep", env, &arena);
        p.argv = mask; /* not a shell, which would unblock them itself */
        buf_reset(&out);
        ok(proc_run(&p, &status, &e) == 0 &&
               strstr(buf_c(&out), "SigBlk:\t0000000000000000") != NULL,
           "no signal is blocked in a child %s", e.text);
        p.program = "/bin/sh";
        p.argv = rest;
        buf_reset(&out);
        ok(proc_run(&p, &status, &e) == 0 && str_starts(buf_str(&out), "4\n"),
           "a child has only the three standard descriptors %s",
           e.text); /* the fourth is that of ls */
        ok(strstr(buf_c(&out), "ONLY=this") != NULL && strstr(buf_c(&out), "HOME=") == NULL,
           "a child has exactly the given environment");
    }
    sig_restore(&sig);
    sig_close(&sig);
    buf_release(&out);
}

static void lookup(void)
{
    char path[1200];
    char nothing[] = "PATH=";
    char *env[] = {path, NULL};
    char *empty[] = {nothing, NULL};
    char *none[] = {NULL};

    (void)mkdir(in_tmp("a"), 0700);
    (void)mkdir(in_tmp("b"), 0700);
    (void)mkdir(in_tmp("a/dir"), 0700);
    put_file(in_tmp("a/prog"), "not executable");
    put_file(in_tmp("b/prog"), "#!/bin/sh\n");
    put_file(in_tmp("b/dir"), "#!/bin/sh\n");
    (void)chmod(in_tmp("b/prog"), 0700);
    (void)chmod(in_tmp("b/dir"), 0700);
    (void)snprintf(path, sizeof(path), "PATH=:.:b:%s:/no/such:%s:", in_tmp("a"), in_tmp("b"));
    (void)chdir(in_tmp("b"));
    is_str(proc_find("prog", env, &arena), in_tmp("b/prog"),
           "the first executable file is found");
    is_str(proc_find("dir", env, &arena), in_tmp("b/dir"),
           "a directory of that name is skipped");
    ok(proc_find("none", env, &arena) == NULL, "a missing program gives NULL");
    ok(proc_find("prog", empty, &arena) == NULL && proc_find("prog", none, &arena) == NULL,
       "the current directory is not searched");
    ok(proc_find("./prog", env, &arena) == NULL, "a relative path is not accepted");
    is_str(proc_find(in_tmp("b/prog"), none, &arena), in_tmp("b/prog"),
           "an absolute path is returned");
    ok(proc_find("", env, &arena) == NULL, "an empty name gives NULL");
    (void)chdir("/");
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    fd_close_inherited(); /* the process that runs the tests may leave some open */
    tmpdir_make();
    answers();
    failures();
    secrets();
    heritage();
    lookup();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
