/* SPDX-License-Identifier: MIT */
/* Init's stay after its command: what lets it go, and what does not. */
#include "init/final_wait.h"

#include "tap.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_US = 50000 };

static struct buf text;

/* In a child: its pid; fd is our end of its line. */
static pid_t begin(void (*stay)(struct line *), int *fd)
{
    int pair[2];
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0) {
        _exit(99);
    }
    pid = fork();
    if (pid == 0) {
        struct line l;

        (void)close(pair[0]);
        line_init(&l);
        l.in = l.out = pair[1];
        stay(&l);
        _exit(0);
    }
    (void)close(pair[1]);
    *fd = pair[0];
    return pid;
}

static void say(int fd, enum frame_type type)
{
    buf_reset(&text);
    (void)frame_add(&text, type, str_n(NULL, 0));
    (void)!write(fd, buf_data(&text), text.len);
}

static bool stays(pid_t pid)
{
    (void)usleep(LOOK_US);
    return waitpid(pid, NULL, WNOHANG) == 0;
}

static bool goes(pid_t pid)
{
    int status = -1;

    (void)alarm(5);
    (void)waitpid(pid, &status, 0);
    (void)alarm(0);
    return status == 0;
}

static void until_let_go(void (*stay)(struct line *), const char *which)
{
    int fd;
    pid_t pid = begin(stay, &fd);

    ok(stays(pid), "%s: it stays", which);
    say(fd, FRAME_SIZE);
    say(fd, FRAME_PING);
    ok(stays(pid), "%s: whatever else is said", which);
    buf_reset(&text);
    (void)frame_add(&text, FRAME_STOP, str_n(NULL, 0));
    (void)!write(fd, buf_data(&text), 3);
    ok(stays(pid), "%s: half a word is none", which);
    (void)!write(fd, buf_data(&text) + 3, text.len - 3);
    ok(goes(pid), "%s: the whole lets it go", which);
    (void)close(fd);
    pid = begin(stay, &fd);
    (void)close(fd);
    ok(goes(pid), "%s: so does the end of the line", which);
    pid = begin(stay, &fd);
    (void)!write(fd, "\377\377\377\377\377\377\377\377", 8);
    ok(goes(pid), "%s: and what is no frame", which);
    (void)close(fd);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    buf_init(&text, FRAME_MAX);
    until_let_go(final_wait, "wait at the end");
    until_let_go(final_wait_adopted, "a word");
    buf_release(&text);
    return done_testing();
}
