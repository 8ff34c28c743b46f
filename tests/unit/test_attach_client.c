/* SPDX-License-Identifier: MIT */
/* Tests the attach client with a session server in a child process. */
#include "term/attach_client.h"

#include "pty.h"
#include "server.h"
#include "tap.h"

/* Types `keys` into `to` once the client's terminal shows "hello". */
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

/* Attaches and runs a client. Returns the result of attach_client_run(), and -2 if attaching
 * fails. */
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

/* Attaches at a terminal. The client can pass it if `in` is that terminal. Otherwise the keys
 * come through a pipe from `to` to `in`, and frames carry them to the server. */
__attribute__((noinline)) static void a_client_attaches_detaches_and_ends(int in, int to,
                                                                          bool passed_tty)
{
    struct attach_client v;
    struct err e = {0};
    pid_t pid = server();

    typed(&p, to, "x\034d");
    is_int(client(in, FRAME_HELLO_ATTACH, &v, &e), ATTACH_CLIENT_DETACHED,
           "the detach sequence detaches a client");
    ok(v.passed_tty == passed_tty, "the client's terminal %s",
       passed_tty ? "was passed" : "could not be passed");
    typed(&p, to, "q\034d");
    is_int(client(in, FRAME_HELLO_READ_ONLY, &v, &e), ATTACH_CLIENT_DETACHED,
           "the detach sequence detaches a read-only client");
    (void)kill(getpid(), SIGTERM);
    is_int(client(in, FRAME_HELLO_ATTACH, &v, &e), ATTACH_CLIENT_HUNG_UP,
           "TERM lets the client leave");
    is_int(v.signo, SIGTERM, "the signal is reported");
    typed(&p, to, "q");
    is_int(client(in, FRAME_HELLO_ATTACH, &v, &e), ATTACH_CLIENT_ENDED,
           "the end of the session ends the client");
    is_int(v.exit.status, 7, "the client gets the exit status of the session");
    (void)status_of(pid);
}

__attribute__((noinline)) static void a_stopped_server_is_an_error(void)
{
    struct attach_client v;
    struct err e = {0};
    pid_t pid = server();

    (void)kill(pid, SIGSTOP);
    ok(client(p.slave, FRAME_HELLO_ATTACH, &v, &e) < 0 && e.kind == ERR_TIMEOUT,
       "attaching to a stopped server fails: %s", e.text);
    (void)kill(pid, SIGKILL);
    (void)status_of(pid);
}

__attribute__((noinline)) static void a_lost_server_is_an_error(void)
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
       "the loss of the server is reported: %s", e.text);
    (void)status_of(pid); /* waits until its listener is closed */
    ok(client(p.slave, FRAME_HELLO_ATTACH, &v, &e) == -2,
       "attaching without a server fails: %s", e.text);
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
    is_int(sig_open(&sig, &e), 0, "the signal descriptor opens");
    a_client_attaches_detaches_and_ends(p.slave, p.master, true);
    if (fd_pipe(keys, &e) < 0) {
        abort();
    }
    a_client_attaches_detaches_and_ends(keys[0], keys[1], false);
    a_stopped_server_is_an_error();
    a_lost_server_is_an_error();
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
