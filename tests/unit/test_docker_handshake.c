/* SPDX-License-Identifier: MIT */
/* The handshake at a socket. test_docker_container.c tests it on the engine's stream. */
#include "engine/docker_handshake.h"

#include "base/fd.h"
#include "base/unix_socket.h"
#include "line.h"
#include "session.h"
#include "tap.h"
#include "tmpdir.h"

static struct arena arena;

/* Starts a child that connects with another secret, and then as init. Its exit status is 0 if
 * the first connection was closed. */
static pid_t callers(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        struct err e = {0};
        struct buf b;
        char c;
        int fd = -1;

        for (int i = 0; i < 500 && fd < 0; i++) {
            (void)usleep(10000);
            fd = unix_socket_connect(in_tmp("line"), &e);
        }
        buf_init(&b, 4096);
        (void)frame_add_hello(&b, FRAME_HELLO_INIT, str_c("wrong"));
        (void)fd_write_all(fd, buf_data(&b), b.len, &e);
        struct pollfd p = {.fd = fd, .events = POLLIN};

        if (poll(&p, 1, 5000) != 1 || fd_read(fd, &c, 1) != 0) {
            _exit(1);
        }
        fd_close(&fd);
        buf_reset(&b);
        (void)frame_add_hello(&b, FRAME_HELLO_INIT, str_c(SECRET));
        fd = unix_socket_connect(in_tmp("line"), &e);
        for (size_t i = 0; fd >= 0 && i < b.len; i++) {
            (void)!write(fd, buf_data(&b) + i, 1);
        }
        (void)usleep(200000);
        _exit(fd >= 0 ? 0 : 2);
    }
    return pid;
}

int main(void)
{
    static const struct fake_rule silent[] = {S_CREATED, S_ATTACH(""), S_START, S_WAIT(""),
                                              FAKE_END};
    static const struct fake_rule dies[] = {S_CREATED, S_ATTACH("\2"), S_START,
                                            S_WAIT(S_STATUS("99")), FAKE_END};
    struct fake f;
    struct engine en;
    struct plan p;
    struct strv warnings = {0};
    struct err e = {0};
    struct sandbox *s;
    const struct container *c;
    int status = 0;
    pid_t pid;

    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    fake_engine(&en, &f, silent);
    session_plan(&p, &arena);
    s = engine_create(&en, &p, "", &arena, &warnings, &e);
    c = (const struct container *)s;
    pid = callers();
    is_int(
        engine_start(s, &(struct engine_boot){.socket = in_tmp("line"), .secret = SECRET}, &e),
        0, "init greets at the socket");
    ok(c->line_fd >= 0 && s->session->fd == c->line_fd && !s->session->wrapped,
       "its connection is the line");
    ok(access(in_tmp("line"), F_OK) < 0, "the socket is removed");
    ok(c->stream.fd < 0, "the engine's stream is closed");
    (void)waitpid(pid, &status, 0);
    is_int(WEXITSTATUS(status), 0, "a peer with another secret was disconnected");
    sandbox_free(s);
    engine_close(&en);
    fake_stop(&f);
    fake_engine(&en, &f, dies);
    s = engine_create(&en, &p, "", &arena, &warnings, &e);
    ok(engine_start(s, &(struct engine_boot){.secret = SECRET}, &e) < 0 &&
           strstr(e.text, "status 99") != NULL,
       "an init that ends before its greeting is an error: %s", e.text);
    sandbox_free(s);
    engine_close(&en);
    fake_stop(&f);
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
