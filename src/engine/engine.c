/* SPDX-License-Identifier: MIT */
#include "engine/engine.h"

#define ENGINE_ROW(NAME, name) &name##_engine,
static const struct engine_ops *const rows[] = {OPTS_ENGINES(ENGINE_ROW)};

const struct engine_ops *engine_row(enum opts_engine engine)
{
    return engine == ENGINE_AUTO ? rows[0] : rows[engine - 1];
}

int engine_open(struct engine *en, const struct engine_ops *ops, const struct engine_env *env,
                struct sig *sig, struct arena *a, struct err *e)
{
    if (en->ops != ops) {
        engine_close(en);
    }
    en->ops = ops;
    en->sig = sig;
    en->probed = false;
    return ops->open(en, env, a, e);
}

int engine_probe(struct engine *en, struct arena *a, struct facts *f, struct err *e)
{
    if (en->ops->probe(en, a, f, e) < 0) {
        return -1;
    }
    en->probed = true;
    return 0;
}

void engine_close(struct engine *en)
{
    if (en->ops != NULL) {
        en->ops->close(en);
        en->ops = NULL;
    }
}

struct sandbox *engine_create(struct engine *en, const struct plan *p, const char *exe,
                              struct arena *a, struct strv *warnings, struct err *e)
{
    return en->ops->create(en, p, exe, a, warnings, e);
}

int engine_start(struct sandbox *s, const struct engine_boot *how, struct err *e)
{
    return s->engine->ops->start(s, how, e);
}

struct sandbox *engine_adopt(struct engine *en, const struct engine_known *what, struct err *e)
{
    return en->ops->adopt(en, what, e);
}

void engine_let_go(struct sandbox *s)
{
    s->engine->ops->let_go(s);
}

int engine_remove(struct sandbox *s, struct err *e)
{
    return s->engine->ops->remove(s, e);
}

void engine_leave(struct engine *en, struct sandbox *s)
{
    en->ops->leave(en, s);
}

void sandbox_free(struct sandbox *s)
{
    if (s != NULL) {
        s->engine->ops->free(s);
    }
}

int engine_list(struct engine *en, uint64_t uid, struct arena *a, struct engine_found **out,
                size_t *count, struct err *e)
{
    *out = NULL;
    *count = 0;
    return en->ops->list != NULL ? en->ops->list(en, uid, a, out, count, e) : 0;
}

int engine_end(struct engine *en, const struct engine_known *what, struct err *e)
{
    return en->ops->end(en, what, e);
}
