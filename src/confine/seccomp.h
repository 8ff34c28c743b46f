/* SPDX-License-Identifier: MIT */
/* The system-call filter: the system calls that fail inside a native sandbox.
 *
 * The table in seccomp_table.c lists the refused calls, each with the reason. It is not a list
 * of allowed calls, because nobody can list the calls that development tools need. Calls that
 * are newer than the table, and calls of another architecture or of x32, fail with ENOSYS, so
 * that programs fall back to another call. The filter is a classic BPF program for x86-64 or
 * AArch64. Each sandbox compiles its own. seccomp(2), include/uapi/linux/seccomp.h.
 *
 * Pure, except for seccomp_is_available() and seccomp_apply(). */
#ifndef CONFINE_SECCOMP_H
#define CONFINE_SECCOMP_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* The maximum length of a filter, in BPF instructions. The kernel's own maximum is 4096. */
enum { SECCOMP_MAX = 512 };

/* Bits of what the user allows in spite of the filter. */
enum seccomp_allow {
    SECCOMP_ALLOW_USERNS = 1 /* --allow-userns: user namespaces, and mounts in them */
};

/* Bits of what the filter refuses in addition, in place of a part of the confinement that this
 * sandbox does not have. They are disjoint from the bits of enum seccomp_allow, so that one
 * number can hold both. */
enum seccomp_instead {
    /* There are no namespaces: refuse the calls that reach other programs of the user, such as
     * unix sockets, System V IPC, message queues, and the limits of other processes. */
    SECCOMP_NO_NAMESPACES = 2,
    /* Landlock does not control truncation (ABI 1 and 2): refuse to truncate files by name. */
    SECCOMP_NO_TRUNCATE = 4
};

/* The condition under which a row refuses its call. A condition sees only the low 32 bits of an
 * argument (`arg` below). */
enum seccomp_test {
    SECCOMP_ALWAYS,   /* with any arguments */
    SECCOMP_ANY_BITS, /* (arg & value) != 0 */
    SECCOMP_LOW_IS,   /* arg == value; the kernel ignores the high bits of an ioctl's number */
    SECCOMP_TYPE_IS,  /* (arg & S_IFMT) == value */
    SECCOMP_OPENS_AS, /* (arg & (O_ACCMODE | O_TRUNC)) == value */
    SECCOMP_NOT_IN    /* arg is not in `list` */
};

/* One row: a call, and when it fails. A call can have several rows. They apply in the order of
 * the table, and the first row whose condition is true refuses the call; so rows after one with
 * SECCOMP_ALWAYS have no effect. */
struct seccomp_rule {
    unsigned nr; /* the number of the call on this architecture */
    enum seccomp_test test;
    unsigned arg;   /* which argument `test` examines, 0 to 5; unused with SECCOMP_ALWAYS */
    uint32_t value; /* unused with SECCOMP_ALWAYS and SECCOMP_NOT_IN */
    /* If not 0, the row applies only if the argument before `arg` has at least one of these
     * bits. `arg` is then at least 1, and `test` is SECCOMP_ANY_BITS or SECCOMP_LOW_IS. */
    uint32_t flags;
    const uint32_t *list; /* of SECCOMP_NOT_IN: the values that are not refused; else NULL */
    size_t list_count;    /* number of values in `list` */
    int errnum;           /* the errno of the refused call */
    /* Bits of enum seccomp_allow: if at least one bit is given, the row is left out. 0: the
     * row is never left out. */
    unsigned unless;
    const char *name; /* the call's name in the source, such as "SYS_keyctl" */
    const char *why;  /* the reason, for readers of the table; never NULL */
    /* Bits of enum seccomp_instead: the row is left out unless all of them are given. 0: the
     * row is never left out. */
    unsigned only;
};

/* Returns the table of the architecture that cco was compiled for, and writes the number of its
 * rows to *count. It is static, constant, and not sorted by number. */
const struct seccomp_rule *seccomp_rules(size_t *count);

/* Returns this architecture as the kernel names it to filters: AUDIT_ARCH_X86_64 or
 * AUDIT_ARCH_AARCH64. */
uint32_t seccomp_arch(void);

/* Returns the highest number of a call that the table takes into account. The filter refuses
 * higher numbers with ENOSYS. */
unsigned seccomp_last_nr(void);

/* Compiles the filter into `out` and writes its length, in instructions, to *count. `allow` has
 * bits of enum seccomp_allow and of enum seccomp_instead. Returns 0 on success and -1 on error:
 * ERR_LIMIT if the filter is longer than SECCOMP_MAX. After an error, *count is unchanged and
 * the content of `out` is undefined. */
int seccomp_compile(unsigned allow, struct sock_filter out[SECCOMP_MAX], size_t *count,
                    struct err *e);

/* Returns true if the kernel accepts filters from this process. Changes nothing. */
bool seccomp_is_available(void);

/* Compiles the filter as seccomp_compile() does, and sets it for the calling thread and its
 * later children, for good. no_new_privs must be set (PR_SET_NO_NEW_PRIVS). Returns 0 on
 * success and -1 on error: ERR_LIMIT of seccomp_compile(), or ERR_SYS if the kernel refuses the
 * filter. After an error, the thread has no new filter. Does not block. */
int seccomp_apply(unsigned allow, struct err *e);

#endif
