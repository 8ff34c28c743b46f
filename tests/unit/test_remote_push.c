/* SPDX-License-Identifier: MIT */
/* What the remote end does with operations: each that cannot be done is told by its number, the others are done. */
#include "sync/remote_end.h"

#include "base/limits.h"
#include "sync.h"
#include "tap.h"

static struct buf script;

/* Sends the script as a PUSH turn: the numbers of the faults. */
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

int main(void)
{
    const struct sync_entry gone = {.type = SYNC_GONE};
    const struct sync_entry dir = {.type = SYNC_DIR, .mode = 0755, .mtime = 4};
    const struct sync_entry file = {.type = SYNC_FILE, .mode = 0600, .size = 3, .mtime = 4};
    const struct sync_entry mode = {.type = SYNC_FILE, .mode = 0755, .size = 3, .mtime = 5};
    struct stat st;

    sync_start();
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
    is_str(pushed(), "0 3 4 6 end", "what could not be done, by its number");
    is_str(get_file(in_tmp("remote/d/f")), "abc", "the rest is done");
    is_int(mode_of(in_tmp("remote/d/f")), 0755, "modes too");
    ok(stat(in_tmp("remote/d"), &st) == 0 && st.st_mtime == 4, "and the time of the directory");
    ok(!file_exists(in_tmp("remote/forget")), "what was not whole is forgotten");

    op(SYNC_MSG_MAKE, "x", gone, file);
    sync_msg_add(&script, SYNC_MSG_DATA, str_c("abcd"));
    sync_msg_add_byte(&script, SYNC_MSG_DONE, 1);
    end();
    is_str(pushed(), "error", "more bytes than the file has");
    op(SYNC_MSG_MAKE, "x", gone, file);
    sync_msg_add_byte(&script, SYNC_MSG_DONE, 1);
    end();
    is_str(pushed(), "error", "fewer");
    sync_msg_add(&script, SYNC_MSG_WANT, str_c("d"));
    end();
    is_str(pushed(), "error", "a message that has no place here");
    end();
    is_str(pushed(), "end", "nothing to do");
    buf_release(&script);
    sync_end();
    return done_testing();
}
