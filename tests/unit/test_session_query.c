/* SPDX-License-Identifier: MIT */
/* Queries to a session server in a child process. */
#include "term/session_query.h"

#include "base/clock.h"
#include "server.h"
#include "tap.h"

#include <errno.h>

int main(void)
{
    struct buf info;
    struct err e = {0};
    pid_t pid;
    int stop;

    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    buf_init(&info, 1 << 16);
    ok(session_query_ask(in_tmp("sock"), &e) < 0 && e.errnum == ENOENT,
       "without a server the query fails: %s", e.text);
    pid = server();
    is_int(session_query_answer(session_query_ask(in_tmp("sock"), &e), clock_ms() + 5000, &info,
                                &e),
           0, "a session answers a query");
    ok(memmem(buf_data(&info), info.len, "\"cco-t\"", 7) != NULL,
       "the answer contains the name of the session");
    stop = session_query_stop(in_tmp("sock"), &e);
    ok(stop >= 0, "a session can be asked to stop %s", e.text);
    is_int(status_of(pid), 0, "the server of a stopped session ends");
    fd_close(&stop);
    pid = server();
    (void)kill(pid, SIGSTOP);
    ok(session_query_answer(session_query_ask(in_tmp("sock"), &e), clock_ms() + 100, &info,
                            &e) < 0 &&
           e.kind == ERR_TIMEOUT,
       "a server that is stopped by a signal does not answer: %s", e.text);
    (void)kill(pid, SIGKILL);
    (void)kill(pid, SIGCONT);
    (void)status_of(pid);
    (void)unlink(in_tmp("sock"));
    ok(session_query_stop(in_tmp("sock"), &e) < 0, "without a server nothing can be stopped");
    buf_release(&info);
    tmpdir_remove();
    return done_testing();
}
