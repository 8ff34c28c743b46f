/* SPDX-License-Identifier: MIT */
#include "engine/image_progress_stream.h"

#include "base/hash.h"
#include "base/limits.h"
#include "base/num.h"
#include "wire/base64.h"
#include "wire/buildkit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct progress_stream *progress_stream_new(struct progress *progress)
{
    struct progress_stream *s = calloc(1, sizeof(*s));

    if (s == NULL) {
        abort();
    }
    s->progress = progress;
    buf_init(&s->text, LIMIT_JSON_LINE);
    buf_init(&s->decoded, LIMIT_JSON_LINE);
    return s;
}

void progress_stream_free(struct progress_stream *s)
{
    if (s != NULL) {
        buf_release(&s->text);
        buf_release(&s->decoded);
        free(s);
    }
}

static void copy_name(char *out, struct str name)
{
    size_t n =
        name.len < PROGRESS_STREAM_NAME_MAX - 1 ? name.len : PROGRESS_STREAM_NAME_MAX - 1;

    if (n > 0) {
        memcpy(out, name.p, n);
    }
    out[n] = '\0';
}

static struct progress_stream_vertex *find(struct progress_stream *s, struct str digest,
                                           bool add)
{
    uint64_t key = hash_fnv1a(digest);

    for (size_t i = 0; i < s->vertex_count; i++) {
        if (s->vertices[i].key == key) {
            return &s->vertices[i];
        }
    }
    if (!add || s->vertex_count == PROGRESS_STREAM_VERTEX_MAX) {
        return NULL;
    }
    s->vertices[s->vertex_count] = (struct progress_stream_vertex){.key = key};
    return &s->vertices[s->vertex_count++];
}

/* Keeps the name of the step that failed. BuildKit also reports the steps that ran at the same
 * time as failed; their errors say "canceled". */
static void note_failure(struct progress_stream *s, const struct buildkit_event *ev)
{
    if (ev->text.len > 0 && s->failed_step[0] == '\0' && !str_contains(ev->text, "canceled")) {
        copy_name(s->failed_step, ev->name);
    }
}

static void on_vertex(struct progress_stream *s, const struct buildkit_event *ev)
{
    struct progress_stream_vertex *v = find(s, ev->digest, true);
    struct progress *p = s->progress;

    if (v == NULL) {
        return;
    }
    copy_name(v->name, ev->name);
    if (ev->started && !v->began) {
        v->began = true;
        p->step(p, str_c(v->name), ev->cached);
    }
    if (ev->completed && v->began && !v->over) {
        v->over = true;
        note_failure(s, ev);
        p->done(p, str_c(v->name), ev->text);
    }
}

/* Reports the progress of a transfer. The download of a layer is named "sha256:1a2b...",
 * without a verb, so that this function adds one. */
static void on_vertex_status(struct progress_stream *s, const struct buildkit_event *ev)
{
    struct progress *p = s->progress;
    char name[PROGRESS_STREAM_NAME_MAX];
    bool is_layer = str_starts(ev->name, "sha256:");

    (void)snprintf(name, sizeof(name), "%s%.*s", is_layer ? "downloading " : "",
                   (int)(ev->name.len < sizeof(name) ? ev->name.len : sizeof(name)),
                   ev->name.p != NULL ? ev->name.p : "");
    if (ev->completed) {
        p->transfer(p, str_c(name), 0, 0);
    } else if (ev->total > 0 && ev->current >= 0) {
        p->transfer(p, str_c(name), (uint64_t)ev->current, (uint64_t)ev->total);
    }
}

static void on_event(struct progress_stream *s, const struct buildkit_event *ev)
{
    struct progress *p = s->progress;
    struct progress_stream_vertex *v = NULL;

    if (ev->kind == BUILDKIT_VERTEX) {
        on_vertex(s, ev);
        return;
    }
    v = find(s, ev->digest, false);
    if (v == NULL) {
        return;
    }
    if (ev->kind == BUILDKIT_STATUS) {
        on_vertex_status(s, ev);
    } else if (ev->kind == BUILDKIT_LOG || ev->kind == BUILDKIT_WARNING) {
        p->output(p, str_c(v->name), ev->text);
    }
}

static int on_trace(struct progress_stream *s, struct json aux, struct err *e)
{
    struct str text = str_n(aux.raw.p + 1, aux.raw.len - 2);
    struct buildkit_iter it;
    struct buildkit_event ev = {0};
    struct err broken = {0};

    buf_reset(&s->decoded);
    if (base64_decode(text, false, &s->decoded, e) < 0) {
        return err_wrap(e, "build progress");
    }
    buildkit_init(&it, buf_str(&s->decoded));
    while (buildkit_next(&it, &ev, &broken)) {
        on_event(s, &ev);
    }
    if (broken.kind != ERR_NONE) {
        *e = broken;
        return -1;
    }
    return 0;
}

/* Reports a text of the classic builder or of Podman. "Step 3/9 : RUN make" begins a step of
 * the classic builder, and "STEP 3/9: RUN make" a step of Podman. Every other text is
 * output. */
static void on_text(struct progress_stream *s, struct str text)
{
    struct progress *p = s->progress;

    if (str_starts(text, "Step ") || str_starts(text, "STEP ")) {
        if (s->step[0] != '\0') {
            p->done(p, str_c(s->step), str_c(NULL));
        }
        copy_name(s->step, str_trim(text));
        p->step(p, str_c(s->step), false);
    } else {
        p->output(p, str_c(s->step), text);
    }
}

static void on_error(struct progress_stream *s, struct json detail, struct json plain)
{
    struct json message = json_get(detail, "message");
    struct buf text;
    struct str said;

    buf_init(&text, LIMIT_JSON_LINE);
    (void)json_string(message.type == JSON_STRING ? message : plain, &text);
    said = str_trim(buf_str(&text));
    said = str_n(said.p, said.len < 700 ? said.len : 700);
    if (!s->failed) {
        (void)err_set(&s->why, ERR_ENGINE, "%.*s", (int)said.len, said.p);
        if (s->step[0] != '\0') {
            memcpy(s->failed_step, s->step, sizeof(s->failed_step));
            s->progress->done(s->progress, str_c(s->step), said);
        }
    }
    s->failed = true;
    buf_release(&text);
}

/* If `name` is the message about the end of a transfer, reports the end of the transfer, which
 * was named "VERB ID" before, and returns true. */
static bool is_over(struct progress *p, const char *name)
{
    static const char *const ends[][2] = {{"Download complete ", "Downloading"},
                                          {"Pull complete ", "Extracting"}};

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t len = strlen(ends[i][0]);
        char item[PROGRESS_STREAM_NAME_MAX];

        if (strncmp(name, ends[i][0], len) == 0) {
            (void)snprintf(item, sizeof(item), "%s %s", ends[i][1], name + len);
            p->transfer(p, str_c(item), 0, 0);
            return true;
        }
    }
    return false;
}

/* Reports a message of a pull: {"status":"Downloading","progressDetail":{...},"id":"1a2b"}. */
static void on_status(struct progress_stream *s, struct json root)
{
    struct json detail = json_get(root, "progressDetail");
    struct progress *p = s->progress;
    char name[PROGRESS_STREAM_NAME_MAX];
    uint64_t current = 0;
    uint64_t total = 0;
    struct buf text;

    buf_init(&text, LIMIT_JSON_LINE);
    if (json_string(json_get(root, "status"), &text) == 0) {
        struct json id = json_get(root, "id");

        if (id.type == JSON_STRING && text.len > 0) {
            (void)buf_add_byte(&text, ' ');
            (void)json_string(id, &text); /* copy_name() cuts it */
        }
        copy_name(name, buf_str(&text));
        if (json_u64(json_get(detail, "current"), &current) &&
            json_get(detail, "units").type == JSON_NONE) {
            (void)json_u64(json_get(detail, "total"), &total); /* stays 0 if it is unknown */
            if (current > 0 || total > 0) {
                p->transfer(p, str_c(name), current, total);
            }
        } else if (!is_over(p, name)) {
            p->output(p, str_c(s->step), str_c(name));
        }
    }
    buf_release(&text);
}

static int on_object(struct progress_stream *s, struct err *e)
{
    struct json root;
    struct json text;
    struct json detail;
    struct json error;

    if (json_parse(buf_str(&s->text), &root, e) < 0) {
        return -1;
    }
    detail = json_get(root, "errorDetail");
    error = json_get(root, "error");
    if (detail.type == JSON_OBJECT || error.type == JSON_STRING) {
        on_error(s, detail, error);
        return 0;
    }
    if (json_is(json_get(root, "id"), "moby.buildkit.trace") &&
        json_get(root, "aux").type == JSON_STRING) {
        return on_trace(s, json_get(root, "aux"), e);
    }
    text = json_get(root, "stream");
    if (text.type == JSON_STRING) {
        struct buf line;

        buf_init(&line, LIMIT_JSON_LINE);
        (void)json_string(text, &line); /* it is not longer than the object */
        on_text(s, buf_str(&line));
        buf_release(&line);
    } else {
        on_status(s, root);
    }
    return 0;
}

int progress_stream_in(struct progress_stream *s, struct str bytes, struct err *e)
{
    while (bytes.len > 0) {
        bool complete = false;
        size_t n = json_split_scan(&s->split, bytes, &complete);

        if (s->split.failed) {
            return err_set(e, ERR_FORMAT, "the engine's progress is not JSON");
        }
        if (buf_add(&s->text, bytes.p, n) < 0) {
            return err_set(e, ERR_LIMIT,
                           "a message of the engine's progress is past the limit of %d bytes",
                           LIMIT_JSON_LINE);
        }
        bytes = str_drop(bytes, n);
        if (complete) {
            if (on_object(s, e) < 0) {
                return -1;
            }
            buf_reset(&s->text);
        }
    }
    return 0;
}

int progress_stream_end(struct progress_stream *s, struct err *e)
{
    if (s->failed) {
        *e = s->why;
        return -1;
    }
    if (str_trim(buf_str(&s->text)).len > 0) {
        return err_set(e, ERR_EOF, "the engine's progress ends inside of a message");
    }
    if (s->step[0] != '\0') {
        s->progress->done(s->progress, str_c(s->step), str_c(NULL));
    }
    return 0;
}
