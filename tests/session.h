/* SPDX-License-Identifier: MIT */
/* Rules of a scripted engine that runs one session, for the tests of engine/docker_container.c
 * and session/session_run.c. */
#ifndef TESTS_SESSION_H
#define TESTS_SESSION_H

#include "engine/docker_container.h"
#include "fake_engine.h"

#define S_CREATE(reply)                                                                        \
    {                                                                                          \
        "POST /v1.41/containers/create?name=cco-t", reply, false                               \
    }
#define S_CREATED                                                                              \
    S_CREATE(FAKE_JSON("201 Created", "{\"Id\":\"c0ffee\",\"Warnings\":[\"no swap\"]}"))
#define S_ATTACH(stream)                                                                       \
    {                                                                                          \
        "POST /v1.41/containers/c0ffee/attach",                                                \
            "HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n" stream, true                       \
    }
#define S_WAIT(body)                                                                           \
    {                                                                                          \
        "POST /v1.41/containers/c0ffee/wait?condition=removed",                                \
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" body, true                 \
    }
#define S_STATUS(n) "11\r\n{\"StatusCode\":" n "}\r\n0\r\n\r\n"
#define S_START                                                                                \
    {                                                                                          \
        "POST /v1.41/containers/c0ffee/start",                                                 \
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", false                      \
    }
#define S_DELETE                                                                               \
    {                                                                                          \
        "DELETE /v1.41/containers/c0ffee?force=1&v=1",                                         \
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", false                      \
    }

#define SECRET "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

__attribute__((unused)) static void session_plan(struct plan *p, struct arena *a)
{
    *p = (struct plan){.name = "cco-t",
                       .image.ref = "i",
                       .command.workdir = "/",
                       .user.home = "/h",
                       .user.name = "u"};
    strv_add(&p->command.argv, a, "true");
}

#endif
