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

    if (!ok(listener >= 0, "%s: a listener is made", name)) {
        (void)printf("# %s\n", e.text);
        return;
    }
    ok(lstat(path, &st) == 0 && (st.st_mode & 0777) == 0600,
       "the socket file has the given mode");
    is_int(unix_socket_accept(listener, &e), -1, "no connection waits");
    is_int(e.kind, ERR_NONE, "that is not an error");
    client = unix_socket_connect(path, &e);
    server = unix_socket_accept(listener, &e);
    ok(client >= 0 && server >= 0, "a connection is made");
    ok(unix_socket_peer_is(server, geteuid()) && !unix_socket_peer_is(server, geteuid() + 1),
       "the user of the peer is known");
    ok((fcntl(server, F_GETFD) & FD_CLOEXEC) != 0 &&
           (fcntl(client, F_GETFD) & FD_CLOEXEC) != 0 &&
           (fcntl(client, F_GETFL) & O_NONBLOCK) != 0,
       "sockets are close-on-exec and non-blocking");
    ok(unix_socket_is_live(path), "a socket with a listener is live");
    ok(fd_write(client, "hi", 2) == 2 && fd_read(server, text, sizeof(text)) == 2,
       "bytes are exchanged");
    ok(unix_socket_listen(path, 0600, &e) < 0 && e.errnum == EADDRINUSE,
       "a second listener at the path is refused");
    fd_close(&client);
    fd_close(&server);
    fd_close(&listener);
    e = (struct err){0};
    ok(unix_socket_connect(path, &e) < 0 && e.errnum == ECONNREFUSED,
       "connecting fails with ECONNREFUSED after the listener is closed");
    ok(!unix_socket_is_live(path), "then the socket is not live");
    (void)unlink(path);
    e = (struct err){0};
    ok(unix_socket_connect(path, &e) < 0 && e.errnum == ENOENT,
       "connecting fails with ENOENT after the file is removed");
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
    ok(!connects(in_tmp("live")), "connecting to a missing path fails");
    ok(fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0, "a socket is bound");
    ok(!connects(in_tmp("live")), "connecting fails while it does not listen");
    ok(listen(fd, 1) == 0 && connects(in_tmp("live")), "connecting succeeds when it listens");
    fd_close(&fd);
    ok(!connects(tmpdir), "connecting to a directory fails");
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
    is_int(unix_socket_send(pair[0], "with", 4, pipes, 2, &e), 0, "two descriptors are sent");
    is_int(unix_socket_send(pair[0], "none", 4, NULL, 0, &e), 0,
           "bytes are sent without descriptors");
    is_int(unix_socket_recv(pair[1], text, 4, fds), 4, "the bytes arrive");
    ok(fds[0] >= 0 && fds[1] >= 0 && fds[2] < 0, "the descriptors arrive with them");
    ok((fcntl(fds[0], F_GETFD) & FD_CLOEXEC) != 0,
       "the received descriptors are close-on-exec");
    ok(fd_write(fds[1], "x", 1) == 1 && fd_read(pipes[0], text, 1) == 1,
       "they refer to the same pipe");
    is_int(unix_socket_recv(pair[1], text, 4, fds), 4,
           "the other bytes arrive without descriptors");
    fd_close(&pair[0]);
    is_int(unix_socket_recv(pair[1], text, 4, fds), 0, "the end of the stream is reported");
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
    meeting(in_tmp("s"), "a short path");
    (void)snprintf(deep, sizeof(deep), "%s/%0150d", tmpdir, 7);
    (void)mkdir(deep, 0700);
    (void)strcat(deep, "/s");
    meeting(deep, "a path that is too long for an address");
    liveness();
    passing();
    tmpdir_remove();
    return done_testing();
}
