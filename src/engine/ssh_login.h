/* SPDX-License-Identifier: MIT */
/* Inside of engine/ssh_tunnel.c: the time from ssh's start to its tunnel: what it says and asks goes to the user's
 * terminal, what the user answers goes back. */
#ifndef ENGINE_SSH_LOGIN_H
#define ENGINE_SSH_LOGIN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/wait.h"

enum { LOGIN_SAID_MAX = 4 << 10 };

struct login {
    int tty;            /* the user's terminal, a description of our own; -1: there is none */
    int master;         /* of ssh's; borrowed */
    pid_t pid;          /* ssh's */
    bool ended;         /* it has, and was waited for */
    int status;         /* of waitpid(2) */
    const char *socket; /* appears once it is logged in */
    struct buf said;    /* by ssh: the last of it, without what the user typed */
};

/* Takes the user's terminal where there is one and we are in its foreground. */
void login_init(struct login *l);

/* Until `socket` is there: 0. ERR_ENGINE: ssh ended instead, with what it said; ERR_CANCELED, ERR_TIMEOUT (time that a
 * question waits for the user does not count). The terminal is as it was afterwards. */
int login_await(struct login *l, const struct net_wait *w, struct err *e);

/* Reads what ssh has said meanwhile, without waiting, and shows nobody. */
void login_hear(struct login *l);

void login_release(struct login *l);

#endif
