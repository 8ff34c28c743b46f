/* SPDX-License-Identifier: MIT */
#include "wire/buildkit.h"

/* Protocol buffers: a field is a varint of (number << 3 | type), then its value
 * (https://protobuf.dev/programming-guides/encoding/). */
enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

/* The fields of StatusResponse. */
enum { FIELD_VERTEX = 1, FIELD_STATUS = 2, FIELD_LOG = 3, FIELD_WARNING = 4 };

struct field {
    uint64_t number;
    uint64_t type;
    uint64_t n;       /* the value of a varint */
    struct str bytes; /* the value of every other type */
};

static bool take_varint(struct str *s, uint64_t *out)
{
    uint64_t n = 0;

    for (unsigned shift = 0; shift < 64 && s->len > 0; shift += 7) {
        unsigned char c = (unsigned char)s->p[0];

        *s = str_drop(*s, 1);
        if (shift == 63 && c > 1) {
            return false;
        }
        n |= (uint64_t)(c & 0x7f) << shift;
        if ((c & 0x80) == 0) {
            *out = n;
            return true;
        }
    }
    return false;
}

static bool take_field(struct str *s, struct field *f)
{
    uint64_t key = 0;
    uint64_t len = 0;

    *f = (struct field){0};
    if (!take_varint(s, &key)) {
        return false;
    }
    f->number = key >> 3;
    f->type = key & 7;
    switch (f->type) {
    case WIRE_VARINT:
        return take_varint(s, &f->n);
    case WIRE_64:
        len = 8;
        break;
    case WIRE_32:
        len = 4;
        break;
    case WIRE_BYTES:
        if (!take_varint(s, &len)) {
            return false;
        }
        break;
    default:
        return false; /* groups, which are deprecated */
    }
    if (len > s->len) {
        return false;
    }
    f->bytes = str_n(s->p, (size_t)len);
    *s = str_drop(*s, (size_t)len);
    return true;
}

static void vertex_field(const struct field *f, struct buildkit_event *ev)
{
    switch (f->number) {
    case 1:
        ev->digest = f->bytes;
        break;
    case 3:
        ev->name = f->bytes;
        break;
    case 4:
        ev->cached = f->n != 0;
        break;
    case 5:
        ev->started = true;
        break;
    case 6:
        ev->completed = true;
        break;
    case 7:
        ev->text = f->bytes;
        break;
    default:
        break;
    }
}

static void status_field(const struct field *f, struct buildkit_event *ev)
{
    switch (f->number) {
    case 1:
        ev->name = ev->name.len > 0 ? ev->name : f->bytes;
        break;
    case 2:
        ev->digest = f->bytes;
        break;
    case 3:
        ev->name = f->bytes.len > 0 ? f->bytes : ev->name;
        break;
    case 4:
        ev->current = f->n > INT64_MAX ? 0 : (int64_t)f->n;
        break;
    case 5:
        ev->total = f->n > INT64_MAX ? 0 : (int64_t)f->n;
        break;
    case 7:
        ev->started = true;
        break;
    case 8:
        ev->completed = true;
        break;
    default:
        break;
    }
}

static void log_field(const struct field *f, struct buildkit_event *ev)
{
    switch (f->number) {
    case 1:
        ev->digest = f->bytes;
        break;
    case 3:
        ev->stream = f->n == 2 ? 2 : 1;
        break;
    case 4:
        ev->text = f->bytes;
        break;
    default:
        break;
    }
}

static void warning_field(const struct field *f, struct buildkit_event *ev)
{
    if (f->number == 1) {
        ev->digest = f->bytes;
    } else if (f->number == 3) {
        ev->text = f->bytes;
    }
}

static bool take_event(struct str s, struct buildkit_event *ev)
{
    while (s.len > 0) {
        struct field f;

        if (!take_field(&s, &f)) {
            return false;
        }
        switch (ev->kind) {
        case BUILDKIT_VERTEX:
            vertex_field(&f, ev);
            break;
        case BUILDKIT_STATUS:
            status_field(&f, ev);
            break;
        case BUILDKIT_LOG:
            log_field(&f, ev);
            break;
        case BUILDKIT_WARNING:
            warning_field(&f, ev);
            break;
        }
    }
    return true;
}

void buildkit_init(struct buildkit_iter *it, struct str message)
{
    it->rest = message;
}

static bool broken(struct buildkit_iter *it, struct err *e)
{
    it->rest = str_n(it->rest.p, 0);
    (void)err_set(e, ERR_FORMAT, "the build progress is not a StatusResponse");
    return false;
}

bool buildkit_next(struct buildkit_iter *it, struct buildkit_event *ev, struct err *e)
{
    static const enum buildkit_kind kinds[] = {BUILDKIT_VERTEX, BUILDKIT_STATUS, BUILDKIT_LOG,
                                               BUILDKIT_WARNING};

    while (it->rest.len > 0) {
        struct field f;

        if (!take_field(&it->rest, &f)) {
            return broken(it, e);
        }
        if (f.type == WIRE_BYTES && f.number >= FIELD_VERTEX && f.number <= FIELD_WARNING) {
            *ev = (struct buildkit_event){.kind = kinds[f.number - FIELD_VERTEX]};
            return take_event(f.bytes, ev) || broken(it, e);
        }
    }
    return false;
}
