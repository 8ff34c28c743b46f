/* SPDX-License-Identifier: MIT */
/* Base64 (RFC 4648 section 4, and section 5 for URLs), with padding. Strict decoding: no
 * blanks, no missing padding, no stray bits. Pure. */
#ifndef WIRE_BASE64_H
#define WIRE_BASE64_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

int base64_encode(struct str in, bool url, struct buf *out);
int base64_decode(struct str in, bool url, struct buf *out, struct err *e);

#endif
