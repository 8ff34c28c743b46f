/* SPDX-License-Identifier: MIT */
/* Every limit by name. The unit is bytes unless the comment says otherwise. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
    LIMIT_JSON_DEPTH = 64,           /* nested arrays and objects */
    LIMIT_JSON_TEXT = 32 << 20,      /* one JSON document */
    LIMIT_JSON_LINE = 4 << 20,       /* one object of a stream (build, pull, load, events) */
    LIMIT_TLS_HANDSHAKE = 256 << 10, /* all that a server sends in it; mostly certificates */
    LIMIT_HTTP_HEAD = 64 << 10,      /* status line and fields of a reply */
    LIMIT_HTTP_FIELDS = 128,         /* count of the fields of a reply */
    LIMIT_HTTP_CHUNK_LINE = 4 << 10, /* chunk size and extensions */
    LIMIT_HTTP_TRAILER = 16 << 10,   /* fields behind a chunked body */
    LIMIT_HTTP_ERROR = 64 << 10,     /* body of an error reply, kept for the message */
    LIMIT_REQUEST = 8 << 20,         /* the head of a request; a body that is in memory */
    LIMIT_TAR_PATH = 16 << 10,       /* a path or link target in an archive */
    LIMIT_TAR_HEADER = 64 << 10,     /* pax header of one entry */
    LIMIT_FILE_SMALL = 1 << 20,      /* .env, git files, Docker's configuration */
    LIMIT_CREDENTIALS = 1 << 20,     /* the file with claude's login */
    LIMIT_CLAUDE_JSON = 32 << 20,    /* ~/.claude.json, which grows with its history */
    LIMIT_BOOT = 8 << 20,            /* a boot file in the session directory */
    LIMIT_BOOT_STREAM = 96 << 20,    /* a boot file as a stream, with files (remote engine) */
    LIMIT_RELAY_BUFFER = 256 << 10,  /* per direction */
    LIMIT_IGNORE_RULES = 64 << 10,   /* count of the patterns of one .gitignore */
    LIMIT_IGNORE_TEXT = 16 << 20,    /* all .gitignore files of a tree together */
    LIMIT_GIT_INDEX = 256 << 20,     /* .git/index, and the names in it */
    LIMIT_PATH = 4096,               /* a path with its NUL; a short target of a request */
    LIMIT_GROUPS = 256,              /* count of the supplementary groups of the user */
    LIMIT_NAME = 64,                 /* the name of a session, without a NUL */
    LIMIT_SYNC_PATH = 64 << 10,      /* a path below a synchronized tree */
    LIMIT_SYNC_DEPTH = 2048,         /* components of such a path */
    LIMIT_SYNC_ENTRIES = 2 << 20,    /* count of the entries of a synchronized tree */
    LIMIT_SYNC_LISTING = 256 << 20,  /* a whole listing of such a tree */
    LIMIT_SYNC_MESSAGE = 1 << 20,    /* one message of the protocol */
    LIMIT_SYNC_NAMES = 64 << 10,     /* names that are reported to the user */
    LIMIT_SYNC_FILE_BITS = 44,       /* bits; a file must be smaller than 2^44 bytes */
    LIMIT_SYNC_WANTED = 256 << 20    /* paths that the other end requests at once */
};

#endif
