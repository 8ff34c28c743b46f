/* SPDX-License-Identifier: MIT */
#include "engine/native_sandbox.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "base/unix_socket.h"
#include "native/idmap.h"
#include "native/native.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { NOTE_MAX = 64, SOCKET_MODE = 0600 };

struct native_sandbox {
    struct sandbox base;     /* the first member: engine/engine.h uses this address */
    struct native *native;   /* owned */
    const struct plan *plan; /* borrowed until the start */
    const char *group;       /* its control group, in the arena; NULL: none */
};

static struct native_sandbox *native_of(struct sandbox *s)
{
    return (struct native_sandbox *)s; /* the first member */
}

void native_find_idmapped(struct native_own *own, struct fact_native *n, struct arena *a)
{
    struct err why = {0};

    if (own->idmap < 0) {
        own->idmap = idmap_open(&why);
    }
    for (size_t i = 0; i < n->top_count; i++) {
        n->tops[i].idmapped =
            n->tops[i].link == NULL &&
            idmap_works(own->idmap, path_join(a, "/", n->tops[i].name), &why) == 1;
    }
    if (why.kind != ERR_REFUSED) {
        own->idmap_error = why;
    }
}

/* Writes the file that says which process init is, so that a later cco can end or adopt the
 * session. It is written before the command can start. */
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

static struct native_sandbox *sandbox_new(struct engine *en)
{
    struct native_sandbox *s = calloc(1, sizeof(*s));

    if (s == NULL) {
        abort();
    }
    s->native = native_new();
    s->base = (struct sandbox){.engine = en, .session = &s->native->session};
    return s;
}

struct sandbox *native_sandbox_create(struct engine *en, const struct plan *p, const char *exe,
                                      struct arena *a, struct strv *warnings, struct err *e)
{
    const struct native_own *own = en->own;
    const struct cgroup_limits l = {p->limits.memory, p->limits.nano_cpus, p->limits.pids};
    struct native_sandbox *s = sandbox_new(en);

    (void)exe;      /* init is this process's own binary */
    (void)warnings; /* no engine warns */
    s->plan = p;
    if (l.memory > 0 || l.nano_cpus > 0 || l.pids > 0) {
        s->group = cgroup_make(&own->place, p->name, &l, a, e);
        if (s->group == NULL) {
            native_sandbox_free(&s->base);
            (void)err_wrap(e, "limits");
            return NULL;
        }
        s->native->group = s->group; /* native_free() removes it, even without a start */
    }
    return &s->base;
}

int native_sandbox_start(struct sandbox *base, const struct engine_boot *how, struct err *e)
{
    struct native_sandbox *s = native_of(base);
    const struct native_own *own = base->engine->own;
    struct sig *sig = base->engine->sig;
    struct native_how with = {.line = -1, .idmap = -1, .listener = -1};
    int line[2] = {-1, -1};
    int rc = -1;

    if (own->idmap_error.kind != ERR_NONE) { /* never start a weaker sandbox than planned */
        *e = own->idmap_error;
        return err_wrap(e, "hide the files that only root may read");
    }
    if (how->adopt_sock != NULL) {
        /* This process holds the session's lock, so that no other process listens there. */
        (void)unlink(how->adopt_sock);
        with.listener = unix_socket_listen(how->adopt_sock, SOCKET_MODE, e);
        if (with.listener < 0) {
            return -1;
        }
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) < 0) {
        (void)err_sys(e, "make the line to init");
        fd_close(&with.listener);
        return -1;
    }
    with.line = line[1];
    with.group = s->group;
    with.idmap = own->idmap;
    if (native_start(s->native, s->plan, &with, sig, e) == 0 &&
        note_init(s->native, how->note, e) == 0 && fd_nonblock(line[0], e) == 0) {
        rc = native_greet(s->native, line[0], how->secret, sig, e);
        line[0] = -1;
    }
    fd_close(&line[0]);
    return rc;
}

struct sandbox *native_sandbox_adopt(struct engine *en, const struct engine_known *what,
                                     struct err *e)
{
    struct native_sandbox *s = sandbox_new(en);

    if (native_hold(s->native, what->init_pid, what->init_started, e) < 0 ||
        native_adopt(s->native, what->adopt_sock, what->key, en->sig, e) < 0) {
        native_sandbox_free(&s->base);
        return NULL;
    }
    return &s->base;
}

int native_sandbox_remove(struct sandbox *s, struct err *e)
{
    return native_kill(native_of(s)->native, e);
}

void native_sandbox_leave(struct engine *en, struct sandbox *s)
{
    (void)en;
    if (s != NULL) {
        native_of(s)->native->group = NULL; /* the sandbox of the child still runs in it */
    }
}

void native_sandbox_free(struct sandbox *s)
{
    native_free(native_of(s)->native);
    free(s);
}

int native_sandbox_end(struct engine *en, const struct engine_known *what, struct err *e)
{
    struct native n;
    struct err gone = {0};
    int rc;

    (void)en;
    if (native_hold(&n, what->init_pid, what->init_started, &gone) < 0) {
        return 0;
    }
    rc = native_kill(&n, e);
    native_close(&n);
    return rc;
}
