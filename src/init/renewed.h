/* SPDX-License-Identifier: MIT */
/* A login or a key that cco sends while the command runs (src/wire/PROTOCOL.md, RENEWED). */
#ifndef INIT_RENEWED_H
#define INIT_RENEWED_H

#include "base/buf.h"
#include "base/err.h"
#include "wire/boot.h"

/* Handles the payload of one frame. `text` has the part that came before; its maximum is the
 * size of the largest file that is accepted. If the content is complete, writes it to the file
 * that b->login_file or b->key_file names, if any, and wipes `text`; a file that cannot be
 * written is reported on stderr, and the command keeps the old one. Returns 0 on success and -1
 * and ERR_FORMAT if the frame is not valid or the content is too large. */
int renewed_take(struct buf *text, const struct boot *b, struct str payload, struct err *e);

#endif
