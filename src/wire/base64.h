/* SPDX-License-Identifier: MIT */
/* Base64 with padding (RFC 4648), in the standard alphabet of section 4 or in the alphabet for
 * URLs and file names of section 5, which has '-' and '_' in place of '+' and '/'. Pure. */
#ifndef WIRE_BASE64_H
#define WIRE_BASE64_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Adds the base64 form of the bytes `in` to out, on one line. `url` selects the alphabet of
 * section 5. Returns 0 on success. Returns -1 if the form exceeds out's maximum; out then holds
 * a part of it. */
int base64_encode(struct str in, bool url, struct buf *out);

/* Adds the bytes that the base64 text `in` stands for to out. The text is exactly one base64
 * form: blanks, line breaks, missing padding, and non-zero bits that belong to no byte are
 * refused. Returns 0 on success and -1 on error; out then holds the bytes before the error.
 * ERR_FORMAT means that `in` is not base64 in this alphabet, and ERR_LIMIT that the bytes
 * exceed out's maximum. */
int base64_decode(struct str in, bool url, struct buf *out, struct err *e);

#endif
