/* SPDX-License-Identifier: MIT */
#include "base/proc.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/pty.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

enum { OUT_MAX = 64 << 10 };

static struct arena arena;

struct ran {
    struct buf out, err;
    struct err e;
    int rc, status;
};

/* `sh -c SCRIPT` with this stdin. */
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

    ok(r.rc == 0 && r.status == 3, "its status %s", r.e.text);
    is_mem(buf_data(&r.out), r.out.len, "hello", 5, "its stdin came, its stdout came back");
    is_mem(buf_data(&r.err), r.err.len, "seen\n", 5, "and its stderr");
    done(&r);
    memset(big, 'x', sizeof(big));
    r = run("cat", str_n(big, sizeof(big)), sizeof(big), 20000);
    is_mem(buf_data(&r.out), r.out.len, big, sizeof(big), "a mebibyte there and back");
    done(&r);
    r = run("exec true", str_n(big, sizeof(big)), OUT_MAX, 10000);
    ok(r.rc == 0 && r.status == 0, "one that reads nothing of it: %s", r.e.text);
    done(&r);
    r = run("exec >&- 2>&-; cat >/dev/null; exit 5", str_n(big, sizeof(big)), OUT_MAX, 10000);
    ok(r.rc == 0 && r.status == 5, "one that closes its output and goes on reading");
    done(&r);
    r = run("kill -KILL $$", str_c(""), OUT_MAX, 10000);
    ok(r.rc == 0 && r.status == 128 + SIGKILL, "ended by a signal");
    done(&r);
    r = run("i=0; while [ $i -lt 999 ]; do echo line $i >&2; i=$((i+1)); done", str_c(""),
            OUT_MAX, 10000);
    ok(r.rc == 0 && r.status == 0 && r.err.len == 64, "a long complaint is cut");
    done(&r);
    r = run("sleep 60 & echo $!", str_c(""), OUT_MAX, 10000);
    ok(r.rc == 0 && r.out.len > 1, "a grandchild that holds the pipes is not waited for");
    (void)kill((pid_t)atoi(buf_c(&r.out)), SIGKILL);
    done(&r);
    r = run("sleep 60 & exec cat /dev/zero", str_c(""), 100, 10000);
    ok(r.rc < 0 && r.e.kind == ERR_LIMIT, "an answer past the maximum: %s", r.e.text);
    done(&r);
    is_int(children(), 0, "nothing is left of them");
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

    ok(r.rc < 0 && r.e.kind == ERR_TIMEOUT, "a deadline: %s", r.e.text);
    done(&r);
    r = run("trap '' TERM; echo ready; while :; do sleep 60; done", str_c(""), OUT_MAX, 200);
    ok(r.rc < 0 && r.e.kind == ERR_TIMEOUT, "also for one that ignores TERM");
    ok(clock_ms() - start < 5000, "which is kept");
    done(&r);
    buf_init(&out, OUT_MAX);
    p.out = &out;
    ok(proc_run(&p, &status, &e) < 0 && e.kind == ERR_SYS && e.errnum == ENOENT,
       "a program that is not there: %s", e.text);
    p.program = tmpdir;
    ok(proc_run(&p, &status, &e) < 0 && e.errnum == EACCES, "a directory: %s", e.text);
    p.program = "sh";
    ok(proc_run(&p, &status, &e) < 0 && e.kind == ERR_USAGE, "a relative path: %s", e.text);
    p.program = NULL;
    ok(proc_run(&p, &status, &e) < 0 && e.kind == ERR_USAGE, "none: %s", e.text);
    is_int(children(), 0, "nothing is left of them");
    buf_release(&out);
}

/* What was in a secret's buffer is gone when the call fails; its storage never moved. */
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
    ok(proc_run(&p, &status, &e) < 0 && out.mem == NULL && out.len == 0, "wiped on failure");
    argv[2] = "echo secret";
    argv[1] = "-c";
    p.deadline_ms = -1;
    ok(proc_run(&p, &status, &e) == 0 && out.len == 7 && out.cap >= OUT_MAX,
       "room for the longest answer from the first");
    buf_wipe(&out);
}

/* What children get: no signal is blocked, whatever is blocked in us; no descriptor of ours. */
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
    is_int(sig_open(&sig, &e), 0, "signals are blocked");
    for (int i = 0; i < 2; i++) {
        p.sig = i == 0 ? NULL : &sig;
        p.program = proc_find("grep", env, &arena);
        p.argv = mask; /* a shell would unblock them itself */
        buf_reset(&out);
        ok(proc_run(&p, &status, &e) == 0 &&
               strstr(buf_c(&out), "SigBlk:\t0000000000000000") != NULL,
           "no signal is blocked in a child %s", e.text);
        p.program = "/bin/sh";
        p.argv = rest;
        buf_reset(&out);
        ok(proc_run(&p, &status, &e) == 0 && str_starts(buf_str(&out), "4\n"),
           "it has three descriptors %s", e.text); /* and ls its own */
        ok(strstr(buf_c(&out), "ONLY=this") != NULL && strstr(buf_c(&out), "HOME=") == NULL,
           "and the environment it was given");
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
    is_str(proc_find("prog", env, &arena), in_tmp("b/prog"), "the first executable one");
    is_str(proc_find("dir", env, &arena), in_tmp("b/dir"), "that is a file");
    ok(proc_find("none", env, &arena) == NULL, "there may be none");
    ok(proc_find("prog", empty, &arena) == NULL && proc_find("prog", none, &arena) == NULL,
       "the current directory does not count");
    ok(proc_find("./prog", env, &arena) == NULL, "nor does a path that starts there");
    is_str(proc_find(in_tmp("b/prog"), none, &arena), in_tmp("b/prog"), "a path is itself");
    ok(proc_find("", env, &arena) == NULL, "the empty name is no program");
    (void)chdir("/");
}

/* In a child that has a terminal of its own: attends `script` and exits with what came of it. */
static void attend_there(int slave, const char *script)
{
    const char *argv[] = {"sh", "-c", script, NULL};
    char path[] = "PATH=/usr/bin:/bin";
    char *env[] = {path, NULL};
    const struct proc base = {.program = "/bin/sh", .argv = argv, .env = env};
    struct proc p = base;
    struct sig sig;
    struct err e = {0};
    int status = -1;

    if (setsid() < 0 || ioctl(slave, TIOCSCTTY, 0) < 0 || dup2(slave, 0) < 0 ||
        dup2(slave, 1) < 0 || dup2(slave, 2) < 0 || sig_open(&sig, &e) < 0) {
        _exit(99);
    }
    p.sig = &sig;
    if (proc_attend(&p, &sig, &status, &e) < 0) {
        _exit(e.kind == ERR_CANCELED ? 70 + e.code : 98);
    }
    _exit(sig_next(&sig) == 0 ? status : 97);
}

/* Waits until the terminal shows `word`. */
static bool shows(int master, const char *word)
{
    static char text[4096];
    size_t len = 0;
    int64_t until = clock_ms() + 10000;

    memset(text, 0, sizeof(text));
    while (clock_ms() < until && len < sizeof(text) - 1) {
        struct pollfd wait = {.fd = master, .events = POLLIN};
        ssize_t got =
            poll(&wait, 1, 100) == 1 ? read(master, text + len, sizeof(text) - 1 - len) : 0;

        len += got > 0 ? (size_t)got : 0;
        if (strstr(text, word) != NULL) {
            return true;
        }
    }
    return false;
}

/* `typed` goes to the terminal once it shows "ready", `signo` to the process that attends. */
static int attended(const char *script, const char *typed, int signo)
{
    int master = -1;
    int slave = -1;
    int status = 0;
    struct err e = {0};
    pid_t pid;

    (void)fflush(stdout);
    if (pty_open(&master, &slave, &e) < 0) {
        return -1;
    }
    pid = fork();
    if (pid == 0) {
        attend_there(slave, script);
    }
    if (!shows(master, "ready") || write(master, typed, strlen(typed)) < 0 ||
        (signo != 0 && kill(pid, signo) < 0)) {
        (void)kill(pid, SIGKILL);
    }
    (void)waitpid(pid, &status, 0);
    fd_close(&slave);
    fd_close(&master);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void at_the_terminal(void)
{
    is_int(
        attended("echo ready; read word; [ \"$word\" = hi ] && [ -t 1 ] && exit 6", "hi\n", 0),
        6, "it reads and writes the terminal; its status");
    is_int(attended("trap 'exit 7' INT; echo ready; while :; do sleep 0.05; done", "\003", 0),
           7, "Ctrl-C is its own");
    is_int(
        attended("trap 'exit 8' USR1; echo ready; while :; do sleep 0.05; done", "", SIGUSR1),
        8, "USR1 is passed on");
    is_int(
        attended("trap 'exit 9' TERM; echo ready; while :; do sleep 0.05; done", "", SIGTERM),
        70 + SIGTERM, "so is TERM, and told");
    is_int(attended("echo ready; kill -STOP $$; exit 5", "", 0), 5,
           "one that stops goes on where nobody could continue us");
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    fd_close_inherited(); /* of whoever runs the tests */
    tmpdir_make();
    answers();
    failures();
    secrets();
    heritage();
    lookup();
    at_the_terminal();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
