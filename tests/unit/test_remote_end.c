/* SPDX-License-Identifier: MIT */
/* The remote end: odd trees, one after the other, and a lead that makes no sense. */
#include "sync/remote_end.h"

#include "base/limits.h"
#include "sync.h"
#include "tap.h"

enum { DEEP = 40, NAME = 200 };

static void odd_names(void)
{
    char name[256];
    char path[320];

    dir_at("here");
    memset(name, 'n', 255);
    name[255] = '\0';
    (void)snprintf(path, sizeof(path), "here/%s", name);
    write_at(path, "a long name", 1);
    write_at("here/\xff\xfe\n", "no text", -86400);
    write_at("here/-rf *", "blank", 0);
    write_at("here/\xc3\xbc", "umlaut", 4102444800);
    ok(sync_both() && trees_alike(true), "odd names and times");
}

/* Directories of long names in each other: no path to the innermost one fits into a call. */
static void deep(void)
{
    char name[NAME + 1];
    int at = open(in_tmp("here"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    memset(name, 'd', NAME);
    name[NAME] = '\0';
    for (int i = 0; i < DEEP; i++) {
        int next;

        (void)mkdirat(at, name, 0755);
        next = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        (void)close(at);
        at = next;
    }
    (void)close(openat(at, "bottom", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    (void)close(at);
    ok(sync_both() && trees_alike(true), "a path of %d bytes", DEEP * (NAME + 1));
    ok(sync_both() && sync_last.report.to_remote.created == 0, "is known the second time");
}

static void sparse(void)
{
    struct stat a;
    struct stat b;
    int fd = open(in_tmp("here/sparse"), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

    ok(pwrite(fd, "x", 1, 3 << 20) == 1 && ftruncate(fd, 5LL << 30) == 0, "a file of 5 GiB");
    (void)close(fd);
    ok(sync_both(), "goes over");
    ok(stat(in_tmp("here/sparse"), &a) == 0 && stat(in_tmp("remote/sparse"), &b) == 0 &&
           a.st_size == b.st_size && b.st_blocks < 4096,
       "and takes no more room than here");
    (void)unlink(in_tmp("here/sparse"));
    ok(sync_both() && !file_exists(in_tmp("remote/sparse")), "and away");
}

/* What sync_serve() says to bytes: its error's kind. */
static enum err_kind said(struct str bytes, struct buf *answer)
{
    struct line l;
    struct err e = {0};
    int fds[2];
    char text[4096];
    ssize_t got;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0 ||
        write(fds[0], bytes.p, bytes.len) != (ssize_t)bytes.len) {
        abort();
    }
    (void)shutdown(fds[0], SHUT_WR);
    l = line_on(fds[1]);
    (void)sync_serve(&l.io, &e);
    (void)close(fds[1]);
    got = read(fds[0], text, sizeof(text));
    (void)buf_add(answer, text, got > 0 ? (size_t)got : 0);
    (void)close(fds[0]);
    return e.kind;
}

static void nonsense(void)
{
    struct buf b;
    struct buf answer;

    buf_init(&b, 1 << 20);
    buf_init(&answer, 1 << 20);
    is_int(said(str_c(""), &answer), ERR_EOF, "a lead that is gone");
    sync_msg_add_byte(&b, SYNC_MSG_HELLO, SYNC_VERSION + 1);
    sync_msg_add(&b, SYNC_MSG_END, str_c(""));
    is_int(said(buf_str(&b), &answer), ERR_FORMAT, "another version");
    ok(answer.len > SYNC_HEAD && buf_data(&answer)[0] == SYNC_MSG_ERROR, "it is told so");
    buf_reset(&b);
    sync_msg_add_byte(&b, SYNC_MSG_HELLO, SYNC_VERSION);
    sync_msg_add(&b, SYNC_MSG_END, str_c(""));
    sync_msg_add_turn(&b, SYNC_TURN_HASH, 0);
    sync_msg_add(&b, SYNC_MSG_END, str_c(""));
    is_int(said(buf_str(&b), &answer), ERR_FORMAT, "a turn about no tree");
    buf_reset(&b);
    sync_msg_add_byte(&b, SYNC_MSG_HELLO, SYNC_VERSION);
    sync_msg_add(&b, SYNC_MSG_END, str_c(""));
    sync_msg_add(&b, SYNC_MSG_BYE, str_c(""));
    is_int(said(buf_str(&b), &answer), ERR_NONE, "a lead that has nothing to do");
    buf_release(&b);
    buf_release(&answer);
}

int main(void)
{
    char command[256];

    sync_start();
    odd_names();
    deep();
    sparse();
    nonsense();
    (void)snprintf(command, sizeof(command), "rm -rf %s/here %s/far", tmpdir, tmpdir);
    ok(system(command) == 0, "cleaned up");
    sync_end();
    return done_testing();
}
