/* SPDX-License-Identifier: MIT */
/* Tests the probe of the confinement, in child processes in which a filter lets system calls
 * fail. */
#include "native/native_probe.h"

#include "child.h"
#include "native/userns_error.h"
#include "tap.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NR_LANDLOCK = 444, CALL = offsetof(struct seccomp_data, nr) };

static struct arena arena;
static struct native_probe p;

/* Makes a system call of this process fail with this errno from now on. If `flags` is not 0,
 * the call fails only if its first argument has one of these bits. */
static void forbid(unsigned call, unsigned flags, unsigned error)
{
    struct sock_filter f[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, CALL),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, flags, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof(f) / sizeof(f[0]), f};

    if (flags == 0) {
        f[3] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error);
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) < 0) {
        _exit(77);
    }
}

static void probe(void)
{
    native_probe_run("nobody-of-that-name", &arena, &p);
}

/* Returns true if every part has a name and a text, whether it works or not. */
static bool is_whole(void)
{
    for (size_t i = 0; i < CONFINEMENT_COUNT; i++) {
        if (p.confinement[i].name == NULL || p.confinement[i].text == NULL ||
            p.confinement[i].text[0] == '\0') {
            return false;
        }
    }
    return true;
}

static int no_clone(void)
{
    forbid(SYS_clone, CLONE_NEWUSER, EPERM);
    probe();
    if (!is_whole() || p.confinement[CONFINEMENT_NAMESPACES].works ||
        p.confinement[CONFINEMENT_PROCESSES].works ||
        p.confinement[CONFINEMENT_NETWORK].works) {
        return 2;
    }
    if (p.namespaces.kind != ERR_REFUSED || p.namespaces.code != USERNS_ERROR_CLONE) {
        return 3;
    }
    return p.kind == (p.confinement[CONFINEMENT_LANDLOCK].works ? PROBE_LANDLOCK_ONLY
                                                                : PROBE_NONE)
               ? 0
               : 4;
}

static int no_mount(void)
{
    forbid(SYS_mount, 0, EACCES);
    probe();
    if (p.confinement[CONFINEMENT_NAMESPACES].works || p.namespaces.kind != ERR_REFUSED) {
        return 2;
    }
    return p.namespaces.code == USERNS_ERROR_MOUNT || p.namespaces.code == USERNS_ERROR_CLONE
               ? 0
               : 3;
}

static int a_fault(void)
{
    forbid(SYS_clone, CLONE_NEWUSER, EIO);
    probe();
    return p.namespaces.kind == ERR_SYS && p.kind == PROBE_NONE &&
                   strstr(p.confinement[CONFINEMENT_NAMESPACES].text, strerror(EIO)) != NULL
               ? 0
               : 2;
}

static int no_landlock(void)
{
    forbid(NR_LANDLOCK, 0, ENOSYS);
    forbid(SYS_clone, CLONE_NEWUSER, EPERM);
    probe();
    return !p.confinement[CONFINEMENT_LANDLOCK].works &&
                   p.confinement[CONFINEMENT_LANDLOCK].next != NULL && p.kind == PROBE_NONE
               ? 0
               : 2;
}

static void probed(int (*f)(void), const char *name)
{
    int status = in_child(f);

    if (status == 77) {
        ok(true, "%s # SKIP no filter can be set here", name);
        return;
    }
    is_int(status, 0, name);
}

int main(void)
{
    struct err e = {0};

    probe();
    ok(is_whole(), "every confinement is reported");
    ok(p.confinement[CONFINEMENT_NAMESPACES].works == (p.namespaces.kind == ERR_NONE) ||
           p.namespaces.code == USERNS_ERROR_PROC,
       "namespaces are reported as they are: %s", p.confinement[CONFINEMENT_NAMESPACES].text);
    ok((native_probe_namespaces(false, &e) == 0) == (p.namespaces.kind == ERR_NONE),
       "trying only namespaces gives the same result %s", e.text);
    ok(!p.confinement[CONFINEMENT_SUBIDS].works &&
           p.confinement[CONFINEMENT_SUBIDS].next != NULL,
       "an unknown user has no range of ids");
    ok(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "no child process is left");
    probed(no_clone, "a refusal of namespaces is reported");
    probed(no_mount, "a refusal of mounts is reported");
    probed(a_fault, "a fault is not a refusal");
    probed(no_landlock, "without namespaces and Landlock, no sandbox is possible");
    arena_release(&arena);
    return done_testing();
}
