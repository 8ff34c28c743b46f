/* SPDX-License-Identifier: MIT */
/* The remote end of a transfer as a program, over descriptors 0 and 1. The tests of the room
 * sync check the transfer itself. */
#include "init/sync_main.h"

#include "base/fd.h"
#include "child.h"
#include "sync/sync.h"
#include "tap.h"
#include "tmpdir.h"

#include <signal.h>
#include <sys/socket.h>

static struct arena arena;

struct wire {
    struct sync_io io; /* the first member, because pointers to it are cast */
    int fd;
};

static int on_fill(struct sync_io *io, struct buf *in, struct err *e)
{
    const struct wire *w = (const struct wire *)io;
    size_t room = buf_room(in) < 4096 ? buf_room(in) : 4096;
    ssize_t got = fd_read(w->fd, buf_reserve(in, room), room);

    if (got <= 0) {
        return err_set(e, ERR_EOF, "gone");
    }
    buf_commit(in, (size_t)got);
    return 0;
}

static int on_send(struct sync_io *io, struct str data, struct err *e)
{
    return fd_write_all(((const struct wire *)io)->fd, data.p, data.len, e);
}

/* Starts the program in a child. *w is the local end. */
static pid_t start(struct wire *w)
{
    int pair[2];
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
        abort();
    }
    (void)fflush(stdout);
    pid = fork();
    if (pid == 0) {
        (void)close(pair[0]);
        if (dup2(pair[1], 0) < 0 || dup2(pair[1], 1) < 0) {
            _exit(99);
        }
        (void)close(pair[1]);
        _exit(sync_main());
    }
    (void)close(pair[1]);
    *w = (struct wire){.io = {on_fill, on_send}, .fd = pair[0]};
    return pid;
}

/* Closes the local end. Returns the exit status of the program. */
static int end(struct wire *w, pid_t pid)
{
    fd_close(&w->fd);
    return status_of(pid);
}

int main(void)
{
    struct wire w;
    struct err e = {0};
    struct sync_tree tree = {.id = "t", .push = true, .pull = true};
    struct sync_job job = {.trees = &tree, .tree_count = 1, .arena = &arena};
    pid_t pid;

    tmpdir_make();
    (void)signal(SIGPIPE, SIG_IGN);
    (void)mkdir(in_tmp("local"), 0700);
    (void)mkdir(in_tmp("remote"), 0700);
    (void)mkdir(in_tmp("bases"), 0700);
    put_file(in_tmp("local/a"), "from here");
    put_file(in_tmp("remote/b"), "from there");
    tree.local_path = arena_printf(&arena, "%s/local", tmpdir);
    tree.remote_path = arena_printf(&arena, "%s/remote", tmpdir);
    job.base_dir = arena_printf(&arena, "%s/bases", tmpdir);
    job.remote_base_dir = arena_printf(&arena, "%s/remote-base", tmpdir);
    job.uid = geteuid();
    job.gid = getegid();
    pid = start(&w);
    ok(sync_lead(&w.io, &job, &e) == 0, "a transfer succeeds: %s", e.text);
    is_int(end(&w, pid), 0, "the program exits with 0 after a transfer");
    is_str(get_file(in_tmp("remote/a")), "from here", "a local file is on the remote side");
    is_str(get_file(in_tmp("local/b")), "from there", "a remote file is on the local side");
    pid = start(&w);
    is_int(end(&w, pid), 125, "a local end that closes without a transfer is an error");
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
