/* SPDX-License-Identifier: MIT */
/* A scripted engine for unit tests: a child process that answers requests at a unix socket by
 * rules. The first rule whose `request` is a prefix of the request line answers the request; if
 * there is none, the answer is 500. The requests are kept in a file, heads and bodies. The
 * end-to-end tests have a stricter scripted engine in Python (tests/e2e/fake.py). */
#ifndef TESTS_FAKE_H
#define TESTS_FAKE_H

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

struct fake_rule {
    const char *request; /* "POST /v1.41/containers/create" */
    /* The whole reply, with its head. NULL: close the connection without a reply. "": never
     * answer. "@PATH": the bytes of a file. */
    const char *reply;
    bool stay_open; /* after the reply, wait until the client closes the connection */
};

/* A reply that ends with this text is that of an attach. Init's greeting is sent instead of the
 * text. If a number follows the text, the engine also sends, after cco's answer, that the
 * command has exited with this status. */
#define FAKE_INIT "INIT"

/* The secret of init for the next fake_start(). */
static const char *fake_secret;

struct fake {
    char dir[64];
    char socket[96];
    char log[96];
    const char *secret; /* of init; NULL: it is read from the boot file of the only session */
    pid_t pid;
};

/* The end of the rules. */
#define FAKE_END                                                                               \
    {                                                                                          \
        NULL, NULL, false                                                                      \
    }
#define FAKE_JSON(status, body)                                                                \
    "HTTP/1.1 " status "\r\nContent-Type: application/json\r\n\r\n" body
#define FAKE_PING                                                                              \
    "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nOstype: linux\r\nServer: Docker/20.10.24 "        \
    "(linux)\r\n"                                                                              \
    "Content-Length: 0\r\nConnection: close\r\n\r\n"

/* Reads one request. Returns its length, and 0 at the end of the connection. The middle of a
 * long tar archive is dropped. Another request that does not fit is answered as soon as the
 * buffer is full. */
static size_t fake_read(int fd, char *buf, size_t max)
{
    size_t len = 0;

    while (len + 1 < max) {
        ssize_t n = read(fd, buf + len, max - len - 1);
        const char *body;
        const char *length;

        if (n <= 0) {
            return len;
        }
        len += (size_t)n;
        buf[len] = '\0';
        if (len + 1 == max && strstr(buf, "application/x-tar") != NULL &&
            strstr(buf, "Transfer-Encoding: chunked") != NULL) {
            memmove(buf + max / 2, buf + len - 8, 9);
            len = max / 2 + 8;
        }
        body = strstr(buf, "\r\n\r\n");
        if (body == NULL) {
            continue;
        }
        body += 4;
        length = strstr(buf, "Content-Length: ");
        if (strstr(buf, "Transfer-Encoding: chunked") != NULL) {
            if (len >= 5 && memcmp(buf + len - 5, "0\r\n\r\n", 5) == 0) {
                return len;
            }
        } else if (length == NULL || length > body ||
                   len - (size_t)(body - buf) >= strtoul(length + 16, NULL, 10)) {
            return len;
        }
    }
    return len;
}

/* Finds the secret in the boot file below $XDG_RUNTIME_DIR: record 19 of wire/boot.h, with 64
 * digits. Returns whether there is one. */
static bool fake_find_secret(char *out)
{
    static const char mark[5] = {19, 0, 0, 0, 64};
    static char text[1 << 20];
    char command[] = "cat \"$XDG_RUNTIME_DIR\"/cco/*/boot 2>/dev/null";
    FILE *all = popen(command, "re");
    size_t n = all == NULL ? 0 : fread(text, 1, sizeof(text), all);

    if (all != NULL) {
        (void)pclose(all);
    }
    for (size_t i = 0; i + 69 <= n; i++) {
        if (memcmp(text + i, mark, sizeof(mark)) == 0) {
            memcpy(out, text + i + 5, 64);
            return true;
        }
    }
    return false;
}

/* Sends frames of init inside of a log frame of the engine. */
static void fake_say(int fd, const void *p, size_t len)
{
    unsigned char head[8] = {1, 0, 0, 0, 0, 0, (unsigned char)(len >> 8), (unsigned char)len};

    (void)!write(fd, head, sizeof(head));
    (void)!write(fd, p, len);
}

static void fake_talk(const struct fake *f, int fd, const char *status)
{
    unsigned char hello[8 + 2 + 64] = {1, 0, 0, 0, 0, 0, 0, 66, 1, 'i'};
    unsigned char end[8 + 3] = {8, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0};
    char answer[256];

    if (f->secret != NULL) {
        memcpy(hello + 10, f->secret, 64);
    } else if (!fake_find_secret((char *)hello + 10)) {
        return;
    }
    fake_say(fd, hello, sizeof(hello));
    if (status[0] != '\0' && read(fd, answer, sizeof(answer)) > 0) {
        end[8] = (unsigned char)strtoul(status, NULL, 10);
        fake_say(fd, end, sizeof(end));
    }
}

static void fake_serve(const struct fake *f, const struct fake_rule *rules, int fd)
{
    static char buf[2 << 20];
    size_t len = fake_read(fd, buf, sizeof(buf));
    FILE *log = fopen(f->log, "abe");
    const struct fake_rule *r = rules;
    static const char none[] = FAKE_JSON("500 Oops", "{\"message\":\"no rule\"}");

    if (log != NULL) {
        (void)fwrite(buf, 1, len, log);
        (void)fputc('\n', log);
        (void)fclose(log);
    }
    while (r->request != NULL && strncmp(buf, r->request, strlen(r->request)) != 0) {
        r++;
    }
    if (r->request == NULL) {
        (void)!write(fd, none, sizeof(none) - 1);
    } else if (r->reply != NULL && r->reply[0] == '@') {
        FILE *whole = fopen(r->reply + 1, "rbe");

        while (whole != NULL && (len = fread(buf, 1, sizeof(buf), whole)) > 0 &&
               write(fd, buf, len) > 0) {
        }
    } else if (r->reply != NULL && r->reply[0] == '\0') {
        (void)pause();
    } else if (r->reply != NULL) {
        const char *init = strstr(r->reply, FAKE_INIT);

        (void)!write(fd, r->reply, init != NULL ? (size_t)(init - r->reply) : strlen(r->reply));
        if (init != NULL) {
            fake_talk(f, fd, init + strlen(FAKE_INIT));
        }
        while (r->stay_open && read(fd, buf, sizeof(buf)) > 0) {
        }
    }
    _exit(0);
}

__attribute__((unused)) static void fake_start(struct fake *f, const struct fake_rule *rules)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    f->secret = fake_secret;
    (void)snprintf(f->dir, sizeof(f->dir), "/tmp/cco-fake.XXXXXX");
    if (mkdtemp(f->dir) == NULL) {
        abort();
    }
    (void)snprintf(f->socket, sizeof(f->socket), "%s/s", f->dir);
    (void)snprintf(f->log, sizeof(f->log), "%s/log", f->dir);
    memcpy(addr.sun_path, f->socket, strlen(f->socket) + 1);
    if (listener < 0 || bind(listener, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
        listen(listener, 16) < 0) {
        abort();
    }
    (void)fflush(stdout);
    f->pid = fork();
    if (f->pid == 0) {
        /* If the test dies, no child must hold its output open. */
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)setpgid(0, 0);
        (void)signal(SIGCHLD, SIG_IGN);
        for (;;) {
            int fd = accept(listener, NULL, NULL);

            if (fd >= 0 && fork() == 0) {
                (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
                fake_serve(f, rules, fd);
            }
            if (fd >= 0) {
                (void)close(fd);
            }
        }
    }
    (void)setpgid(f->pid, f->pid);
    (void)close(listener);
}

/* Returns whether any request has contained `text`. */
__attribute__((unused)) static bool fake_saw(const struct fake *f, const char *text)
{
    static char buf[4 << 20];
    FILE *log = fopen(f->log, "rbe");
    size_t n = log == NULL ? 0 : fread(buf, 1, sizeof(buf), log);
    size_t len = strlen(text);

    if (log != NULL) {
        (void)fclose(log);
    }
    for (size_t i = 0; i + len <= n; i++) {
        if (memcmp(buf + i, text, len) == 0) {
            return true;
        }
    }
    return false;
}

/* Returns whether a request after the first one has had this method. The text is put together
 * here, because a test program that is sent as init contains all of its own literals. */
__attribute__((unused)) static bool fake_asked(const struct fake *f, const char *method)
{
    char text[32];

    (void)snprintf(text, sizeof(text), "%c%s %cv1.", '\n', method, '/');
    return fake_saw(f, text);
}

__attribute__((unused)) static void fake_stop(struct fake *f)
{
    (void)kill(-f->pid, SIGKILL);
    (void)waitpid(f->pid, NULL, 0);
    (void)unlink(f->socket);
    (void)unlink(f->log);
    (void)rmdir(f->dir);
}

#endif
