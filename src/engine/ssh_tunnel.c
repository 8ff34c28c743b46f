/* SPDX-License-Identifier: MIT */
#include "engine/ssh_tunnel.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/hash.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/pty.h"
#include "base/spawn.h"
#include "engine/ssh_args.h"
#include "engine/ssh_login.h"
#include "engine/ssh_sweep.h"
#include "net/call.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NAME_DIGITS = 8, REAP_TRIES = 40, REAP_MS = 5 };

struct tunnel {
    struct arena arena;
    struct tunnel_setup setup;
    const char *ssh;   /* the path of the program */
    const char *dir;   /* the tunnel's directory; NULL: not made */
    const char *path;  /* of the local socket, in `dir` */
    int lock;          /* holds the lock of `dir` */
    int master, slave; /* of ssh's pseudo-terminal: ssh ends when all masters are closed */
    int null;          /* /dev/null */
    struct login login;
    bool dials;        /* the server forbids forwarding: each connection is a dial-stdio */
    struct conn first; /* the open connection of the first ping, for the first caller */
};

static struct tunnel *new_tunnel(const struct tunnel_setup *s)
{
    struct tunnel *t = calloc(1, sizeof(*t));

    if (t == NULL) {
        abort();
    }
    t->setup = *s;
    t->lock = t->master = t->slave = t->null = -1;
    login_init(&t->login);
    conn_init(&t->first);
    return t;
}

/* Closes this process's descriptors and frees the memory. */
static void forget(struct tunnel *t)
{
    login_release(&t->login);
    conn_close(&t->first);
    fd_close(&t->master);
    fd_close(&t->slave);
    fd_close(&t->null);
    fd_close(&t->lock);
    arena_release(&t->arena);
    free(t);
}

void tunnel_abandon(struct tunnel *t)
{
    if (t != NULL) {
        forget(t);
    }
}

/* Waits for the end of ssh, which ends at once because its terminal has hung up. It need not be
 * a child of this process. */
static void reap(struct tunnel *t)
{
    for (int i = 0; t->login.pid > 0 && !t->login.ended && i < REAP_TRIES; i++) {
        pid_t got = waitpid(t->login.pid, NULL, WNOHANG);

        t->login.ended = got == t->login.pid || (got < 0 && errno != EINTR);
        if (!t->login.ended) {
            (void)poll(NULL, 0, REAP_MS);
        }
    }
}

void tunnel_close(struct tunnel *t)
{
    struct err ignored = {0}; /* the next tunnel_sweep() removes it */

    if (t == NULL) {
        return;
    }
    conn_close(&t->first);
    fd_close(&t->slave);
    fd_close(&t->master);
    reap(t);
    if (t->dir != NULL) {
        (void)file_remove_tree(t->dir, &ignored);
    }
    forget(t);
}

static int find_ssh(struct tunnel *t, struct err *e)
{
    t->ssh = proc_find("ssh", t->setup.env, &t->arena);
    if (t->ssh == NULL) {
        (void)err_set(e, ERR_NOT_FOUND, "the program ssh is not in PATH");
        return err_hint(
            e, "Install it (Debian: apt-get install openssh-client), or reach the engine "
               "another way (DOCKER_HOST=tcp://..., unix://...).");
    }
    return 0;
}

/* Makes the tunnel's directory, which other users cannot enter. It is locked for as long as any
 * process has the tunnel. */
static int make_dir(struct tunnel *t, struct err *e)
{
    char digits[NAME_DIGITS + 1];
    const char *fresh;
    const char *dir;

    if (file_private_dir(t->setup.runtime_dir, e) < 0 ||
        random_hex(digits, NAME_DIGITS, e) < 0) {
        return -1;
    }
    tunnel_sweep(t->setup.runtime_dir);
    /* With this name, tunnel_sweep() of another process leaves it alone until it is locked. */
    fresh = arena_printf(&t->arena, "%s/" TUNNEL_FRESH "%s", t->setup.runtime_dir, digits);
    dir = arena_printf(&t->arena, "%s/" TUNNEL_PREFIX "%s", t->setup.runtime_dir, digits);
    if (mkdir(fresh, 0700) < 0) {
        return err_sys(e, "%s", fresh);
    }
    t->dir = fresh;
    t->lock = file_lock(path_join(&t->arena, fresh, TUNNEL_LOCK), FILE_LOCK_NOW, e);
    if (t->lock < 0) {
        return -1;
    }
    if (rename(fresh, dir) < 0) {
        return err_sys(e, "%s", dir);
    }
    t->dir = dir;
    t->path = path_join(&t->arena, dir, TUNNEL_SOCKET);
    t->login.socket = t->path;
    return 0;
}

/* Returns whether the user has a program with which ssh can ask without a terminal (SSH_ASKPASS
 * in ssh(1)). Otherwise ssh must not ask, because nobody could answer. */
static bool has_askpass(char *const *env)
{
    const char *require = env_value(env, "SSH_ASKPASS_REQUIRE");

    return env_value(env, "SSH_ASKPASS") != NULL &&
           (env_value(env, "DISPLAY") != NULL || env_value(env, "WAYLAND_DISPLAY") != NULL ||
            (require != NULL && strcmp(require, "never") != 0));
}

static int start_ssh(struct tunnel *t, struct err *e)
{
    bool askpass = t->login.tty < 0 && has_askpass(t->setup.env);
    struct spawn s = {
        .program = t->ssh,
        .argv = tunnel_args(t->setup.endpoint, t->login.tty < 0 && !askpass, &t->arena),
        .env = askpass ? tunnel_env(t->setup.env, &t->arena) : t->setup.env,
        .dir = t->dir,
    };

    t->null = openat(AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC);
    if (t->null < 0) {
        return err_sys(e, "/dev/null");
    }
    if (pty_open(&t->master, &t->slave, e) < 0) {
        return -1;
    }
    s.in = s.out = t->null;
    s.err = s.terminal = t->slave;
    t->login.master = t->master;
    t->login.pid = spawn_start(&s, e);
    return t->login.pid < 0 ? -1 : 0;
}

/* Adds the last line that ssh printed to the error's text. */
static void add_said(struct tunnel *t, struct err *e)
{
    struct str said = str_n(NULL, 0);
    struct str rest;
    struct str line = {0};

    login_hear(&t->login);
    rest = buf_str(&t->login.said);
    while (rest.len > 0) {
        (void)str_cut(&rest, '\n', &line);
        line = str_trim(line);
        said = line.len > 0 ? line : said; /* the last line has the reason */
    }
    if (said.len > 0) {
        struct err whole = *e;

        (void)err_set(e, whole.kind, "%s: %.*s", whole.text, (int)said.len, said.p);
        e->errnum = whole.errnum;
        e->code = whole.code;
    }
}

static int login_failed(struct tunnel *t, struct err *e)
{
    const struct endpoint *ep = t->setup.endpoint;

    const char *port = ep->port != 0 ? arena_printf(&t->arena, " -p %u", ep->port) : "";
    const char *at = ep->user != NULL ? arena_printf(&t->arena, "%s@", ep->user) : "";
    bool silent = t->login.tty < 0; /* the user could neither see ssh's output nor answer */

    if (e->kind == ERR_CANCELED) {
        return -1;
    }
    if (silent) {
        add_said(t, e);
    }
    return err_hint(
        e,
        silent ? "Try ssh%s %s%s at a terminal: here ssh cannot ask for a password or about "
                 "the key of a host."
               : "Try ssh%s %s%s: cco logs in in the same way.",
        port, at, ep->host);
}

static int connect_forwarded(const struct tunnel *t, struct conn *c, const struct net_wait *w,
                             struct err *e)
{
    /* ssh binds the socket a moment before it listens: until then connections are refused. */
    for (;;) {
        int rc = conn_unix(c, t->path, w, e);

        if (rc == 0 || e->kind != ERR_SYS || e->errnum != ECONNREFUSED || t->login.ended ||
            clock_ms() >= w->deadline_ms) {
            return rc;
        }
        err_reset(e);
        (void)poll(NULL, 0, 1);
    }
}

/* Opens a connection by a second ssh, whose standard input and output are a socket pair. */
static int connect_dialled(struct tunnel *t, struct conn *c, struct err *e)
{
    int ends[2] = {-1, -1};
    struct spawn s = {
        .program = t->ssh,
        .argv = tunnel_dial_args(t->setup.endpoint, &t->arena),
        .env = t->setup.env,
        .dir = t->dir,
        .err = t->slave,
        .terminal = -1,
    };
    int rc = -1;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        return err_sys(e, "socketpair");
    }
    s.in = s.out = ends[1];
    if (spawn_start(&s, e) >= 0) {
        rc = conn_adopt(c, ends[0], e);
    }
    fd_close(&ends[1]);
    if (rc < 0) {
        fd_close(&ends[0]);
    }
    return rc;
}

/* Sends a ping. Returns 0 if an engine answers, and -1 on error. The connection stays open for
 * the next request if the engine permits it. */
static int look(struct conn *c, const struct net_wait *w, struct err *e)
{
    const struct http_request rq = {.method = "HEAD", .target = "/_ping", .host = "docker"};
    struct call call;
    int rc = -1;

    call_init(&call, c);
    if (call_send_head(&call, &rq, w, e) == 0 && call_head(&call, w, e) == 0) {
        rc = 0;
        if (!call_reusable(&call)) {
            conn_close(c); /* the engine has answered nevertheless */
        }
    }
    call_release(&call);
    if (rc < 0) {
        conn_close(c);
    }
    return rc;
}

static int no_engine(struct tunnel *t, struct err *e)
{
    const struct endpoint *ep = t->setup.endpoint;

    if (e->kind == ERR_CANCELED || e->kind == ERR_TIMEOUT) {
        return -1;
    }
    (void)err_set(e, ERR_NOT_FOUND, "no engine answers at %s on %s", ep->path, ep->host);
    add_said(t, e);
    return err_hint(e, "Is the engine started there, and may you use it? Another socket: "
                       "ssh://HOST/path/to/docker.sock. If its ssh server forbids forwarding "
                       "(AllowStreamLocalForwarding), it needs the docker command.");
}

/* Finds out whether an engine answers, and how it is reached. */
static int first_look(struct tunnel *t, const struct net_wait *w, struct err *e)
{
    if (connect_forwarded(t, &t->first, w, e) < 0) {
        return -1;
    }
    if (look(&t->first, w, e) == 0) {
        return 0;
    }
    /* A server that forbids forwarding cannot be distinguished from one without that socket. */
    if (e->kind != ERR_CANCELED && e->kind != ERR_TIMEOUT) {
        err_reset(e);
        t->dials = true;
        if (connect_dialled(t, &t->first, e) == 0 && look(&t->first, w, e) == 0) {
            return 0;
        }
    }
    return no_engine(t, e);
}

struct tunnel *tunnel_open(const struct tunnel_setup *s, const struct net_wait *w,
                           struct err *e)
{
    struct tunnel *t = new_tunnel(s);
    struct net_wait rest = *w;

    if (find_ssh(t, e) < 0 || make_dir(t, e) < 0 || start_ssh(t, e) < 0) {
        goto out;
    }
    if (login_await(&t->login, w, e) < 0) {
        (void)login_failed(t, e);
        goto out;
    }
    if (w->deadline_ms >= 0 && rest.deadline_ms < clock_ms() + TUNNEL_LOOK_MS) {
        rest.deadline_ms = clock_ms() + TUNNEL_LOOK_MS; /* the login may have used the time */
    }
    if (first_look(t, &rest, e) == 0) {
        return t;
    }
out:
    tunnel_close(t);
    return NULL;
}

int tunnel_connect(struct tunnel *t, struct conn *c, const struct net_wait *w, struct err *e)
{
    if (t->first.fd >= 0) {
        const char *peer = c->peer;

        *c = t->first;
        c->peer = peer;
        conn_init(&t->first);
        return 0;
    }
    login_hear(&t->login); /* unread output of ssh would fill its terminal and block it */
    buf_reset(&t->login.said);
    if (t->dials) {
        return connect_dialled(t, c, e);
    }
    if (connect_forwarded(t, c, w, e) < 0) {
        add_said(t, e);
        return err_wrap(e, "ssh to %s", t->setup.endpoint->host);
    }
    return 0;
}
