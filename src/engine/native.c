/* SPDX-License-Identifier: MIT */
/* Sandboxes without an engine, by the verbs of one. */
#include "engine/native.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "base/unix_socket.h"
#include "native/idmap.h"
#include "native/native.h"

#include <sys/socket.h>
#include <unistd.h>

enum { NOTE_MAX = 64, SOCKET_MODE = 0600 };

void engine_native(struct engine *en, struct sig *sig, struct fact_engine *out)
{
    en->sig = sig;
    conn_init(&en->conn);
    en->native = true;
    en->address = PLAN_NATIVE;
    en->chosen = "--engine native";
    en->api_minor = ENGINE_API_MAX;
    *out = (struct fact_engine){
        .address = en->address,
        .name = "cco's own sandbox",
        .native = true,
        .api_minor = ENGINE_API_MAX,
        .host_network_real = true,
        .os_type = "linux",
    };
}

void engine_limits(struct engine *en, struct arena *a, struct fact_engine *out)
{
    cgroup_find("", a, &en->place);
    out->no_memory_limit = (en->place.can & CGROUP_MEMORY) == 0;
    out->no_cpu_limit = (en->place.can & CGROUP_CPU) == 0;
    out->pids_limit = (en->place.can & CGROUP_PIDS) != 0;
    out->no_limit_why = en->place.why;
}

void engine_idmap(struct engine *en, struct fact_native *n, struct arena *a)
{
    struct err why = {0};

    if (en->idmap == 0) {
        en->idmap = idmap_open(&why);
    }
    for (size_t i = 0; i < n->top_count; i++) {
        n->tops[i].idmapped =
            n->tops[i].link == NULL &&
            idmap_works(en->idmap, path_join(a, "/", n->tops[i].name), &why) == 1;
    }
    if (why.kind != ERR_NONE && why.kind != ERR_REFUSED) {
        en->idmap_error = arena_alloc(a, sizeof(why));
        *en->idmap_error = why;
    }
}

/* Where a later cco finds init, and how it knows it: before the command can start. */
static int note_init(const struct native *n, const char *path, struct err *e)
{
    struct buf text;
    uint64_t started;
    int rc;

    if (path == NULL) {
        return 0;
    }
    started = native_started(n->pid);
    if (started == 0) {
        return err_set(e, ERR_EOF, "init ended before it could start the command");
    }
    buf_init(&text, NOTE_MAX);
    (void)buf_addf(&text, "%d %llu", (int)n->pid, (unsigned long long)started);
    rc = file_write_new(path, buf_str(&text), 0600, e);
    buf_release(&text);
    return rc;
}

int native_container_create(struct container *c, const struct plan *p, struct arena *a,
                            struct err *e)
{
    const struct cgroup_limits l = {p->limits.memory, p->limits.nano_cpus, p->limits.pids};

    c->native = native_new();
    c->plan = p;
    if (l.memory > 0 || l.nano_cpus > 0 || l.pids > 0) {
        c->group = cgroup_make(&c->engine->place, p->name, &l, a, e);
        if (c->group == NULL) {
            container_free(c);
            return err_wrap(e, "limits");
        }
        c->native->group =
            c->group; /* it goes with the container, also if nothing is started in it */
    }
    return 0;
}

int native_container_start(struct container *c, const struct engine_boot *how, struct err *e)
{
    struct native_how with = {.line = -1, .idmap = -1, .listener = -1};
    int line[2] = {-1, -1};
    int rc = -1;

    if (c->engine->idmap_error != NULL) { /* it is no weaker sandbox that was asked for */
        *e = *c->engine->idmap_error;
        return err_wrap(e, "hide what only root may read");
    }
    if (how->adopt_sock != NULL) {
        (void)unlink(
            how->adopt_sock); /* the session's lock is ours: nobody else listens there */
        with.listener = unix_socket_listen(how->adopt_sock, SOCKET_MODE, e);
        if (with.listener < 0) {
            return -1;
        }
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) < 0) {
        (void)err_sys(e, "a line to init");
        fd_close(&with.listener);
        return -1;
    }
    with.line = line[1];
    with.group = c->group;
    with.idmap = c->engine->idmap > 0 ? c->engine->idmap : -1;
    if (native_start(c->native, c->plan, &with, c->engine->sig, e) == 0 &&
        note_init(c->native, how->note, e) == 0 && fd_nonblock(line[0], e) == 0) {
        rc = native_greet(c->native, line[0], how->secret, c->engine->sig, e);
        line[0] = -1;
    }
    fd_close(&line[0]);
    return rc;
}

struct container *native_container_adopt(struct engine *en, const struct engine_adopted *what,
                                         struct err *e)
{
    struct container *c = container_new(en, true);

    c->adopted = true;
    c->native = native_new();
    if (native_hold(c->native, what->init_pid, what->init_started, e) < 0 ||
        native_adopt(c->native, what->adopt_sock, what->key, en->sig, e) < 0) {
        container_free(c);
        return NULL;
    }
    return c;
}

int engine_end_native(uint64_t init_pid, uint64_t init_started, struct err *e)
{
    struct native n;
    struct err gone = {0};
    int rc;

    if (native_hold(&n, init_pid, init_started, &gone) < 0) {
        return 0;
    }
    rc = native_kill(&n, e);
    native_close(&n);
    return rc;
}
