/* SPDX-License-Identifier: MIT */
/* Sequences that are incomplete when a client is shown the screen. The client gets the rest of
 * the sequence with the later output, so it must get the beginning, too. */
#include "term/screen_state.h"

#include <stdlib.h>
#include <string.h>

void screen_note_fed(struct screen *s, const char *bytes, size_t len)
{
    size_t keep;

    if (len > SCREEN_TAIL_MAX) {
        bytes += len - SCREEN_TAIL_MAX;
        len = SCREEN_TAIL_MAX;
    }
    keep = s->tail_len < SCREEN_TAIL_MAX - len ? s->tail_len : SCREEN_TAIL_MAX - len;
    if (len > 0) {
        memmove(s->tail, s->tail + s->tail_len - keep, keep);
        memcpy(s->tail + keep, bytes, len);
        s->tail_len = keep + len;
    }
}

/* Returns true if the parser is between two sequences. */
static bool is_idle(const VTerm *vt)
{
    return vt->parser.state == NORMAL && !vt->parser.in_esc;
}

/* Returns the index in the tail at which the incomplete sequence begins. Finds it with a second
 * parser. Returns the end of the tail if the sequence began before the tail. */
static size_t find_start(const struct screen *s)
{
    VTerm *vt = vterm_new(1, 1);
    size_t start = 0;

    if (vt == NULL) {
        abort();
    }
    vterm_set_utf8(vt, 1);
    for (size_t i = 0; i < s->tail_len; i++) {
        (void)vterm_input_write(vt, s->tail + i, 1);
        if (is_idle(vt)) {
            start = i + 1;
        }
    }
    vterm_free(vt);
    return start;
}

/* Returns the beginning of a string sequence that no terminal knows. It replaces a string (OSC,
 * DCS ...) whose beginning is not in the tail any more, and ends where that ends. Returns "" if
 * no string is incomplete. */
static const char *stand_in(const VTerm *vt)
{
    switch (vt->parser.state) {
    case OSC_COMMAND:
    case OSC:
        return "\033]9999;";
    case DCS_COMMAND:
    case DCS:
    case APC:
    case PM:
    case SOS:
        return "\033^";
    case NORMAL:
    case CSI_LEADER:
    case CSI_ARGS:
    case CSI_INTERMED:
        break;
    }
    return "";
}

void screen_add_partial(const struct screen *s, struct buf *out)
{
    if (!is_idle(s->vt)) {
        size_t start = find_start(s);

        (void)buf_add_c(out, start == s->tail_len ? stand_in(s->vt) : "");
        (void)buf_add(out, s->tail + start, s->tail_len - start);
    }
    (void)buf_add_str(out, buf_str(&s->pending)); /* an incomplete character, or nothing */
}
