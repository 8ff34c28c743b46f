/* SPDX-License-Identifier: MIT */
/* Init's argument file: everything cco's PID 1 inside the sandbox must know, written by cco on the
 * host and read once, before the command runs. Binary, because values may hold any byte.
 *
 *   file   = magic record* end
 *   magic  = "ccoboot1"
 *   record = type (1 byte) length (4 bytes, big-endian) payload (length bytes)
 *   end    = type 0, length 0
 *
 * Types are enum boot_type; numbers are never reused. A list is its record repeated, in order.
 * Numbers are decimal text, flags are an empty record. A payload never holds a NUL (it becomes a C
 * string). A pair is two strings with a NUL between: the one exception. An unknown type, a missing
 * end, bytes behind the end, or a second value for a single field are errors: both sides are the
 * same version of cco.
 *
 * Where the engine does not see the host's files the same comes over init's standard input, which is the engine's
 * stream, and brings the files along (a path, a NUL, any bytes): `init -` reads
 *
 *   stream = length (4 bytes, big-endian, at most LIMIT_BOOT_STREAM) file (length bytes)
 *
 * and then greets on the same stream (wire/frame.h). Pure. */
#ifndef WIRE_BOOT_H
#define WIRE_BOOT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"
#include "base/str.h"

/* A file that init puts into the home: copied from `source` (inside the sandbox, usually below the
 * read-only run directory) to `target`, owned by the user. */
struct boot_copy {
    const char *source;
    const char *target;
    unsigned mode;
};

/* Instead of the name of a file: standard input. */
#define BOOT_STREAM "-"
enum { BOOT_STREAM_HEAD = 4 };

/* A file that came along; the user's. */
struct boot_file {
    const char *path;
    unsigned mode;
    struct str data;
};

struct boot_link {
    const char *path;
    const char *target;
};

struct boot {
    uint64_t uid, gid;
    const char *user;    /* name in the sandbox's passwd */
    const char *home;    /* made if missing, owned by the user */
    const char *workdir; /* must exist */
    const char *shell;   /* login shell for the passwd entry */
    const char *tz;      /* NULL: leave the time zone alone; "Europe/Berlin" */
    struct strv
        groups; /* further groups of the user: numbers, or paths of what belongs to them */
    struct strv argv; /* the command, at least one */
    bool
        login_shell; /* run the user's shell as a login shell instead of argv[0] (argv follows) */
    struct strv env; /* "NAME=value", the whole environment but PATH where unset */
    struct strv
        dirs; /* directories to make and give to the user, parents first: never mounts */
    struct strv
        mount_ids; /* "IDENTITY PATH" (base/file_id.h): mounts that must be what cco saw; the first shows whether
                         the engine keeps identities */
    struct boot_copy *copies;
    size_t copy_count, copy_cap;
    struct boot_file *files;
    size_t file_count, file_cap;
    struct boot_link *links; /* made where nothing else is; a link that is there is exchanged */
    size_t link_count, link_cap;
    const char *login_file; /* what FRAME_RENEWED brings anew (wire/frame.h); NULL: nothing */
    const char *key_file;
    bool
        final_wait; /* when the command has ended, init stays until cco has fetched what it did */
    const char
        *return_file;   /* a file of the home that cco wants as it is in the end; NULL: none */
    bool tty;           /* the command gets a terminal; otherwise three pipes */
    const char *line;   /* socket to call cco at (wire/frame.h); NULL, or nobody there: standard
                          * input and output are the line */
    const char *secret; /* proves init to cco, once; FRAME_SECRET hex digits */
    const char *key;    /* proves a later cco to init; as long */
    bool
        single; /* there is no user but this one: nothing changes who we are, no file gets another owner */
    unsigned
        filter; /* system calls: 0 as they are; else 1 and enum seccomp_allow (confine/seccomp.h), which stands beside it */
    struct strv
        grants; /* of Landlock, all there are: 'r', 'w', 'd' or 'l', in capitals where the path may be missing, and a path */
    bool
        landlock_only; /* no namespaces: init is no PID 1, and what is not in the home and the run directory is the host's */
    bool keep_root;    /* --sudo: neither no_new_privs nor an empty bounding set */
};

int boot_encode(const struct boot *b, struct buf *out, struct err *e);

/* Everything is copied into the arena. */
int boot_decode(struct str in, struct arena *a, struct boot *b, struct err *e);

#endif
