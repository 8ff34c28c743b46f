/* SPDX-License-Identifier: MIT */
/* cco's side of a scripted engine (fake.h). */
#ifndef TESTS_FAKE_ENGINE_H
#define TESTS_FAKE_ENGINE_H

#include "engine/engine.h"
#include "fake.h"

/* Makes *en Docker at the socket of `f`, with version 1.41 of the API. The first call connects. */
__attribute__((unused)) static void fake_engine(struct engine *en, const struct fake *f)
{
    *en = (struct engine){.ops = &docker_engine,
                          .address = "unix:///x",
                          .endpoint.path = f->socket,
                          .api_minor = 41,
                          .timeout_ms = 60000};
    conn_init(&en->conn);
}

#endif
