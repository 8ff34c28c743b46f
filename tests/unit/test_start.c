/* SPDX-License-Identifier: MIT */
/* Tests a sandbox from its plan to its end: what the command sees, and the errors of plans that
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
    ok(fcntl(line[1], F_GETFD) < 0, "native_start() closes init's end of the line");
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

    is_int(native_kill(sandbox, &e), 0, "the sandbox can be killed");
    native_free(sandbox);
    ok(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "no child process is left");
}

/* Runs a shell script in a sandbox. Returns the command's status, and -1 if it was not started.
 */
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

static void the_command_is_confined(void)
{
    is_int(run("exit 7"), 7, "the status of the command is reported");
    is_int(run("[ $$ -lt 10 ] && [ \"$(id -u)\" = \"$(stat -c %u .)\" ] && echo x >made"), 0,
           "the command has a pid namespace and the user's uid");
    is_str(get_file(in_tmp("project/made")), "x\n",
           "files in the project are written to the host's directory");
    is_int(run("[ \"$(cat /proc/1/cmdline | tr -d '\\000')\" = \"\" ] || "
               "! tr '\\000' ' ' </proc/1/cmdline | grep test_start"),
           0, "init does not show the arguments of cco");
    is_int(run("! test -e /root && test \"$(ls /home)\" = ann"), 0,
           "only the sandbox's own home exists");
    is_int(run("! (: >/usr/x) 2>/dev/null && ! (: >/x) 2>/dev/null && "
               "! (: >/etc/x) 2>/dev/null && : >/tmp/x && : >/home/ann/x && : >/run/x"),
           0, "only the directories in memory can be written");
    is_int(run("grep -q '^Seccomp:.2' /proc/self/status && "
               "grep -q '^NoNewPrivs:.1' /proc/self/status && "
               "grep -q '^CapBnd:.0000000000000000' /proc/self/status && "
               "grep -q '^CapEff:.0000000000000000' /proc/self/status"),
           0, "the command has no capabilities, no_new_privs and a filter");
    is_int(run("! cat /proc/1/environ >/dev/null 2>&1 && ! readlink /proc/1/fd/0 && "
               "test \"$(ls /proc/self/fd | wc -l)\" = 4"),
           0, "the command cannot inspect init and has no descriptor of the host");
    is_int(run("! cat <>/dev/tty 2>/dev/null"), 0, "the command has no controlling terminal");
    (void)unlink(in_tmp("project/made"));
    world.plan.network.mode = PLAN_NET_NONE;
    is_int(run("[ \"$(grep -c : /proc/net/dev)\" = 1 ] && grep -q lo: /proc/net/dev"), 0,
           "with --network none, there is only the loopback device");
    world.plan.network.mode = PLAN_NET_HOST;
}

/* Id-mapped mounts, if cco runs as root. */
static void files_of_root_are_unreadable(void)
{
    struct fact_top *etc = NULL;

    for (size_t i = 0; i < world.facts.native.top_count; i++) {
        struct fact_top *t = &world.facts.native.tops[i];

        etc = strcmp(t->name, "etc") == 0 && t->link == NULL ? t : etc;
    }
    idmap = getuid() == 0 ? idmap_open(&why) : -1;
    if (etc == NULL || idmap_works(idmap, "/etc", &why) != 1 || mode_of("/etc/shadow") == -1) {
        ok(true, "id-mapped mounts # SKIP not root, or not supported here");
        return;
    }
    is_int(run("cat /etc/shadow >/dev/null"), 0,
           "without an id-mapped mount, the command can read a file of root");
    etc->idmapped = true;
    is_int(run("cat /etc/passwd >/dev/null && ! cat /etc/shadow >/dev/null 2>&1"), 0,
           "in an id-mapped mount, only files that everybody may read can be read");
    fd_close(&idmap);
    native_world_boot(&world, "echo x >made");
    ok(start() < 0, "a plan with an id-mapped mount fails without an idmap: %s", why.text);
    end();
    ok(!file_exists(in_tmp("project/made")), "the command does not run then");
    etc->idmapped = false;
}

/* Checks that the start fails with this text, leaves no process, and does not run the command.
 */
static void fails_with(const char *wanted)
{
    ok(start() < 0, "the start fails");
    end();
    ok(strncmp(why.text, "sandbox: ", 9) == 0 && strstr(why.text, wanted) != NULL,
       "the error names the reason: %s", why.text);
    ok(!file_exists(in_tmp("project/made")), "the command did not run");
}

static void plans_that_fail_leave_nothing(void)
{
    const struct plan_mount project = world.mounts[1];

    native_world_boot(&world, "echo x >made");
    world.mounts[1].source = "/nowhere/at/all";
    fails_with("/nowhere/at/all: does not exist");
    world.mounts[1] = project;
    world.mounts[1].target = "/usr/local/no/such/place";
    fails_with("/usr/local/no/such/place");
    world.mounts[1] = project;
    world.mounts[1].kind = MOUNT_VOLUME;
    fails_with("volumes");
    world.mounts[1] = project;
    world.plan.user.uid++;
    fails_with("uid_map");
    world.plan.user.uid--;
}

/* Init cannot report an invalid boot file. It only ends. */
static void an_invalid_boot_file_is_an_error(void)
{
    native_world_boot(&world, "echo x >made");
    put_file(in_tmp("run/boot"), "no boot file");
    ok(start() < 0 && why.kind == ERR_EOF, "an invalid boot file is an error: %s", why.text);
    end();
    ok(!file_exists(in_tmp("project/made")), "the command does not run then");
}

static bool has_begun(const struct peer *f)
{
    (void)f;
    return file_exists(in_tmp("project/made"));
}

/* Processes that ignore signals or have a session of their own are killed, too. */
static void kill_ends_every_process(void)
{
    native_world_boot(&world, "(setsid sleep 60 &); trap '' TERM HUP; echo x >made; sleep 60");
    ok(start() == 0, "a long-running command is started %s", why.text);
    peer_init(&peer, sandbox->session.fd);
    sandbox->session.fd = -1;
    peer_answer(&peer, 0, 0);
    ok(peer_until(&peer, has_begun), "it runs");
    end();
    while (!peer.ended && peer_turn(&peer, 10000)) {
    }
    ok(peer.ended, "after the end, no process has the line");
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
        ok(true, "native sandboxes # SKIP %s", why.text);
    } else {
        ok(why.kind == ERR_NONE, "a sandbox is started: %s", why.text);
        end();
        the_command_is_confined();
        files_of_root_are_unreadable();
        plans_that_fail_leave_nothing();
        an_invalid_boot_file_is_an_error();
        kill_ends_every_process();
    }
    sig_close(&sig);
    native_world_release(&world);
    tmpdir_remove();
    return done_testing();
}
