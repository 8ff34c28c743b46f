/* SPDX-License-Identifier: MIT */
/* Inside of engine/ssh_tunnel.c: the time from the start of ssh until its tunnel is there. What
 * ssh prints and asks goes to the user's terminal, and the user's answers go to ssh. */
#ifndef ENGINE_SSH_LOGIN_H
#define ENGINE_SSH_LOGIN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/wait.h"

enum { LOGIN_SAID_MAX = 4 << 10 };

struct login {
    int tty;            /* the user's terminal, opened anew; -1: there is none */
    int master;         /* of the terminal of ssh; borrowed */
    pid_t pid;          /* of ssh */
    bool ended;         /* ssh has ended and was waited for */
    int status;         /* of waitpid(2) */
    const char *socket; /* appears when ssh has logged in */
    struct buf said;    /* the last that ssh printed, without what the user typed */
};

/* Sets the initial state, and opens the user's terminal if there is one and cco is in its
 * foreground. The caller sets master, pid and socket before it calls login_await(). */
void login_init(struct login *l);

/* Waits until l->socket appears. The time that a question waits for the user does not count.
 * Restores the user's terminal. Returns 0 on success and -1 on error: ERR_ENGINE with what ssh
 * printed if it ended instead, ERR_CANCELED, ERR_TIMEOUT. */
int login_await(struct login *l, const struct net_wait *w, struct err *e);

/* Reads what ssh has printed into l->said, without showing it. Never blocks. */
void login_hear(struct login *l);

/* Closes the user's terminal, and neither l->master nor ssh. A second call does nothing. */
void login_release(struct login *l);

#endif
