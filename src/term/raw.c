/* SPDX-License-Identifier: MIT */
#include "term/raw.h"

#include "base/sig.h"
#include "term/tty_reset.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* The terminal to restore. It has file scope so that the program can restore it wherever it
 * ends. */
static struct termios saved;
static int raw_fd = -1;

bool tty_is_in_background(int fd)
{
    const pid_t foreground = tcgetpgrp(fd);

    return foreground > 0 && foreground != getpgrp();
}

/* Waits while another process group has the terminal, as tcsetattr(3) would. That call would
 * not return for a signal that is blocked, so nothing could end a process that waits in it. */
static int await_foreground(int fd, struct err *e)
{
    bool waits = true;

    while (waits && tty_is_in_background(fd)) {
        const int signo = sig_pending_end();

        if (signo != 0) {
            (void)err_set(e, ERR_CANCELED, "ended by SIG%s before it had the terminal",
                          sig_name(signo));
            e->code = signo;
            return -1;
        }
        waits = sig_stop_in_background();
    }
    return 0;
}

static int set_attributes(int fd, int when, const struct termios *t)
{
    int rc;

    do {
        rc = tcsetattr(fd, when, t);
    } while (rc < 0 && errno == EINTR);
    return rc;
}

/* This program has crashed: restores the terminal. */
static void on_crash(int signo)
{
    if (raw_fd >= 0) {
        const int flags = fcntl(raw_fd, F_GETFL);

        tty_reset_write(flags >= 0 && (flags & O_ACCMODE) == O_RDWR ? raw_fd : STDOUT_FILENO);
        tty_raw_restore();
    }
    (void)raise(signo); /* takes effect when this handler returns */
}

int tty_raw_enter(int fd, struct err *e)
{
    if (tcgetattr(fd, &saved) < 0) {
        return err_sys(e, "terminal: read attributes");
    }
    sig_on_crash(on_crash);
    return tty_raw_again(fd, e);
}

int tty_raw_again(int fd, struct err *e)
{
    struct termios raw = saved;

    raw.c_iflag &=
        ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON | INPCK);
    raw.c_oflag &= ~(tcflag_t)OPOST;
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    raw.c_cflag = (raw.c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    raw_fd = -1;
    if (await_foreground(fd, e) < 0) {
        return -1;
    }
    raw_fd = fd;
    if (set_attributes(fd, TCSADRAIN, &raw) < 0) {
        raw_fd = -1;
        return err_sys(e, "terminal: set raw mode");
    }
    return 0;
}

void tty_raw_follow(int fd, const struct termios *modes)
{
    const tcflag_t local = ICANON | ECHO | ECHONL | ISIG | IEXTEN;
    const tcflag_t input = ICRNL | INLCR | IGNCR | IXON;
    struct termios t;

    if (tcgetpgrp(fd) != getpgrp()) {
        return;
    }
    if (raw_fd < 0) {
        if (tcgetattr(fd, &saved) < 0) {
            return;
        }
        sig_on_crash(on_crash);
        raw_fd = fd;
    }
    t = saved;
    t.c_lflag = (t.c_lflag & ~local) | (modes->c_lflag & local);
    t.c_iflag = (t.c_iflag & ~input) | (modes->c_iflag & input);
    t.c_cc[VMIN] = modes->c_cc[VMIN];
    t.c_cc[VTIME] = modes->c_cc[VTIME];
    if ((t.c_lflag & ICANON) != 0) {
        t.c_cc[VMIN] = saved.c_cc[VMIN];
        t.c_cc[VTIME] = saved.c_cc[VTIME];
    }
    (void)set_attributes(fd, TCSADRAIN, &t);
}

void tty_raw_restore(void)
{
    int keep = errno;

    if (raw_fd >= 0 && !tty_is_in_background(raw_fd)) {
        (void)set_attributes(raw_fd, TCSADRAIN, &saved); /* fails if the terminal hung up */
    }
    raw_fd = -1;
    errno = keep;
}

void tty_raw_forget(void)
{
    raw_fd = -1;
}

bool tty_raw_is_active(void)
{
    return raw_fd >= 0;
}

void tty_size(int fd, unsigned *rows, unsigned *cols)
{
    struct winsize size = {0};

    if (ioctl(fd, TIOCGWINSZ, &size) < 0) {
        size = (struct winsize){0};
    }
    *rows = size.ws_row;
    *cols = size.ws_col;
}
