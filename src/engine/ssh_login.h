/* SPDX-License-Identifier: MIT */
/* Inside of engine/ssh_tunnel.c: the login of ssh, from its start until its tunnel exists. ssh
 * runs on a pseudo-terminal of cco. This module copies what ssh prints and asks to the user's
 * terminal, and the user's answers to ssh. */
#ifndef ENGINE_SSH_LOGIN_H
#define ENGINE_SSH_LOGIN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/wait.h"

enum { LOGIN_SAID_MAX = 4 << 10 }; /* bytes of login.said */

struct login {
    /* The user's terminal, opened again; owned. -1: there is none, or cco is in its
     * background. */
    int tty;
    int master;         /* the master side of ssh's pseudo-terminal; borrowed */
    pid_t pid;          /* of ssh, a child of this process */
    bool ended;         /* ssh has ended and was waited for */
    int status;         /* of waitpid(2), if ended */
    const char *socket; /* path of the socket that ssh makes after the login; borrowed */
    struct buf said;    /* the last bytes that ssh printed, without what the user typed */
};

/* Sets the initial state, and opens the user's terminal if there is one and cco is in its
 * foreground. The caller sets master, pid and socket before it calls login_await(). */
void login_init(struct login *l);

/* Waits until l->socket exists, and shows ssh's output on the user's terminal meanwhile. While
 * ssh asks a question, the user's terminal is in raw mode, the user's keys go to ssh, and the
 * deadline of `w` does not run. The terminal is restored at the end. Returns 0 on success and
 * -1 on error: ERR_ENGINE means that ssh has ended; l->said has what it printed. ERR_CANCELED
 * is a signal, Ctrl-C, or the hang-up of the terminal; ERR_TIMEOUT the deadline of `w`. */
int login_await(struct login *l, const struct net_wait *w, struct err *e);

/* Reads what ssh has printed into l->said, without showing it. Never blocks. */
void login_hear(struct login *l);

/* Closes the user's terminal and frees l->said. Does not close l->master and does not end ssh.
 * A second call does nothing. */
void login_release(struct login *l);

#endif
