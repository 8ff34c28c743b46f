/* SPDX-License-Identifier: MIT */
/* escape --bait KEY DIR: makes the things of a host that are not files and that a sandbox must
 * not reach: a process, its memory, shared memory and queues by key and by name, and sockets,
 * in DIR. Prints NAME=VALUE for each, and "ready", and waits for the end of standard input.
 * Then it prints "touched WHAT" for each thing that a process has reached, and removes them
 * all. */
#include "escape.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { SIZE = 4096, NAME = 64, TYPE = 7, LISTENERS = 4 };

static const char whole[] = "as it was";

static volatile sig_atomic_t struck; /* a signal has come */

static void on_signal(int signo)
{
    (void)signo;
    struck = 1;
}

struct baits {
    char memory[NAME]; /* memory of this process, which others may try to change */
    key_t key;
    int shm, sem, msg;
    char mq[NAME];
    char *shared;
    const char *names[LISTENERS];
    int listeners[LISTENERS];
    char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
};

static void die(const char *what)
{
    (void)fprintf(stderr, "bait: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* Makes shared memory and queues. */
static void by_number(struct baits *b)
{
    struct {
        long type;
        char text[sizeof(whole)];
    } message = {.type = TYPE};
    struct mq_attr shape = {.mq_maxmsg = 4, .mq_msgsize = NAME};
    mqd_t queue;

    b->shm = shmget(b->key, SIZE, IPC_CREAT | IPC_EXCL | 0666);
    b->sem = semget(b->key, 1, IPC_CREAT | IPC_EXCL | 0666);
    b->msg = msgget(b->key, IPC_CREAT | IPC_EXCL | 0666);
    b->shared = b->shm < 0 ? NULL : shmat(b->shm, NULL, 0);
    (void)memcpy(message.text, whole, sizeof(whole));
    if (b->sem < 0 || b->msg < 0 || b->shared == NULL || b->shared == (char *)-1 ||
        msgsnd(b->msg, &message, sizeof(message.text), 0) < 0) {
        die("memory by number");
    }
    (void)memcpy(b->shared, whole, sizeof(whole));
    (void)snprintf(b->mq, sizeof(b->mq), "/cco-escape-%d", (int)getpid());
    queue = mq_open(b->mq, O_CREAT | O_EXCL | O_RDWR, 0666, &shape);
    if (queue < 0 && errno != ENOSYS) {
        die("a queue by name");
    }
    (void)printf("key=%d\nshm=%d\nmsg=%d\nsem=%d\nmq=%s\n", (int)b->key, b->shm, b->msg, b->sem,
                 b->mq);
}

static int listen_at(const struct sockaddr_un *at, socklen_t len, int type)
{
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (const struct sockaddr *)at, len) < 0 ||
        (type == SOCK_STREAM && listen(fd, 4) < 0)) {
        die("a socket");
    }
    return fd;
}

static void sockets(struct baits *b, const char *dir)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(in);
    int n;

    (void)snprintf(b->path, sizeof(b->path), "%s/host.sock", dir);
    (void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", b->path);
    b->names[0] = "the socket at a path";
    b->listeners[0] = listen_at(&at, sizeof(at), SOCK_STREAM);
    (void)memset(at.sun_path, 0, sizeof(at.sun_path));
    n = snprintf(at.sun_path + 1, NAME, "cco-escape-%d", (int)getpid());
    b->names[1] = "the abstract socket";
    b->listeners[1] = listen_at(
        &at, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n), SOCK_STREAM);
    (void)printf("abstract=%s\nsocket=%s\n", at.sun_path + 1, b->path);
    n = snprintf(at.sun_path + 1, NAME, "cco-escape-%d-d", (int)getpid());
    b->names[2] = "the abstract socket of datagrams";
    b->listeners[2] = listen_at(
        &at, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n), SOCK_DGRAM);
    b->names[3] = "the port";
    b->listeners[3] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (b->listeners[3] < 0 || bind(b->listeners[3], (struct sockaddr *)&in, sizeof(in)) < 0 ||
        listen(b->listeners[3], 4) < 0 ||
        getsockname(b->listeners[3], (struct sockaddr *)&in, &len) < 0) {
        die("a port");
    }
    (void)printf("port=%d\n", ntohs(in.sin_port));
}

/* Prints what was touched. */
static void look(const struct baits *b)
{
    for (int i = 0; i < LISTENERS; i++) {
        struct pollfd p = {.fd = b->listeners[i], .events = POLLIN};

        if (poll(&p, 1, 0) > 0) {
            (void)printf("touched %s\n", b->names[i]);
        }
    }
    if (struck != 0) {
        (void)printf("touched by a signal\n");
    }
    if (strcmp(b->memory, whole) != 0) {
        (void)printf("touched in its memory\n");
    }
    if (strcmp(b->shared, whole) != 0) {
        (void)printf("touched the shared memory\n");
    }
}

int bait(int argc, char **argv)
{
    struct baits b = {.memory = "as it was"};
    struct sigaction act = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    char end;

    if (argc != 4) {
        return 2;
    }
    (void)sigaction(SIGURG, &act, NULL);
    b.key = (key_t)strtol(argv[2], NULL, 0);
    by_number(&b);
    sockets(&b, argv[3]);
    (void)printf("pid=%d\nmemory=%#jx\nready\n", (int)getpid(), (uintmax_t)(uintptr_t)b.memory);
    (void)fflush(stdout);
    while (read(STDIN_FILENO, &end, 1) > 0) {
    }
    look(&b);
    (void)shmctl(b.shm, IPC_RMID, NULL);
    (void)semctl(b.sem, 0, IPC_RMID);
    (void)msgctl(b.msg, IPC_RMID, NULL);
    (void)mq_unlink(b.mq);
    (void)unlink(b.path);
    return 0;
}
