/* SPDX-License-Identifier: MIT */
#include "init/adopt_listener.h"

#include "line.h"
#include "tap.h"
#include "tmpdir.h"

#include <sys/socket.h>
#include <sys/wait.h>

static const char key[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
static struct adopt_listener t;

/* Starts the helper, as `/cco-init line` does, with this key on its standard input. Returns its
 * pid. */
static pid_t helper(const char *with, pid_t init)
{
    pid_t pid = fork();

    if (pid == 0) {
        struct buf b;
        struct err e = {0};
        int pipes[2];

        buf_init(&b, 4096);
        (void)frame_add_hello(&b, FRAME_HELLO_KEY, str_c(with));
        if (fd_pipe(pipes, &e) < 0 || dup2(pipes[0], 0) < 0) {
            _exit(99);
        }
        (void)fd_write_all(pipes[1], buf_data(&b), b.len, &e);
        fd_close(&pipes[1]);
        _exit(adopt_listener_main(in_tmp("line"), init));
    }
    return pid;
}

/* Lets init take connections, for `turns` turns at most. Returns 1 if a connection brought a
 * line. */
static int steps(int *in, int *out, int turns)
{
    for (int i = 0; i < turns; i++) {
        struct pollfd p = {.fd = adopt_listener_fd(&t), .events = POLLIN};

        (void)poll(&p, 1, 50);
        if (adopt_listener_step(&t, key, in, out) == 1) {
            return 1;
        }
    }
    return 0;
}

/* cco has made the listener. It stays after a connection, and clients see the process that
 * called listen(2) last as their peer. */
static void a_given_listener_stays_open(void)
{
    struct err e = {0};
    int in = -1;
    int out = -1;
    int line[2] = {-1, -1};
    int fd;
    struct buf b;
    int listener = unix_socket_listen(in_tmp("given"), 0600, &e);

    adopt_listener_given(&t, listener);
    ok(adopt_listener_fd(&t) == listener && adopt_listener_is_direct(&t),
       "init uses the listener that was given");
    is_int(adopt_listener_listen(&t, &e), 0, "init need not listen again");
    for (int round = 0; round < 2; round++) {
        fd = unix_socket_connect(in_tmp("given"), &e);
        is_int(unix_socket_peer_pid(fd), getpid(), "clients see init as their peer");
        (void)socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line);
        buf_init(&b, 4096);
        (void)frame_add_hello(&b, FRAME_HELLO_KEY, str_c(key));
        (void)unix_socket_send(fd, buf_data(&b), b.len, (const int[2]){line[1], line[1]}, 2,
                               &e);
        buf_release(&b);
        fd_close(&fd);
        fd_close(&line[1]);
        is_int(steps(&in, &out, 10), 1, "the key brings a line through the given listener");
        ok(adopt_listener_fd(&t) == listener && adopt_listener_carrier(&t) == 0,
           "the given listener stays open, and no helper carries the line");
        fd_close(&in);
        fd_close(&out);
        fd_close(&line[0]);
    }
    adopt_listener_close(&t);
    ok(file_exists(in_tmp("given")) && adopt_listener_fd(&t) < 0,
       "closing does not remove the socket that cco has made");
    adopt_listener_given(&t, -1);
    ok(adopt_listener_fd(&t) < 0 && adopt_listener_listen(&t, &e) < 0,
       "without a given listener init cannot listen: %s", e.text);
    adopt_listener_close(&t);
}

int main(void)
{
    struct err e = {0};
    char path[300];
    struct stat st;
    int in = -1;
    int out = -1;
    int status = 0;
    int fd;
    pid_t pid;

    tmpdir_make();
    a_given_listener_stays_open();
    adopt_listener_init(&t, in_tmp("line"));
    ok(symlink("/etc", in_tmp("line")) == 0, "a link is in the place of the directory");
    is_int(adopt_listener_listen(&t, &e), 0, "init listens in a directory of its own");
    ok(stat(in_tmp("line"), &st) == 0 && (st.st_mode & 0777) == 0700,
       "only root can enter the directory");
    is_int(adopt_listener_listen(&t, &e), 0, "a second call does nothing");
    (void)snprintf(path, sizeof(path), "%s/line", in_tmp("line"));
    fd = unix_socket_connect(path, &e);
    ok(fd >= 0 && fd_write(fd, "short", 5) == 5, "a client without a key connects");
    fd_close(&fd);
    is_int(steps(&in, &out, 4), 0, "a client without a key does not get the line");
    pid = helper("1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", getpid());
    is_int(steps(&in, &out, 20), 0, "a client with another key does not get the line");
    (void)waitpid(pid, &status, 0);
    fd = unix_socket_connect(path, &e);
    pid = helper(key, getpid()); /* behind a client that sends nothing */
    is_int(steps(&in, &out, 40), 1, "a client with the key gets the line");
    ok(in >= 0 && out >= 0, "the key comes with two descriptors");
    fd_close(&fd);
    ok(access(in_tmp("line"), F_OK) < 0 && adopt_listener_fd(&t) < 0,
       "init does not listen while the helper carries the line");
    is_int(waitpid(pid, &status, WNOHANG), 0, "the helper runs while it carries the line");
    adopt_listener_close(&t);
    (void)waitpid(pid, &status, 0);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the helper exits when init lets it go");
    fd_close(&in);
    fd_close(&out);
    adopt_listener_init(&t, in_tmp("line"));
    (void)adopt_listener_listen(&t, &e);
    pid = helper(key, 1);
    is_int(steps(&in, &out, 4), 0,
           "the helper does not send the key to another process than init");
    (void)waitpid(pid, &status, 0);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 125,
       "the helper fails if another process listens");
    adopt_listener_close(&t);
    tmpdir_remove();
    return done_testing();
}
