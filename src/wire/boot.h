/* SPDX-License-Identifier: MIT */
/* Encodes and decodes the boot file, which tells the init of a sandbox everything that it must
 * know. cco writes it on the host, and init reads it once, before the command runs. It contains
 * the values of variables and two secrets, so its bytes are secret. PROTOCOL.md, "The boot
 * file", specifies the format, and how init receives it. The table in boot.c has one row per
 * record. Pure. */
#ifndef WIRE_BOOT_H
#define WIRE_BOOT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"
#include "base/str.h"

/* As the path of the boot file: init reads the file from standard input, behind its length,
 * which has BOOT_STREAM_HEAD bytes (big-endian). As boot.line: standard input is the line. */
#define BOOT_STREAM "-"
enum { BOOT_STREAM_HEAD = 4 };

/* Bits of boot.side: the streams that are a terminal for a command without one of its own. */
enum boot_side { BOOT_SIDE_IN = 1, BOOT_SIDE_OUT = 2, BOOT_SIDE_ERR = 4, BOOT_SIDE_MAX = 7 };

/* init copies `source` to `target` and gives the copy to the user. Both are paths inside the
 * sandbox; `source` is usually below the read-only run directory. */
struct boot_copy {
    const char *source;
    const char *target;
    unsigned mode;
};

/* init writes a file with these bytes and gives it to the user. */
struct boot_file {
    const char *path;
    unsigned mode;
    struct str data;
};

/* init makes a symbolic link, and the directories above it. It replaces a file or a link at
 * `path`; a directory there is an error (init/user_files.h). */
struct boot_link {
    const char *path;
    const char *target;
};

/* A string that is NULL has no record. The "required" strings must not be NULL, and no string
 * except those in lists may be empty. Modes are permission bits, at most 07777. */
struct boot {
    uint64_t uid, gid;   /* of the user; below 2^32 - 1 */
    const char *user;    /* required: the user's name inside */
    const char *home;    /* required: made if it is missing, and given to the user */
    const char *workdir; /* required: the command's working directory; must exist */
    const char *shell;   /* required: the login shell in the user's passwd entry */
    const char *tz;      /* "Europe/Berlin"; NULL: init does not set the time zone */
    uint64_t umask;      /* of the command */
    uint64_t nice;       /* of the command: 0 to 19 */
    struct strv ignored; /* names of the signals that the command ignores (base/sig.h) */
    struct strv limits;  /* resource limits of the command (base/rlimits.h) */
    struct strv groups;  /* supplementary groups: "GID", "GID:NAME", or a path inside */
    struct strv argv;    /* the command; at least one string */
    bool login_shell;    /* run the user's shell as a login shell instead of argv[0] */
    /* "PROGRAM TEXT": init prints TEXT to the command's standard error if PROGRAM is not in
     * PATH. */
    struct strv wanted;
    struct strv env; /* "NAME=value": the whole environment of the command; may lack PATH */
    /* Directories to make and to give to the user, parents first. None is a mount point. */
    struct strv dirs;
    /* "IDENTITY PATH": the object at PATH inside must have this identity (base/file_id.h),
     * which cco saw on the host. The first entry is a probe: if it differs, the engine does not
     * preserve identities, and the others are not checked. */
    struct strv mount_ids;
    struct boot_copy *copies;
    size_t copy_count, copy_cap;
    struct boot_file *files;
    size_t file_count, file_cap;
    struct boot_link *links;
    size_t link_count, link_cap;
    /* Files inside that FRAME_RENEWED overwrites; NULL: none. */
    const char *login_file;
    const char *key_file;
    /* The path at which init serves the filtered ssh agent (init/agent_filter.h); NULL: none.
     */
    const char *agent_socket;
    bool final_wait; /* init stays after the command's end until cco has fetched all files */
    /* A file in the home that init sends to cco at the end; NULL: none. */
    const char *return_file;
    /* "NAME PATH": further files in the home that init sends at the end, each with its name,
     * which has no blank. */
    struct strv return_copies;
    bool tty; /* the command gets a terminal; otherwise three pipes */
    /* Bits of enum boot_side: instead of a pipe, this stream is the side terminal. Must be 0
     * with `tty`. */
    uint64_t side;
    /* The place at which init reaches cco: the path of a unix socket, or BOOT_STREAM. If it is
     * NULL, or no process listens at the socket, the engine's streams are the line. */
    const char *line;
    const char *secret; /* required: proves init to cco, once; FRAME_SECRET hex digits */
    const char *key;    /* required: proves a cco that adopts the session to init; as long */
    /* The sandbox has only this user id: init changes neither its ids nor the owner of a
     * file. */
    bool single;
    /* 0: no system-call filter. Otherwise 1 plus flags of enum seccomp_allow and enum
     * seccomp_instead (confine/seccomp.h); at most 65535. */
    uint64_t filter;
    struct strv grants; /* for Landlock, in the form of landlock_print() (confine/landlock.h) */
    /* There are no namespaces: init is not process 1, and everything outside of the home and
     * the run directory belongs to the host. */
    bool landlock_only;
    bool keep_root; /* --sudo: neither no_new_privs nor an empty bounding set */
};

/* Adds the file that describes b to out. The values are not checked here. boot_decode() refuses
 * a file in which a required string is missing, a string is empty, or a number is too large.
 * Returns 0 on success. Returns -1 and ERR_LIMIT if out's maximum is exceeded; out then holds a
 * part. */
int boot_encode(const struct boot *b, struct buf *out, struct err *e);

/* Reads the file `in` into *b; everything is copied into the arena. Returns 0 on success, and
 * -1 with ERR_FORMAT on error; *b then holds a part. The message names the offset of the
 * malformed record, unless the file is not a boot file at all. */
int boot_decode(struct str in, struct arena *a, struct boot *b, struct err *e);

#endif
