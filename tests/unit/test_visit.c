/* SPDX-License-Identifier: MIT */
/* The visitor's side against a hub in a child process. */
#include "tty/visit.h"

#include "base/clock.h"
#include "base/fd.h"
#include "pty.h"
#include "tap.h"
#include "tmpdir.h"
#include "tty/hub.h"

#include <signal.h>
#include <sys/wait.h>

/* A session that shows "hello", ends with 7 when it reads "q" or is asked to stop. */
static pid_t server(void)
{
    const struct hub_info info = {"cco-t", "/p", "e", 5};
    struct hub hub;
    struct err e = {0};
    pid_t pid;

    if (hub_open(&hub, in_tmp("sock"), &info, &e) < 0) {
        abort();
    }
    pid = fork();
    if (pid != 0) {
        fd_close(&hub.listener); /* the child's */
        hub_close(&hub);
        return pid;
    }
    struct buf input;
    const struct frame_exit how = {7, FRAME_EXITED, 0, {NULL, 0}};

    buf_init(&input, 1 << 20);
    hub_output(&hub, str_c("hello"));
    for (;;) {
        struct pollfd fds[HUB_POLL_MAX];
        struct hub_asked asked = {.input = &input};

        (void)hub_prepare(&hub, fds);
        (void)poll(fds, HUB_POLL_MAX, 50);
        hub_dispatch(&hub, fds, &asked);
        if (asked.stop || (input.len > 0 && memchr(buf_data(&input), 'q', input.len) != NULL)) {
            (void)hub_end(&hub, &how, 0);
            hub_close(&hub);
            _exit(0);
        }
    }
}

static int status_of(pid_t pid)
{
    int status = 0;

    (void)waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
}

static void typed(struct pty *p, const char *keys)
{
    if (fork() == 0) {
        char got[4096];
        size_t len = 0;
        ssize_t n;

        while (memmem(got, len, "hello", 5) == NULL &&
               (n = read(p->master, got + len, sizeof(got) - len)) > 0) {
            len += (size_t)n;
        }
        (void)!write(p->master, keys, strlen(keys));
        _exit(0);
    }
}

static int visit(struct sig *sig, struct pty *p, enum frame_hello kind, struct visit *v,
                 struct err *e)
{
    int rc;

    *v = (struct visit){.fd = -1, .kind = kind, .sig = sig, .in = p->slave, .out = p->slave};
    (void)keys_parse(&v->keys, KEYS_DEFAULT, e);
    if (visit_open(v, in_tmp("sock"), 24, 80, e) < 0) {
        return -2;
    }
    rc = visit_run(v, e);
    visit_close(v);
    return rc;
}

int main(void)
{
    struct pty p = pty_new(24, 80);
    struct sig sig = {.fd = -1};
    struct visit v;
    struct buf info;
    struct termios raw;
    struct err e = {0};
    pid_t pid;

    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGTERM, SIG_DFL);
    tmpdir_make();
    buf_init(&info, 1 << 16);
    (void)tcgetattr(p.slave, &raw);
    cfmakeraw(&raw);
    (void)tcsetattr(p.slave, TCSANOW, &raw);
    is_int(sig_open(&sig, &e), 0, "signals are watched");
    pid = server();
    is_int(visit_answer(visit_ask(in_tmp("sock"), &e), clock_ms() + 5000, &info, &e), 0,
           "a session is asked");
    ok(memmem(buf_data(&info), info.len, "\"cco-t\"", 7) != NULL, "and answers");
    typed(&p, "x\034d");
    is_int(visit(&sig, &p, FRAME_HELLO_ATTACH, &v, &e), VISIT_DETACHED, "a visitor detaches");
    typed(&p, "q\034d");
    is_int(visit(&sig, &p, FRAME_HELLO_READ_ONLY, &v, &e), VISIT_DETACHED,
           "one that only looks on too");
    (void)kill(getpid(), SIGTERM);
    is_int(visit(&sig, &p, FRAME_HELLO_ATTACH, &v, &e), VISIT_HUNG_UP,
           "a signal ends the visit");
    is_int(v.signo, SIGTERM, "which one is told");
    typed(&p, "q");
    is_int(visit(&sig, &p, FRAME_HELLO_ATTACH, &v, &e), VISIT_ENDED,
           "the session's end is the visit's");
    is_int(v.exit.status, 7, "with its status");
    (void)status_of(pid);
    pid = server();
    is_int(visit_stop(in_tmp("sock"), 5000, &e), 0, "a session is asked to stop");
    (void)status_of(pid);
    pid = server();
    (void)kill(pid, SIGSTOP);
    ok(visit_answer(visit_ask(in_tmp("sock"), &e), clock_ms() + 100, &info, &e) < 0 &&
           e.kind == ERR_TIMEOUT,
       "one that does not answer: %s", e.text);
    (void)kill(pid, SIGCONT);
    if (fork() == 0) {
        (void)usleep(300000);
        (void)kill(pid, SIGKILL);
        _exit(0);
    }
    ok(visit(&sig, &p, FRAME_HELLO_WAIT, &v, &e) < 0 && e.kind == ERR_EOF,
       "one that is killed: %s", e.text);
    ok(visit(&sig, &p, FRAME_HELLO_ATTACH, &v, &e) == -2, "one that is gone: %s", e.text);
    while (wait(NULL) > 0) {
    }
    (void)unlink(in_tmp("sock"));
    sig_close(&sig);
    buf_release(&info);
    pty_close(&p);
    tmpdir_remove();
    return done_testing();
}
