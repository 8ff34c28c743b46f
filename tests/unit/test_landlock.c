/* SPDX-License-Identifier: MIT */
/* Tests Landlock: the bits of each ABI, then their effect in the kernel, in child processes.
 * Functions for in_child() return 0 on success and the number of the failed step otherwise. */
#include "confine/landlock.h"

#include "child.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

enum { NR_CREATE = 444 }; /* landlock_create_ruleset */
enum { ABI_LAST = 7, EXECUTE = 1, REFER = 1 << 13, TRUNCATE = 1 << 14, IOCTL_DEV = 1 << 15 };

static void rights_follow_the_abi(void)
{
    bool inside = true;

    is_int((long long)landlock_handled(0), 0, "without Landlock no right is restricted");
    is_int((long long)landlock_handled(1), REFER - 1, "ABI 1 has thirteen rights");
    is_int((long long)(landlock_handled(2) ^ landlock_handled(1)), REFER,
           "ABI 2 adds links into other directories");
    is_int((long long)(landlock_handled(3) ^ landlock_handled(2)), TRUNCATE,
           "ABI 3 adds truncation");
    is_int((long long)(landlock_handled(4) ^ landlock_handled(3)), 0,
           "ABI 4 adds no right to files");
    is_int((long long)(landlock_handled(5) ^ landlock_handled(4)), IOCTL_DEV,
           "ABI 5 adds the ioctls of devices");
    is_int((long long)(landlock_handled(99) ^ landlock_handled(5)), 0,
           "later ABIs add no right that is known here");
    for (int abi = 0; abi <= ABI_LAST; abi++) {
        for (int grant = LANDLOCK_READ; grant <= (int)LANDLOCK_LIST; grant++) {
            uint64_t of_dir = landlock_bits((enum landlock_grant)grant, abi, true);
            uint64_t of_file = landlock_bits((enum landlock_grant)grant, abi, false);

            inside =
                inside && (of_dir & ~landlock_handled(abi)) == 0 && (of_file & ~of_dir) == 0;
        }
    }
    ok(inside, "an ABI gets only bits that it has, and a file no bits of directories");
    for (int grant = LANDLOCK_WRITE; grant <= (int)LANDLOCK_DEVICE; grant++) {
        uint64_t read = landlock_bits(LANDLOCK_READ, ABI_LAST, true);

        is_int((long long)(landlock_bits((enum landlock_grant)grant, ABI_LAST, true) & read),
               (long long)read, "a grant to write or for devices includes reading");
    }
    ok((landlock_bits(LANDLOCK_READ, ABI_LAST, true) & (TRUNCATE | REFER | IOCTL_DEV)) == 0,
       "a grant to read does not allow changes");
    ok((landlock_bits(LANDLOCK_WRITE, ABI_LAST, true) & IOCTL_DEV) == 0,
       "a grant to write does not allow ioctls of devices");
    is_int((long long)landlock_bits(LANDLOCK_LIST, ABI_LAST, true), 1 << 3,
           "a grant to list only allows listing");
    is_int((long long)landlock_bits(LANDLOCK_LIST, ABI_LAST, false), 0,
           "a grant to list has no right for a file");
}

static void grants_are_printed_and_parsed(void)
{
    static const char letters[] = "rwdl";
    static const char *const wrong[] = {"", "r", "rhome", "x/home", "/home", "rr/home", " /"};
    struct arena a = {0};
    struct landlock_path back = {"unchanged", LANDLOCK_LIST, true};
    struct err e = {0};

    for (int grant = LANDLOCK_READ; grant <= (int)LANDLOCK_LIST; grant++) {
        for (int optional = 0; optional < 2; optional++) {
            const struct landlock_path p = {"/home", (enum landlock_grant)grant, optional != 0};
            const char letter = letters[grant - LANDLOCK_READ];
            const char *text = landlock_print(&p, &a);

            is_str(text,
                   arena_printf(&a, "%c/home", optional != 0 ? letter - 'a' + 'A' : letter),
                   "a grant is printed as a letter and a path");
            ok(landlock_parse(text, &back, &e) == 0 && strcmp(back.path, p.path) == 0 &&
                   back.grant == p.grant && back.optional == p.optional,
               "the text is parsed into the same grant: %s", text);
        }
    }
    back = (struct landlock_path){"unchanged", LANDLOCK_LIST, true};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        err_reset(&e);
        ok(landlock_parse(wrong[i], &back, &e) < 0 && e.kind == ERR_FORMAT &&
               strcmp(back.path, "unchanged") == 0,
           "'%s' is refused", wrong[i]);
    }
    is_int((long long)landlock_bits(LANDLOCK_NONE, ABI_LAST, true), 0,
           "LANDLOCK_NONE gives no right");
    arena_release(&a);
}

static bool restrict_to(const struct landlock_path *paths, size_t count)
{
    struct err e = {0};
    int abi = 0;

    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           landlock_apply(paths, count, &abi, &e) == 0 && abi > 0 && e.kind == ERR_NONE;
}

static int only_granted_files_are_usable(void)
{
    static char names[512];

    (void)snprintf(names, sizeof(names), "%s", in_tmp("names"));
    const struct landlock_path paths[] = {{in_tmp("open"), LANDLOCK_READ, false},
                                          {in_tmp("mine"), LANDLOCK_WRITE, false},
                                          {names, LANDLOCK_LIST, false},
                                          {"/nowhere/at/all", LANDLOCK_READ, true}};
    static char mine[512];
    static char other[512];

    (void)snprintf(mine, sizeof(mine), "%s", in_tmp("mine/new"));
    (void)snprintf(other, sizeof(other), "%s", in_tmp("mine/d/new"));
    if (!restrict_to(paths, 4)) {
        return 1;
    }
    if (open_error(in_tmp("open/f"), O_RDONLY) != 0 ||
        open_error(in_tmp("open/f"), O_WRONLY) == 0) {
        return 2;
    }
    if (open_error(mine, O_WRONLY | O_CREAT) != 0 || unlink(in_tmp("mine/old")) < 0) {
        return 3;
    }
    if (open_error(in_tmp("secret"), O_RDONLY) != EACCES) {
        return 4;
    }
    if (open_error(in_tmp("mine/link"), O_RDONLY) != EACCES) {
        return 5; /* the grant of a link's directory does not count for its target */
    }
    if (landlock_abi() >= 2 && rename(mine, other) < 0) {
        return 6;
    }
    if (open_error(in_tmp("names"), O_RDONLY | O_DIRECTORY) != 0 ||
        open_error(in_tmp("names/f"), O_RDONLY) == 0) {
        return 8;
    }
    return open_error("/etc/passwd", O_RDONLY) == 0 ? 7 : 0;
}

static int signals_outside_are_refused(void)
{
    const struct landlock_path paths[] = {{"/", LANDLOCK_READ, false}};

    if (!restrict_to(paths, 1)) {
        return 1;
    }
    return kill(getppid(), 0) < 0 && errno == EPERM && kill(getpid(), 0) == 0 ? 0 : 2;
}

static struct sockaddr_un name_of(socklen_t *len)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int n = snprintf(a.sun_path + 1, sizeof(a.sun_path) - 1, "cco-test-%d", (int)getsid(0));

    *len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
    return a;
}

static int abstract_socket_is_refused(void)
{
    const struct landlock_path paths[] = {{"/", LANDLOCK_READ, false}};
    socklen_t len;
    struct sockaddr_un a = name_of(&len);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    if (!restrict_to(paths, 1)) {
        return 1;
    }
    return connect(fd, (struct sockaddr *)&a, len) < 0 && errno == EPERM ? 0 : 2;
}

/* Without grants, the use of files is not restricted. */
static int scope_without_grants(void)
{
    socklen_t len;
    struct sockaddr_un a = name_of(&len);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    if (!restrict_to(NULL, 0) || open_error(in_tmp("secret"), O_RDWR) != 0) {
        return 1;
    }
    if (connect(fd, (struct sockaddr *)&a, len) == 0 || errno != EPERM) {
        return 2;
    }
    (void)execl("/bin/sh", "sh", "-c", "exit 0", NULL); /* programs can be executed */
    return 3;
}

static int missing_path_is_an_error(void)
{
    const struct landlock_path paths[] = {{"/nowhere/at/all", LANDLOCK_READ, false}};
    struct err e = {0};
    int abi = 0;

    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return landlock_apply(paths, 1, &abi, &e) < 0 && open_error("/etc/passwd", O_RDONLY) == 0 &&
                   e.errnum == ENOENT && strncmp(e.text, "landlock: /nowhere/at/all", 25) == 0
               ? 0
               : 1;
}

/* LANDLOCK_LIST has no right for a file, and the kernel refuses a rule without rights. */
static int rule_that_the_kernel_refuses(void)
{
    const struct landlock_path paths[] = {{in_tmp("secret"), LANDLOCK_LIST, false}};
    struct err e = {0};
    int abi = 0;

    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return landlock_apply(paths, 1, &abi, &e) < 0 && e.kind == ERR_SYS && e.errnum == ENOMSG &&
                   open_error("/etc/passwd", O_RDONLY) == 0
               ? 0
               : 1;
}

static unsigned errno_of_create;

static int kernel_without_landlock(void)
{
    const struct landlock_path paths[] = {{"/nowhere/at/all", LANDLOCK_READ, false}};
    struct err e = {0};
    int abi = 7;

    return make_call_fail(NR_CREATE, errno_of_create) && landlock_abi() == 0 &&
                   landlock_apply(paths, 1, &abi, &e) == 0 && abi == 0 && e.kind == ERR_NONE
               ? 0
               : 1;
}

static int kernel_that_fails(void)
{
    struct err e = {0};
    int abi = 7;

    return make_call_fail(NR_CREATE, EIO) && landlock_abi() == 0 &&
                   landlock_apply(NULL, 0, &abi, &e) < 0 && abi == 0 && e.errnum == EIO
               ? 0
               : 1;
}

/* The call that asks for the ABI has a size of 0, so it does not fail here; making a ruleset
 * does. */
static int ruleset_that_cannot_be_made(void)
{
    const struct landlock_path paths[] = {{"/", LANDLOCK_READ, false}};
    struct err e = {0};
    int abi = 0;

    return make_call_fail_if(NR_CREATE, offsetof(struct seccomp_data, args[1]), ENOMEM) &&
                   landlock_abi() > 0 && landlock_apply(paths, 1, &abi, &e) < 0 &&
                   e.errnum == ENOMEM
               ? 0
               : 1;
}

static int path_that_cannot_be_looked_at(void)
{
    const struct landlock_path paths[] = {{"/", LANDLOCK_READ, false}};
    struct err e = {0};
    int abi = 0;

    return make_call_fail(SYS_fstat, EIO) && make_call_fail(SYS_newfstatat, EIO) &&
                   landlock_apply(paths, 1, &abi, &e) < 0 && e.errnum == EIO
               ? 0
               : 1;
}

static int without_no_new_privs(void)
{
    const struct landlock_path paths[] = {{"/", LANDLOCK_READ, false}};
    struct err e = {0};
    int abi = 0;

    if (geteuid() == 0 &&
        setresuid(65534, 65534, 65534) < 0) { /* root does not need no_new_privs */
        return 2;
    }
    return landlock_apply(paths, 1, &abi, &e) < 0 && e.errnum == EPERM &&
                   strncmp(e.text, "landlock: restrict", 18) == 0
               ? 0
               : 1;
}

int main(void)
{
    socklen_t len;
    struct sockaddr_un a = name_of(&len);
    const long raw_abi = syscall(NR_CREATE, NULL, 0, 1); /* LANDLOCK_CREATE_RULESET_VERSION */
    static const unsigned absent[] = {ENOSYS, EOPNOTSUPP, EPERM};
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    rights_follow_the_abi();
    grants_are_printed_and_parsed();
    is_int(landlock_abi(), raw_abi > 0 ? raw_abi : 0,
           "landlock_abi() returns the kernel's ABI");
    if (landlock_abi() == 0) {
        ok(true, "the effect in the kernel # SKIP this kernel has no Landlock");
        return done_testing();
    }
    tmpdir_make();
    (void)mkdir(in_tmp("open"), 0755);
    (void)mkdir(in_tmp("mine"), 0755);
    (void)mkdir(in_tmp("names"), 0755);
    put_file(in_tmp("names/f"), "x");
    (void)mkdir(in_tmp("mine/d"), 0755);
    put_file(in_tmp("open/f"), "x");
    put_file(in_tmp("mine/old"), "x");
    put_file(in_tmp("secret"), "x");
    (void)symlink(in_tmp("secret"), in_tmp("mine/link"));
    is_int(in_child(only_granted_files_are_usable), 0,
           "exactly the granted rights to files remain");
    is_int(in_child(missing_path_is_an_error), 0,
           "after an error because of a missing path, nothing is restricted");
    is_int(in_child(rule_that_the_kernel_refuses), 0,
           "after an error because of a refused rule, nothing is restricted");
    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
        errno_of_create = absent[i];
        is_int(in_child(kernel_without_landlock), 0,
               "without Landlock, landlock_apply() succeeds with ABI 0");
    }
    is_int(in_child(ruleset_that_cannot_be_made), 0, "failing to make the ruleset is an error");
    is_int(in_child(path_that_cannot_be_looked_at), 0, "failing to examine a path is an error");
    is_int(in_child(kernel_that_fails), 0, "an unexpected errno of the ABI is an error");
    is_int(in_child(without_no_new_privs), 0, "landlock_apply() fails without no_new_privs");
    if (landlock_abi() >= 6) {
        ok(bind(listener, (struct sockaddr *)&a, len) == 0 && listen(listener, 1) == 0,
           "a process outside listens at an abstract socket");
        is_int(in_child(abstract_socket_is_refused), 0,
               "the abstract socket cannot be reached");
        is_int(in_child(scope_without_grants), 0,
               "it cannot be reached without grants either, and files can be used");
        is_int(in_child(signals_outside_are_refused), 0, "processes outside get no signals");
    }
    (void)close(listener);
    tmpdir_remove();
    return done_testing();
}
