/* SPDX-License-Identifier: MIT */
#include "engine/discover_file_visibility.h"

#include "fake.h"
#include "session.h"
#include "tap.h"
#include "tmpdir.h"

static int ask(const struct fake_rule *rules, bool podman, bool *sees, struct err *e)
{
    struct engine en;
    struct fake f;
    int rc;

    err_reset(e);
    *sees = false;
    fake_engine(&en, &f, rules);
    en.podman = podman;
    rc = engine_sees(&en, "/some/dir", sees, e);
    conn_close(&en.conn);
    fake_stop(&f);
    return rc;
}

int main(void)
{
    static const struct fake_rule blind[] = {
        {"POST /v1.41/containers/create",
         FAKE_JSON("400 Bad Request",
                   "{\"message\":\"invalid mount config for type \\\"bind\\\": bind source "
                   "path does not exist: /some/dir\"}"),
         false},
        FAKE_END};
    static const struct fake_rule seeing[] = {
        {"POST /v1.41/containers/create",
         FAKE_JSON("404 Not Found", "{\"message\":\"No such image: sha256:00\"}"), false},
        FAKE_END};
    static const struct fake_rule odd[] = {
        {"POST /v1.41/containers/create", FAKE_JSON("400 Bad Request", "{\"message\":\"no\"}"),
         false},
        FAKE_END};
    struct engine en;
    struct fake f;
    struct err e = {0};
    bool sees = true;

    ok(ask(blind, false, &sees, &e) == 0 && !sees,
       "an engine that does not find the mount's source does not see it");
    ok(ask(seeing, false, &sees, &e) == 0 && sees,
       "an engine that misses only the image sees the source");
    ok(ask(seeing, true, &sees, &e) == 0 && !sees,
       "the same answer of Podman does not mean that it sees the source");
    ok(ask(odd, false, &sees, &e) < 0 && e.kind == ERR_ENGINE, "another answer is an error: %s",
       e.text);

    tmpdir_make();
    fake_engine(&en, &f, seeing);
    ok(engine_sees_us(&en, in_tmp("run"), &sees, &e) == 0 && sees,
       "engine_sees_us() makes a directory and asks for it");
    ok(strstr(get_file(f.log), in_tmp("run/visible-")) != NULL,
       "the request names the directory");
    ok(rmdir(in_tmp("run")) == 0, "the directory is removed");
    conn_close(&en.conn);
    fake_stop(&f);
    tmpdir_remove();
    return done_testing();
}
