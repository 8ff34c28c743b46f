/* SPDX-License-Identifier: MIT */
#include "host/audit_path.h"

#include <string.h>

bool audit_path_set(struct audit_path *p, const char *text)
{
    size_t len = strlen(text);

    p->len = 0;
    p->text[0] = '\0';
    if (len + 2 > sizeof(p->text)) {
        return false;
    }
    memcpy(p->text, text, len);
    if (len > 0 && text[len - 1] != '/') {
        p->text[len++] = '/';
    }
    p->text[len] = '\0';
    p->len = len;
    return true;
}

bool audit_path_push(struct audit_path *p, const char *name)
{
    size_t len = strlen(name);

    if (p->len + len + 2 > sizeof(p->text)) {
        return false;
    }
    memcpy(p->text + p->len, name, len);
    p->len += len;
    p->text[p->len++] = '/';
    p->text[p->len] = '\0';
    return true;
}

void audit_path_pop(struct audit_path *p, size_t len)
{
    p->len = len;
    p->text[len] = '\0';
}
