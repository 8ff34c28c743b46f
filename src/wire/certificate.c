/* SPDX-License-Identifier: MIT */
#include "wire/certificate.h"

enum {
    TAG_BOOLEAN = 0x01,
    TAG_OCTETS = 0x04,
    TAG_OID = 0x06,
    TAG_SEQUENCE = 0x30,
    TAG_EXTENSIONS = 0xa3, /* [3] of the signed part */
    TAG_ADDRESS = 0x87,    /* iPAddress, [7] of a GeneralName */
    LENGTH_BYTES_MAX = 3   /* enough for LIMIT_TLS_HANDSHAKE */
};

struct element {
    unsigned tag;
    struct str value;
};

/* Takes the element at the front of *in, and moves *in behind it. X.690 section 8.1. */
static bool take(struct str *in, struct element *out)
{
    const unsigned char *p = (const unsigned char *)in->p;
    size_t head = 2;
    size_t len;

    if (in->len < head) {
        return false;
    }
    len = p[1];
    if ((len & 0x80U) != 0) {
        size_t bytes = len & 0x7fU;

        if (bytes == 0 || bytes > LENGTH_BYTES_MAX || in->len < head + bytes) {
            return false;
        }
        len = 0;
        for (size_t i = 0; i < bytes; i++) {
            len = len << 8 | p[head + i];
        }
        head += bytes;
    }
    if (in->len - head < len) {
        return false;
    }
    *out = (struct element){p[0], str_n(in->p + head, len)};
    *in = str_drop(*in, head + len);
    return true;
}

static bool take_sequence(struct str *in, struct str *inside)
{
    struct element el = {0};

    if (!take(in, &el) || el.tag != TAG_SEQUENCE) {
        return false;
    }
    *inside = el.value;
    return true;
}

/* Finds the list of extensions in a certificate. */
static bool find_extensions(struct str der, struct str *list)
{
    struct element el = {0};
    struct str certificate = {0};
    struct str signed_part = {0};

    if (!take_sequence(&der, &certificate) || !take_sequence(&certificate, &signed_part)) {
        return false;
    }
    while (take(&signed_part, &el)) {
        if (el.tag == TAG_EXTENSIONS) {
            return take_sequence(&el.value, list);
        }
    }
    return false;
}

/* Sets *names to the value of an extension that lists alternative names. Returns false for any
 * other extension. */
static bool take_names(struct str extension, struct str *names)
{
    static const char oid[] = {0x55, 0x1d, 0x11}; /* 2.5.29.17 */
    struct element el = {0};

    if (!take(&extension, &el) || el.tag != TAG_OID ||
        !str_eq(el.value, str_n(oid, sizeof(oid))) || !take(&extension, &el)) {
        return false;
    }
    if (el.tag == TAG_BOOLEAN && !take(&extension, &el)) { /* critical */
        return false;
    }
    return el.tag == TAG_OCTETS && take_sequence(&el.value, names);
}

bool certificate_has_address(struct str der, struct str address)
{
    struct str list = {0};
    struct str extension = {0};
    struct str names = {0};
    struct element el = {0};

    if (!find_extensions(der, &list)) {
        return false;
    }
    while (take_sequence(&list, &extension)) {
        if (!take_names(extension, &names)) {
            continue;
        }
        while (take(&names, &el)) {
            if (el.tag == TAG_ADDRESS && str_eq(el.value, address)) {
                return true;
            }
        }
    }
    return false;
}
