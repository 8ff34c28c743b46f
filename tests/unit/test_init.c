/* SPDX-License-Identifier: MIT */
/* Runs init as process 1 of a pid namespace, if this machine allows that (as root). */
#include "init/init.h"

#include "base/limits.h"
#include "base/str.h"
#include "child.h"
#include "line.h"
#include "tap.h"
#include "tmpdir.h"
#include "wire/boot.h"

#include <sched.h>
#include <signal.h>
#include <sys/mount.h>

static struct arena arena;
static struct peer peer;
static bool on_terminal;
static int child_end;
static bool by_stream;    /* the boot file comes over the line */
static size_t stream_cut; /* how many bytes of the boot file are missing then */

static void write_boot(const char *script)
{
    struct boot b = {
        .uid = 4321, .gid = 4321, .user = "ann", .workdir = "/", .shell = "/bin/sh"};
    struct buf text;
    struct err e = {0};

    b.home = in_tmp("home");
    b.secret = "once";
    b.key = "again";
    b.tty = on_terminal;
    strv_add(&b.argv, &arena, "sh");
    strv_add(&b.argv, &arena, "-c");
    strv_add(&b.argv, &arena, script);
    strv_add(&b.env, &arena, "PATH=/usr/bin:/bin");
    strv_add(&b.env, &arena, "SECRET=x");
    if (by_stream) {
        static struct boot_file files[1];
        static struct boot_link links[1];

        files[0] =
            (struct boot_file){arena_strdup(&arena, in_tmp("sent")), 0640, str_n("a\0b", 3)};
        links[0] = (struct boot_link){arena_strdup(&arena, in_tmp("home/.link")), "sent"};
        b.files = files;
        b.links = links;
        b.file_count = b.link_count = 1;
    }
    buf_init(&text, LIMIT_BOOT);
    if (boot_encode(&b, &text, &e) < 0 || buf_add_byte(&text, 0) < 0) {
        abort();
    }
    text.len--;
    FILE *f = fopen(in_tmp("boot"), "we");

    if (f == NULL || fwrite(buf_data(&text), 1, text.len, f) != text.len || fclose(f) != 0) {
        abort();
    }
    buf_release(&text);
}

static int as_pid_1(void *unused)
{
    char name[] = "init";
    char path[512];
    char *argv[] = {name, path, NULL};

    (void)unused;
    (void)snprintf(path, sizeof(path), "%s", by_stream ? "-" : in_tmp("boot"));
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("t", "/etc", "tmpfs", 0, NULL) < 0 || mount("p", "/proc", "proc", 0, NULL) < 0) {
        return 77;
    }
    (void)dup2(child_end, 0);
    (void)dup2(child_end, 1);
    return init_main(2, argv);
}

static bool is_ready(const struct peer *f)
{
    (void)f;
    return file_exists(in_tmp("ready"));
}

/* Sends the boot file over the line, with its length first, and removes it. */
static void send_boot(int fd)
{
    static char text[1 << 16];
    FILE *f = fopen(in_tmp("boot"), "re");
    size_t n = f == NULL ? 0 : fread(text + 4, 1, sizeof(text) - 4, f);
    struct err e = {0};

    text[2] = (char)(n >> 8 & 0xff);
    text[3] = (char)(n & 0xff);
    (void)fd_write_all(fd, text, n + 4 - stream_cut, &e);
    if (stream_cut > 0) {
        (void)shutdown(fd, SHUT_WR);
    }
    if (f != NULL) {
        (void)fclose(f);
    }
    (void)unlink(in_tmp("boot"));
}

/* Runs a script under init. Returns the exit status, and 77 if this machine allows no pid
 * namespace. Once the script has made the file "ready", `signo` is sent to init, or if it is
 * negative, TERM is sent over the line; 0: no signal. */
static int run(const char *script, int signo)
{
    static char stack[1 << 18] __attribute__((aligned(16)));
    int fds[2];
    pid_t pid;

    (void)unlink(in_tmp("ready"));
    write_boot(script);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) < 0) {
        abort();
    }
    child_end = fds[1];
    (void)fflush(stdout);
    pid = clone(as_pid_1, stack + sizeof(stack), CLONE_NEWPID | CLONE_NEWNS | SIGCHLD, NULL);
    (void)close(fds[1]);
    if (pid < 0) {
        (void)close(fds[0]);
        return 77;
    }
    peer_release(&peer);
    peer_init(&peer, fds[0]);
    if (by_stream) {
        send_boot(fds[0]);
    }
    if (peer_until(&peer, peer_greeted)) {
        peer_answer(&peer, 33, 99);
    }
    if (signo != 0) {
        (void)peer_until(&peer, is_ready);
    }
    if (signo > 0) {
        (void)kill(pid, signo);
    } else if (signo < 0) {
        peer_send(&peer, FRAME_SIGNAL, str_c("TERM"));
    }
    (void)peer_until(&peer, peer_exited);
    return status_of(pid);
}

/* Checks the exit status of a script under init. Returns false if the check is skipped. */
static bool check(const char *script, int signo, int want, const char *name)
{
    int got = run(script, signo);

    if (got == 77) {
        ok(true, "%s # SKIP needs namespaces", name);
        return false;
    }
    is_int(got, want, name);
    ok(peer.exited && peer.exit.status == want, "the exit frame has the same status");
    return true;
}

/* The engine does not see the host's files, so the boot file comes over the line. */
static void the_boot_file_can_come_over_the_line(void)
{
    char script[1200];
    int half;

    by_stream = true;
    (void)snprintf(script, sizeof(script),
                   "cd %s; [ \"$(od -An -tx1 sent | tr -d ' ')\" = 610062 ] && "
                   "[ \"$(stat -c %%a-%%u sent)\" = 640-4321 ] && "
                   "[ \"$(readlink home/.link)\" = sent ] && exit 9",
                   tmpdir);
    (void)check(script, 0, 9, "the boot file and the files in it come over the line");
    stream_cut = 1;
    half = run("exit 9", 0);
    ok(half == 125 || half == 77, "an incomplete boot file is an error%s",
       half == 77 ? " # SKIP needs namespaces" : "");
    by_stream = false;
}

int main(void)
{
    char wait_for[700];

    (void)signal(SIGINT, SIG_DFL); /* some shells ignore this in jobs */
    tmpdir_make();
    (void)chmod(tmpdir, 0777);
    check("exit 7", 0, 7, "init exits with the command's status");
    check("kill -TERM $$", 0, 143, "init exits with 128+n after signal n");
    check("test \"$(id -u)$SECRET\" = 4321x", 0, 0,
          "the command has the user and the variables of the boot file");
    check("(sleep 0.2; exit 3) & exit 4", 0, 4,
          "processes that the command leaves do not delay the end");
    check("sh -c 'exit 1' & wait; (sh -c 'true' &) ; exit 5", 0, 5, "orphans are reaped");
    check("! cat /proc/1/environ >/dev/null 2>&1", 0, 0, "init's memory cannot be read");
    (void)snprintf(wait_for, sizeof(wait_for),
                   "trap 'exit 9' TERM; : >%s/ready; while :; do sleep 0.02; done", tmpdir);
    check(wait_for, SIGTERM, 9, "a signal reaches the command");
    (void)snprintf(wait_for, sizeof(wait_for), ": >%s/ready; exec sleep 60", tmpdir);
    check(wait_for, SIGINT, 130, "a signal without a handler ends the command");
    check(wait_for, -SIGTERM, 143, "a signal over the line ends the command");
    if (check("exit 0; :", 0, 0, "init greets before the command runs")) {
        is_str(peer.secret, "once", "the greeting contains the secret of the boot file");
    }
    if (check("echo out; echo err >&2", 0, 0,
              "a command without a terminal has separate streams")) {
        is_mem(buf_data(&peer.out), peer.out.len, "out\n", 4, "the output comes as OUTPUT");
        is_mem(buf_data(&peer.err), peer.err.len, "err\n", 4,
               "the error output comes as ERROUT");
    }
    check("no-such-command-at-all", 0, 127, "a missing command gives 127");
    check("exec /etc", 0, 126, "a command that cannot be executed gives 126");
    on_terminal = true;
    if (check("stty size; test -t 0 && test -t 2 && : </dev/tty", 0, 0,
              "a command on a terminal can open it by its name")) {
        is_mem(buf_data(&peer.out), peer.out.len, "33 99\r\n", 7,
               "the terminal has its size before the command runs");
    }
    if (check("(trap '' HUP; sleep 60) & echo done", 0, 0,
              "a process that ignores HUP does not delay the end")) {
        is_mem(buf_data(&peer.out), peer.out.len, "done\r\n", 6,
               "the output before that end is complete");
    }
    (void)unlink(in_tmp("boot"));
    peer_release(&peer);
    the_boot_file_can_come_over_the_line();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
