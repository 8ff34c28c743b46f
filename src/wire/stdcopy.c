/* SPDX-License-Identifier: MIT */
#include "wire/stdcopy.h"

#include "base/num.h"

#include <string.h>

void stdcopy_init(struct stdcopy *s)
{
    *s = (struct stdcopy){0};
}

static int take_head(struct stdcopy *s, struct err *e)
{
    const unsigned char *h = s->head;

    if (h[0] > STDCOPY_SYSTEM || h[1] != 0 || h[2] != 0 || h[3] != 0) {
        s->failed = true;
        return err_set(e, ERR_FORMAT,
                       "broken output stream: a frame that begins with %02x %02x %02x %02x",
                       h[0], h[1], h[2], h[3]);
    }
    s->stream = (enum stdcopy_stream)h[0];
    s->left = be32_get(h + 4);
    s->head_len = 0;
    return 0;
}

int stdcopy_in(struct stdcopy *s, struct str in, size_t *used, struct str *data, struct err *e)
{
    size_t n;

    *used = 0;
    *data = str_n(in.p, 0);
    if (s->failed) {
        return err_set(e, ERR_FORMAT, "broken output stream");
    }
    if (s->left == 0) {
        n = sizeof(s->head) - s->head_len;
        n = in.len < n ? in.len : n;
        if (n > 0) {
            memcpy(s->head + s->head_len, in.p, n);
        }
        s->head_len += n;
        *used = n;
        if (s->head_len < sizeof(s->head)) {
            return 0;
        }
        if (take_head(s, e) < 0) {
            return -1;
        }
        in = str_drop(in, n);
    }
    n = in.len < s->left ? in.len : s->left;
    *data = str_n(in.p, n);
    s->left -= (uint32_t)n;
    *used += n;
    return 0;
}

bool stdcopy_at_boundary(const struct stdcopy *s)
{
    return s->left == 0 && s->head_len == 0;
}
