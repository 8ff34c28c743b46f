/* SPDX-License-Identifier: MIT */
/* The client's side against a session server in a child process. */
#include "term/attach_client.h"

#include "pty.h"
#include "server.h"
#include "tap.h"

static void typed(struct pty *p, int to, const char *keys)
{
    if (fork() == 0) {
        char got[4096];
        size_t len = 0;
        ssize_t n;

        while (memmem(got, len, "hello", 5) == NULL &&
               (n = read(p->master, got + len, sizeof(got) - len)) > 0) {
            len += (size_t)n;
        }
        (void)!write(to, keys, strlen(keys));
        _exit(0);
    }
}

static struct sig sig = {.fd = -1};
static struct pty p;

static int client(int in, enum frame_hello kind, struct attach_client *v, struct err *e)
{
    int rc;

    *v = (struct attach_client){.fd = -1,
                                .kind = kind,
                                .sig = &sig,
                                .in = in,
                                .out = p.slave,
                                .keys_spec = KEYS_DEFAULT};
    if (attach_client_open(v, in_tmp("sock"), 24, 80, e) < 0) {
        return -2;
    }
    rc = attach_client_run(v, e);
    attach_client_close(v);
    return rc;
}

/* At a terminal that is passed; or with frames, where the keys come from another place (`to`
 * leads to `in`). */
__attribute__((noinline)) static void attaches(int in, int to, bool passed_tty)
{
    struct attach_client v;
    struct err e = {0};
    pid_t pid = server();

    typed(&p, to, "x\034d");
    is_int(client(in, FRAME_HELLO_ATTACH, &v, &e), ATTACH_CLIENT_DETACHED, "a client detaches");
    ok(v.passed_tty == passed_tty, "its terminal %s",
       passed_tty ? "was passed" : "could not be passed");
    typed(&p, to, "q\034d");
    is_int(client(in, FRAME_HELLO_READ_ONLY, &v, &e), ATTACH_CLIENT_DETACHED,
           "one that only looks on too");
    (void)kill(getpid(), SIGTERM);
    is_int(client(in, FRAME_HELLO_ATTACH, &v, &e), ATTACH_CLIENT_HUNG_UP,
           "a signal ends the attachment");
    is_int(v.signo, SIGTERM, "which one is told");
    typed(&p, to, "q");
    is_int(client(in, FRAME_HELLO_ATTACH, &v, &e), ATTACH_CLIENT_ENDED,
           "the session's end is the client's");
    is_int(v.exit.status, 7, "with its status");
    (void)status_of(pid);
}

__attribute__((noinline)) static void stopped(void)
{
    struct attach_client v;
    struct err e = {0};
    pid_t pid = server();

    (void)kill(pid, SIGSTOP);
    ok(client(p.slave, FRAME_HELLO_ATTACH, &v, &e) < 0 && e.kind == ERR_TIMEOUT,
       "a server that is stopped keeps no terminal: %s", e.text);
    (void)kill(pid, SIGKILL);
    (void)status_of(pid);
}

__attribute__((noinline)) static void lost(void)
{
    struct attach_client v;
    struct err e = {0};
    pid_t pid = server();

    if (fork() == 0) {
        (void)usleep(300000);
        (void)kill(pid, SIGKILL);
        _exit(0);
    }
    ok(client(p.slave, FRAME_HELLO_WAIT, &v, &e) < 0 && e.kind == ERR_EOF,
       "one that is killed: %s", e.text);
    (void)status_of(pid); /* all of it has gone */
    ok(client(p.slave, FRAME_HELLO_ATTACH, &v, &e) == -2, "one that is gone: %s", e.text);
}

int main(void)
{
    struct termios raw;
    struct err e = {0};
    int keys[2];

    p = pty_new(24, 80);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGTERM, SIG_DFL);
    tmpdir_make();
    (void)tcgetattr(p.slave, &raw);
    cfmakeraw(&raw);
    (void)tcsetattr(p.slave, TCSANOW, &raw);
    is_int(sig_open(&sig, &e), 0, "signals are watched");
    attaches(p.slave, p.master, true);
    if (fd_pipe(keys, &e) < 0) {
        abort();
    }
    attaches(keys[0], keys[1], false);
    stopped();
    lost();
    while (wait(NULL) > 0) {
    }
    fd_close(&keys[0]);
    fd_close(&keys[1]);
    (void)unlink(in_tmp("sock"));
    sig_close(&sig);
    pty_close(&p);
    tmpdir_remove();
    return done_testing();
}
