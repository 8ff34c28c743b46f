/* SPDX-License-Identifier: MIT */
/* A sandbox whose cco was killed: whether it still runs, and how another cco adopts it. */
#include "native/native.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/pidfd.h"
#include "base/proctree.h"
#include "base/unix_socket.h"
#include "wire/frame.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { STATUS_MAX = 4096 };

uint64_t native_started(pid_t pid)
{
    pid_t parent;
    bool ended;
    uint64_t started = pid > 0 ? proctree_started(pid, &parent, &ended) : 0;

    return started == 0 || ended ? 0 : started; /* a zombie counts as ended */
}

bool native_lives(uint64_t pid, uint64_t started)
{
    return started != 0 && pid <= INT32_MAX && native_started((pid_t)pid) == started;
}

int64_t native_since(uint64_t started)
{
    struct timespec now = {0};
    long ticks = sysconf(_SC_CLK_TCK);

    if (started == 0 || ticks <= 0 || clock_gettime(CLOCK_BOOTTIME, &now) < 0) {
        return 0;
    }
    return clock_wall() - (now.tv_sec - (int64_t)(started / (uint64_t)ticks));
}

/* Returns true if init has no pid namespace of its own: its pid in the innermost namespace is
 * not 1. proc_pid_status(5), NSpid. */
static bool is_landlock_only(pid_t pid)
{
    static const char label[] = "\nNSpid:";
    char path[64];
    struct buf text;
    struct err ignored = {0};
    bool landlock_only = false;
    const char *at;

    (void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    buf_init(&text, STATUS_MAX);
    if (file_read(path, &text, &ignored) == 0 && buf_c(&text) != NULL &&
        (at = strstr(buf_c(&text), label)) != NULL) {
        const char *line = at + sizeof(label) - 1;
        size_t len = strcspn(line, "\n");

        landlock_only = len < 2 || line[len - 1] != '1' || line[len - 2] != '\t';
    }
    buf_release(&text);
    return landlock_only;
}

int native_hold(struct native *n, uint64_t pid, uint64_t started, struct err *e)
{
    *n = (struct native){.pid = -1, .pidfd = -1};
    n->session.fd = -1;
    buf_init(&n->session.early, LIMIT_RELAY_BUFFER);
    /* The descriptor is opened before the start time is compared. Afterwards the kernel may use
     * the pid for another process, but the descriptor still refers to init. */
    if (pid > 0 && pid <= INT32_MAX) {
        n->pid = (pid_t)pid;
        n->pidfd = pidfd_of(n->pid);
        n->landlock_only = is_landlock_only(n->pid);
    }
    if (n->pidfd < 0 || !native_lives(pid, started)) {
        native_close(n);
        return err_set(e, ERR_NOT_FOUND, "the sandbox has ended");
    }
    return 0;
}

/* Connects to init's socket, and checks with SO_PEERCRED that init listens there, so that no
 * other process gets the key. Processes in the sandbox do not see the socket. */
static int call_init(const struct native *n, const char *path, struct err *e)
{
    int fd = unix_socket_connect(path, e);

    if (fd >= 0 && unix_socket_peer_pid(fd) != n->pid) {
        fd_close(&fd);
        return err_set(e, ERR_REFUSED, "another process listens at init's socket");
    }
    return fd;
}

/* Sends init the key together with its new line, which carries both directions. */
static int present_key(int fd, const char *key, int line, struct err *e)
{
    const int both[2] = {line, line};
    struct buf text;
    int rc;

    buf_init(&text, FRAME_HEAD + 2 + FRAME_SECRET);
    rc = frame_add_hello(&text, FRAME_HELLO_KEY, str_c(key)) < 0
             ? err_set(e, ERR_FORMAT, "the key of the session has a wrong length")
             : unix_socket_send(fd, buf_data(&text), text.len, both, 2, e);
    buf_wipe(&text);
    return rc;
}

int native_adopt(struct native *n, const char *path, const char *key, struct sig *sig,
                 struct err *e)
{
    int line[2] = {-1, -1};
    int fd = call_init(n, path, e);
    int rc = -1;

    if (fd < 0) {
        goto out;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, line) < 0) {
        (void)err_sys(e, "make a line to init");
        goto out;
    }
    rc = present_key(fd, key, line[1], e);
    fd_close(&line[1]);
    if (rc == 0) {
        n->session.tty = true;
        rc = native_greet(n, line[0], NULL, sig, e);
        line[0] = -1;
        if (rc < 0 && e->kind == ERR_EOF) {
            err_reset(e);
            (void)err_set(e, ERR_EOF,
                          "init closed the connection: the key belongs to another session, or "
                          "init is ending");
        }
    }
out:
    fd_close(&fd);
    fd_close(&line[0]);
    fd_close(&line[1]);
    return rc;
}
