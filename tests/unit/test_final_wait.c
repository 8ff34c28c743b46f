/* SPDX-License-Identifier: MIT */
/* Init waits after its command: which frames end the wait, and which do not. */
#include "init/final_wait.h"

#include "tap.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_US = 50000 };

static struct buf text;

/* Starts a child that waits with the function `stay`. Returns its pid; *fd is the other end of
 * its line. */
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

/* Returns true if the child still waits after a moment. */
static bool stays(pid_t pid)
{
    (void)usleep(LOOK_US);
    return waitpid(pid, NULL, WNOHANG) == 0;
}

/* Waits for the child. Returns true if it has ended with status 0. */
static bool goes(pid_t pid)
{
    int status = -1;

    (void)alarm(5);
    (void)waitpid(pid, &status, 0);
    (void)alarm(0);
    return status == 0;
}

static void waits_until_stop_or_the_end_of_the_line(void (*stay)(struct line *),
                                                    const char *which)
{
    int fd;
    pid_t pid = begin(stay, &fd);

    ok(stays(pid), "%s: init waits", which);
    say(fd, FRAME_SIZE);
    say(fd, FRAME_PING);
    ok(stays(pid), "%s: other frames do not end the wait", which);
    buf_reset(&text);
    (void)frame_add(&text, FRAME_STOP, str_n(NULL, 0));
    (void)!write(fd, buf_data(&text), 3);
    ok(stays(pid), "%s: half of a STOP does not end the wait", which);
    (void)!write(fd, buf_data(&text) + 3, text.len - 3);
    ok(goes(pid), "%s: a complete STOP ends the wait", which);
    (void)close(fd);
    pid = begin(stay, &fd);
    (void)close(fd);
    ok(goes(pid), "%s: the end of the line ends the wait", which);
    pid = begin(stay, &fd);
    (void)!write(fd, "\377\377\377\377\377\377\377\377", 8);
    ok(goes(pid), "%s: bytes that are not a frame end the wait", which);
    (void)close(fd);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    buf_init(&text, FRAME_MAX);
    waits_until_stop_or_the_end_of_the_line(final_wait, "final_wait");
    waits_until_stop_or_the_end_of_the_line(final_wait_adopted, "final_wait_adopted");
    buf_release(&text);
    return done_testing();
}
