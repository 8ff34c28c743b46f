/* SPDX-License-Identifier: MIT */
#include "session/claude_fetch.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/path.h"
#include "host/fetched_claude.h"
#include "net/fetch.h"
#include "net/wait.h"
#include "plan/untrusted.h"
#include "session/claude_download.h"
#include "session/claude_leftovers.h"
#include "session/claude_unpack.h"
#include "wire/npm_config.h"
#include "wire/npm_metadata.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#if defined(__aarch64__)
#define MACHINE "arm64"
#define LOADER_GLIBC "/lib/ld-linux-aarch64.so.1"
#define LOADER_MUSL "/lib/ld-musl-aarch64.so.1"
#else
#define MACHINE "x64"
#define LOADER_GLIBC "/lib64/ld-linux-x86-64.so.2"
#define LOADER_MUSL "/lib/ld-musl-x86_64.so.1"
#endif

#define PACKAGE "@anthropic-ai/claude-code-linux-" MACHINE
#define ACCEPT "application/vnd.npm.install-v1+json, application/json;q=0.9, */*;q=0.8"

enum { LOCK_PAUSE_MS = 250 };

/* The work of one call. */
struct fetching {
    struct session_context *ctx;
    const char *name; /* of the package */
    const char *dir;  /* DATA/claude-code */
    struct npm_registry registry;
    struct npm_version found;
};

/* Returns the name of the package for this machine's processor and libc. */
static const char *package_name(struct err *e)
{
    if (file_exists(LOADER_GLIBC)) {
        return PACKAGE;
    }
    if (file_exists(LOADER_MUSL)) {
        return PACKAGE "-musl";
    }
    (void)err_set(e, ERR_NOT_FOUND,
                  "Claude Code needs glibc or musl, but neither " LOADER_GLIBC
                  " nor " LOADER_MUSL " exists");
    (void)err_hint(e, "Install claude with this system's package manager, or use an engine.");
    return NULL;
}

/* Adds the hint for a user without a network, unless there is a better one. */
static int without_network(const struct fetching *w, struct err *e)
{
    if (e->kind != ERR_CANCELED && e->hint[0] == '\0') {
        (void)err_hint(e,
                       "Without a network, copy the file claude of npm's package %s to "
                       "%s/VERSION/claude, or install claude in PATH.",
                       w->name, w->dir);
    }
    return -1;
}

/* Fetches the registry's document of the package. */
static int fetch_document(const struct fetching *w, struct buf *text, struct err *e)
{
    const char *scoped = strchr(w->name, '/') + 1;
    struct fetch f;
    struct url url;
    int rc;

    fetch_init(&f, w->registry.env, w->ctx->sig);
    f.accept = ACCEPT;
    f.ca_file = w->registry.ca_file;
    f.built_in = w->registry.built_in;
    f.hides_paths = true;
    f.authorization = w->registry.authorization.p;
    rc = url_join(&w->registry.url,
                  str_c(arena_printf(w->ctx->arena, "%.*s%%2f%s", (int)(scoped - w->name - 1),
                                     w->name, scoped)),
                  w->ctx->arena, &url, e);
    if (rc == 0) {
        rc = fetch_all(&f, &url, text, e);
    }
    fetch_release(&f);
    return rc;
}

static int explain(const struct fetching *w, struct err *e)
{
    if (e->kind == ERR_NOT_FOUND && e->code == 404) {
        return err_hint(e,
                        "The registry has no package %s. Choose another one, for "
                        "example with npm_config_registry=" NPM_REGISTRY,
                        w->name);
    }
    if (e->kind == ERR_ENGINE && (e->code == 401 || e->code == 403)) {
        return err_hint(e,
                        "The registry at %s wants a login: npm login --registry ADDRESS, with "
                        "the whole address in npm's configuration",
                        w->registry.shown);
    }
    return without_network(w, e);
}

/* Finds the version in the registry's document. npm's registry is asked with the authorities
 * that cco contains first. If none of them certifies the server, another server answers in its
 * place, such as a mirror behind a proxy that decrypts TLS, and this system's authorities
 * decide whether it is trusted. */
static int find_version(struct fetching *w, struct err *e)
{
    const struct npm_wanted wanted = {
        .name = w->name, .version = w->ctx->facts->claude_pin, .key = &npm_key};
    struct err other = {0};
    struct buf text;
    int rc;

    buf_init(&text, LIMIT_JSON_TEXT);
    w->registry.built_in = npm_registry_is_npms(&w->registry);
    rc = fetch_document(w, &text, &other);
    if (rc < 0 && w->registry.built_in && other.kind == ERR_REFUSED) {
        w->registry.built_in = false;
        buf_reset(&text);
        err_reset(&other);
        rc = fetch_document(w, &text, &other);
    }
    if (rc == 0) {
        rc = npm_metadata_find(buf_str(&text), &wanted, w->ctx->arena, &w->found, e);
    } else {
        *e = other;
        (void)explain(w, e);
    }
    buf_release(&text);
    return rc;
}

static int refuse_unsigned(const struct fetching *w, struct err *e)
{
    (void)err_set(e, ERR_REFUSED, "registry.npmjs.org sent no signature of %s %s", w->name,
                  w->found.version);
    return err_hint(e, "It signs every package, so do not trust this answer. Try again later.");
}

static int refuse_other_key(const struct fetching *w, struct err *e)
{
    (void)err_set(e, ERR_REFUSED,
                  "%s %s is signed with the key %s, which this cco does not know", w->name,
                  w->found.version, w->found.key_id);
    return err_hint(e,
                    "npm may have changed its key: update cco (cco self-update). Until then, "
                    "install claude yourself, or pin an older version (--claude-version).");
}

static int check_signature(const struct fetching *w, struct err *e)
{
    switch (w->found.signature) {
    case NPM_SIGNATURE_VALID:
        return 0;
    case NPM_SIGNATURE_INVALID:
        (void)err_set(e, ERR_REFUSED, "%s %s: the registry's signature is wrong", w->name,
                      w->found.version);
        return err_hint(e, "Do not trust this server: %s", w->registry.shown);
    case NPM_SIGNATURE_OTHER:
        if (w->registry.built_in) {
            return refuse_other_key(w, e);
        }
        break;
    case NPM_SIGNATURE_NONE:
        if (w->registry.built_in) {
            return refuse_unsigned(w, e);
        }
        break;
    }
    if (npm_registry_is_npms(&w->registry)) {
        log_warn("registry.npmjs.org sent no signature of Claude Code: another server answers "
                 "in its place. Only the SHA-512 that it names is checked.");
    } else {
        log_verbose("%s has no signature by npm's key: only the SHA-512 is checked",
                    w->registry.shown);
    }
    return 0;
}

/* Sets *out to the address of the package. A mirror may name the address at npm's registry;
 * then the same path of the mirror is meant, as npm does it. */
static int find_address(const struct fetching *w, struct url *out, struct err *e)
{
    struct arena *a = w->ctx->arena;
    struct str path = str_c(w->found.tarball);

    if (!npm_registry_is_npms(&w->registry) && str_starts(path, NPM_REGISTRY)) {
        path = str_drop(path, sizeof(NPM_REGISTRY) - 1);
        return url_join(&w->registry.url, path, a, out, e);
    }
    return url_parse_web(path, a, out, e);
}

/* Makes the version the current one. */
static int make_current(const struct fetching *w, struct err *e)
{
    struct arena *a = w->ctx->arena;

    return file_replace(path_join(a, w->dir, FETCHED_CURRENT),
                        path_join(a, w->dir, ".current.new"),
                        str_c(arena_printf(a, "%s\n", w->found.version)), 0600, e);
}

/* Removes all versions but the current one and the newest of the others. */
static void remove_old(const struct fetching *w)
{
    struct arena *a = w->ctx->arena;
    struct strv all = {0};
    struct err ignored = {0};
    size_t kept = 1;

    fetched_claude_list(w->dir, a, &all);
    for (size_t i = 0; i < all.count; i++) {
        if (strcmp(all.v[i], w->found.version) == 0) {
            continue;
        }
        if (kept++ >= CLAUDE_VERSIONS_KEPT) {
            (void)file_remove_tree(path_join(a, w->dir, all.v[i]), &ignored);
        }
    }
}

/* Unpacks the package beside the versions, and moves it to its place. */
static int install(const struct fetching *w, const char *package, struct err *e)
{
    struct arena *a = w->ctx->arena;
    const char *to = path_join(a, w->dir, w->found.version);
    const char *temp =
        path_join(a, w->dir, arena_printf(a, CLAUDE_UNPACKED "%s", w->found.version));

    if (file_remove_tree(temp, e) < 0 || file_mkdirs(temp, 0700, e) < 0) {
        return -1;
    }
    if (claude_unpack(package, temp, w->ctx->sig, e) < 0) {
        struct err ignored = {0};

        (void)file_remove_tree(temp, &ignored);
        return -1;
    }
    if (file_remove_tree(to, e) < 0) { /* an incomplete version */
        return -1;
    }
    return rename(temp, to) < 0 ? err_sys(e, "%s", to) : 0;
}

static bool is_there(const struct fetching *w, const char *version)
{
    const char *chosen = fetched_claude_choose(w->dir, version, w->ctx->arena);

    return chosen != NULL && (version == NULL || strcmp(chosen, version) == 0);
}

static int download_and_install(struct fetching *w, struct err *e)
{
    struct arena *a = w->ctx->arena;
    struct progress *progress = w->ctx->progress;
    const char *unpacking = arena_printf(a, "unpack claude %s", w->found.version);
    struct claude_package p = {.title =
                                   arena_printf(a, "download claude %s", w->found.version)};
    const char *path =
        path_join(a, w->dir, arena_printf(a, CLAUDE_DOWNLOAD "%s.tgz", w->found.version));

    memcpy(p.sha512, w->found.sha512, sizeof(p.sha512));
    if (find_address(w, &p.url, e) < 0) {
        return -1;
    }
    if (claude_download(w->ctx, &w->registry, &p, path, e) < 0) {
        return without_network(w, e);
    }
    progress->step(progress, str_c(unpacking), false);
    if (install(w, path, e) < 0) {
        return -1;
    }
    progress->done(progress, str_c(unpacking), (struct str){0});
    (void)unlink(path);
    return 0;
}

static int fetch_locked(struct fetching *w, bool newest, struct err *e)
{
    struct strv removed = {0};

    if (!newest && is_there(w, w->ctx->facts->claude_pin)) {
        return 0; /* another process has fetched it meanwhile */
    }
    if (find_version(w, e) < 0 || check_signature(w, e) < 0) {
        return -1;
    }
    if (!is_there(w, w->found.version) && download_and_install(w, e) < 0) {
        return -1;
    }
    if (make_current(w, e) < 0) {
        return -1;
    }
    remove_old(w);
    claude_leftovers(w->dir, INT64_MAX, true, w->ctx->arena, &removed);
    return 0;
}

/* Waits for the lock, while another process fetches. Returns the descriptor that holds it, and
 * -1 on error. */
static int wait_for_lock(const struct fetching *w, struct err *e)
{
    const struct net_wait wait = {.deadline_ms = -1, .sig = w->ctx->sig};
    const char *path = path_join(w->ctx->arena, w->dir, CLAUDE_FETCH_LOCK);
    struct err busy = {0};
    bool waiting = false;
    int fd;

    while ((fd = file_lock(path, FILE_LOCK_NOW, &busy)) < 0) {
        struct pollfd none = {.fd = -1};

        if (busy.kind != ERR_TIMEOUT) {
            *e = busy;
            return -1;
        }
        err_reset(&busy);
        if (!waiting) {
            log_verbose("another cco fetches Claude Code; waiting for it");
            waiting = true;
        }
        w->ctx->progress->step(w->ctx->progress, str_c("waiting for another cco"), false);
        if (net_poll(&wait, &none, 1, LOCK_PAUSE_MS, e) < 0) {
            return -1;
        }
    }
    return fd;
}

int claude_fetch(struct session_context *ctx, bool newest, struct err *e)
{
    struct fetching w = {.ctx = ctx, .dir = fetched_claude_dir(ctx->facts, ctx->arena)};
    const char *why = untrusted_why(ctx->facts, ctx->facts->data_dir);
    int lock = -1;
    int rc = -1;

    if (why != NULL) {
        return err_set(e, ERR_REFUSED, "%s is not used: %s", ctx->facts->data_dir, why);
    }
    w.name = package_name(e);
    if (w.name == NULL || file_mkdirs(w.dir, 0700, e) < 0 ||
        npm_registry_find(ctx, &w.registry, e) < 0) {
        return -1;
    }
    ctx->progress->begin(ctx->progress,
                         arena_printf(ctx->arena, "fetching %s from %s",
                                      newest ? "the newest Claude Code" : "Claude Code",
                                      w.registry.url.host));
    lock = wait_for_lock(&w, e);
    if (lock >= 0) {
        rc = fetch_locked(&w, newest, e);
    }
    ctx->progress->end(ctx->progress, rc == 0);
    fd_close(&lock);
    npm_registry_release(&w.registry);
    return rc < 0 && e->kind != ERR_CANCELED ? err_wrap(e, "fetch Claude Code") : rc;
}
