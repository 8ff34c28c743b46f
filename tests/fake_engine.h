/* SPDX-License-Identifier: MIT */
/* cco's side of a scripted engine (fake.h). */
#ifndef TESTS_FAKE_ENGINE_H
#define TESTS_FAKE_ENGINE_H

#include "engine/engine.h"
#include "fake.h"

/* Starts the scripted engine *f, and makes *en the Docker engine at its socket, with API
 * version 1.41. The first call connects. The caller ends both with engine_close() and
 * fake_stop(). */
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
