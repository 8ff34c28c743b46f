/* SPDX-License-Identifier: MIT */
#include "base/proc.h"

#include "base/clock.h"
#include "base/env.h"
#include "base/exit_status.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/secret.h"
#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    READ_SIZE = 4 << 10,
    OPEN_TICK_MS = 50, /* between two calls of waitpid(2) while the child's output is open */
    SHUT_TICK_MS = 2,  /* the same after it closed its output, because it will end soon */
    GRACE_MS = 1000    /* from SIGTERM to SIGKILL */
};

struct child {
    pid_t pid;
    int in, out, err; /* the parent's ends of the pipes; -1: closed, or never opened */
    struct str left;  /* the input that was not written yet */
    bool ended;
    int status; /* as waitpid(2) sets it */
};

static bool is_program(const char *path)
{
    struct stat st;

    return path[0] == '/' && stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
           access(path, X_OK) == 0;
}

const char *proc_find(const char *name, char *const *env, struct arena *a)
{
    struct str rest = str_c(env_value(env, "PATH"));
    struct str dir = {0};

    if (strchr(name, '/') != NULL) {
        return is_program(name) ? arena_strdup(a, name) : NULL;
    }
    while (name[0] != '\0' && rest.len > 0) {
        (void)str_cut(&rest, ':', &dir);
        if (dir.len > 0 && dir.p[0] == '/') {
            const char *path = path_join(a, arena_str(a, dir), name);

            if (is_program(path)) {
                return path;
            }
        }
    }
    return NULL;
}

char *const *proc_argv(const char *const *argv, struct arena *a)
{
    char **copy;
    size_t count = 0;

    while (argv[count] != NULL) {
        count++;
    }
    copy = arena_array(a, count + 1, sizeof(*copy));
    memcpy(copy, argv, count * sizeof(*copy));
    return copy;
}

static void reap(pid_t pid, int *status)
{
    while (waitpid(pid, status, 0) < 0 && errno == EINTR) {
    }
}

/* Starts the program with the descriptors `std`; -1 in place of a descriptor means that the
 * child inherits it. Returns the pid when the program has been executed, and -1 on error. */
static pid_t spawn(const struct proc *p, const int std[3], struct err *e)
{
    const struct spawn s = {.program = p->program,
                            .argv = p->argv,
                            .env = p->env,
                            .sig = p->sig,
                            .joins = true,
                            .in = std[0],
                            .out = std[1],
                            .err = std[2],
                            .terminal = -1};

    if (p->program == NULL || p->program[0] != '/') {
        (void)err_set(e, ERR_USAGE, "%s: not an absolute path", p->argv[0]);
        return -1;
    }
    return spawn_start(&s, e);
}

static int open_pipes(const struct proc *p, struct child *c, int std[3], struct err *e)
{
    int pair[2];

    if (fd_pipe(pair, e) < 0) {
        return -1;
    }
    std[0] = pair[0];
    c->in = pair[1];
    if (fd_pipe(pair, e) < 0) {
        return -1;
    }
    std[1] = pair[1];
    c->out = pair[0];
    if (p->err != NULL) {
        if (fd_pipe(pair, e) < 0) {
            return -1;
        }
        std[2] = pair[1];
        c->err = pair[0];
    }
    if (fd_nonblock(c->in, e) < 0 || fd_nonblock(c->out, e) < 0 ||
        (c->err >= 0 && fd_nonblock(c->err, e) < 0)) {
        return -1;
    }
    return 0;
}

static int start(const struct proc *p, struct child *c, struct err *e)
{
    int std[3] = {-1, -1, -1};

    *c = (struct child){.pid = -1, .in = -1, .out = -1, .err = -1, .left = p->in};
    if (open_pipes(p, c, std, e) == 0) {
        c->pid = spawn(p, std, e);
    }
    for (int i = 0; i < 3; i++) {
        fd_close(&std[i]);
    }
    return c->pid < 0 ? -1 : 0;
}

/* Writes input to the child. If the child has closed its input or has ended, the rest is
 * dropped. */
static void feed(struct child *c)
{
    ssize_t sent = c->left.len > 0 ? fd_write(c->in, c->left.p, c->left.len) : 0;

    if (sent > 0) {
        c->left = str_drop(c->left, (size_t)sent);
    }
    if (c->left.len == 0 || (sent < 0 && errno != EAGAIN)) {
        fd_close(&c->in);
    }
}

/* Reads once from *fd into b. Returns 1 if bytes were read, 0 if none are available or at the
 * end of file (which closes *fd), and -1 on error. If b is full, further bytes are discarded;
 * with `whole` they are an error. */
static int take(int *fd, struct buf *b, bool whole, struct err *e)
{
    char nowhere[READ_SIZE];
    size_t room = buf_room(b) < READ_SIZE ? buf_room(b) : READ_SIZE;
    char *to = room > 0 ? buf_reserve(b, room) : nowhere;
    ssize_t got = fd_read(*fd, to, room > 0 ? room : sizeof(nowhere));
    int problem = errno;

    if (room == 0 && got > 0) {
        secret_wipe(nowhere, (size_t)got);
        return whole ? err_set(e, ERR_LIMIT, "its output exceeds %zu bytes", b->max) : 1;
    }
    if (got > 0) {
        buf_commit(b, (size_t)got);
        return 1;
    }
    if (got < 0 && problem != EAGAIN) {
        errno = problem;
        return err_sys(e, "read its output");
    }
    if (got == 0) {
        fd_close(fd);
    }
    return 0;
}

/* Reads the bytes that are in the pipes when the child has ended. Does not wait for more,
 * because a process that the child left behind may keep the pipes open and write for ever. */
static int take_rest(const struct proc *p, struct child *c, struct err *e)
{
    int got = c->out < 0 ? 0 : 1;

    while (got == 1) {
        got = take(&c->out, p->out, true, e);
    }
    while (got >= 0 && c->err >= 0 && buf_room(p->err) > 0) {
        int more = take(&c->err, p->err, false, e);

        if (more <= 0) {
            return more;
        }
    }
    return got;
}

static int turn(const struct proc *p, struct child *c, int timeout_ms, struct err *e)
{
    struct pollfd fds[3] = {{.fd = c->in, .events = POLLOUT},
                            {.fd = c->out, .events = POLLIN},
                            {.fd = c->err, .events = POLLIN}};

    if (poll(fds, 3, timeout_ms) < 0) {
        return errno == EINTR ? 0 : err_sys(e, "poll");
    }
    if (fds[0].revents != 0) {
        feed(c);
    }
    if (fds[1].revents != 0 && take(&c->out, p->out, true, e) < 0) {
        return -1;
    }
    return fds[2].revents != 0 && take(&c->err, p->err, false, e) < 0 ? -1 : 0;
}

static int look(struct child *c, struct err *e)
{
    pid_t got = waitpid(c->pid, &c->status, WNOHANG);

    if (got < 0 && errno != EINTR) {
        c->ended = true; /* no such child: this process was started with SIGCHLD ignored */
        return err_sys(e, "wait for it");
    }
    c->ended = got == c->pid;
    return 0;
}

static int follow(const struct proc *p, struct child *c, struct err *e)
{
    while (!c->ended) {
        int tick = c->out < 0 && c->err < 0 ? SHUT_TICK_MS : OPEN_TICK_MS;
        int left = clock_poll_timeout(p->deadline_ms);

        if (left == 0) {
            return err_set(e, ERR_TIMEOUT, "no answer in time");
        }
        if (turn(p, c, left > 0 && left < tick ? left : tick, e) < 0 || look(c, e) < 0) {
            return -1;
        }
    }
    return take_rest(p, c, e);
}

static void end_child(struct child *c)
{
    const int64_t until = clock_ms() + GRACE_MS;
    struct err ignored = {0};

    if (c->pid < 0 || c->ended) {
        return;
    }
    (void)kill(c->pid, SIGTERM);
    while (!c->ended && clock_ms() < until) {
        (void)poll(NULL, 0, SHUT_TICK_MS);
        (void)look(c, &ignored); /* also sets `ended` if the child is gone */
    }
    if (!c->ended) {
        (void)kill(c->pid, SIGKILL);
        reap(c->pid, &c->status);
        c->ended = true;
    }
}

static int exit_status(int status)
{
    return WIFSIGNALED(status) ? EXIT_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

int proc_run(const struct proc *p, int *status, struct err *e)
{
    struct child c;
    struct err own = {0};
    int rc = -1;

    if (p->secret) {
        (void)buf_reserve(p->out, buf_room(p->out)); /* so that the secret never moves */
    }
    if (start(p, &c, e) == 0) {
        rc = follow(p, &c, &own);
        if (rc < 0) {
            *e = own;
            (void)err_wrap(e, "%s", p->program);
        }
    }
    end_child(&c);
    fd_close(&c.in);
    fd_close(&c.out);
    fd_close(&c.err);
    if (rc < 0) {
        if (p->secret) {
            buf_wipe(p->out);
        }
        return -1;
    }
    *status = exit_status(c.status);
    return 0;
}
