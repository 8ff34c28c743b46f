/* SPDX-License-Identifier: MIT */
#include "session/session_boot.h"

#include "base/env.h"
#include "base/file.h"
#include "base/file_id.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/secret.h"
#include "confine/landlock.h"
#include "confine/seccomp.h"
#include "host/project_dotenv.h"
#include "native/landlock_only.h"
#include "native/layout.h"
#include "plan/claude_state.h"
#include "trust/obeyed.h"
#include "trust/trust_env.h"
#include "wire/boot.h"
#include "wire/dotenv.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { USUAL_SIZE = 32 << 10 };

struct dotenv_line {
    struct str key, value; /* borrowed from the text */
};

/* Sources of the values of variables. */
struct sources {
    const struct opts *opts;
    char *const *env;
    struct dotenv_line *dotenv; /* of the project's .env */
    size_t dotenv_count;
    /* .env is the text that was read before the user was asked about it. Otherwise its
     * variables that need trust are left out. */
    bool dotenv_is_asked;
    struct arena *arena;
};

static void read_dotenv(struct sources *s, struct str text)
{
    struct dotenv_line line = {0};
    enum dotenv_kind kind;
    struct dotenv d;
    size_t cap = 0;

    dotenv_init(&d, text);
    while ((kind = dotenv_next(&d, &line.key, &line.value)) != DOTENV_END) {
        if (kind == DOTENV_SET) {
            s->dotenv =
                list_grow(s->arena, s->dotenv, s->dotenv_count, &cap, sizeof(s->dotenv[0]));
            s->dotenv[s->dotenv_count++] = line;
        }
    }
}

/* Sets *value to the last value that .env gives this name. Returns false if .env does not
 * contain the name. */
static bool dotenv_value(const struct sources *s, const char *name, struct str *value)
{
    for (size_t i = s->dotenv_count; i > 0; i--) {
        if (str_eq_c(s->dotenv[i - 1].key, name)) {
            *value = s->dotenv[i - 1].value;
            return true;
        }
    }
    return false;
}

/* Looks up the value of a variable of the plan. Returns false if the variable has disappeared
 * since the plan was built. */
static bool resolve(const struct sources *s, const struct plan_var *v, struct str *out)
{
    const char *host = NULL;
    const char *eq;

    switch (v->from) {
    case ENV_FIXED:
        *out = str_c(v->value);
        return true;
    case ENV_OPTION:
        eq = strchr(s->opts->env.v[v->index], '=');
        if (eq != NULL) {
            *out = str_c(eq + 1);
            return true;
        }
        break;
    case ENV_DOTENV:
        return (s->dotenv_is_asked || trust_env_rule(str_c(v->name)) == NULL) &&
               dotenv_value(s, v->name, out);
    case ENV_HOST:
        break;
    }
    host = env_exact(s->env, v->name);
    *out = str_c(host);
    return host != NULL;
}

static void add_env(struct boot *b, const struct sources *s, const struct plan *p)
{
    for (size_t i = 0; i < p->env.count; i++) {
        struct str value = {0};

        if (resolve(s, &p->env.vars[i], &value)) {
            strv_add(&b->env, s->arena,
                     arena_printf(s->arena, "%s=%.*s", p->env.vars[i].name, (int)value.len,
                                  value.p));
        }
    }
}

/* Returns whether claude writes this copy, as it does for its settings. What the session
 * changes in it is not kept (session_not_kept.h). */
static bool is_of_claude(const struct plan_copy *st)
{
    for (size_t i = 0; i < claude_state_count; i++) {
        if (claude_state[i].share == STATE_COPIED &&
            strcmp(claude_state[i].name, st->name) == 0) {
            return true;
        }
    }
    return false;
}

static void add_copies(struct boot *b, struct arena *a, const struct plan *p)
{
    for (size_t i = 0; i < p->files.copy_count; i++) {
        const struct plan_copy *st = &p->files.copies[i];

        if (!st->by_init) {
            continue;
        }
        b->copies = list_grow(a, b->copies, b->copy_count, &b->copy_cap, sizeof(b->copies[0]));
        b->return_file = st->kind == COPY_CLAUDE_JSON ? st->target : b->return_file;
        if (is_of_claude(st)) {
            strv_add(&b->return_copies, a, arena_printf(a, "%s %s", st->name, st->target));
        }
        b->copies[b->copy_count++] = (struct boot_copy){
            .source = arena_printf(a, "%s/files/%s", plan_inner_dir(p), st->name),
            .target = st->target,
            .mode = st->mode,
        };
    }
}

/* Corrects the paths of the files that init returns: the file at `link` is at `path`, because
 * init does not follow links. */
static void move_returned(struct boot *b, struct arena *a, const char *link, const char *path)
{
    if (b->return_file != NULL && strcmp(b->return_file, link) == 0) {
        b->return_file = path;
    }
    for (size_t i = 0; i < b->return_copies.count; i++) {
        struct str at = str_c(b->return_copies.v[i]);
        struct str name = {0};

        if (str_cut(&at, ' ', &name) && str_eq_c(at, link)) {
            b->return_copies.v[i] = arena_printf(a, "%.*s %s", (int)name.len, name.p, path);
        }
    }
}

static int add_file(struct boot *b, struct arena *a, const struct plan *p,
                    const struct plan_file *f, struct err *e)
{
    struct buf text;
    int rc;

    buf_init(&text, LIMIT_BOOT_STREAM);
    /* A file of the user has a physical path, which no other session may exchange for a link.
     */
    rc = path_is_inside(f->source, p->run_dir) ? file_read(f->source, &text, e)
                                               : obeyed_read(f->source, NULL, &text, e);
    if (rc == 0) {
        bool runs = access(f->source, X_OK) == 0;

        b->files = list_grow(a, b->files, b->file_count, &b->file_cap, sizeof(b->files[0]));
        b->files[b->file_count++] =
            (struct boot_file){f->path, f->mode | (runs ? S_IXUSR : 0U),
                               str_n(arena_str(a, buf_str(&text)), text.len)};
    }
    buf_wipe(&text);
    if (rc == 0 && f->link != NULL) {
        b->links = list_grow(a, b->links, b->link_count, &b->link_cap, sizeof(b->links[0]));
        b->links[b->link_count++] = (struct boot_link){f->link, f->path};
        move_returned(b, a, f->link, f->path);
    }
    return rc;
}

static void add_links(struct boot *b, struct arena *a, const struct plan_link *links,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        b->links = list_grow(a, b->links, b->link_count, &b->link_cap, sizeof(b->links[0]));
        b->links[b->link_count++] = (struct boot_link){links[i].path, links[i].target};
    }
}

/* Adds for a remote container what init otherwise finds in the session directory: the engine
 * does not see that directory. */
static int add_remote(struct boot *b, struct arena *a, const struct plan *p, struct err *e)
{
    b->line = NULL;
    b->copy_count = 0;
    b->final_wait = true;
    b->key_file = p->remote.key_file;
    for (size_t i = 0; i < p->remote.file_count; i++) {
        if (add_file(b, a, p, &p->remote.files[i], e) < 0) {
            return -1;
        }
    }
    add_links(b, a, p->remote.links, p->remote.link_count);
    return 0;
}

/* Adds the mount identities that init compares with what it sees. Only this user's cco writes
 * in the session directory, so agents cannot replace it: if its identity differs inside, the
 * engine does not preserve identities, and init ignores all of them. */
static void add_mount_ids(struct boot *b, struct arena *a, const struct plan *p,
                          const struct facts *f)
{
    char id[FILE_ID_SIZE];

    if (!file_id_of(p->run_dir, id) || f->project_id == NULL) {
        return;
    }
    strv_add(&b->mount_ids, a, arena_printf(a, "%s %s", id, plan_inner_dir(p)));
    strv_add(&b->mount_ids, a, arena_printf(a, "%s %s", f->project_id, f->project));
    if (f->git_common_dir != NULL && f->git_common_id != NULL &&
        !path_is_inside(f->git_common_dir, f->project)) {
        strv_add(&b->mount_ids, a,
                 arena_printf(a, "%s %s", f->git_common_id, f->git_common_dir));
    }
}

/* Adds the identities of the paths that options name: an agent may replace these, too. */
static void add_option_mount_ids(struct boot *b, struct arena *a, const struct plan *p)
{
    for (size_t i = 0; b->mount_ids.count > 0 && i < p->files.mount_count; i++) {
        if (p->files.mounts[i].id != NULL) {
            strv_add(
                &b->mount_ids, a,
                arena_printf(a, "%s %s", p->files.mounts[i].id, p->files.mounts[i].target));
        }
    }
}

static void put_grants(struct boot *b, struct arena *a, const struct landlock_path *grants,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        strv_add(&b->grants, a, landlock_print(&grants[i], a));
    }
}

/* Adds the grants, links and filter of a sandbox without namespaces, where Landlock alone
 * restricts the access to files (native/landlock_only.h). */
static int add_landlock_only(struct boot *b, struct arena *a, const struct plan *p,
                             struct err *e)
{
    struct landlock_only landlock_only;

    if (landlock_only_make(p, a, &landlock_only, e) < 0) {
        return -1;
    }
    put_grants(b, a, landlock_only.grants, landlock_only.grant_count);
    for (size_t i = 0; i < landlock_only.link_count; i++) {
        b->links = list_grow(a, b->links, b->link_count, &b->link_cap, sizeof(b->links[0]));
        b->links[b->link_count++] =
            (struct boot_link){landlock_only.links[i].path, landlock_only.links[i].target};
    }
    b->landlock_only = true;
    b->filter = 1 + SECCOMP_NO_NAMESPACES +
                (landlock_abi() < LANDLOCK_ABI_TRUNCATE ? SECCOMP_NO_TRUNCATE : 0);
    return 0;
}

/* Adds the grants of a native sandbox with namespaces, which Landlock restricts as well
 * (native/layout.h), in the form of wire/boot.h. */
static int add_grants(struct boot *b, struct arena *a, const struct plan *p, struct err *e)
{
    struct layout layout;

    if (layout_make(p, a, &layout, e) < 0) {
        return -1;
    }
    put_grants(b, a, layout.grants, layout.grant_count);
    return 0;
}

static bool has_digest(struct str text, const char *digest)
{
    struct sha256 h;
    char own[SHA256_HEX];

    sha256_init(&h);
    sha256_add(&h, text.p, text.len);
    sha256_hex(&h, own);
    return digest != NULL && strcmp(own, digest) == 0;
}

/* Adds the programs whose absence init reports. */
static void add_wanted(struct boot *b, struct arena *a, const struct opts *o,
                       const struct plan *p)
{
    if (o->docker && !o->quiet) {
        strv_add(
            &b->wanted, a,
            arena_printf(a,
                         "docker cco: --docker: the image %s has no docker command; add one "
                         "to it (Debian's package is docker-cli)",
                         p->image.ref));
    }
}

static int encode(const struct session_boot *boot, const struct session_context *ctx,
                  const struct plan *p, struct buf *out, struct err *e)
{
    const struct facts *f = ctx->facts;
    struct arena arena = {0};
    struct buf text;
    struct err ignored = {0};
    struct boot b = {
        .uid = p->user.uid,
        .gid = p->user.gid,
        .user = p->user.name,
        .home = p->user.home,
        .workdir = p->command.workdir,
        .shell = "/bin/bash",
        .tz = p->user.tz,
        .argv = p->command.argv,
        .login_shell = p->command.login_shell,
        .umask = p->user.umask,
        .nice = p->user.nice,
        .ignored = p->user.ignored,
        .limits = p->user.limits,
        .groups = p->user.groups,
        .keep_root = p->privileges.sudo,
        .dirs = p->user.dirs,
        .tty = p->command.tty,
        .side = p->command.side,
        .line = plan_is_native(p) ? BOOT_STREAM : PLAN_LINE_PATH,
        .single = plan_is_native(p),
        .filter = p->privileges.sudo
                      ? 0
                      : 1 + (p->privileges.allow_userns ? SECCOMP_ALLOW_USERNS : 0),
        .login_file = p->login.inside,
        .agent_socket = p->ssh_agent != NULL ? PLAN_AGENT_SOCKET : NULL,
        .secret = boot->once,
        .key = boot->key,
    };
    int rc = 0;

    buf_init(&text, LIMIT_FILE_SMALL);
    if (f->dotenv_count > 0) {
        /* If .env has disappeared since it was probed, its variables are left out. */
        (void)host_dotenv(f->dotenv_dir, &text, &ignored);
    }
    struct sources s = {.opts = ctx->opts,
                        .env = ctx->env,
                        .dotenv_is_asked = has_digest(buf_str(&text), f->dotenv_digest),
                        .arena = &arena};

    read_dotenv(&s, buf_str(&text));
    add_wanted(&b, &arena, ctx->opts, p);
    add_env(&b, &s, p);
    add_copies(&b, &arena, p);
    add_links(&b, &arena, p->files.links, p->files.link_count);
    if (p->kind == SANDBOX_REMOTE_CONTAINER) {
        rc = add_remote(&b, &arena, p, e);
    } else {
        add_mount_ids(&b, &arena, p, f);
        add_option_mount_ids(&b, &arena, p);
    }
    /* A process that Landlock restricts cannot mount anything in any namespace, so a command
     * that may make namespaces gets no Landlock. */
    if (rc == 0 && p->kind == SANDBOX_LANDLOCK_ONLY) {
        rc = add_landlock_only(&b, &arena, p, e);
    } else if (rc == 0 && plan_is_native(p) && !p->privileges.allow_userns) {
        rc = add_grants(&b, &arena, p, e);
    }
    rc = rc < 0 ? -1 : boot_encode(&b, out, e);
    buf_wipe(&text);
    arena_release(&arena); /* not wiped: `out` contains the same values for longer */
    return rc;
}

void session_boot_init(struct session_boot *b)
{
    *b = (struct session_boot){.once = ""};
    buf_init(&b->bytes, LIMIT_BOOT);
}

void session_boot_release(struct session_boot *b)
{
    buf_wipe(&b->bytes);
    secret_wipe(b->once, sizeof(b->once));
    secret_wipe(b->key, sizeof(b->key));
}

int session_boot_make(struct session_boot *b, const struct session_context *ctx,
                      const struct plan *p, struct err *e)
{
    session_boot_release(b);
    buf_init(&b->bytes, p->kind == SANDBOX_REMOTE_CONTAINER ? LIMIT_BOOT_STREAM : LIMIT_BOOT);
    (void)buf_reserve(&b->bytes, USUAL_SIZE); /* growing would leave copies in memory */
    return random_hex(b->once, FRAME_SECRET, e) < 0 || random_hex(b->key, FRAME_SECRET, e) < 0
               ? -1
               : encode(b, ctx, p, &b->bytes, e);
}
