/* SPDX-License-Identifier: MIT */
#include "engine/engine.h"

#include "tap.h"

/* The letters of the verbs that were called. */
static char called[64];

static void note(char verb)
{
    const size_t len = strlen(called);

    called[len] = verb;
    called[len + 1] = '\0';
}

static int on_open(struct engine *en, const struct engine_env *env, struct arena *a,
                   struct err *e)
{
    (void)en;
    (void)env;
    (void)a;
    note('o');
    return err_set(e, ERR_REFUSED, "closed");
}

static int on_probe(struct engine *en, struct arena *a, struct facts *f, struct err *e)
{
    (void)a;
    note('p');
    f->engine = (struct fact_engine){.name = "noted"};
    return en->timeout_ms == 1 ? err_set(e, ERR_TIMEOUT, "slow") : 0;
}

static void on_close(struct engine *en)
{
    (void)en;
    note('c');
}

static const struct engine_ops noting = {
    .name = "noting", .open = on_open, .probe = on_probe, .close = on_close};
static const struct engine_ops other = {.name = "other", .open = on_open, .close = on_close};

#define COUNT(NAME, name) +1

static void rows(void)
{
    ok(engine_row(ENGINE_AUTO) == &docker_engine, "ENGINE_AUTO is the row of Docker");
    ok(engine_row(ENGINE_DOCKER) == &docker_engine, "ENGINE_DOCKER is the row of Docker");
    ok(engine_row(ENGINE_NATIVE) == &native_engine, "ENGINE_NATIVE is the row of native");
    for (int i = 1; i <= 0 OPTS_ENGINES(COUNT); i++) {
        const struct engine_ops *ops = engine_row((enum opts_engine)i);
        unsigned all = ops->features;
        bool disjoint = true;

        for (const struct engine_lack *l = ops->lacks; l != NULL && l->feature != 0; l++) {
            disjoint = disjoint && (all & l->feature) == 0;
            all |= l->feature;
        }
        ok(disjoint && all == (FEATURE_SYNC << 1) - 1,
           "%s has each feature, or a reason why not", ops->name);
    }
}

static void life(void)
{
    struct engine en = {0};
    struct arena a = {0};
    struct facts f = {0};
    struct engine_found *found = NULL;
    size_t count = 1;
    struct err e = {0};

    engine_close(&en);
    ok(engine_open(&en, &noting, NULL, NULL, &a, &e) < 0, "an error of open is passed on");
    is_int(engine_probe(&en, &a, &f, &e), 0, "an engine is probed");
    ok(en.probed, "and marked as probed");
    ok(engine_list(&en, 0, &a, &found, &count, &e) == 0 && count == 0,
       "an engine without a list has an empty one");
    (void)engine_open(&en, &noting, NULL, NULL, &a, &e);
    is_str(called, "opo", "opening it again does not close it");
    ok(!en.probed, "it is not marked as probed any more");
    en.timeout_ms = 1;
    ok(engine_probe(&en, &a, &f, &e) < 0 && !en.probed, "an error of probe is passed on");
    (void)engine_open(&en, &other, NULL, NULL, &a, &e);
    is_str(called, "opopco", "opening another engine closes it first");
    engine_close(&en);
    engine_close(&en);
    is_str(called, "opopcoc", "a second close does nothing");
    sandbox_free(NULL);
    arena_release(&a);
}

int main(void)
{
    rows();
    life();
    return done_testing();
}
