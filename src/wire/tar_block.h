/* SPDX-License-Identifier: MIT */
/* Shared by the tar reader and writer: the offsets (AT_*) and lengths of the fields in a header
 * block, in bytes (POSIX.1-1988). */
#ifndef WIRE_TAR_BLOCK_H
#define WIRE_TAR_BLOCK_H

enum {
    AT_NAME = 0,
    AT_MODE = 100,
    AT_UID = 108,
    AT_GID = 116,
    AT_SIZE = 124,
    AT_MTIME = 136,
    AT_SUM = 148,
    AT_TYPE = 156,
    AT_LINK = 157,
    AT_MAGIC = 257,
    AT_USER = 265,
    AT_GROUP = 297,
    AT_MAJOR = 329,
    AT_MINOR = 337,
    AT_PREFIX = 345,
    NAME_FIELD_LEN = 100, /* of the fields "name" and "linkname" */
    PREFIX_FIELD_LEN = 155
};

#endif
