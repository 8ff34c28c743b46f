/* SPDX-License-Identifier: MIT */
/* A struct session_context for tests: with empty options and facts, and without an engine. */
#ifndef TESTS_CONTEXT_H
#define TESTS_CONTEXT_H

#include "progress.h"
#include "session/session_context.h"

struct context {
    struct session_context ctx;
    struct arena arena;
    struct opts opts;
    struct facts facts;
    struct sig sig;
    struct engine engine;
    struct timing timing;
    struct noted progress;
};

static void context_init(struct context *c, char *const *env)
{
    *c = (struct context){.sig = {.fd = -1}};
    conn_init(&c->engine.conn);
    noted_init(&c->progress);
    c->ctx = (struct session_context){
        .env = env,
        .arena = &c->arena,
        .opts = &c->opts,
        .facts = &c->facts,
        .sig = &c->sig,
        .engine = &c->engine,
        .timing = &c->timing,
        .progress = &c->progress.progress,
    };
}

static void context_release(struct context *c)
{
    buf_release(&c->progress.text);
    engine_close(&c->engine);
    arena_release(&c->arena);
}

#endif
