/* SPDX-License-Identifier: MIT */
/* A plain HTTP server on 127.0.0.1 for unit tests: a child that answers by rules. The first
 * rule whose text is the beginning of the request decides the reply. The requests are kept. The
 * end-to-end tests have a server with TLS, in Python. */
#ifndef TESTS_WEB_H
#define TESTS_WEB_H

#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "slow.h"

struct web_rule {
    const char *request; /* the beginning of the request: "GET /x "; NULL ends the rules */
    const char *reply;   /* the whole reply; "PORT" is replaced by the server's port */
    int pace_ms;         /* pause after each byte; 0: all bytes at once */
    bool hold;           /* the connection stays open after the reply */
};

enum { WEB_LOG = 64 << 10 };

struct web {
    uint16_t port;
    pid_t pid;
    char *log; /* the heads of all requests; memory shared with the child */
};

/* Returns the reply with the first "PORT" replaced. */
static const char *web_reply(const struct web *w, const char *reply)
{
    static char text[8192];
    const char *at = strstr(reply, "PORT");

    if (at == NULL) {
        return reply;
    }
    (void)snprintf(text, sizeof(text), "%.*s%u%s", (int)(at - reply), reply, w->port, at + 4);
    return text;
}

static void web_answer(const struct web *w, const struct web_rule *rules, int fd)
{
    static char head[8192];
    const char *reply;
    size_t len = 0;
    ssize_t n;

    while (len + 1 < sizeof(head) && (n = read(fd, head + len, sizeof(head) - len - 1)) > 0) {
        len += (size_t)n;
        head[len] = '\0';
        if (strstr(head, "\r\n\r\n") != NULL) {
            break;
        }
    }
    (void)snprintf(w->log + strlen(w->log), WEB_LOG - strlen(w->log), "%s", head);
    for (; rules->request != NULL; rules++) {
        if (strncmp(head, rules->request, strlen(rules->request)) == 0) {
            break;
        }
    }
    reply = rules->request != NULL ? web_reply(w, rules->reply) : "";
    while (reply[0] != '\0') {
        size_t step = rules->pace_ms > 0 ? 1 : strlen(reply);

        if (write(fd, reply, step) < 0) {
            break;
        }
        reply += step;
        (void)poll(NULL, 0, rules->pace_ms * (int)test_slow());
    }
    while (rules->request != NULL && rules->hold && read(fd, head, sizeof(head)) > 0) {
    }
}

__attribute__((unused)) static void web_start(struct web *w, const struct web_rule *rules)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof(addr);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    w->log = mmap(NULL, WEB_LOG, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (w->log == MAP_FAILED || listener < 0 ||
        bind(listener, (struct sockaddr *)&addr, len) < 0 || listen(listener, 16) < 0 ||
        getsockname(listener, (struct sockaddr *)&addr, &len) < 0) {
        abort();
    }
    w->port = ntohs(addr.sin_port);
    (void)fflush(stdout);
    w->pid = fork();
    if (w->pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)signal(SIGPIPE, SIG_IGN);
        for (;;) {
            int fd = accept(listener, NULL, NULL);

            if (fd >= 0) {
                web_answer(w, rules, fd);
                (void)close(fd);
            }
        }
    }
    (void)close(listener);
}

__attribute__((unused)) static void web_stop(struct web *w)
{
    (void)kill(w->pid, SIGKILL);
    (void)waitpid(w->pid, NULL, 0);
    (void)munmap(w->log, WEB_LOG);
}

#endif
