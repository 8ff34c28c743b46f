/* SPDX-License-Identifier: MIT */
/* cco's side of a scripted engine (fake.h). */
#ifndef TESTS_FAKE_ENGINE_H
#define TESTS_FAKE_ENGINE_H

#include "engine/engine.h"
#include "fake.h"

/* Starts the scripted engine *f, and makes *en Docker at its socket, with version 1.41 of the
 * API. The first call connects. The caller ends both: engine_close(), fake_stop(). */
__attribute__((unused)) static void fake_engine(struct engine *en, struct fake *f,
                                                const struct fake_rule *rules)
{
    fake_start(f, rules);
    *en = (struct engine){.ops = &docker_engine,
                          .address = "unix:///x",
                          .endpoint.path = f->socket,
                          .api_minor = 41,
                          .timeout_ms = 60000};
    conn_init(&en->conn);
}

#endif
