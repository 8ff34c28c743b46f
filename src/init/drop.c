/* SPDX-License-Identifier: MIT */
#include "init/drop.h"

#include "base/limits.h"
#include "base/num.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CAP_NUMBERS = 64, GROUPS_MAX = 1 + LIMIT_GROUPS };

/* Returns true if this process has to empty the bounding set. Without namespaces init may be
 * any user. If it does not have CAP_SETPCAP then, it cannot empty the set, and does not need
 * to, because of no_new_privs. */
static bool may_empty_bounding_set(const struct boot *b)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};

    return !b->landlock_only || syscall(SYS_capget, &head, data) < 0 ||
           (data[0].effective & 1U << CAP_SETPCAP) != 0;
}

/* Drops all capabilities from the bounding set, up to the first that the kernel does not
 * know. */
static int empty_bounding_set(struct err *e)
{
    for (unsigned long cap = 0; cap < CAP_NUMBERS; cap++) {
        int has = prctl(PR_CAPBSET_READ, cap, 0, 0, 0);

        if (has < 0 && (errno != EINVAL || cap == 0)) {
            return err_sys(e, "read the bounding set");
        }
        if (has < 0) {
            break;
        }
        if (has == 1 && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0) {
            return err_sys(e, "drop capability %lu", cap);
        }
    }
    return 0;
}

static int set_capabilities_empty(struct err *e)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};

    if (syscall(SYS_capset, &head, data) < 0) {
        return err_sys(e, "empty the capability sets");
    }
    return 0;
}

int drop_all_but(uint32_t keep, struct err *e)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};

    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || syscall(SYS_capget, &head, data) < 0) {
        return err_sys(e, "read the capability sets");
    }
    data[0].permitted &= keep;
    data[0].effective &= keep;
    data[0].inheritable = 0;
    data[1] = (struct __user_cap_data_struct){0};
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return syscall(SYS_capset, &head, data) < 0 ? err_sys(e, "reduce the capability sets") : 0;
}

/* Writes the group ID for `text` to *out. `text` is "GID", "GID:NAME", or the path of a file
 * whose group is meant. */
static int find_group(const char *text, gid_t *out, struct err *e)
{
    struct str rest = str_c(text);
    struct str gid = {0};
    struct stat st;
    uint64_t n = 0;

    if (text[0] == '/') {
        if (stat(text, &st) < 0) {
            return err_sys(e, "%s", text);
        }
        *out = st.st_gid;
        return 0;
    }
    (void)str_cut(&rest, ':', &gid);
    if (!str_u64(gid, 10, UINT32_MAX, &n)) {
        return err_set(e, ERR_FORMAT, "group %s: not a number", text);
    }
    *out = (gid_t)n;
    return 0;
}

static int set_ids(const struct boot *b, struct err *e)
{
    const gid_t group = (gid_t)b->gid;
    gid_t groups[GROUPS_MAX] = {group};
    size_t count = 1;

    if (b->single) {
        return 0;
    }
    for (size_t i = 0; i < b->groups.count && count < GROUPS_MAX; i++) {
        if (find_group(b->groups.v[i], &groups[count++], e) < 0) {
            return -1;
        }
    }
    if (setgroups(count, groups) < 0) {
        return err_sys(e, "set groups");
    }
    if (setresgid(group, group, group) < 0) {
        return err_sys(e, "become group %llu", (unsigned long long)b->gid);
    }
    if (setresuid((uid_t)b->uid, (uid_t)b->uid, (uid_t)b->uid) < 0) {
        return err_sys(e, "become user %llu", (unsigned long long)b->uid);
    }
    return 0;
}

/* Checks that no privilege is left. `emptied` says whether the bounding set must be empty. */
static int verify(const struct boot *b, bool emptied, struct err *e)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};

    if (syscall(SYS_capget, &head, data) < 0) {
        return err_sys(e, "read the capability sets");
    }
    for (unsigned long cap = 0; emptied && cap < CAP_NUMBERS; cap++) {
        if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1) {
            return err_set(e, ERR_REFUSED, "capabilities are left in the bounding set");
        }
    }
    for (unsigned i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
        if ((data[i].permitted | data[i].effective | data[i].inheritable) != 0) {
            return err_set(e, ERR_REFUSED, "capabilities are left after dropping them");
        }
    }
    if (getuid() != (uid_t)b->uid || geteuid() != (uid_t)b->uid || getgid() != (gid_t)b->gid ||
        getegid() != (gid_t)b->gid) {
        return err_set(e, ERR_REFUSED, "user or group did not change");
    }
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) {
        return err_set(e, ERR_REFUSED, "no_new_privs is not set");
    }
    return 0;
}

/* Limits core files to 1 byte if the sandbox has only one user ID. After a crash the kernel may
 * start a program of the machine, often as root, and pass it a core that the agent controls.
 * Only a limit of 1 byte prevents that; a limit of 0 does not. It also leaves no room for a
 * core file (fs/coredump.c, core(5)). If cco's own hard limit is 0, it cannot be raised, and
 * stays 0. */
static int no_cores(const struct boot *b, struct err *e)
{
    const struct rlimit none = {1, 1};

    return b->single && setrlimit(RLIMIT_CORE, &none) < 0 && errno != EPERM
               ? err_sys(e, "limit core files")
               : 0;
}

int drop_privileges(const struct boot *b, struct err *e)
{
    bool empties = false;

    if (no_cores(b, e) < 0) {
        return -1;
    }

    if (b->keep_root) {
        return set_ids(b, e);
    }
    empties = may_empty_bounding_set(b);
    if (empties && empty_bounding_set(e) < 0) {
        return -1;
    }
    /* Fails before Linux 4.3, which has no ambient set. Later an ambient capability disappears
     * anyway when it is not permitted any more. */
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
        return err_sys(e, "set no_new_privs");
    }
    if (set_ids(b, e) < 0 || set_capabilities_empty(e) < 0) {
        return -1;
    }
    return verify(b, empties, e);
}
