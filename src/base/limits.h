/* SPDX-License-Identifier: MIT */
/* Every limit by name. Bytes unless the name says otherwise. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
    LIMIT_JSON_DEPTH = 64,           /* nested arrays and objects */
    LIMIT_JSON_TEXT = 32 << 20,      /* one JSON document */
    LIMIT_JSON_LINE = 4 << 20,       /* one object of a stream (build, pull, load, events) */
    LIMIT_TLS_HANDSHAKE = 256 << 10, /* what a server sends in it, its certificates above all */
    LIMIT_HTTP_HEAD = 64 << 10,      /* status line and fields of a reply */
    LIMIT_HTTP_FIELDS = 128,         /* count */
    LIMIT_HTTP_CHUNK_LINE = 4 << 10, /* chunk size and extensions */
    LIMIT_HTTP_TRAILER = 16 << 10,
    LIMIT_HTTP_ERROR = 64 << 10, /* body of an error reply that is kept for the message */
    LIMIT_REQUEST = 8 << 20,     /* a request head and a body that is held in memory */
    LIMIT_TAR_PATH = 16 << 10,   /* a path or link target in an archive */
    LIMIT_TAR_HEADER = 64 << 10, /* pax header of one entry */
    LIMIT_FILE_SMALL = 1 << 20,  /* .env, git files, Docker's configuration */
    LIMIT_CREDENTIALS = 1 << 20,
    LIMIT_CLAUDE_JSON = 32 << 20, /* ~/.claude.json grows with its history */
    LIMIT_BOOT = 8 << 20,         /* init's argument file */
    LIMIT_BOOT_STREAM = 96 << 20, /* the same, with files, where the engine sees none of them */
    LIMIT_RELAY_BUFFER = 256 << 10, /* per direction */
    LIMIT_IGNORE_RULES = 64 << 10,  /* count: patterns of one .gitignore */
    LIMIT_IGNORE_TEXT = 16 << 20,   /* all .gitignore files of a tree */
    LIMIT_GIT_INDEX = 256 << 20,    /* .git/index, and the names in it */
    LIMIT_PATH = 4096,
    LIMIT_NAME = 64,                /* session names */
    LIMIT_SYNC_PATH = 64 << 10,     /* a path below a synchronized tree */
    LIMIT_SYNC_DEPTH = 2048,        /* levels of it */
    LIMIT_SYNC_ENTRIES = 2 << 20,   /* count: of a synchronized tree */
    LIMIT_SYNC_LISTING = 256 << 20, /* all that is known of them */
    LIMIT_SYNC_MESSAGE = 1 << 20,   /* one message of the protocol */
    LIMIT_SYNC_NAMES = 64 << 10,    /* names that are told to the user */
    LIMIT_SYNC_FILE_BITS = 44,      /* a file is below 2^44 bytes */
    LIMIT_SYNC_WANTED = 256 << 20   /* paths that the other side asks for at once */
};

#endif
