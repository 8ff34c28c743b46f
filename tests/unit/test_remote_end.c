/* SPDX-License-Identifier: MIT */
/* The remote end, with unusual trees and with a local end that violates the protocol. */
#include "sync/remote_end.h"

#include "base/limits.h"
#include "sync.h"
#include "tap.h"

enum { DEEP = 40, NAME = 200 };

static void odd_names(void)
{
    char name[256];
    char path[320];

    dir_at("local");
    memset(name, 'n', 255);
    name[255] = '\0';
    (void)snprintf(path, sizeof(path), "local/%s", name);
    write_at(path, "a long name", 1);
    write_at("local/\xff\xfe\n", "no text", -86400);
    write_at("local/-rf *", "blank", 0);
    write_at("local/\xc3\xbc", "umlaut", 4102444800);
    ok(sync_both() && trees_alike(true), "unusual names and times are synchronized");
}

/* Nested directories with long names. The path of the innermost one is too long for a system
 * call. */
static void deep(void)
{
    char name[NAME + 1];
    int at = open(in_tmp("local"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

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
    ok(sync_both() && trees_alike(true), "a path of %d bytes is synchronized",
       DEEP * (NAME + 1));
    ok(sync_both() && sync_last.report.to_remote.created == 0,
       "the next run does not send it again");
}

static void sparse(void)
{
    struct stat a;
    struct stat b;
    int fd = open(in_tmp("local/sparse"), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

    ok(pwrite(fd, "x", 1, 3 << 20) == 1 && ftruncate(fd, 5LL << 30) == 0,
       "a sparse file of 5 GiB is made");
    (void)close(fd);
    ok(sync_both(), "it is synchronized");
    ok(stat(in_tmp("local/sparse"), &a) == 0 && stat(in_tmp("remote/sparse"), &b) == 0 &&
           a.st_size == b.st_size && b.st_blocks < 4096,
       "it is sparse on the remote side as well");
    (void)unlink(in_tmp("local/sparse"));
    ok(sync_both() && !file_exists(in_tmp("remote/sparse")),
       "it is removed on the remote side");
}

/* Runs sync_serve() with these bytes as its input. Returns the kind of its error and adds its
 * output to `answer`. */
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
    is_int(said(str_c(""), &answer), ERR_EOF, "a connection that ends at once is ERR_EOF");
    sync_msg_add_byte(&b, SYNC_MSG_HELLO, SYNC_VERSION + 1);
    sync_msg_add(&b, SYNC_MSG_END, str_c(""));
    is_int(said(buf_str(&b), &answer), ERR_FORMAT,
           "another version of the protocol is an error");
    ok(answer.len > SYNC_HEAD && buf_data(&answer)[0] == SYNC_MSG_ERROR,
       "ERROR is sent to the local end");
    buf_reset(&b);
    sync_msg_add_byte(&b, SYNC_MSG_HELLO, SYNC_VERSION);
    sync_msg_add(&b, SYNC_MSG_END, str_c(""));
    sync_msg_add_turn(&b, SYNC_TURN_HASH, 0);
    sync_msg_add(&b, SYNC_MSG_END, str_c(""));
    is_int(said(buf_str(&b), &answer), ERR_FORMAT, "a turn for an unknown tree is an error");
    buf_reset(&b);
    sync_msg_add_byte(&b, SYNC_MSG_HELLO, SYNC_VERSION);
    sync_msg_add(&b, SYNC_MSG_END, str_c(""));
    sync_msg_add(&b, SYNC_MSG_BYE, str_c(""));
    is_int(said(buf_str(&b), &answer), ERR_NONE, "a run without trees succeeds");
    buf_release(&b);
    buf_release(&answer);
}

static struct buf script;

/* Runs remote_push() with the script as its input. Returns the numbers of the faults and "end",
 * or "error". */
static const char *pushed(void)
{
    static char text[256];
    struct line l;
    struct remote_end f = {.listening = true};
    struct remote_tree t = {.root = -1, .lock = -1};
    struct err e = {0};
    struct buf answer;
    struct str in;
    struct sync_msg m;
    int fds[2];
    size_t len = 0;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0 ||
        write(fds[0], buf_data(&script), script.len) != (ssize_t)script.len) {
        abort();
    }
    l = line_on(fds[1]);
    talk_init(&f.talk, &l.io);
    t.root = open(in_tmp("remote"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    (void)apply_open(&t.apply, t.root, &e);
    text[0] = '\0';
    if (remote_push(&f, &t, &e) < 0) {
        (void)snprintf(text, sizeof(text), "error");
    }
    apply_release(&t.apply);
    talk_release(&f.talk);
    (void)close(t.root);
    (void)close(fds[1]);
    buf_init(&answer, 1 << 20);
    while (l.fd >= 0) {
        char *p = buf_reserve(&answer, 4096);
        ssize_t got = read(fds[0], p, 4096);

        if (got <= 0) {
            break;
        }
        buf_commit(&answer, (size_t)got);
    }
    in = buf_str(&answer);
    while (sync_msg_next(&in, &m, &e) == 1) {
        struct str why;
        uint64_t n = 0;

        if (m.type == SYNC_MSG_FAULT && sync_msg_fault(m, &n, &why, &e) == 0) {
            len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%llu",
                                    len > 0 ? " " : "", (unsigned long long)n);
        } else if (m.type == SYNC_MSG_END) {
            len +=
                (size_t)snprintf(text + len, sizeof(text) - len, "%send", len > 0 ? " " : "");
        }
    }
    buf_release(&answer);
    (void)close(fds[0]);
    buf_reset(&script);
    return text;
}

static void op(enum sync_msg_type type, const char *path, struct sync_entry expected,
               struct sync_entry entry)
{
    const struct sync_op o = {str_c(path), expected, entry};

    sync_msg_add_op(&script, type, &o);
}

static void end(void)
{
    sync_msg_add(&script, SYNC_MSG_END, str_c(""));
}

/* An operation that fails is reported by its number, and the others are carried out. */
static void operations(void)
{
    const struct sync_entry gone = {.type = SYNC_GONE};
    const struct sync_entry dir = {.type = SYNC_DIR, .mode = 0755, .mtime = 4};
    const struct sync_entry file = {.type = SYNC_FILE, .mode = 0600, .size = 3, .mtime = 4};
    const struct sync_entry mode = {.type = SYNC_FILE, .mode = 0755, .size = 3, .mtime = 5};
    struct stat st;

    buf_init(&script, 1 << 20);
    dir_at("remote");
    op(SYNC_MSG_DROP, "none", file, gone);
    op(SYNC_MSG_MAKE, "d", gone, dir);
    op(SYNC_MSG_MAKE, "d/f", gone, file);
    sync_msg_add(&script, SYNC_MSG_DATA, str_c("ab"));
    sync_msg_add(&script, SYNC_MSG_DATA, str_c("c"));
    sync_msg_add_byte(&script, SYNC_MSG_DONE, 1);
    op(SYNC_MSG_MAKE, "no/f", gone, file);
    sync_msg_add(&script, SYNC_MSG_DATA, str_c("abc"));
    sync_msg_add_byte(&script, SYNC_MSG_DONE, 1);
    op(SYNC_MSG_MAKE, "forget", gone, file);
    sync_msg_add(&script, SYNC_MSG_DATA, str_c("a"));
    sync_msg_add_byte(&script, SYNC_MSG_DONE, 0);
    op(SYNC_MSG_META, "d/f", file, mode);
    op(SYNC_MSG_STAMP, "d", gone, dir);
    op(SYNC_MSG_META, "d/f", file, mode);
    end();
    is_str(pushed(), "0 3 4 6 end", "the failed operations are reported by their numbers");
    is_str(get_file(in_tmp("remote/d/f")), "abc", "the other operations are carried out");
    is_int(mode_of(in_tmp("remote/d/f")), 0755, "the mode of a file is set");
    ok(stat(in_tmp("remote/d"), &st) == 0 && st.st_mtime == 4,
       "the time of the directory is set");
    ok(!file_exists(in_tmp("remote/forget")), "an incomplete file is not created");

    op(SYNC_MSG_MAKE, "x", gone, file);
    sync_msg_add(&script, SYNC_MSG_DATA, str_c("abcd"));
    sync_msg_add_byte(&script, SYNC_MSG_DONE, 1);
    end();
    is_str(pushed(), "error", "more bytes than the size are an error");
    op(SYNC_MSG_MAKE, "x", gone, file);
    sync_msg_add_byte(&script, SYNC_MSG_DONE, 1);
    end();
    is_str(pushed(), "error", "fewer bytes than the size are an error");
    sync_msg_add(&script, SYNC_MSG_WANT, str_c("d"));
    end();
    is_str(pushed(), "error", "an unexpected message is an error");
    end();
    is_str(pushed(), "end", "a turn without operations succeeds");
    buf_release(&script);
    remove_at("remote");
}

int main(void)
{
    char command[256];

    sync_start();
    odd_names();
    deep();
    sparse();
    nonsense();
    operations();
    (void)snprintf(command, sizeof(command), "rm -rf %s/local %s/remote", tmpdir, tmpdir);
    ok(system(command) == 0, "the trees are removed");
    sync_end();
    return done_testing();
}
