/* SPDX-License-Identifier: MIT */
/* Init's argument file: everything that cco's PID 1 inside the sandbox must know. cco writes it
 * on the host, and init reads it once, before the command runs. The format is binary, because
 * values may hold any byte:
 *
 *   file   = magic record* end
 *   magic  = "ccoboot1"
 *   record = tag (1 byte) length (4 bytes, big-endian) payload (length bytes)
 *   end    = tag 0, length 0
 *
 * The table in boot.c has one row per record; a tag is never used again for something else.
 * Numbers are decimal text. A flag is an empty record. A list is one record per item, in order.
 * A string never holds a NUL, because it becomes a C string. Copies, files and links are two
 * strings with a NUL between them; the second string of a file may hold any byte. A copy or
 * file has the mode that the last mode record before it set.
 *
 * An unknown tag, a missing end, bytes after the end, a second value for a single member and a
 * missing required member are errors: both sides are the same version of cco.
 *
 * If the engine does not see the host's files, cco sends the same bytes over init's standard
 * input, which is the engine's stream, and the files with them. `init -` reads
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

/* init copies `source`, a path inside the sandbox that is usually below the read-only run
 * directory, to `target` and gives it to the user. */
struct boot_copy {
    const char *source;
    const char *target;
    unsigned mode;
};

/* This name instead of a file's makes init read the stream from standard input. */
#define BOOT_STREAM "-"
enum { BOOT_STREAM_HEAD = 4 };

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

struct boot {
    uint64_t uid, gid;
    const char *user;    /* name in the sandbox's passwd file */
    const char *home;    /* created if it is missing, owned by the user */
    const char *workdir; /* must exist */
    const char *shell;   /* login shell for the passwd entry */
    const char *tz;      /* "Europe/Berlin"; NULL leaves the time zone alone */
    /* Supplementary groups: numbers, or paths whose group is meant. */
    struct strv groups;
    struct strv argv; /* the command, at least one string */
    /* Runs the user's shell as a login shell instead of argv[0]. */
    bool login_shell;
    /* "NAME=value": the whole environment of the command. PATH may be missing. */
    struct strv env;
    /* Directories to create and to give to the user, parents first. Never mount points. */
    struct strv dirs;
    /* "IDENTITY PATH" (base/file_id.h): mounts that must be the objects that cco saw on the
     * host. The first one shows whether the engine preserves identities. */
    struct strv mount_ids;
    struct boot_copy *copies;
    size_t copy_count, copy_cap;
    struct boot_file *files;
    size_t file_count, file_cap;
    struct boot_link *links;
    size_t link_count, link_cap;
    /* Files that FRAME_RENEWED replaces (wire/frame.h); NULL: none. */
    const char *login_file;
    const char *key_file;
    /* init stays after the command's end until cco has fetched the command's changes. */
    bool final_wait;
    /* A file in the home that cco fetches at the end; NULL: none. */
    const char *return_file;
    bool tty; /* the command gets a terminal; otherwise three pipes */
    /* Socket at which init calls cco (wire/frame.h). If it is NULL or nobody listens there,
     * standard input and output are the line. */
    const char *line;
    const char *secret; /* proves init to cco, once; FRAME_SECRET hex digits */
    const char *key;    /* proves a later cco to init; as long */
    /* The sandbox has only this user ID: init changes neither its own IDs nor the owner of a
     * file. */
    bool single;
    /* The system-call filter: 0 means none, otherwise 1 plus flags of enum seccomp_allow
     * (confine/seccomp.h). */
    uint64_t filter;
    /* All grants of Landlock: 'r', 'w', 'd' or 'l', then a path. A capital letter means that
     * the path may be missing. */
    struct strv grants;
    /* There are no namespaces: init is not PID 1, and everything outside the home and the run
     * directory belongs to the host. */
    bool landlock_only;
    bool keep_root; /* --sudo: neither no_new_privs nor an empty bounding set */
};

/* Adds the file that describes b to out. Returns 0 on success and -1 with ERR_LIMIT if it
 * exceeds out's maximum; out then holds a part. */
int boot_encode(const struct boot *b, struct buf *out, struct err *e);

/* Reads a file into *b. All strings are copied into the arena. Returns 0 on success and -1 with
 * ERR_FORMAT, which names the offset of the broken record; *b then holds a part. */
int boot_decode(struct str in, struct arena *a, struct boot *b, struct err *e);

#endif
