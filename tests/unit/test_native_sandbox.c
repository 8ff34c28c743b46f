/* SPDX-License-Identifier: MIT */
#include "engine/native_sandbox.h"

#include "base/num.h"
#include "base/sig.h"
#include "native.h"
#include "native/native.h"
#include "tap.h"

#include <signal.h>

static struct native_world world;
static struct engine engine;
static struct sig sig;
static struct peer peer;
static struct sandbox *sandbox;
static char adopt_sock[512];
static char note[512];
static struct err e;

static int start(bool noted)
{
    const struct engine_boot how = {.secret = NATIVE_SECRET,
                                    .adopt_sock = noted ? adopt_sock : NULL,
                                    .note = noted ? note : NULL};
    struct strv warnings = {0};

    err_reset(&e);
    sandbox = engine_create(&engine, &world.plan, NULL, &world.arena, &warnings, &e);
    return sandbox == NULL ? -1 : engine_start(sandbox, &how, &e);
}

/* Takes the line of the session, as the relay does, and answers init. */
static void take_line(void)
{
    struct session *s = sandbox->session;

    peer_init(&peer, s->fd);
    s->fd = -1;
    peer_answer(&peer, 33, 99);
}

static void stop(void)
{
    err_reset(&e);
    ok(engine_remove(sandbox, &e) == 0 && engine_remove(sandbox, &e) == 0,
       "the sandbox is removed, and removing it again succeeds %s", e.text);
    sandbox_free(sandbox);
    sandbox = NULL;
}

/* A sandbox that was never started leaves no control group. */
static void its_group(void)
{
    struct strv warnings = {0};
    const char *group = in_tmp("groups/cco-limited");
    struct native_own *own = engine.own;

    (void)mkdir(in_tmp("groups"), 0755);
    (void)mkdir(group, 0755);
    put_file(in_tmp("groups/cgroup.subtree_control"), "pids");
    put_file(in_tmp("groups/cco-limited/pids.max"), "max");
    own->place = (struct cgroup_place){.dir = arena_strdup(&world.arena, in_tmp("groups")),
                                       .can = CGROUP_PIDS};
    world.plan.name = "limited";
    world.plan.limits.pids = 64;
    err_reset(&e);
    sandbox = engine_create(&engine, &world.plan, NULL, &world.arena, &warnings, &e);
    ok(sandbox != NULL, "a sandbox with limits is created %s", e.text);
    (void)unlink(in_tmp("groups/cco-limited/pids.max"));
    sandbox_free(sandbox);
    ok(access(in_tmp("groups/cco-limited"), F_OK) < 0, "its control group is removed with it");
    sandbox = NULL;
    own->place = (struct cgroup_place){0};
    world.plan.name = "cco-test";
    world.plan.limits.pids = 0;
}

static void to_its_end(void)
{
    native_world_boot(&world, "exit 7");
    ok(start(false) == 0, "a sandbox is started %s", e.text);
    take_line();
    ok(peer_until(&peer, peer_exited) && peer.exit.status == 7,
       "its command ends with its status");
    peer_release(&peer);
    stop();
}

static bool has_begun(const struct peer *f)
{
    (void)f;
    return file_exists(in_tmp("project/begun"));
}

/* Reads the pid and the start time of init from the note. */
static bool read_note(uint64_t *pid, uint64_t *started)
{
    struct str rest = str_trim(str_c(get_file(note)));
    struct str first = {0};

    (void)str_cut(&rest, ' ', &first);
    return str_u64(first, 10, UINT64_MAX, pid) && str_u64(rest, 10, UINT64_MAX, started);
}

static void refused(struct engine_known what, enum err_kind kind, const char *name)
{
    err_reset(&e);
    ok(engine_adopt(&engine, &what, &e) == NULL && e.kind == kind, "%s: %s", name, e.text);
}

/* Adopts a session after closing its line, as another cco does. */
static void adopted(void)
{
    struct engine_known what = {.adopt_sock = adopt_sock, .key = NATIVE_SECRET};

    world.plan.command.tty = true;
    native_world_boot(&world, "echo x >begun; while ! test -e go; do sleep 0.02; done; exit 9");
    ok(start(true) == 0 && mode_of(note) == 0600 && mode_of(adopt_sock) == 0600,
       "a sandbox is started with a note and an adopt socket %s", e.text);
    take_line();
    ok(peer_until(&peer, has_begun), "its command runs");
    peer_release(&peer);
    ok(read_note(&what.init_pid, &what.init_started) &&
           what.init_pid == (uint64_t)((struct native *)sandbox->session)->pid,
       "the note has the pid of its init");
    what.init_started++;
    refused(what, ERR_NOT_FOUND, "a process with another start time is not found");
    what.init_started--;
    what.key = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";
    ok(engine_adopt(&engine, &what, &e) == NULL, "another key is refused: %s", e.text);
    what.key = NATIVE_SECRET;
    sandbox_free(sandbox);
    err_reset(&e);
    sandbox = engine_adopt(&engine, &what, &e);
    ok(sandbox != NULL && sandbox->session->tty, "the session is adopted %s", e.text);
    if (sandbox != NULL) {
        take_line();
        put_file(in_tmp("project/go"), "");
        ok(peer_until(&peer, peer_exited) && peer.exit.status == 9,
           "the adopted command ends with its status");
        peer_release(&peer);
        stop();
    }
    world.plan.command.tty = false;
}

static int end(uint64_t pid, uint64_t started)
{
    return engine_end(&engine, &(struct engine_known){.init_pid = pid, .init_started = started},
                      &e);
}

/* Ends a sandbox by its note. */
static void ended(void)
{
    uint64_t pid = 0;
    uint64_t started = 0;

    (void)unlink(note);
    (void)unlink(adopt_sock);
    native_world_boot(&world, "sleep 60");
    ok(start(true) == 0 && read_note(&pid, &started), "a sandbox with a note is started %s",
       e.text);
    is_int(end(pid, started + 1), 0, "ending a process with another start time succeeds");
    ok(native_lives(pid, started), "it does not end the sandbox");
    ok(end(pid, started) == 0 && !native_lives(pid, started), "the sandbox is ended %s",
       e.text);
    is_int(end(pid, started), 0, "ending it again succeeds");
    stop();
}

static void failures(void)
{
    (void)unlink(adopt_sock);
    native_world_boot(&world, "echo x >ran");
    ok(start(true) < 0 && e.kind == ERR_SYS, "an existing note is an error: %s", e.text);
    stop();
    (void)snprintf(adopt_sock, sizeof(adopt_sock), "%s", in_tmp("none/line"));
    ok(start(true) < 0, "a missing directory for the adopt socket is an error: %s", e.text);
    stop();
    world.mounts[1].source = "/nowhere/at/all";
    ok(start(false) < 0 && e.kind == ERR_NOT_FOUND,
       "a missing source of a mount is an error: %s", e.text);
    stop();
    ok(!file_exists(in_tmp("project/ran")), "no command ran after these errors");
}

static void all(void)
{
    ok(engine_open(&engine, &native_engine, &(struct engine_env){0}, &sig, &world.arena, &e) ==
           0,
       "native is opened %s", e.text);
    native_world_boot(&world, "exit 0");
    if (start(false) < 0 && e.kind == ERR_REFUSED) {
        ok(true, "sandboxes # SKIP %s", e.text);
        sandbox_free(sandbox);
        return;
    }
    stop();
    its_group();
    to_its_end();
    adopted();
    ended();
    failures();
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    (void)chmod(tmpdir, 0755);
    (void)snprintf(adopt_sock, sizeof(adopt_sock), "%s", in_tmp("line"));
    (void)snprintf(note, sizeof(note), "%s", in_tmp("note"));
    native_world_make(&world);
    if (sig_open(&sig, &e) < 0) {
        abort();
    }
    all();
    engine_close(&engine);
    sig_close(&sig);
    native_world_release(&world);
    tmpdir_remove();
    return done_testing();
}
