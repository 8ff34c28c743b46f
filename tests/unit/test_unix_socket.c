/* SPDX-License-Identifier: MIT */
#include "base/unix_socket.h"

#include "base/fd.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

static void meeting(const char *path, const char *name)
{
    struct err e = {0};
    int listener = unix_socket_listen(path, 0600, &e);
    int client = -1;
    int server = -1;
    struct stat st;
    char text[8] = {0};

    if (!ok(listener >= 0, "%s: listens", name)) {
        (void)printf("# %s\n", e.text);
        return;
    }
    ok(lstat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "only for its owner");
    is_int(unix_socket_accept(listener, &e), -1, "nobody waits");
    is_int(e.kind, ERR_NONE, "which is no error");
    client = unix_socket_connect(path, &e);
    server = unix_socket_accept(listener, &e);
    ok(client >= 0 && server >= 0, "somebody comes");
    ok(unix_socket_peer_is(server, geteuid()) && !unix_socket_peer_is(server, geteuid() + 1),
       "who it is can be told");
    ok((fcntl(server, F_GETFD) & FD_CLOEXEC) != 0 &&
           (fcntl(client, F_GETFD) & FD_CLOEXEC) != 0 &&
           (fcntl(client, F_GETFL) & O_NONBLOCK) != 0,
       "descriptors do not leak and do not block");
    ok(fd_write(client, "hi", 2) == 2 && fd_read(server, text, sizeof(text)) == 2, "they talk");
    ok(unix_socket_listen(path, 0600, &e) < 0 && e.errnum == EADDRINUSE,
       "nobody else listens there");
    fd_close(&client);
    fd_close(&server);
    fd_close(&listener);
    e = (struct err){0};
    ok(unix_socket_connect(path, &e) < 0 && e.errnum == ECONNREFUSED,
       "nobody listens any more");
    (void)unlink(path);
    e = (struct err){0};
    ok(unix_socket_connect(path, &e) < 0 && e.errnum == ENOENT, "and then it is gone");
}

static bool connects(const char *path)
{
    struct err e = {0};
    int fd = unix_socket_connect(path, &e);
    const bool connected = fd >= 0;

    fd_close(&fd);
    return connected;
}

static void liveness(void)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    memcpy(addr.sun_path, in_tmp("live"), strlen(in_tmp("live")) + 1);
    ok(!connects(in_tmp("live")), "no socket");
    ok(fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0, "a socket");
    ok(!connects(in_tmp("live")), "that nobody listens on is dead");
    ok(listen(fd, 1) == 0 && connects(in_tmp("live")), "one with a listener lives");
    fd_close(&fd);
    ok(!connects(tmpdir), "a directory is none");
}

static void passing(void)
{
    struct err e = {0};
    int pair[2];
    int pipes[2] = {-1, -1};
    int fds[UNIX_SOCKET_FDS_MAX] = {-1, -1, -1, -1};
    char text[16] = {0};

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0 ||
        fd_pipe(pipes, &e) < 0) {
        abort();
    }
    is_int(unix_socket_send(pair[0], "with", 4, pipes, 2, &e), 0, "descriptors are sent");
    is_int(unix_socket_send(pair[0], "none", 4, NULL, 0, &e), 0, "or none");
    is_int(unix_socket_recv(pair[1], text, 4, fds), 4, "bytes come");
    ok(fds[0] >= 0 && fds[1] >= 0 && fds[2] < 0, "with their descriptors");
    ok((fcntl(fds[0], F_GETFD) & FD_CLOEXEC) != 0, "which do not leak");
    ok(fd_write(fds[1], "x", 1) == 1 && fd_read(pipes[0], text, 1) == 1,
       "and are the same pipe");
    is_int(unix_socket_recv(pair[1], text, 4, fds), 4, "the others without");
    fd_close(&pair[0]);
    is_int(unix_socket_recv(pair[1], text, 4, fds), 0, "the end is an end");
    fd_close(&pair[1]);
    for (int i = 0; i < 2; i++) {
        fd_close(&fds[i]);
        fd_close(&pipes[i]);
    }
}

int main(void)
{
    char deep[400];

    tmpdir_make();
    meeting(in_tmp("s"), "a path");
    (void)snprintf(deep, sizeof(deep), "%s/%0150d", tmpdir, 7);
    (void)mkdir(deep, 0700);
    (void)strcat(deep, "/s");
    meeting(deep, "one that is too long for an address");
    liveness();
    passing();
    tmpdir_remove();
    return done_testing();
}
