/* SPDX-License-Identifier: MIT */
/* Init's loop: loss and adoption of the line. test_init.c tests streams, signals and sizes. */
#include "init/serve.h"

#include "child.h"
#include "line.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const char key[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
static struct arena arena;
static struct peer peer;
static bool final_wait;
static const char *login_file;

/* Starts a session in a child, not as process 1. Its line is the socket `fd` as standard
 * streams. Its exit status is the command's. */
static pid_t session(const char *script, bool tty, int fd)
{
    pid_t pid = fork();

    if (pid == 0) {
        struct boot b = {.uid = 4321,
                         .gid = 4321,
                         .user = "ann",
                         .home = "/",
                         .workdir = "/",
                         .shell = "/bin/sh",
                         .tty = tty,
                         .secret = "s",
                         .key = key,
                         .final_wait = final_wait,
                         .login_file = login_file};
        struct line l;
        struct job j;
        struct adopt_listener t;
        struct agent_filter agent;
        struct sig sig = {.fd = -1};
        struct err e = {0};

        (void)setsid();
        strv_add(&b.argv, &arena, "sh");
        strv_add(&b.argv, &arena, "-c");
        strv_add(&b.argv, &arena, script);
        strv_add(&b.env, &arena, "PATH=/usr/bin:/bin");
        line_init(&l);
        agent_filter_init(&agent);
        job_init(&j, &b);
        adopt_listener_init(&t, in_tmp("line"));
        if (dup2(fd, 0) < 0 || dup2(fd, 1) < 0) {
            _exit(99);
        }
        (void)close(fd);
        fd_close(&peer.fd);
        if (sig_open(&sig, &e) < 0 || line_open(&l, &b, &e) < 0 || job_open(&j, &e) < 0) {
            _exit(98);
        }
        (void)close(0);
        (void)close(1);
        job_start(&j, &arena, &sig);
        _exit(serve(&j, &l, &t, &agent, &sig));
    }
    (void)close(fd);
    return pid;
}

/* Starts a session, and answers its greeting. */
static pid_t begin(const char *script, bool tty)
{
    int pair[2];
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0) {
        abort();
    }
    peer_init(&peer, pair[0]);
    pid = session(script, tty, pair[1]);
    if (peer_until(&peer, peer_greeted)) {
        peer_answer(&peer, 24, 80);
    }
    return pid;
}

/* Starts a session on pipes, and answers its greeting together with other frames. */
static pid_t begin_with(const char *script, const char *frames, size_t len)
{
    static const char hello[] = "\1\0\0\0\0\0\0\6\1h\0\30\0\120";
    char both[64];
    int pair[2];
    struct err e = {0};
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0) {
        abort();
    }
    memcpy(both, hello, sizeof(hello) - 1);
    memcpy(both + sizeof(hello) - 1, frames, len);
    peer_init(&peer, pair[0]);
    pid = session(script, false, pair[1]);
    (void)peer_until(&peer, peer_greeted);
    (void)fd_write_all(peer.fd, both, sizeof(hello) - 1 + len, &e);
    return pid;
}

static bool has_up(const struct peer *f)
{
    return f->out.len > 0 && memmem(buf_data(&f->out), f->out.len, "up", 2) != NULL;
}

static bool has_size(const struct peer *f)
{
    return f->out.len > 0 && memmem(buf_data(&f->out), f->out.len, "30 99", 5) != NULL;
}

/* Adopts the session as a new cco does: presents the key with a new carrier. */
static bool adopt(void)
{
    char path[300];
    struct buf b;
    struct err e = {0};
    int pair[2];
    int fd = -1;

    (void)snprintf(path, sizeof(path), "%s/line", in_tmp("line"));
    for (int i = 0; i < 500 && fd < 0; i++) {
        (void)usleep(10000);
        fd = unix_socket_connect(path, &e);
    }
    if (fd < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0) {
        return false;
    }
    buf_init(&b, 4096);
    (void)frame_add_hello(&b, FRAME_HELLO_KEY, str_c(key));
    (void)unix_socket_send(fd, buf_data(&b), b.len, (int[]){pair[1], pair[1]}, 2, &e);
    buf_release(&b);
    (void)close(pair[1]);
    peer_release(&peer);
    peer_init(&peer, pair[0]);
    if (peer_until(&peer, peer_greeted)) {
        peer_answer(&peer, 30, 99);
    }
    (void)close(fd);
    return peer.greeted;
}

static bool is_over(pid_t pid, int *status)
{
    return waitpid(pid, status, WNOHANG) == pid;
}

/* The host still fetches files from the sandbox. */
static void init_waits_until_the_host_has_its_files(void)
{
    int status = 0;
    pid_t pid;

    final_wait = true;
    pid = begin("exit 5", false);
    ok(peer_until(&peer, peer_exited) && peer.exit.status == 5,
       "init reports the command's end");
    (void)peer_turn(&peer, 100);
    ok(!is_over(pid, &status) && !peer.ended, "init stays after the command's end");
    peer_send(&peer, FRAME_SIZE, str_n("\0\30\0\120", 4));
    (void)peer_turn(&peer, 100);
    ok(!is_over(pid, &status), "init stays after other frames than STOP");
    peer_send(&peer, FRAME_STOP, str_n(NULL, 0));
    is_int(status_of(pid), 5, "init exits after STOP");
    peer_release(&peer);
    pid = begin("exit 6", false);
    ok(peer_until(&peer, peer_exited), "another command ends");
    peer_release(&peer);
    is_int(status_of(pid), 6, "init exits when the line ends");
    final_wait = false;
}

/* The host sends a renewed login in pieces. */
static void a_renewed_login_is_written_once_complete(void)
{
    static char path[512];
    static const char script[] =
        "while ! grep -q new-login \"$F\"; do sleep 0.02; done; exit 3";
    static char whole[768];
    pid_t pid;

    (void)snprintf(path, sizeof(path), "%s", in_tmp("login"));
    put_file(path, "an old login");
    (void)chmod(tmpdir, 0755);
    (void)!chown(path, 4321, 4321);
    (void)snprintf(whole, sizeof(whole), "F=%s; %s", path, script);
    login_file = path;
    pid = begin(whole, false);
    peer_send(&peer, FRAME_RENEWED, str_n("\0new-", 5));
    peer_send(&peer, FRAME_RENEWED, str_n("\0login", 6));
    peer_send(&peer, FRAME_RENEWED,
              str_n("\1", 1)); /* a key, for which the boot file names no file */
    (void)peer_turn(&peer, 100);
    is_str(get_file(path), "an old login", "an incomplete login is not written");
    peer_send(&peer, FRAME_RENEWED, str_n("\0new-login", 10));
    peer_send(&peer, FRAME_RENEWED, str_n("\0", 1));
    ok(peer_until(&peer, peer_exited) && peer.exit.status == 3,
       "a complete login is written while the command runs");
    is_str(get_file(path), "new-login\n\n\n", "the new login replaces the old one");
    (void)status_of(pid);
    peer_release(&peer);
    pid = begin("sleep 30", false);
    peer_send(&peer, FRAME_RENEWED, str_n("\7x", 2));
    ok(!peer_until(&peer, peer_exited) && peer.ended,
       "a renewed file of an unknown kind ends the line");
    (void)status_of(pid);
    peer_release(&peer);
    login_file = NULL;
}

/* cco sends signals and input, but does not read the line, while the command writes to both
 * streams. Init must not lose a frame when its queue is full. */
static void no_frame_is_lost_if_the_queue_is_full(void)
{
    enum { OUTPUT = 1000000, COUNT = 3000 };
    pid_t pid =
        begin("exec 3<&0; cat <&3 >/dev/null 2>&1 & yes 2>/dev/null | "
              "head -c 1000000 & p=$!; yes 2>/dev/null | head -c 1000000 >&2; wait $p; exit 9",
              false);

    for (int i = 0; i < COUNT; i++) {
        peer_send(&peer, FRAME_SIGNAL, str_c("CONT"));
        peer_send(&peer, FRAME_INPUT, str_c("x"));
        (void)usleep(100);
    }
    ok(peer_until(&peer, peer_exited) && peer.exit.status == 9,
       "init sends the exit frame after its queue was full");
    is_int((long long)peer.out.len, OUTPUT, "init sends all output after its queue was full");
    is_int((long long)peer.err.len, OUTPUT, "init sends all errors after its queue was full");
    is_int((long long)peer.taken, COUNT,
           "init acknowledges all input after its queue was full");
    peer_release(&peer);
    is_int(status_of(pid), 9, "init ends with the status of the command");
}

/* The command is stopped and continued again and again, while cco does not read the line. Init
 * must still be able to send frames after its queue was full of STOPPED. */
static void stops_do_not_overflow_the_queue(void)
{
    enum { STOPS = 4000 };
    char script[600];
    pid_t pid;
    pid_t command;

    (void)chmod(tmpdir, 0777);
    (void)snprintf(script, sizeof(script),
                   "echo $$ >%s; yes 2>/dev/null | head -c 1000000; exit 9", in_tmp("pid"));
    pid = begin(script, true);
    (void)usleep(300000); /* the queue becomes full of output */
    command = (pid_t)atoi(get_file(in_tmp("pid")));
    for (int i = 0; command > 0 && i < STOPS; i++) {
        (void)kill(command, SIGSTOP);
        (void)usleep(300);
        (void)kill(command, SIGCONT);
        (void)usleep(100);
    }
    ok(command > 0 && peer_until(&peer, peer_exited) && peer.exit.status == 9,
       "init sends the exit frame after many stops");
    ok(peer.stopped, "init has sent the stops that fit");
    peer_release(&peer);
    is_int(status_of(pid), 9, "init ends with the status of the command");
}

int main(void)
{
    char script[512];
    int dead;
    pid_t pid;

    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGHUP, SIG_DFL);
    if (geteuid() != 0) {
        ok(true, "sessions # SKIP needs root");
        return done_testing();
    }
    tmpdir_make();
    (void)chmod(tmpdir, 0777);
    pid = begin("echo up; exec sleep 60", false);
    ok(peer_until(&peer, has_up), "a session on pipes starts");
    peer_release(&peer);
    is_int(status_of(pid), 129, "a session on pipes ends when the line is lost");
    pid = begin("trap '' HUP; echo up; while :; do sleep 1; done", false);
    ok(peer_until(&peer, has_up), "a session on pipes that ignores HUP starts");
    peer_release(&peer);
    is_int(status_of(pid), 137, "a session on pipes that ignores HUP is killed");
    (void)snprintf(script, sizeof(script),
                   "trap 'stty size' WINCH; echo up; yes | head -c 300000; "
                   "while ! test -e %s; do sleep 0.02; done; read x; exit 7",
                   in_tmp("seen"));
    pid = begin(script, true);
    ok(peer_until(&peer, has_up), "a session on a terminal starts");
    peer_release(&peer);
    ok(adopt(), "a session on a terminal can be adopted after its line was lost");
    ok(peer_until(&peer, has_size), "the terminal gets the size of the new cco");
    (void)close(open(in_tmp("seen"), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    peer_send(&peer, FRAME_INPUT, str_c("x\n"));
    ok(peer_until(&peer, peer_exited), "the new cco can send input");
    is_int(peer.exit.status, 7, "the new cco gets the exit status");
    (void)peer_turn(&peer, 100);
    ok(waitpid(pid, NULL, WNOHANG) == 0 && !peer.ended,
       "init waits until the new cco has received everything");
    peer_send(&peer, FRAME_STOP, str_n(NULL, 0));
    is_int(status_of(pid), 7, "init exits with the command's status after STOP");
    peer_release(&peer);
    pid = begin("kill -STOP $$; exit 4", true);
    ok(peer_until(&peer, peer_stopped), "a command that stops itself is reported");
    peer_send(&peer, FRAME_PING, str_n(NULL, 0));
    peer_send(&peer, FRAME_SIGNAL, str_c("CONT"));
    ok(peer_until(&peer, peer_exited) && peer.exit.status == 4,
       "a stopped command is continued by CONT");
    is_int((long long)peer.signs, 2, "pings and signals are answered by a sign of life");
    (void)status_of(pid);
    peer_release(&peer);
    pid = begin("echo up; read x; exit 8", true);
    ok(peer_until(&peer, has_up), "a session on a terminal that keeps its line starts");
    dead = dup(peer.fd);
    ok(adopt(), "a session can be adopted while its line still seems to be open");
    ok(read(dead, script, sizeof(script)) == 0, "adoption closes the old line");
    peer_send(&peer, FRAME_INPUT, str_c("x\n"));
    ok(peer_until(&peer, peer_exited) && peer.exit.status == 8,
       "the new line carries input and the end");
    peer_release(&peer);
    is_int(status_of(pid), 8, "init exits when the adopted line ends");
    (void)close(dead);
    pid = begin("exec 0<&-; echo up; sleep 0.3; exit 6", false);
    ok(peer_until(&peer, has_up), "a command that closes its input starts");
    for (int i = 0; i < 20; i++) {
        peer_send(&peer, FRAME_INPUT, str_c("more"));
        (void)peer_turn(&peer, 10);
    }
    ok(peer_until(&peer, peer_exited) && peer.exit.status == 6,
       "input that the command does not read is dropped");
    (void)status_of(pid);
    peer_release(&peer);
    pid = begin_with("cat; exit 8", "\5\0\0\0\0\0\0\1", 9); /* END, input */
    ok(peer_until(&peer, peer_exited) && peer.exit.status == 8,
       "frames that come together with the greeting are handled");
    (void)status_of(pid);
    peer_release(&peer);
    (void)unlink(in_tmp("seen"));
    init_waits_until_the_host_has_its_files();
    a_renewed_login_is_written_once_complete();
    no_frame_is_lost_if_the_queue_is_full();
    stops_do_not_overflow_the_queue();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
