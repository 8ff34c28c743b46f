/* SPDX-License-Identifier: MIT */
#include "host/live_sockets.h"

#include "base/unix_socket.h"
#include "tap.h"
#include "tmpdir.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ZERO "0000000000000000: "

static void lines(void)
{
    static const struct {
        const char *line, *path;
    } all[] = {
        {ZERO "00000002 00000000 00010000 0001 01 12345 /tmp/s", "/tmp/s"},
        {ZERO "00000002 00000000 00010000 0005 01    45 /a b/s", "/a b/s"},
        {ZERO "00000002 00000000 00000000 0002 01 12345 /dev/log", "/dev/log"},
        {ZERO "00000003 00000000 00000000 0001 03 12345 /tmp/s", NULL}, /* a connection */
        {ZERO "00000002 00000000 00010000 0001 01 12345 @abstract", NULL},
        {ZERO "00000002 00000000 00010000 0001 01 12345 relative/s", NULL},
        {ZERO "00000002 00000000 00010000 0001 01 12345", NULL},
        {"Num       RefCount Protocol Flags    Type St Inode Path", NULL},
        {ZERO "00000002 00000000 0001000x 0001 01 12345 /tmp/s", NULL},
        {"", NULL},
        {"/", NULL},
        {"       ", NULL},
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct str path = {0};
        bool found = live_socket_line(str_c(all[i].line), &path);

        ok(found == (all[i].path != NULL) && (!found || str_eq_c(path, all[i].path)),
           "line: %s", all[i].line);
    }
}

static int bound(const char *path, int type, bool listens)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

    (void)snprintf(name.sun_path, sizeof(name.sun_path), "%s", path);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&name, sizeof(name)) < 0 ||
        (listens && listen(fd, 1) < 0)) {
        abort();
    }
    return fd;
}

static bool finds(const char *path)
{
    struct arena a = {0};
    struct strv all = {0};
    bool found;

    host_live_sockets(&a, false, &all);
    found = strv_has(&all, path);
    arena_release(&a);
    return found;
}

static void sockets_of_programs_are_found(void)
{
    int fds[4];

    ok(symlink(tmpdir, in_tmp("link")) == 0, "a link to the directory is made");
    fds[0] = bound(in_tmp("stream"), SOCK_STREAM, true);
    fds[1] = bound(in_tmp("datagram"), SOCK_DGRAM, false);
    fds[2] = bound(in_tmp("link/by-link"), SOCK_SEQPACKET, true);
    fds[3] = bound(in_tmp("deaf"), SOCK_STREAM, false);
    ok(finds(in_tmp("stream")), "a listening socket is found");
    ok(finds(in_tmp("datagram")), "a datagram socket is found");
    ok(finds(in_tmp("by-link")), "a socket is found by its physical path");
    ok(!finds(in_tmp("deaf")), "a socket that does not listen is not found");
    for (size_t i = 0; i < 4; i++) {
        (void)close(fds[i]);
    }
    ok(!finds(in_tmp("stream")), "the file of a socket that was closed is not found");
    fds[0] = bound(in_tmp("moved"), SOCK_STREAM, true);
    ok(unlink(in_tmp("moved")) == 0, "the file of a socket is removed");
    put_file(in_tmp("moved"), "");
    ok(!finds(in_tmp("moved")), "a file in its place is not found");
    (void)close(fds[0]);
}

int main(void)
{
    tmpdir_make();
    lines();
    sockets_of_programs_are_found();
    tmpdir_remove();
    return done_testing();
}
