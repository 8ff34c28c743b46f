/* SPDX-License-Identifier: MIT */
#include "engine/docker.h"

#include "fake_engine.h"
#include "tap.h"

int main(void)
{
    static const struct fake_rule rules[] = {{"DELETE /v1.41/containers/c0ffee?force=1&v=1",
                                              "HTTP/1.1 204 No Content\r\n\r\n", false},
                                             FAKE_END};
    struct fake f;
    struct engine en;
    const struct engine_known known = {.id = "c0ffee"};
    struct err e = {0};

    (void)signal(SIGPIPE, SIG_IGN);
    fake_engine(&en, &f, rules);
    ok(engine_end(&en, &known, &e) == 0, "engine_end() removes a container by its id %s",
       e.text);
    engine_close(&en);
    ok(en.conn.fd < 0 && en.transport == NULL, "engine_close() closes everything");
    ok((docker_engine.features & FEATURE_IMAGES) != 0 && docker_engine.lacks == NULL,
       "Docker has images, and lacks no feature");
    fake_stop(&f);
    return done_testing();
}
