/* SPDX-License-Identifier: MIT */
/* A sandbox from its plan to its end: what the command finds, and what comes of a plan that
 * cannot be carried out. */
#include "native/native.h"

#include "base/sig.h"
#include "native.h"
#include "native/idmap.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

static struct native_world world;
static struct native *sandbox;
static struct sig sig;
static struct peer peer;
static struct err why;
static int idmap = -1;

static int start(void)
{
    int line[2] = {-1, -1};
    struct native_how how = {.line = -1, .idmap = idmap, .listener = -1};
    int rc;

    err_reset(&why);
    sandbox = native_new();
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) < 0) {
        abort();
    }
    how.line = line[1];
    rc = native_start(sandbox, &world.plan, &how, &sig, &why);
    ok(fcntl(line[1], F_GETFD) < 0, "init's end of its line is not ours any more");
    if (rc < 0) {
        (void)close(line[0]);
        return -1;
    }
    (void)fd_nonblock(line[0], &why);
    return native_greet(sandbox, line[0], NATIVE_SECRET, &sig, &why);
}

static void end(void)
{
    struct err e = {0};

    is_int(native_kill(sandbox, &e), 0, "it is ended");
    native_free(sandbox);
    ok(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "nothing of it is left");
}

/* The command's status; -1 where it was not started. */
static int run(const char *script)
{
    int status = -1;

    native_world_boot(&world, script);
    if (start() == 0) {
        peer_init(&peer, sandbox->session.fd);
        sandbox->session.fd = -1;
        peer_answer(&peer, 0, 0);
        status = peer_until(&peer, peer_exited) ? peer.exit.status : -2;
        if (buf_c(&peer.err) != NULL && peer.err.len > 0) {
            (void)printf("# %s\n", buf_c(&peer.err));
        }
        peer_release(&peer);
    }
    end();
    return status;
}

static void confinement(void)
{
    is_int(run("exit 7"), 7, "the command's status");
    is_int(run("[ $$ -lt 10 ] && [ \"$(id -u)\" = \"$(stat -c %u .)\" ] && echo x >made"), 0,
           "a pid namespace, and the user's number");
    is_str(get_file(in_tmp("project/made")), "x\n", "the project is the project");
    is_int(run("[ \"$(cat /proc/1/cmdline | tr -d '\\000')\" = \"\" ] || "
               "! tr '\\000' ' ' </proc/1/cmdline | grep test_start"),
           0, "init does not show what made it");
    is_int(run("! test -e /root && test \"$(ls /home)\" = ann"), 0,
           "no homes but an empty one");
    is_int(run("! (: >/usr/x) 2>/dev/null && ! (: >/x) 2>/dev/null && "
               "! (: >/etc/x) 2>/dev/null && : >/tmp/x && : >/home/ann/x && : >/run/x"),
           0, "what may be written");
    is_int(run("grep -q '^Seccomp:.2' /proc/self/status && "
               "grep -q '^NoNewPrivs:.1' /proc/self/status && "
               "grep -q '^CapBnd:.0000000000000000' /proc/self/status && "
               "grep -q '^CapEff:.0000000000000000' /proc/self/status"),
           0, "no privileges, a filter");
    is_int(run("! cat /proc/1/environ >/dev/null 2>&1 && ! readlink /proc/1/fd/0 && "
               "test \"$(ls /proc/self/fd | wc -l)\" = 4"),
           0, "nothing of init's, no descriptor of the host's");
    is_int(run("! cat <>/dev/tty 2>/dev/null"), 0, "and not the terminal");
    (void)unlink(in_tmp("project/made"));
    world.plan.network.mode = PLAN_NET_NONE;
    is_int(run("[ \"$(grep -c : /proc/net/dev)\" = 1 ] && grep -q lo: /proc/net/dev"), 0,
           "a network that is localhost alone, where it is to be");
    world.plan.network.mode = PLAN_NET_HOST;
}

/* Where cco is root. */
static void owners_away(void)
{
    struct fact_top *etc = NULL;

    for (size_t i = 0; i < world.facts.native.top_count; i++) {
        struct fact_top *t = &world.facts.native.tops[i];

        etc = strcmp(t->name, "etc") == 0 && t->link == NULL ? t : etc;
    }
    idmap = getuid() == 0 ? idmap_open(&why) : -1;
    if (etc == NULL || idmap_works(idmap, "/etc", &why) != 1 || mode_of("/etc/shadow") == -1) {
        ok(true,
           "what only root may read # SKIP not root, or no mounts with other owners here");
        return;
    }
    is_int(run("cat /etc/shadow >/dev/null"), 0, "root's number would do");
    etc->idmapped = true;
    is_int(run("cat /etc/passwd >/dev/null && ! cat /etc/shadow >/dev/null 2>&1"), 0,
           "what is id-mapped is everybody's or nobody's");
    fd_close(&idmap);
    native_world_boot(&world, "echo x >made");
    ok(start() < 0, "no idmap: %s", why.text);
    end();
    ok(!file_exists(in_tmp("project/made")), "nothing runs without");
    etc->idmapped = false;
}

/* It must say what, must leave nothing behind, and nothing must have run. */
static void failure(const char *wanted)
{
    ok(start() < 0, "the sandbox is not made");
    end();
    ok(strncmp(why.text, "sandbox: ", 9) == 0 && strstr(why.text, wanted) != NULL, "%s",
       why.text);
    ok(!file_exists(in_tmp("project/made")), "nothing ran in it");
}

static void failures(void)
{
    const struct plan_mount project = world.mounts[1];

    native_world_boot(&world, "echo x >made");
    world.mounts[1].source = "/nowhere/at/all";
    failure("/nowhere/at/all: does not exist");
    world.mounts[1] = project;
    world.mounts[1].target = "/usr/local/no/such/place";
    failure("/usr/local/no/such/place");
    world.mounts[1] = project;
    world.mounts[1].kind = MOUNT_VOLUME;
    failure("volumes");
    world.mounts[1] = project;
    world.plan.user.uid++;
    failure("uid_map");
    world.plan.user.uid--;
}

/* A boot file that init does not take: it cannot say so but by its end. */
static void no_boot(void)
{
    native_world_boot(&world, "echo x >made");
    put_file(in_tmp("run/boot"), "no boot file");
    ok(start() < 0 && why.kind == ERR_EOF, "init does not know what to do: %s", why.text);
    end();
    ok(!file_exists(in_tmp("project/made")), "so nothing runs");
}

/* All of it is gone at once. */
static bool has_begun(const struct peer *f)
{
    (void)f;
    return file_exists(in_tmp("project/made"));
}

static void killed(void)
{
    native_world_boot(&world, "(setsid sleep 60 &); trap '' TERM HUP; echo x >made; sleep 60");
    ok(start() == 0, "one that goes on %s", why.text);
    peer_init(&peer, sandbox->session.fd);
    sandbox->session.fd = -1;
    peer_answer(&peer, 0, 0);
    ok(peer_until(&peer, has_begun), "runs");
    end();
    while (!peer.ended && peer_turn(&peer, 10000)) {
    }
    ok(peer.ended, "no process has its line any more");
    peer_release(&peer);
    (void)unlink(in_tmp("project/made"));
}

int main(void)
{
    struct err e = {0};

    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    (void)chmod(tmpdir, 0755);
    native_world_make(&world);
    if (sig_open(&sig, &e) < 0) {
        abort();
    }
    native_world_boot(&world, "exit 0");
    if (start() < 0 && why.kind == ERR_REFUSED) {
        ok(true, "sandboxes # SKIP %s", why.text);
    } else {
        ok(why.kind == ERR_NONE, "a sandbox: %s", why.text);
        end();
        confinement();
        owners_away();
        failures();
        no_boot();
        killed();
    }
    sig_close(&sig);
    native_world_release(&world);
    tmpdir_remove();
    return done_testing();
}
