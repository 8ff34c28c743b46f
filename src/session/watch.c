/* SPDX-License-Identifier: MIT */
#include "session/watch.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/path.h"
#include "creds/exchange.h"
#include "creds/helper.h"
#include "creds/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EVENTS_SIZE = 4096, NS_PER_MS = 1000000 };

void watch_init(struct watch *w)
{
    *w = (struct watch){
        .notify = -1, .timer = -1, .late = -1, .done = -1, .store_wd = -1, .copy_wd = -1};
}

/* Adds a descriptor to the epoll set. */
static int look_at(struct watch *w, int fd, struct err *e)
{
    struct epoll_event ev = {.events = EPOLLIN, .data.fd = fd};

    return epoll_ctl(w->fd, EPOLL_CTL_ADD, fd, &ev) < 0 ? err_sys(e, "epoll_ctl") : 0;
}

/* Starts the repeating timer. */
static int every(struct watch *w, time_t seconds, struct err *e)
{
    const struct itimerspec when = {.it_interval.tv_sec = seconds, .it_value.tv_sec = seconds};

    w->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (w->timer < 0 || timerfd_settime(w->timer, 0, &when, NULL) < 0) {
        return err_sys(e, "timerfd");
    }
    return look_at(w, w->timer, e);
}

/* Returns the present state of a file; all 0 if it does not exist or `path` is NULL. */
static struct watch_seen see(const char *path)
{
    struct stat st;

    return path == NULL || stat(path, &st) < 0
               ? (struct watch_seen){0}
               : (struct watch_seen){st.st_dev, st.st_ino, st.st_size, st.st_mtim};
}

static bool differs(const char *path, const struct watch_seen *before)
{
    const struct watch_seen now = see(path);

    return now.dev != before->dev || now.ino != before->ino || now.size != before->size ||
           now.changed.tv_sec != before->changed.tv_sec ||
           now.changed.tv_nsec != before->changed.tv_nsec;
}

/* Determines which files have to be watched, and starts the timer after which watching
 * begins. */
static int find_files(struct watch *w, const struct journal *j, struct err *e)
{
    const struct itimerspec when = {.it_value.tv_nsec = (long)WATCH_LATE_MS * NS_PER_MS};

    w->copy = path_join(&w->arena, w->dir, JOURNAL_LOGIN);
    if (j->store.kind == STORE_FILE) {
        char *real = realpath(j->store.path, NULL);

        w->store =
            real != NULL ? arena_strdup(&w->arena, real) : path_clean(&w->arena, j->store.path);
        w->store_name = path_base(w->store);
        free(real);
    }
    w->copy_seen = see(w->copy);
    w->store_seen = see(w->store);
    w->late = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (w->late < 0 || timerfd_settime(w->late, 0, &when, NULL) < 0) {
        return err_sys(e, "timerfd");
    }
    return look_at(w, w->late, e);
}

/* Watches the copy itself, which is changed in place, and the directory of the host's file,
 * which is replaced by renaming another file to its name. */
static int watch_files(struct watch *w, struct err *e)
{
    w->notify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (w->notify < 0) {
        return err_sys(e, "inotify");
    }
    w->copy_wd = inotify_add_watch(w->notify, w->copy, IN_CLOSE_WRITE | IN_MODIFY);
    if (w->store != NULL) {
        w->store_wd = inotify_add_watch(w->notify, path_dir(&w->arena, w->store),
                                        IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR);
    }
    if (w->copy_wd < 0 || (w->store != NULL && w->store_wd < 0)) {
        return err_sys(e, "inotify");
    }
    return look_at(w, w->notify, e);
}

/* Begins to watch, WATCH_LATE_MS after the start. Returns whether a file has changed since the
 * start. */
static bool begin(struct watch *w)
{
    struct err ignored = {0}; /* without inotify the files are compared every few seconds */

    if (watch_files(w, &ignored) < 0) {
        fd_close(&w->notify);
        if (w->timer < 0 && every(w, WATCH_KEYCHAIN_S, &ignored) < 0) {
            fd_close(&w->timer);
        }
    }
    if (differs(w->copy, &w->copy_seen)) {
        (void)exchange_trim(w->dir);
        return true;
    }
    return differs(w->store, &w->store_seen);
}

static int open_watch(struct watch *w, const char *dir, struct err *e)
{
    struct journal j;
    struct err own = {0};
    time_t helper = helper_interval_s(dir);

    w->dir = arena_strdup(&w->arena, dir);
    if (journal_read(w->dir, &w->arena, &j, &own) < 0) {
        *e = own.kind == ERR_NOT_FOUND ? *e : own;
        return own.kind == ERR_NOT_FOUND ? 0 : -1;
    }
    if (!j.has_store && helper == 0) {
        return 0;
    }
    w->fd = epoll_create1(EPOLL_CLOEXEC);
    if (w->fd < 0) {
        w->fd = 0;
        return err_sys(e, "epoll");
    }
    if (helper > 0) {
        return every(w, helper, e);
    }
    if (j.store.kind == STORE_KEYCHAIN && every(w, WATCH_KEYCHAIN_S, e) < 0) {
        return -1;
    }
    return find_files(w, &j, e);
}

static void close_all(struct watch *w)
{
    fd_close(&w->notify);
    fd_close(&w->timer);
    fd_close(&w->late);
    fd_close(&w->done);
    if (w->fd > 0) {
        (void)close(w->fd);
    }
    arena_release(&w->arena);
    watch_init(w);
}

void watch_open(struct watch *w, const char *dir, char *const *env, struct err *why)
{
    w->env = env;
    if (open_watch(w, dir, why) < 0) {
        (void)err_wrap(why, "a login renewed on this machine will not reach the session");
        close_all(w);
    }
}

/* Exchanges the login, or runs the helper, in the child process, and exits. Before that, closes
 * all descriptors except `keep`, so that the child keeps nothing of the session open. */
static void in_child(const struct watch *w, int keep)
{
    struct err e = {0};
    const char *dir = w->dir;
    int null = openat(AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC);

    for (int fd = 0; null >= 0 && fd <= 2; fd++) {
        (void)dup2(null, fd);
    }
    (void)fd_close_all_but(keep);
    if (helper_interval_s(dir) > 0) {
        _exit(helper_renew(dir, w->env, &e) < 0);
    }
    _exit(exchange(dir, w->env, &e) < 0);
}

/* Starts a child process, or remembers to start another after the present child ends. A pipe
 * reports the end of the child: its write end is open in the child only. */
static void start_child(struct watch *w)
{
    /* After an error the next change tries again, and so does the end of the session. */
    struct err ignored = {0};
    int fds[2] = {-1, -1};

    if (w->done >= 0) {
        w->again = true;
        return;
    }
    w->again = false;
    if (fd_pipe(fds, &ignored) < 0) {
        return;
    }
    w->child = fork();
    if (w->child == 0) {
        in_child(w, fds[1]);
    }
    fd_close(&fds[1]);
    if (w->child < 0) {
        w->child = 0;
    }
    if (w->child == 0 || look_at(w, fds[0], &ignored) < 0) {
        fd_close(&fds[0]);
    }
    w->done = fds[0];
}

static void reap(struct watch *w)
{
    while (w->child > 0 && waitpid(w->child, NULL, 0) < 0 && errno == EINTR) {
    }
    w->child = 0;
    fd_close(&w->done); /* this also removes it from the epoll set */
}

/* Returns whether the event is about the host's file. */
static bool concerns_store(const struct watch *w, const struct inotify_event *ev)
{
    return ev->wd == w->store_wd && ev->len > 0 && strcmp(ev->name, w->store_name) == 0;
}

/* Reads the inotify events. Truncates a copy that is too large (exchange_trim()). Returns
 * whether the host's login or the copy was written. */
static bool take_events(struct watch *w)
{
    _Alignas(struct inotify_event) char bytes[EVENTS_SIZE];
    bool changed = false;
    bool grows = false;
    ssize_t got;

    while ((got = fd_read(w->notify, bytes, sizeof(bytes))) > 0) {
        for (ssize_t at = 0; at < got;) {
            const struct inotify_event *ev = (const void *)(bytes + at);

            grows = grows || (ev->mask & IN_MODIFY) != 0;
            changed = changed || concerns_store(w, ev) || (ev->mask & IN_Q_OVERFLOW) != 0 ||
                      (ev->wd == w->copy_wd && (ev->mask & IN_CLOSE_WRITE) != 0);
            at += (ssize_t)(sizeof(*ev) + ev->len);
        }
    }
    if (grows) {
        (void)exchange_trim(w->dir);
    }
    return changed;
}

void watch_forked(struct watch *w)
{
    w->child = 0;
}

void watch_step(struct watch *w)
{
    struct pollfd done = {.fd = w->done, .events = POLLIN};
    char ticks[8];
    bool changed = w->notify >= 0 && take_events(w);

    if (w->late >= 0 && fd_read(w->late, ticks, sizeof(ticks)) > 0) {
        fd_close(&w->late);
        changed = begin(w);
    }
    if (w->timer >= 0 && fd_read(w->timer, ticks, sizeof(ticks)) > 0) {
        changed = true;
        if (w->copy != NULL && w->notify < 0) {
            (void)exchange_trim(w->dir);
        }
    }
    if (w->done >= 0 && poll(&done, 1, 0) > 0) {
        reap(w);
        changed = changed || w->again;
    }
    if (changed) {
        start_child(w);
    }
}

void watch_close(struct watch *w)
{
    struct pollfd done = {.fd = w->done, .events = POLLIN};
    int64_t deadline = clock_ms() + WATCH_FINISH_MS;
    int got = 0;

    if (w->done >= 0) {
        while ((got = poll(&done, 1, clock_poll_timeout(deadline))) < 0 && errno == EINTR) {
        }
        if (got <= 0 && w->child > 0) {
            (void)kill(w->child, SIGKILL);
        }
        reap(w);
    }
    close_all(w);
}
